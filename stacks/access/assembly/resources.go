package assembly

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// readers are the types that bear on access. Each returns who gets what by the
// resource, for what is said about it when it may not be made.
var readers = map[string]readFunc{
	"AWS::Glue::Catalog":                       (*reader).catalog,
	"AWS::Glue::Database":                      (*reader).database,
	"AWS::Glue::Table":                         (*reader).table,
	"AWS::LakeFormation::DataLakeSettings":     (*reader).settings,
	"AWS::LakeFormation::Resource":             (*reader).location,
	"AWS::LakeFormation::Tag":                  (*reader).tag,
	"AWS::LakeFormation::TagAssociation":       (*reader).association,
	"AWS::LakeFormation::PrincipalPermissions": (*reader).grant,
	"AWS::LakeFormation::DataCellsFilter":      (*reader).filter,
	"AWS::LakeFormation::Permissions":          (*reader).legacyGrant,
	"AWS::S3Tables::Namespace":                 (*reader).namespace,
	"AWS::S3Tables::Table":                     (*reader).s3Table,
	machineType:                                (*reader).machine,
}

const machineType = "AWS::StepFunctions::StateMachine"

// decode reads the properties that a struct names.
func decode[P any](r *reader, res template.Resource, place string) P {
	var p P
	r.Decode(res.Properties, &p, place)
	return p
}

func (r *reader) home(catalog string) *access.Catalog {
	return r.state.Catalog(cmp.Or(catalog, r.stack.Account), r.stack.Region)
}

func (r *reader) database(res template.Resource, place string) string {
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
	} else if r.uncertain {
		r.defaults.mayInherit(home.Key(), d.Name)
	}
	return "database " + d.Name
}

func (r *reader) table(res template.Resource, place string) string {
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
	r.addTable(r.home(p.CatalogId), table)
	return "table " + table.Key()
}

// addTable adds a table, or, where it is one of several that may be made under one
// name, the columns that the others do not have.
func (r *reader) addTable(home *access.Catalog, table access.Table) {
	i := slices.IndexFunc(home.Tables, func(t access.Table) bool { return strings.EqualFold(t.Key(), table.Key()) })
	if i < 0 || !r.uncertain {
		home.Tables = append(home.Tables, table)
		return
	}
	other := &home.Tables[i]
	other.Location, other.Target = cmp.Or(other.Location, table.Location), cmp.Or(other.Target, table.Target)
	for _, column := range table.Columns {
		if !hasColumn(*other, column.Name) {
			other.Columns = append(other.Columns, column)
		}
	}
	for _, key := range table.PartitionKeys {
		if !hasColumn(*other, key.Name) {
			other.PartitionKeys = append(other.PartitionKeys, key)
		}
	}
}

func hasColumn(t access.Table, name string) bool {
	return slices.ContainsFunc(t.AllColumns(), func(c access.Column) bool { return strings.EqualFold(c.Name, name) })
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

func (r *reader) settings(res template.Resource, place string) string {
	p := decode[settingsProperties](r, res, place)
	home := r.home("")
	home.Admins = append(home.Admins, namesOf(p.Admins)...)
	home.ReadOnlyAdmins = append(home.ReadOnlyAdmins, namesOf(p.ReadOnlyAdmins)...)
	if list := p.CreateDatabaseDefaultPermissions; list != nil && len(*list) > 0 {
		home.OpenByDefault = append(home.OpenByDefault, "databases")
	}
	if list := p.CreateTableDefaultPermissions; list != nil && len(*list) > 0 {
		home.OpenByDefault = append(home.OpenByDefault, "tables")
	}
	home.FullTableAccess = home.FullTableAccess || isOrMayBe(p.AllowFullTableExternalDataAccess)
	if isOrMayBe(p.AllowExternalDataFiltering) {
		home.ExternalFiltering = access.FilteringBy(namesOf(p.ExternalDataFilteringAllowList))
		r.OnUnresolved(access.Unresolved{Place: place, Text: fmt.Sprintf("external data filtering for %v", namesOf(p.ExternalDataFilteringAllowList)),
			Reason: "engines of these accounts get files whole and filter columns and rows themselves"})
	}
	r.defaults.ofCatalog(home.Key(), p.CreateDatabaseDefaultPermissions, p.CreateTableDefaultPermissions, r.uncertain)
	return fmt.Sprintf("settings of the data lake with administrators %v", append(namesOf(p.Admins), namesOf(p.ReadOnlyAdmins)...))
}

// isOrMayBe reports whether a switch is on, or is only known to be when it is deployed.
func isOrMayBe(text string) bool {
	return strings.EqualFold(text, "true") || template.IsUnresolved(text)
}

func namesOf(principals []principalProperty) []string {
	var out []string
	for _, p := range principals {
		out = append(out, p.DataLakePrincipalIdentifier)
	}
	return out
}

func (r *reader) location(res template.Resource, place string) string {
	p := decode[locationProperties](r, res, place)
	home := r.home("")
	home.Locations = append(home.Locations, access.Location{ARN: r.ofBucket(p.ResourceArn), Role: p.RoleArn, Hybrid: isOrMayBe(p.HybridAccessEnabled)})
	return "registered location " + p.ResourceArn
}

func (r *reader) tag(res template.Resource, place string) string {
	p := decode[tagProperties](r, res, place)
	home := r.home(p.CatalogId)
	home.Tags = append(home.Tags, ontology.Tag{Key: p.TagKey, Values: p.TagValues})
	return "LF-Tag " + p.TagKey
}

func (r *reader) association(res template.Resource, place string) string {
	p := decode[associationProperties](r, res, place)
	target, ok := r.resource(p.Resource, place)
	if !ok {
		return fmt.Sprintf("LF-Tags %v on something that could not be read", p.LFTags)
	}
	a := lakeformation.TagAssociation{Resource: target}
	for _, tag := range p.LFTags {
		a.Tags = append(a.Tags, lakeformation.Condition{Key: tag.TagKey, Values: tag.TagValues})
	}
	home := r.home(target.Catalog)
	home.Associations = append(home.Associations, a)
	return fmt.Sprintf("LF-Tags %v on %s", p.LFTags, target.Key())
}

func (r *reader) filter(res template.Resource, place string) string {
	properties, _ := r.Value(res.Properties, place).(map[string]any)
	f, problems := lakeformation.DataCellsFilterFromCloudFormation(properties)
	r.report(problems, place)
	home := r.home(f.Catalog)
	home.Filters = append(home.Filters, f)
	return fmt.Sprintf("filter %s on table %s.%s", f.Name, f.Database, f.Table)
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

// fhirStore reads to whom a state machine grants the tables of a FHIR store; other
// state machines say nothing.
func (r *reader) fhirStore(res template.Resource, place string) string {
	metadata, _ := res.Metadata[template.FhirReadersMetadata].(map[string]any)
	place += "." + template.FhirReadersMetadata
	s := access.FhirStore{Domain: r.stack.Tags[template.DomainTag]}
	r.Decode(metadata["store"], &s.Name, place+".store")
	r.Decode(metadata["database"], &s.Database, place+".database")
	r.Decode(metadata["principals"], &s.Readers, place+".principals")
	home := r.home("")
	home.FhirStores = append(home.FhirStores, s)
	return fmt.Sprintf("SELECT on the tables of FHIR store %s to %v", s.Name, s.Readers)
}

func lastWord(place string) string { return place[strings.LastIndex(place, " ")+1:] }
