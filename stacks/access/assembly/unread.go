package assembly

import (
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// read are the properties of Lake Formation's types that are read here, or that say
// nothing of who may see what. Any other may narrow or widen what its resource says.
var read = map[string][]string{
	"AWS::LakeFormation::DataCellsFilter": {"ColumnNames", "ColumnWildcard", "DatabaseName", "Name", "RowFilter", "TableCatalogId", "TableName"},
	"AWS::LakeFormation::DataLakeSettings": {
		"Admins", "AllowExternalDataFiltering", "AllowFullTableExternalDataAccess", "AuthorizedSessionTagValueList", "CreateDatabaseDefaultPermissions",
		"CreateTableDefaultPermissions", "ExternalDataFilteringAllowList", "MutationType", "Parameters", "ReadOnlyAdmins", "TrustedResourceOwners",
	},
	"AWS::LakeFormation::Permissions":          {"DataLakePrincipal", "Permissions", "PermissionsWithGrantOption", "Resource"},
	"AWS::LakeFormation::PrincipalPermissions": {"Catalog", "Permissions", "PermissionsWithGrantOption", "Principal", "Resource"},
	"AWS::LakeFormation::Resource":             {"HybridAccessEnabled", "ResourceArn", "RoleArn", "UseServiceLinkedRole", "WithFederation"},
	"AWS::LakeFormation::Tag":                  {"CatalogId", "TagKey", "TagValues"},
	"AWS::LakeFormation::TagAssociation":       {"LFTags", "Resource"},
}

// sayUnread says which properties of a type of Lake Formation are not read.
func (r *reader) sayUnread(res template.Resource, place string) {
	if !strings.HasPrefix(res.Type, "AWS::LakeFormation::") {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(res.Properties)) {
		if !slices.Contains(read[res.Type], name) && !strings.HasPrefix(name, "Fn::") {
			r.OnUnresolved(access.Unresolved{Place: place + "." + name, Text: template.Written(r.quietly(res.Properties[name], place)),
				Reason: "a property that is not read: what the resource says is shown as if it were not there"})
		}
	}
}
