package live_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	lftypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
)

const (
	account = "222222222222"
	analyst = "arn:aws:iam::222222222222:role/Analyst"
	admin   = "arn:aws:iam::222222222222:role/LakeAdmin"
)

func pairs(keysAndValues ...string) []lftypes.LFTagPair {
	var out []lftypes.LFTagPair
	for i := 0; i+1 < len(keysAndValues); i += 2 {
		out = append(out, lftypes.LFTagPair{CatalogId: aws.String(account), TagKey: aws.String(keysAndValues[i]), TagValues: []string{keysAndValues[i+1]}})
	}
	return out
}

func permission(principal string, resource lftypes.Resource, permissions ...lftypes.Permission) lftypes.PrincipalResourcePermissions {
	return lftypes.PrincipalResourcePermissions{
		Principal: &lftypes.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String(principal)},
		Resource:  &resource, Permissions: permissions,
	}
}

func principal(id string) lftypes.DataLakePrincipal {
	return lftypes.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String(id)}
}

func columns(names ...string) []gluetypes.Column {
	var out []gluetypes.Column
	for _, n := range names {
		out = append(out, gluetypes.Column{Name: aws.String(n), Type: aws.String("string")})
	}
	return out
}

// clinic is an account with one table, a resource link, a filter and grants of
// every kind, written as the services answer.
func clinic() *fake {
	dropped := gluetypes.Column{Name: aws.String("old"), Type: aws.String("string"), Parameters: map[string]string{"iceberg.field.current": "false"}}
	id, db, table := aws.String(account), aws.String("db"), aws.String("patients")
	everyRow := lftypes.RowFilter{AllRowsWildcard: &lftypes.AllRowsWildcard{}, FilterExpression: aws.String("true")}
	return &fake{
		settings: &lftypes.DataLakeSettings{
			DataLakeAdmins: []lftypes.DataLakePrincipal{principal(admin)},
			ReadOnlyAdmins: []lftypes.DataLakePrincipal{principal("arn:aws:iam::222222222222:role/Auditor")},
			CreateTableDefaultPermissions: []lftypes.PrincipalPermissions{{
				Principal: &lftypes.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String("IAM_ALLOWED_PRINCIPALS")}, Permissions: []lftypes.Permission{lftypes.PermissionAll},
			}},
		},
		resources: []lftypes.ResourceInfo{
			{ResourceArn: aws.String("arn:aws:s3:::lake"), RoleArn: aws.String("arn:aws:iam::222222222222:role/location")},
			{ResourceArn: aws.String("arn:aws:s3:::old"), RoleArn: aws.String("arn:aws:iam::222222222222:role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess")},
		},
		tags: []lftypes.LFTagPair{
			{TagKey: aws.String("m:sensitivity"), TagValues: []string{"public", "phi"}},
			{TagKey: aws.String("m:product"), TagValues: []string{"patients"}},
		},
		databases: []gluetypes.Database{
			{Name: db, CatalogId: id, LocationUri: aws.String("s3://lake/")},
			{Name: aws.String("link"), CatalogId: id, TargetDatabase: &gluetypes.DatabaseIdentifier{CatalogId: aws.String("111111111111"), DatabaseName: aws.String("theirs")}},
			{Name: aws.String("foreign"), CatalogId: aws.String("111111111111")},
		},
		tables: map[string][]gluetypes.Table{
			"db": {
				{Name: table, DatabaseName: db, CreatedBy: aws.String("arn:aws:sts::222222222222:assumed-role/Maker/session"), PartitionKeys: columns("day"), StorageDescriptor: &gluetypes.StorageDescriptor{
					Location: aws.String("s3://lake/patients/"), Columns: append(columns("key", "mrn"), dropped),
				}},
				{Name: aws.String("shared"), DatabaseName: db, TargetTable: &gluetypes.TableIdentifier{CatalogId: aws.String("111111111111"), DatabaseName: aws.String("theirs"), Name: aws.String("t")}},
			},
			"link": {{Name: aws.String("never read"), DatabaseName: aws.String("theirs")}},
		},
		assigned: map[string]*lakeformation.GetResourceLFTagsOutput{
			"db": {LFTagOnDatabase: pairs("m:sensitivity", "phi")},
			"db.patients": {
				LFTagsOnTable:   pairs("m:product", "patients"),
				LFTagsOnColumns: []lftypes.ColumnLFTag{{Name: aws.String("key"), LFTags: pairs("m:sensitivity", "public")}},
			},
		},
		filters: map[string][]lftypes.DataCellsFilter{"db.patients": {
			{TableCatalogId: id, DatabaseName: db, TableName: table, Name: aws.String("study"), ColumnNames: []string{"mrn", "key"}, RowFilter: &lftypes.RowFilter{FilterExpression: aws.String("key = '1'")}},
			{TableCatalogId: id, DatabaseName: db, TableName: table, Name: aws.String("wide"), ColumnWildcard: &lftypes.ColumnWildcard{ExcludedColumnNames: []string{"mrn"}}, RowFilter: &everyRow},
		}},
		optIns: []lftypes.LakeFormationOptInsInfo{
			{Principal: &lftypes.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String(analyst)}, Resource: &lftypes.Resource{Database: &lftypes.DatabaseResource{CatalogId: id, Name: db}}},
			{Principal: &lftypes.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String(admin)}, Resource: &lftypes.Resource{Table: &lftypes.TableResource{CatalogId: id, DatabaseName: db, Name: table}}},
		},
		catalogs:    []gluetypes.Catalog{{Name: aws.String("s3tablescatalog"), CatalogId: aws.String(account + ":s3tablescatalog")}, {Name: aws.String("lake"), CatalogId: aws.String(account + ":s3tablescatalog/lake")}},
		expressions: map[string][]lftypes.LFTag{"saved": {{TagKey: aws.String("m:sensitivity"), TagValues: []string{"public"}}}},
		permissions: []lftypes.PrincipalResourcePermissions{
			permission(admin, lftypes.Resource{Database: &lftypes.DatabaseResource{CatalogId: id, Name: db}}, lftypes.PermissionAll, lftypes.PermissionDescribe),
			permission(analyst, lftypes.Resource{Table: &lftypes.TableResource{CatalogId: id, DatabaseName: db, Name: table}}, lftypes.PermissionDescribe),
			permission(analyst, lftypes.Resource{TableWithColumns: &lftypes.TableWithColumnsResource{CatalogId: id, DatabaseName: db, Name: table, ColumnWildcard: &lftypes.ColumnWildcard{}}}, lftypes.PermissionSelect),
			permission(analyst, lftypes.Resource{Table: &lftypes.TableResource{CatalogId: id, DatabaseName: db, Name: aws.String("ALL_TABLES"), TableWildcard: &lftypes.TableWildcard{}}}, lftypes.PermissionInsert),
			permission("Filtered", lftypes.Resource{DataCellsFilter: &lftypes.DataCellsFilterResource{TableCatalogId: id, DatabaseName: db, TableName: table, Name: aws.String("study")}}, lftypes.PermissionSelect),
			permission("Saved", lftypes.Resource{LFTagPolicy: &lftypes.LFTagPolicyResource{CatalogId: id, ResourceType: lftypes.ResourceTypeTable, ExpressionName: aws.String("saved")}}, lftypes.PermissionSelect),
			permission("Saved", lftypes.Resource{LFTagPolicy: &lftypes.LFTagPolicyResource{CatalogId: id, ResourceType: lftypes.ResourceTypeDatabase, ExpressionName: aws.String("saved")}}, lftypes.PermissionDescribe),
			permission("Listed", lftypes.Resource{LFTagPolicy: &lftypes.LFTagPolicyResource{CatalogId: id, ResourceType: lftypes.ResourceTypeTable, Expression: []lftypes.LFTag{{TagKey: aws.String("m:sensitivity"), TagValues: []string{"phi"}}}}}, lftypes.PermissionSelect),
			permission("Writer", lftypes.Resource{DataLocation: &lftypes.DataLocationResource{CatalogId: id, ResourceArn: aws.String("arn:aws:s3:::lake")}}, lftypes.PermissionDataLocationAccess),
			permission("Tagger", lftypes.Resource{LFTag: &lftypes.LFTagKeyResource{CatalogId: id, TagKey: aws.String("m:product"), TagValues: []string{"patients"}}}, lftypes.PermissionAssociate),
			permission("Maker", lftypes.Resource{Catalog: &lftypes.CatalogResource{}}, lftypes.PermissionCreateDatabase),
			permission("Consumer", lftypes.Resource{Database: &lftypes.DatabaseResource{CatalogId: aws.String("111111111111"), Name: aws.String("theirs")}}, lftypes.PermissionDescribe),
			permission("Odd", lftypes.Resource{LFTagExpression: &lftypes.LFTagExpressionResource{Name: aws.String("saved")}}, lftypes.PermissionDescribe),
			{
				Principal: &lftypes.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String("222222222222:IAMPrincipals")}, Permissions: []lftypes.Permission{lftypes.PermissionDescribe},
				Resource: &lftypes.Resource{Database: &lftypes.DatabaseResource{Name: db}}, Condition: &lftypes.Condition{Expression: aws.String(`context.iam.principalTags["team"] == "x"`)},
				PermissionsWithGrantOption: []lftypes.Permission{lftypes.PermissionDescribe},
			},
		},
	}
}
