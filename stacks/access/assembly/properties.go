package assembly

import (
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// The properties of the CloudFormation types that bear on access. The fields
// are named as CloudFormation names them; see reader.Decode.

type (
	principalProperty struct{ DataLakePrincipalIdentifier string }

	defaultPermissions struct {
		Principal   principalProperty
		Permissions []lakeformation.Permission
	}
	settingsProperties struct {
		Admins                           []principalProperty
		ReadOnlyAdmins                   []principalProperty
		CreateDatabaseDefaultPermissions *[]defaultPermissions
		CreateTableDefaultPermissions    *[]defaultPermissions
		AllowFullTableExternalDataAccess string
		AllowExternalDataFiltering       string
		ExternalDataFilteringAllowList   []principalProperty
	}

	databaseProperties struct {
		CatalogId     string
		DatabaseInput struct {
			Name                          string
			LocationUri                   string
			CreateTableDefaultPermissions *[]defaultPermissions
			TargetDatabase                *struct{ CatalogId, DatabaseName string }
		}
	}

	tableProperties struct {
		CatalogId    string
		DatabaseName string
		Name         string // of Iceberg tables without a TableInput
		TableInput   struct {
			Name              string
			StorageDescriptor struct {
				Location string
				Columns  []access.Column
			}
			PartitionKeys []access.Column
			TargetTable   *struct{ CatalogId, DatabaseName, Name string }
		}
		OpenTableFormatInput struct {
			IcebergInput struct {
				IcebergTableInput struct {
					Location string
					Schema   struct{ Fields []icebergField }
				}
			}
		}
	}
	icebergField struct {
		Name string
		Type any
	}

	locationProperties struct {
		ResourceArn         string
		RoleArn             string
		HybridAccessEnabled string
	}

	tagProperties struct {
		CatalogId string
		TagKey    string
		TagValues []string
	}

	associationProperties struct {
		Resource any
		LFTags   []tagProperties
	}

	legacyGrantProperties struct {
		DataLakePrincipal          principalProperty
		Resource                   any
		Permissions                []lakeformation.Permission
		PermissionsWithGrantOption []lakeformation.Permission
	}

	grantProperties struct {
		Catalog                    string
		Principal                  principalProperty
		Resource                   any
		Permissions                []lakeformation.Permission
		PermissionsWithGrantOption []lakeformation.Permission
	}
)
