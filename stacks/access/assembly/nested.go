package assembly

import (
	"cmp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

type (
	catalogProperties struct {
		Name                             string
		CreateDatabaseDefaultPermissions *[]defaultPermissions
		CreateTableDefaultPermissions    *[]defaultPermissions
		AllowFullTableExternalDataAccess string
	}

	namespaceProperties struct{ TableBucketARN, Namespace string }

	s3TableProperties struct {
		TableBucketARN, Namespace, TableName string
		IcebergMetadata                      struct {
			IcebergSchema   struct{ SchemaFieldList []icebergField }
			IcebergSchemaV2 struct{ SchemaV2FieldList []icebergField }
		}
	}
)

// catalog reads a catalog that is nested in that of its account, and with which permissions
// databases and tables start in it.
// Source: "AWS::Glue::Catalog".
func (r *reader) catalog(res template.Resource, place string) string {
	p := decode[catalogProperties](r, res, place)
	home := r.home(r.stack.Account + ":" + p.Name)
	open := func(what string, list *[]defaultPermissions) {
		if list != nil && len(*list) > 0 {
			home.OpenByDefault = append(home.OpenByDefault, what)
		}
	}
	open("databases", p.CreateDatabaseDefaultPermissions)
	open("tables", p.CreateTableDefaultPermissions)
	home.FullTableAccess = home.FullTableAccess || strings.EqualFold(p.AllowFullTableExternalDataAccess, "true")
	r.defaults.ofCatalog(home.Key(), p.CreateDatabaseDefaultPermissions, p.CreateTableDefaultPermissions, r.uncertain)
	return "catalog " + p.Name
}

// s3TablesCatalog is the catalog in which the Data Catalog shows a bucket of S3 Tables.
// Source: "Creating an S3 Tables catalog in the AWS Glue Data Catalog".
func (r *reader) s3TablesCatalog(bucket string) *access.Catalog {
	name := bucket
	if _, after, isARN := strings.Cut(bucket, ":bucket/"); isARN {
		name = after
	}
	return r.home(r.stack.Account + ":s3tablescatalog/" + name)
}

// namespace reads a namespace of S3 Tables, which is a database.
func (r *reader) namespace(res template.Resource, place string) string {
	p := decode[namespaceProperties](r, res, place)
	home := r.s3TablesCatalog(p.TableBucketARN)
	home.Databases = append(home.Databases, access.Database{Name: p.Namespace})
	return "database " + p.Namespace
}

// s3Table reads a table of S3 Tables.
func (r *reader) s3Table(res template.Resource, place string) string {
	p := decode[s3TableProperties](r, res, place)
	table := access.Table{Database: p.Namespace, Name: cmp.Or(p.TableName, r.stack.Name+"."+lastWord(place))}
	for _, f := range append(p.IcebergMetadata.IcebergSchema.SchemaFieldList, p.IcebergMetadata.IcebergSchemaV2.SchemaV2FieldList...) {
		table.Columns = append(table.Columns, access.Column{Name: f.Name, Type: gluetype.FromIceberg(f.Type)})
	}
	r.addTable(r.s3TablesCatalog(p.TableBucketARN), table)
	return "table " + table.Key()
}
