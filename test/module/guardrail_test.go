package module

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// guarded is a program of another module with guardrails over a grant that it makes itself;
// its argument is the principal that reads the ward.
const guarded = `package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String("cdk.out"), AnalyticsReporting: jsii.Bool(false)})
	judge, err := guardrail.New([]guardrail.Guardrail{
		{Name: guardrail.PHIStaysInDomain},
		{Name: "nurses-do-not-grant", Refuse: ` + "`name == \"Nurse\" && path == \"grant-option\"`" + `},
	}, guardrail.Domain{Name: "care", Principals: []string{"arn:aws:iam::111111111111:role/Nurse"}, Databases: []string{"ward"}})
	if err != nil {
		panic(err)
	}
	policy.Use(app, judge)

	stack := awscdk.NewStack(app, jsii.String("Ward"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("us-east-1")},
	})
	governance.NewSettings(stack, jsii.String("Settings"), nil)
	catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("ward"), LocationURI: jsii.String("s3://ward/")})
	table := catalog.NewTable(stack, jsii.String("Table"), &catalog.TableProps{
		DatabaseName: jsii.String("ward"), Location: jsii.String("s3://ward/stays/"),
		Table: &contract.Table{Name: "stays", Format: contract.FormatParquet, Columns: []contract.Column{{Name: "mrn", Type: "string"}}},
	})
	grant := awslakeformation.NewCfnPrincipalPermissions(stack, jsii.String("Grant"), &awslakeformation.CfnPrincipalPermissionsProps{
		Principal:   &awslakeformation.CfnPrincipalPermissions_DataLakePrincipalProperty{DataLakePrincipalIdentifier: jsii.String("arn:aws:iam::111111111111:role/" + os.Args[1])},
		Permissions: jsii.Strings("SELECT"), PermissionsWithGrantOption: &[]*string{},
		Resource: &awslakeformation.CfnPrincipalPermissions_ResourceProperty{Table: &awslakeformation.CfnPrincipalPermissions_TableResourceProperty{
			CatalogId: jsii.String("111111111111"), DatabaseName: jsii.String("ward"), Name: jsii.String("stays"),
		}},
	})
	grant.Node().AddDependency(table)
	app.Synth(nil)
}
`

// Guardrails stop the synthesis of an app in another module, and say who
// sees which column and how; the same app without the violation is synthesized.
func TestGuardrailsInAnotherModule(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), guarded)
	useCheckout(t, dir)
	run(t, dir, "go", "build", "-mod=mod", "-o", "lab", ".")
	synthesize := func(principal string) (string, error) {
		command := exec.Command("./lab", principal)
		command.Dir = dir
		command.Env = append(os.Environ(), "CDK_VALIDATION=false", "CDK_OUTDIR=")
		out, err := command.CombinedOutput()
		return string(out), err
	}
	if out, err := synthesize("Nurse"); err != nil {
		t.Errorf("what no guardrail refuses is refused: %v\n%s", err, out)
	}
	out, err := synthesize("Researcher")
	if err == nil {
		t.Error("a violation does not stop the synthesis")
	}
	for _, want := range []string{
		"Guardrail.phi-stays-in-domain", "Researcher has SELECT on mrn (untagged) of ward.stays of domain care by a grant of Lake Formation",
		"publish what others need as a deidentified product",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
}
