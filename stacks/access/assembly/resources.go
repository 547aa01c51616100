package assembly

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// reader adds the resources of one template to a state.
type reader struct {
	*template.Resolver
	stack    *template.Stack
	state    *access.State
	defaults *defaults
}

// readers are the types that bear on access.
var readers = map[string]func(*reader, template.Resource, string){
	"AWS::Glue::Database":                      (*reader).database,
	"AWS::Glue::Table":                         (*reader).table,
	"AWS::LakeFormation::DataLakeSettings":     (*reader).settings,
	"AWS::LakeFormation::Resource":             (*reader).location,
	"AWS::LakeFormation::Tag":                  (*reader).tag,
	"AWS::LakeFormation::TagAssociation":       (*reader).association,
	"AWS::LakeFormation::PrincipalPermissions": (*reader).grant,
	"AWS::LakeFormation::DataCellsFilter":      (*reader).filter,
	"AWS::LakeFormation::Permissions":          (*reader).unsupported,
	machineType:                                (*reader).fhirStore,
}

const machineType = "AWS::StepFunctions::StateMachine"

// read adds every resource of the template that bears on access.
func (r *reader) read() {
	for _, id := range slices.Sorted(maps.Keys(r.stack.Resources)) {
		res := r.stack.Resources[id]
		if res.Type == "AWS::CloudFormation::Stack" {
			r.nested(id, res)
			continue
		}
		read, relevant := readers[res.Type]
		if !relevant || res.Type == machineType && res.Metadata[template.FhirReadersMetadata] == nil {
			continue
		}
		place := r.stack.Name + " " + id
		if res.Condition != "" {
			r.OnProblem(place+".Condition", res.Condition, "a resource that is always created",
				"decide it when the template is synthesized; conditions are not evaluated, because both answers may be deployed")
			continue
		}
		read(r, res, place)
	}
}

// nested says why a nested stack cannot be evaluated. The assembly's reader has
// its resources from the nested template.
func (r *reader) nested(id string, res template.Resource) {
	place := r.stack.Name + " " + id
	if r.stack.Nested(id) == nil {
		r.OnUnresolved(access.Unresolved{Place: place, Text: res.Type, Reason: "the template of the nested stack is not in the assembly"})
		return
	}
	if res.Condition != "" {
		r.OnProblem(place+".Condition", res.Condition, "a stack that is always created", "decide it when the template is synthesized")
	}
}

// decode reads the properties that a struct names.
func decode[P any](r *reader, res template.Resource, place string) P {
	var p P
	r.Decode(res.Properties, &p, place)
	return p
}

func (r *reader) home(catalog string) *access.Catalog {
	return r.state.Catalog(cmp.Or(catalog, r.stack.Account), r.stack.Region)
}

func (r *reader) database(res template.Resource, place string) {
	p := decode[databaseProperties](r, res, place)
	in := p.DatabaseInput
	if in.Name == "" {
		in.Name = r.Marker(r.stack.Name+"."+lastWord(place), place+".DatabaseInput.Name", "a database without a fixed name")
	}
	d := access.Database{Name: in.Name, Location: in.LocationUri}
	if target := in.TargetDatabase; target != nil {
		d.Target = target.CatalogId + "/" + target.DatabaseName
	}
	home := r.home(p.CatalogId)
	home.Databases = append(home.Databases, d)
	if in.CreateTableDefaultPermissions != nil {
		r.defaults.ofDatabase(home.Key(), d.Name, *in.CreateTableDefaultPermissions)
	}
}

func (r *reader) table(res template.Resource, place string) {
	p := decode[tableProperties](r, res, place)
	in, iceberg := p.TableInput, p.OpenTableFormatInput.IcebergInput.IcebergTableInput
	in.Name = cmp.Or(in.Name, p.Name)
	if in.Name == "" {
		in.Name = r.Marker(r.stack.Name+"."+lastWord(place), place+".TableInput.Name", "a table without a fixed name")
	}
	table := access.Table{
		Database: p.DatabaseName, Name: in.Name,
		Location: cmp.Or(in.StorageDescriptor.Location, iceberg.Location),
		Columns:  in.StorageDescriptor.Columns, PartitionKeys: in.PartitionKeys,
	}
	if len(table.Columns) == 0 {
		for _, f := range iceberg.Schema.Fields {
			table.Columns = append(table.Columns, access.Column{Name: f.Name, Type: gluetype.FromIceberg(f.Type)})
		}
	}
	if altered := columnsIn(res.Metadata[template.ColumnsMetadata]); len(altered) > 0 {
		table.Columns = altered
	}
	if target := in.TargetTable; target != nil {
		table.Target = target.CatalogId + "/" + target.DatabaseName + "." + target.Name
	}
	home := r.home(p.CatalogId)
	home.Tables = append(home.Tables, table)
}

func columnsIn(metadata any) []access.Column {
	list, _ := metadata.([]any)
	var out []access.Column
	for _, entry := range list {
		column, _ := entry.(map[string]any)
		name, _ := column["name"].(string)
		kind, _ := column["type"].(string)
		if name != "" {
			out = append(out, access.Column{Name: name, Type: gluetype.StoredByIceberg(kind)})
		}
	}
	return out
}

func (r *reader) settings(res template.Resource, place string) {
	p := decode[settingsProperties](r, res, place)
	home := r.home("")
	for _, admin := range p.Admins {
		home.Admins = append(home.Admins, admin.DataLakePrincipalIdentifier)
	}
	for _, reader := range p.ReadOnlyAdmins {
		home.ReadOnlyAdmins = append(home.ReadOnlyAdmins, reader.DataLakePrincipalIdentifier)
	}
	if len(p.CreateDatabaseDefaultPermissions) > 0 {
		home.OpenByDefault = append(home.OpenByDefault, "databases")
	}
	if len(p.CreateTableDefaultPermissions) > 0 {
		home.OpenByDefault = append(home.OpenByDefault, "tables")
	}
	home.FullTableAccess = home.FullTableAccess || p.AllowFullTableExternalDataAccess == "true"
	r.defaults.ofCatalog(home.Key(), p.CreateDatabaseDefaultPermissions, p.CreateTableDefaultPermissions)
}

func (r *reader) location(res template.Resource, place string) {
	p := decode[locationProperties](r, res, place)
	home := r.home("")
	home.Locations = append(home.Locations, access.Location{ARN: p.ResourceArn, Role: p.RoleArn})
}

func (r *reader) tag(res template.Resource, place string) {
	p := decode[tagProperties](r, res, place)
	home := r.home(p.CatalogId)
	home.Tags = append(home.Tags, ontology.Tag{Key: p.TagKey, Values: p.TagValues})
}

func (r *reader) association(res template.Resource, place string) {
	p := decode[associationProperties](r, res, place)
	target, ok := r.resource(p.Resource, place)
	if !ok {
		return
	}
	a := lakeformation.TagAssociation{Resource: target}
	for _, tag := range p.LFTags {
		a.Tags = append(a.Tags, lakeformation.Condition{Key: tag.TagKey, Values: tag.TagValues})
	}
	home := r.home(target.Catalog)
	home.Associations = append(home.Associations, a)
}

func (r *reader) grant(res template.Resource, place string) {
	p := decode[grantProperties](r, res, place)
	target, ok := r.resource(p.Resource, place)
	if !ok {
		return
	}
	home := r.home("") // on another account's catalog it is a cascaded grant of this account
	home.Grants = append(home.Grants, lakeformation.Grant{
		Principal:   p.Principal.DataLakePrincipalIdentifier,
		Resource:    target.In(cmp.Or(target.Catalog, p.Catalog, home.Account)),
		Permissions: p.Permissions,
		Grantable:   p.PermissionsWithGrantOption,
	})
}

func (r *reader) filter(res template.Resource, place string) {
	properties, _ := r.Value(res.Properties, place).(map[string]any)
	f, problems := lakeformation.DataCellsFilterFromCloudFormation(properties)
	r.report(problems, place)
	home := r.home(f.Catalog)
	home.Filters = append(home.Filters, f)
}

// unsupported reports the legacy type: it cannot say which catalog it is about,
// and leaves old grants behind when it changes (rule 2.1).
func (r *reader) unsupported(_ template.Resource, place string) {
	r.OnUnresolved(access.Unresolved{
		Place:  place,
		Text:   "AWS::LakeFormation::Permissions",
		Reason: "the legacy type is not evaluated; use AWS::LakeFormation::PrincipalPermissions",
	})
}

// resource returns the one resource that a grant or a tag association names.
func (r *reader) resource(property any, place string) (lakeformation.Resource, bool) {
	out, problems := lakeformation.FromCloudFormation(property)
	r.report(problems, place)
	return out, out.Kind != ""
}

func (r *reader) report(problems problem.List, place string) {
	for _, p := range problems {
		r.OnProblem(place+"."+p.Path, p.Got, p.Expected, p.Fix)
	}
}

func (r *reader) fhirStore(res template.Resource, place string) {
	metadata, _ := res.Metadata[template.FhirReadersMetadata].(map[string]any)
	place += "." + template.FhirReadersMetadata
	var s access.FhirStore
	r.Decode(metadata["store"], &s.Name, place+".store")
	r.Decode(metadata["database"], &s.Database, place+".database")
	r.Decode(metadata["principals"], &s.Readers, place+".principals")
	home := r.home("")
	home.FhirStores = append(home.FhirStores, s)
}

func lastWord(place string) string { return place[strings.LastIndex(place, " ")+1:] }
