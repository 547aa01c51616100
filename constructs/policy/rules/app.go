package rules

import (
	"maps"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// app is every resource of the stacks that are checked together.
type app struct {
	stacks  []*template.Stack
	objects []*object // by stack, then by logical id
	byType  map[string][]*object
	named   map[string]*object // by kind, environment and name; see name
	graphs  map[*template.Stack]*graph
	made    cdkMade
}

// object is a resource with its properties worked out.
type object struct {
	stack    *template.Stack
	id       string
	resource template.Resource
	props    map[string]any
}

// The resource types that the rules know by name.
const (
	typeSettings        = "AWS::LakeFormation::DataLakeSettings"
	typeTag             = "AWS::LakeFormation::Tag"
	typeAssociation     = "AWS::LakeFormation::TagAssociation"
	typeLocation        = "AWS::LakeFormation::Resource"
	typeFilter          = "AWS::LakeFormation::DataCellsFilter"
	typeGrant           = "AWS::LakeFormation::PrincipalPermissions"
	typeLegacyGrant     = "AWS::LakeFormation::Permissions"
	typeDatabase        = "AWS::Glue::Database"
	typeTable           = "AWS::Glue::Table"
	typeEncryption      = "AWS::Glue::DataCatalogEncryptionSettings"
	typeCrawler         = "AWS::Glue::Crawler"
	typeOptimizer       = "AWS::Glue::TableOptimizer"
	typeRole            = "AWS::IAM::Role"
	typeBucket          = "AWS::S3::Bucket"
	typeFhirStore       = "AWS::HealthLake::FHIRDatastore"
	typeImageStore      = "AWS::HealthImaging::Datastore"
	typeReferenceStore  = "AWS::Omics::ReferenceStore"
	typeSequenceStore   = "AWS::Omics::SequenceStore"
	typeVariantStore    = "AWS::Omics::VariantStore"
	typeAnnotationStore = "AWS::Omics::AnnotationStore"
	typeWorkflow        = "AWS::Omics::Workflow"
	typeWorkflowVersion = "AWS::Omics::WorkflowVersion"
	typeKey             = "AWS::KMS::Key"
	typeWorkGroup       = "AWS::Athena::WorkGroup"
	typeMachine         = "AWS::StepFunctions::StateMachine"
)

func newApp(stacks []*template.Stack) *app {
	a := &app{stacks: stacks, byType: map[string][]*object{}, named: map[string]*object{}, graphs: map[*template.Stack]*graph{}}
	for _, s := range stacks {
		resolver := template.NewResolver(s)
		a.graphs[s] = newGraph(s)
		for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
			o := &object{stack: s, id: id, resource: s.Resources[id]}
			o.props, _ = resolver.Value(o.resource.Properties, s.Name+" "+id).(map[string]any)
			a.objects = append(a.objects, o)
			a.byType[o.resource.Type] = append(a.byType[o.resource.Type], o)
		}
	}
	for _, o := range a.objects {
		a.index(o)
	}
	a.made = a.findMade()
	return a
}

// index remembers what others refer to by name; the first of a name stays.
func (a *app) index(o *object) {
	add := func(key string) {
		if _, seen := a.named[key]; !seen {
			a.named[key] = o
		}
	}
	switch o.resource.Type {
	case typeSettings:
		add(name("settings", o.environment("")))
	case typeTag:
		add(name("tag", o.environment(text(o.props, "CatalogId")), text(o.props, "TagKey")))
	case typeDatabase:
		add(name("database", o.environment(text(o.props, "CatalogId")), o.databaseName()))
	case typeTable:
		add(name("table", o.environment(text(o.props, "CatalogId")), text(o.props, "DatabaseName"), o.tableName()))
	case typeFilter:
		add(name("filter", o.environment(text(o.props, "TableCatalogId")),
			text(o.props, "DatabaseName"), text(o.props, "TableName"), text(o.props, "Name")))
	case typeRole:
		add(name("role", o.arn()))
	case typeBucket:
		add(name("bucket", o.ref()))
	}
}

// name is a key of app.named. Lake Formation and Glue fold names to lower case.
func name(parts ...string) string { return strings.ToLower(strings.Join(parts, "\n")) }

// environment names the account and region that an object with this catalog id
// belongs to. A stack that can go anywhere is an environment of its own.
func (o *object) environment(catalog string) string {
	switch {
	case !o.stack.Fixed():
		return "stack " + o.stack.Root().Name + " " + strings.TrimSuffix(catalog, "${AWS::AccountId}")
	case catalog == "":
		return o.stack.Account + "/" + o.stack.Region
	}
	return catalog + "/" + o.stack.Region
}

// ref is what Ref gives for the resource: its name, or a marker.
func (o *object) ref() string {
	v, _ := template.NewResolver(o.stack).Value(map[string]any{"Ref": o.id}, "").(string)
	return v
}

// arn is what Fn::GetAtt Arn gives for the resource: its ARN, or a marker.
func (o *object) arn() string {
	v, _ := template.NewResolver(o.stack).Value(map[string]any{"Fn::GetAtt": []any{o.id, "Arn"}}, "").(string)
	return v
}

func (o *object) databaseName() string {
	if n := text(o.props, "DatabaseInput.Name"); n != "" {
		return n
	}
	return o.ref()
}

func (o *object) tableName() string {
	for _, path := range []string{"TableInput.Name", "Name"} {
		if n := text(o.props, path); n != "" {
			return n
		}
	}
	return o.ref()
}

// isLink reports whether a database or table is a resource link.
func (o *object) isLink() bool {
	return has(o.props, "DatabaseInput.TargetDatabase") || has(o.props, "TableInput.TargetTable")
}

// admins are the administrators of an environment that the app's settings name.
func (a *app) admins(environment string) []string {
	var out []string
	for _, o := range a.byType[typeSettings] {
		if o.environment("") == environment {
			for _, admin := range list(o.props, "Admins") {
				out = append(out, text(admin, "DataLakePrincipalIdentifier"))
			}
		}
	}
	return out
}

// granted is the resource of a grant or tag association, when exactly one is named.
func (o *object) granted() (lf.Resource, bool) {
	r, _ := lf.FromCloudFormation(get(o.props, "Resource"))
	return r, r.Kind != ""
}

// permissions are those of a grant.
func (o *object) permissions(property string) []lf.Permission {
	var out []lf.Permission
	for _, p := range texts(o.props, property) {
		out = append(out, lf.Permission(p))
	}
	return out
}

// principal is whom a grant is for.
func (o *object) principal() string {
	return text(o.props, "Principal.DataLakePrincipalIdentifier")
}
