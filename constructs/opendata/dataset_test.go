package opendata_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/opendata"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// genomes are the three layouts of 1000 Genomes in a copy with a key of its own.
func genomes(stack awscdk.Stack) *opendata.Dataset {
	return opendata.NewDataset(stack, jsii.String("Subject"), &opendata.DatasetProps{
		Dataset:  jsii.String("thousandgenomes_dragen"),
		Database: catalog.DatabaseFromName(stack, jsii.String("Database"), jsii.String("reference")),
		Location: jsii.String("s3://reference-copies/1kg"),
		Key:      awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)}),
	})
}

// targets is one table where its publisher has it.
func targets(stack awscdk.Stack) *opendata.Dataset {
	return opendata.NewDataset(stack, jsii.String("Subject"), &opendata.DatasetProps{
		Dataset:  jsii.String("open_targets"),
		Database: catalog.DatabaseFromName(stack, jsii.String("Database"), jsii.String("reference")),
		Tables:   []string{"target"},
	})
}

func reader(stack awscdk.Stack) governance.Principal {
	return governance.RolePrincipal(awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
}

// One place is registered for all tables, the role reads it and writes nothing, and the tables
// come after it.
func TestDatasetIsReadOnly(t *testing.T) {
	stack := cdktest.Stack()
	d := genomes(stack)
	if len(d.Tables()) != 3 || d.Table("var_nested") == nil || d.Table("variants") != nil || d.Contract().Name != "thousandgenomes_dragen" {
		t.Error("the accessors do not give what was made")
	}
	template := cdktest.Of(t, stack)
	place := template.One(t, "AWS::LakeFormation::Resource", "Subject")
	place.Want(t, map[string]string{"ResourceArn": `"arn:aws:s3:::reference-copies/1kg"`, "HybridAccessEnabled": "false", "UseServiceLinkedRole": "false"})
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "Subject").JSON("PolicyDocument")
	if strings.Contains(policy, "Put") || strings.Contains(policy, "Delete") || strings.Contains(policy, "Encrypt\"") || !strings.Contains(policy, `"arn:aws:s3:::reference-copies/1kg/*"`) {
		t.Errorf("the role may do %s", policy)
	}
	tables := template.Type("AWS::Glue::Table")
	if len(tables) != 3 {
		t.Fatalf("%d tables", len(tables))
	}
	for _, table := range tables {
		if text := table.JSON("TableInput"); !strings.Contains(text, `"projection.enabled":"true"`) || !strings.Contains(text, "s3://reference-copies/1kg/var_") {
			t.Errorf("%s", text)
		}
		if !template.After(table.ID, place.ID) {
			t.Errorf("%s does not wait for the registration", table.ID)
		}
	}
}

func TestDatasetOfItsPublisher(t *testing.T) {
	stack := cdktest.Stack()
	d := targets(stack)
	d.GrantRead(reader(stack))
	template := cdktest.Of(t, stack)
	template.One(t, "AWS::LakeFormation::Resource", "Subject").Want(t, map[string]string{"ResourceArn": `"arn:aws:s3:::open-targets-public-data-releases/platform/25.12/output"`})
	if *d.Location().ARN() != "arn:aws:s3:::open-targets-public-data-releases/platform/25.12/output" {
		t.Errorf("registered is %s", *d.Location().ARN())
	}
	if got := len(template.Type("AWS::LakeFormation::PrincipalPermissions")); got != 2 { // of the database and of the table
		t.Errorf("%d grants", got)
	}
}

func TestDatasetProblems(t *testing.T) {
	stack := cdktest.Stack()
	database := catalog.DatabaseFromName(stack, jsii.String("Database"), jsii.String("reference"))
	for _, c := range []struct {
		props *opendata.DatasetProps
		want  []string
	}{
		{nil, []string{"Database: got nothing", `Dataset: got ""; expected one of thousandgenomes_dragen, clinvar`}},
		{&opendata.DatasetProps{Database: database, Dataset: jsii.String("clinvra")}, []string{"did you mean clinvar?"}},
		{&opendata.DatasetProps{Database: database, Dataset: jsii.String("clinvar")}, []string{"Location: got nothing, and clinvar is withdrawn"}},
		{&opendata.DatasetProps{Database: database, Dataset: jsii.String("tcga")}, []string{"Tables: got tcga, which has no tables"}},
		{&opendata.DatasetProps{Database: database, Dataset: jsii.String("open_targets"), Tables: []string{"genes"}}, []string{`Tables[0]: got "genes"`}},
	} {
		text := cdktest.Panic(t, func() { opendata.NewDataset(stack, jsii.String("Set"), c.props) })
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	}
}

func TestVariantsHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, func(app awscdk.App) {
		genomes(assembly.NewStack(app, "copy", cdktest.Region))
		targets(assembly.NewStack(app, "publisher", cdktest.Region))
		databaseCopy(assembly.NewStack(app, "database", cdktest.Region))
	})
	for _, name := range []string{"copy", "publisher", "database"} {
		found.Only(name+"/Subject").Check(t, "AwsSolutions-IAM5")
	}
	cfnlint.Check(t, found.TemplateFiles())
}

// No publisher's bucket can be read from another partition.
func TestDatasetOfAnotherPartition(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Gov"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("us-gov-west-1")},
	})
	if text := cdktest.Panic(t, func() { targets(stack) }); !strings.Contains(text, "Location: got \"arn:aws:s3:::open-targets-public-data-releases/platform/25.12/output\"; expected an ARN that begins with arn:aws-us-gov") {
		t.Error(text)
	}
}
