package access

import (
	"cmp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// templateReader adds the resources of one template to a state.
type templateReader struct {
	*template.Resolver
	stack    *template.Stack
	refuse   func(place, got, expected, fix string)
	state    *State
	defaults *defaults
}

// readers are the types that bear on access.
var readers = map[string]func(*templateReader, template.Resource, string){
	"AWS::Glue::Database":                      (*templateReader).database,
	"AWS::Glue::Table":                         (*templateReader).table,
	"AWS::LakeFormation::DataLakeSettings":     (*templateReader).settings,
	"AWS::LakeFormation::Resource":             (*templateReader).location,
	"AWS::LakeFormation::Tag":                  (*templateReader).tag,
	"AWS::LakeFormation::TagAssociation":       (*templateReader).association,
	"AWS::LakeFormation::PrincipalPermissions": (*templateReader).grant,
	"AWS::LakeFormation::DataCellsFilter":      (*templateReader).filter,
	"AWS::LakeFormation::Permissions":          (*templateReader).unsupported,
	"AWS::StepFunctions::StateMachine":         (*templateReader).fhirStore,
}

// read adds every resource of the template that bears on access.
func (t *templateReader) read() {
	for _, id := range sortedKeys(t.stack.Resources) {
		res := t.stack.Resources[id]
		if res.Type == "AWS::CloudFormation::Stack" {
			t.nested(id, res)
			continue
		}
		read, relevant := readers[res.Type]
		if !relevant || res.Type == machineType && res.Metadata[readersMetadata] == nil {
			continue
		}
		place := t.stack.Name + " " + id
		if res.Condition != "" {
			t.refuse(place+".Condition", res.Condition, "a resource that is always created",
				"decide it when the template is synthesized; conditions are not evaluated, because both answers may be deployed")
			continue
		}
		read(t, res, place)
	}
}

// nested says why a nested stack cannot be evaluated. The assembly's reader has
// its resources from the nested template.
func (t *templateReader) nested(id string, res template.Resource) {
	place := t.stack.Name + " " + id
	if t.stack.Nested(id) == nil {
		t.OnUnresolved(Unresolved{Place: place, Text: res.Type, Reason: "the template of the nested stack is not in the assembly"})
		return
	}
	if res.Condition != "" {
		t.refuse(place+".Condition", res.Condition, "a stack that is always created", "decide it when the template is synthesized")
	}
}

// properties decodes the properties that a struct names.
func properties[P any](t *templateReader, res template.Resource, place string) P {
	var p P
	t.Decode(res.Properties, &p, place)
	return p
}

func (t *templateReader) home(catalog string) *Catalog {
	return t.state.Catalog(cmp.Or(catalog, t.stack.Account), t.stack.Region)
}

func (t *templateReader) database(res template.Resource, place string) {
	p := properties[databaseProperties](t, res, place)
	in := p.DatabaseInput
	if in.Name == "" {
		in.Name = t.Marker(t.stack.Name+"."+lastWord(place), place+".DatabaseInput.Name", "a database without a fixed name")
	}
	d := Database{Name: in.Name, Location: in.LocationUri}
	if target := in.TargetDatabase; target != nil {
		d.Target = target.CatalogId + "/" + target.DatabaseName
	}
	home := t.home(p.CatalogId)
	home.Databases = append(home.Databases, d)
	if in.CreateTableDefaultPermissions != nil {
		t.defaults.database(home.Key(), fold(d.Name), *in.CreateTableDefaultPermissions)
	}
}

func (t *templateReader) table(res template.Resource, place string) {
	p := properties[tableProperties](t, res, place)
	in, iceberg := p.TableInput, p.OpenTableFormatInput.IcebergInput.IcebergTableInput
	in.Name = cmp.Or(in.Name, p.Name)
	if in.Name == "" {
		in.Name = t.Marker(t.stack.Name+"."+lastWord(place), place+".TableInput.Name", "a table without a fixed name")
	}
	table := Table{
		Database: p.DatabaseName, Name: in.Name,
		Location: cmp.Or(in.StorageDescriptor.Location, iceberg.Location),
		Columns:  in.StorageDescriptor.Columns, PartitionKeys: in.PartitionKeys,
	}
	if len(table.Columns) == 0 {
		for _, f := range iceberg.Schema.Fields {
			table.Columns = append(table.Columns, Column{Name: f.Name, Type: gluetype.FromIceberg(f.Type)})
		}
	}
	if altered := columnsIn(res.Metadata[columnsMetadata]); len(altered) > 0 {
		table.Columns = altered
	}
	if target := in.TargetTable; target != nil {
		table.Target = target.CatalogId + "/" + target.DatabaseName + "." + target.Name
	}
	home := t.home(p.CatalogId)
	home.Tables = append(home.Tables, table)
}

// columnsMetadata is where the resource of an Iceberg table that engines have
// altered lists its columns; its properties stay as they were first deployed.
const columnsMetadata = "lakemesh:columns"

func columnsIn(metadata any) []Column {
	list, _ := metadata.([]any)
	var out []Column
	for _, entry := range list {
		column, _ := entry.(map[string]any)
		name, _ := column["name"].(string)
		kind, _ := column["type"].(string)
		if name != "" {
			out = append(out, Column{Name: name, Type: gluetype.StoredByIceberg(kind)})
		}
	}
	return out
}

func (t *templateReader) settings(res template.Resource, place string) {
	p := properties[settingsProperties](t, res, place)
	home := t.home("")
	for _, admin := range p.Admins {
		home.Admins = append(home.Admins, admin.DataLakePrincipalIdentifier)
	}
	for _, reader := range p.ReadOnlyAdmins {
		home.Readers = append(home.Readers, reader.DataLakePrincipalIdentifier)
	}
	if len(p.CreateDatabaseDefaultPermissions) > 0 {
		home.OpenByDefault = append(home.OpenByDefault, "databases")
	}
	if len(p.CreateTableDefaultPermissions) > 0 {
		home.OpenByDefault = append(home.OpenByDefault, "tables")
	}
	t.defaults.catalog(home.Key(), p.CreateDatabaseDefaultPermissions, p.CreateTableDefaultPermissions)
}

func (t *templateReader) location(res template.Resource, place string) {
	p := properties[locationProperties](t, res, place)
	home := t.home("")
	home.Locations = append(home.Locations, Location{ARN: p.ResourceArn, Role: p.RoleArn})
}

func (t *templateReader) tag(res template.Resource, place string) {
	p := properties[tagProperties](t, res, place)
	home := t.home(p.CatalogId)
	home.Tags = append(home.Tags, ontology.Tag{Key: p.TagKey, Values: p.TagValues})
}

func (t *templateReader) association(res template.Resource, place string) {
	p := properties[associationProperties](t, res, place)
	target, ok := t.one(p.Resource, place+".Resource")
	if !ok {
		return
	}
	a := lakeformation.TagAssociation{Resource: target}
	for _, tag := range p.LFTags {
		a.Tags = append(a.Tags, lakeformation.Condition{Key: tag.TagKey, Values: tag.TagValues})
	}
	home := t.home(target.Catalog)
	home.Associations = append(home.Associations, a)
}

func (t *templateReader) grant(res template.Resource, place string) {
	p := properties[grantProperties](t, res, place)
	target, ok := t.one(p.Resource, place+".Resource")
	if !ok {
		return
	}
	home := t.home("") // a grant on another account's catalog is passed on by this one
	home.Grants = append(home.Grants, lakeformation.Grant{
		Principal:   p.Principal.DataLakePrincipalIdentifier,
		Resource:    target.In(cmp.Or(target.Catalog, p.Catalog, home.Account)),
		Permissions: p.Permissions,
		Grantable:   p.PermissionsWithGrantOption,
	})
}

func (t *templateReader) filter(res template.Resource, place string) {
	p := properties[filterProperties](t, res, place)
	f := lakeformation.DataCellsFilter{
		Catalog: p.TableCatalogId, Database: p.DatabaseName, Table: p.TableName, Name: p.Name, Columns: p.ColumnNames,
	}
	if p.ColumnWildcard != nil {
		f.Excluded = p.ColumnWildcard.ExcludedColumnNames
	}
	if p.RowFilter != nil {
		f.Rows = p.RowFilter.FilterExpression
	}
	home := t.home(f.Catalog)
	home.Filters = append(home.Filters, f)
}

// unsupported reports the legacy type: it cannot say which catalog it is about,
// and leaves old grants behind when it changes (rule 2.1).
func (t *templateReader) unsupported(_ template.Resource, place string) {
	t.OnUnresolved(Unresolved{
		Place:  place,
		Text:   "AWS::LakeFormation::Permissions",
		Reason: "the legacy type is not evaluated; use AWS::LakeFormation::PrincipalPermissions",
	})
}

// one returns the resource that a union names, and refuses none and several.
func (t *templateReader) one(p resourceProperty, place string) (lakeformation.Resource, bool) {
	all := p.resources()
	if len(all) == 1 {
		return all[0], true
	}
	kinds := make([]string, len(all))
	for i, r := range all {
		kinds[i] = string(r.Kind)
	}
	t.refuse(place, cmp.Or(strings.Join(kinds, " and "), "no member"), "exactly one member",
		"name one of Catalog, Database, Table, TableWithColumns, DataLocation, DataCellsFilter, LFTag, LFTagPolicy")
	return lakeformation.Resource{}, false
}

func lastWord(place string) string { return place[strings.LastIndex(place, " ")+1:] }
