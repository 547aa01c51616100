package stacks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	lf "github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// A lake of the CDK's own constructs, as a team writes it without this library: names and
// roles that CloudFormation makes up, two stacks, a role taken by its name, legacy grants,
// an account that is shared with, and an operator with a policy of its own.
func TestLakeOfPlainConstructs(t *testing.T) {
	dir, s := t.TempDir(), jsii.String
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &dir, AnalyticsReporting: jsii.Bool(false)})
	env := &awscdk.Environment{Account: s("111111111111"), Region: s("eu-west-1")}
	data := awscdk.NewStack(app, s("Data"), &awscdk.StackProps{Env: env})
	bucket := awss3.NewBucket(data, s("Lake"), &awss3.BucketProps{EnforceSSL: jsii.Bool(true)})
	loader := awsiam.NewRole(data, s("Loader"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(s("glue.amazonaws.com"), nil)})
	bucket.GrantReadWrite(loader, nil)
	lf.NewCfnDataLakeSettings(data, s("Settings"), &lf.CfnDataLakeSettingsProps{
		Admins: []any{map[string]any{"dataLakePrincipalIdentifier": data.FormatArn(&awscdk.ArnComponents{Service: s("iam"), Region: s(""), Resource: s("role"), ResourceName: s("Admin")})}},
	})
	place := lf.NewCfnResource(data, s("Place"), &lf.CfnResourceProps{ResourceArn: bucket.BucketArn(), UseServiceLinkedRole: jsii.Bool(true)})
	database := awsglue.NewCfnDatabase(data, s("Ward"), &awsglue.CfnDatabaseProps{
		CatalogId: data.Account(), DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{Name: s("ward"), CreateTableDefaultPermissions: []any{}},
	})
	columns := []any{}
	for _, name := range []string{"id", "name", "ward"} {
		columns = append(columns, &awsglue.CfnTable_ColumnProperty{Name: s(name), Type: s("string")})
	}
	stays := awsglue.NewCfnTable(data, s("Stays"), &awsglue.CfnTableProps{
		CatalogId: data.Account(), DatabaseName: database.Ref(),
		TableInput: &awsglue.CfnTable_TableInputProperty{
			Name: s("stays"), StorageDescriptor: &awsglue.CfnTable_StorageDescriptorProperty{Location: bucket.S3UrlForObject(s("stays/")), Columns: columns},
		},
	})
	stays.AddDependency(place)
	lf.NewCfnTag(data, s("Level"), &lf.CfnTagProps{TagKey: s("Level"), TagValues: jsii.Strings("open", "closed")})
	lf.NewCfnTagAssociation(data, s("Closed"), &lf.CfnTagAssociationProps{
		Resource: &lf.CfnTagAssociation_ResourceProperty{Database: &lf.CfnTagAssociation_DatabaseResourceProperty{CatalogId: data.Account(), Name: database.Ref()}},
		LfTags:   []any{&lf.CfnTagAssociation_LFTagPairProperty{CatalogId: data.Account(), TagKey: s("level"), TagValues: jsii.Strings("closed")}},
	})
	lf.NewCfnTagAssociation(data, s("Open"), &lf.CfnTagAssociationProps{
		Resource: &lf.CfnTagAssociation_ResourceProperty{TableWithColumns: &lf.CfnTagAssociation_TableWithColumnsResourceProperty{
			CatalogId: data.Account(), DatabaseName: database.Ref(), Name: stays.Ref(), ColumnNames: jsii.Strings("ward"),
		}},
		LfTags: []any{&lf.CfnTagAssociation_LFTagPairProperty{CatalogId: data.Account(), TagKey: s("level"), TagValues: jsii.Strings("open")}},
	})

	readers := awscdk.NewStack(app, s("Readers"), &awscdk.StackProps{Env: env})
	analyst := awsiam.NewRole(readers, s("Analyst"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountPrincipal(data.Account())})
	clerk := awsiam.Role_FromRoleName(readers, s("Clerk"), s("Clerk"), nil)
	lf.NewCfnPrincipalPermissions(readers, s("ByTag"), &lf.CfnPrincipalPermissionsProps{
		Principal: &lf.CfnPrincipalPermissions_DataLakePrincipalProperty{DataLakePrincipalIdentifier: analyst.RoleArn()},
		Resource: &lf.CfnPrincipalPermissions_ResourceProperty{LfTagPolicy: &lf.CfnPrincipalPermissions_LFTagPolicyResourceProperty{
			CatalogId: readers.Account(), ResourceType: s("TABLE"), Expression: []any{map[string]any{"tagKey": "Level", "tagValues": []string{"open"}}},
		}},
		Permissions: jsii.Strings("SELECT", "DESCRIBE"), PermissionsWithGrantOption: &[]*string{},
	})
	lf.NewCfnPermissions(readers, s("Legacy"), &lf.CfnPermissionsProps{
		DataLakePrincipal: &lf.CfnPermissions_DataLakePrincipalProperty{DataLakePrincipalIdentifier: clerk.RoleArn()},
		Resource: &lf.CfnPermissions_ResourceProperty{TableWithColumnsResource: &lf.CfnPermissions_TableWithColumnsResourceProperty{
			CatalogId: readers.Account(), DatabaseName: database.Ref(), Name: stays.Ref(),
			ColumnWildcard: &lf.CfnPermissions_ColumnWildcardProperty{ExcludedColumnNames: jsii.Strings("name")},
		}},
		Permissions: jsii.Strings("SELECT"),
	})
	lf.NewCfnPrincipalPermissions(readers, s("Shared"), &lf.CfnPrincipalPermissionsProps{
		Principal: &lf.CfnPrincipalPermissions_DataLakePrincipalProperty{DataLakePrincipalIdentifier: s("222222222222")},
		Resource: &lf.CfnPrincipalPermissions_ResourceProperty{Table: &lf.CfnPrincipalPermissions_TableResourceProperty{
			CatalogId: readers.Account(), DatabaseName: database.Ref(), TableWildcard: map[string]any{},
		}},
		Permissions: jsii.Strings("SELECT", "DESCRIBE"), PermissionsWithGrantOption: jsii.Strings("SELECT"),
	})
	operator := awsiam.NewRole(readers, s("Operator"), &awsiam.RoleProps{RoleName: s("Operator"), AssumedBy: awsiam.NewAccountPrincipal(data.Account())})
	operator.AddToPolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: jsii.Strings("lakeformation:PutDataLakeSettings"), Resources: jsii.Strings("*")}))
	app.Synth(nil)

	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	matrix := state.Evaluate()
	var got []string
	for _, r := range matrix.Rows {
		var seen, rights []string
		for _, c := range r.Columns {
			seen = append(seen, c.Name)
		}
		for _, right := range r.Rights {
			name := string(right.Permission)
			if right.Grantable {
				name += "*"
			}
			rights = append(rights, name)
		}
		got = append(got, fmt.Sprintf("%s %s %v %v", r.Principal, r.Name(), rights, seen))
	}
	if diff := cmp.Diff([]string{
		"${Readers.Analyst5C91540F.Arn} ward.stays [DESCRIBE SELECT] [ward]",
		"arn:aws:iam::111111111111:role/Clerk ward.stays [SELECT] [id ward]",
		"222222222222 ward.stays [DESCRIBE SELECT*] [id name ward]",
	}, got); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	var around []string
	for _, b := range matrix.Bypasses {
		around = append(around, fmt.Sprint(b.Principal, " ", b.Can, " ", b.Tables))
	}
	if !slices.ContainsFunc(around, func(s string) bool {
		return strings.Contains(s, "Loader") && strings.Contains(s, "[read write delete] [ward.stays]")
	}) {
		t.Errorf("ways around %v, expected the loader's", around)
	}
	if !slices.ContainsFunc(matrix.Grantors, func(g access.Grantor) bool { return strings.HasSuffix(g.Principal, "role/Operator") }) {
		t.Errorf("can grant %v, expected the operator", matrix.Grantors)
	}
	for _, want := range []string{"default permissions, which are not known", "count as open to whoever IAM lets in: ward"} {
		if !strings.Contains(strings.Join(matrix.Notes, "\n"), want) {
			t.Errorf("no note has %q: %q", want, matrix.Notes)
		}
	}
}
