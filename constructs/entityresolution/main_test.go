package entityresolution_test

import (
	"os"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	er "github.com/lakemesh/lakemesh/constructs/entityresolution"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
)

func TestMain(m *testing.M) {
	os.Exit(assembly.Main(m, assembly.Apps{"variants": func(app awscdk.App) error { addVariants(app); return nil }}, cdktest.Run))
}

const (
	schemaType   = "AWS::EntityResolution::SchemaMapping"
	matchingType = "AWS::EntityResolution::MatchingWorkflow"
	policyType   = "AWS::IAM::ManagedPolicy"
	roleType     = "AWS::IAM::Role"
)

// registry is what the constructs of this package need around them: a lake with the
// records of persons of two sources.
type registry struct {
	stack awscdk.Stack
	lake  *storage.LakeStorage
}

func newRegistry(stack awscdk.Stack) registry {
	stack.SetTerminationProtection(jsii.Bool(true))
	return registry{stack, storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{})}
}

func fields() []er.Field {
	return []er.Field{
		{Column: jsii.String("record_id"), Type: er.UniqueID},
		{Column: jsii.String("given_name"), Type: er.NameFirst, MatchKey: jsii.String("name"), Group: jsii.String("name")},
		{Column: jsii.String("family_name"), Type: er.NameLast, MatchKey: jsii.String("name"), Group: jsii.String("name")},
		{Column: jsii.String("birth_date"), Type: er.Date, MatchKey: jsii.String("birth date")},
		{Column: jsii.String("postcode"), Type: er.AddressPostalCode, MatchKey: jsii.String("postcode")},
		{Column: jsii.String("email"), Type: er.EmailAddress, MatchKey: jsii.String("email")},
	}
}

func (r registry) schema(id string, fields []er.Field) *er.SchemaMapping {
	return er.NewSchemaMapping(r.stack, jsii.String(id), &er.SchemaMappingProps{SchemaName: jsii.String("riverside-" + id), Fields: fields})
}

func (r registry) at(prefix string) storage.S3Location {
	return storage.S3Location{Bucket: r.lake.Curated(), Prefix: jsii.String(prefix)}
}

func (r registry) table(name string) catalog.ITable {
	return catalog.TableFromName(r.stack, jsii.String("Table-"+name), jsii.String("riverside_registry"), jsii.String(name))
}

// matching are props of two sources with rules.
func (r registry) matching() *er.MatchingWorkflowProps {
	schema := r.schema("persons", fields())
	return &er.MatchingWorkflowProps{
		WorkflowName: jsii.String("riverside-persons"),
		Inputs: []er.Input{
			{Table: r.table("patients"), Files: r.at("patients/"), Schema: schema},
			{Table: r.table("members"), Files: r.at("members/"), Schema: schema},
		},
		Rules: []er.Rule{
			{Name: jsii.String("name and birth date"), MatchKeys: []string{"name", "birth date", "postcode"}},
			{Name: jsii.String("email"), MatchKeys: []string{"email"}},
		},
		Output: r.at("matches/"),
	}
}
