package workflow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/deploy"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// valley is a mesh whose payer makes its members of what hospital and lab publish, in one
// account or in three.
func valley() *mesh.Definition {
	column := func(name string) contract.Column {
		return contract.Column{Name: name, Type: "string", Classification: "deidentified", Sensitivity: ontology.Deidentified}
	}
	domain := func(name, product, query string) mesh.Domain {
		token := column("token")
		token.PrimaryKey = 1
		return mesh.Domain{Name: name, Account: name, Owner: "team@example.org", Contracts: []*contract.Contract{{
			APIVersion: "v3.1.0", ID: product, Name: product, Version: "1.0.0", Status: "active", Owner: "team@example.org", Zone: ontology.Curated,
			Tables: []contract.Table{
				{Name: product + "_in", Format: contract.FormatIceberg, Columns: []contract.Column{column("token")}},
				{Name: product + "_out", Format: contract.FormatIceberg, TransformLogic: query, Columns: []contract.Column{token}},
			},
		}}}
	}
	subscription := func(product, share string) mesh.Subscription {
		return mesh.Subscription{
			Consumer: "payer", Principals: []string{"payer-pipeline"}, Product: product, Sensitivity: []string{"deidentified"}, Share: share,
			Purpose: "care", Approver: "team@example.org", Expires: "2030-06-30",
		}
	}
	visits := subscription("hospital.visits", "")
	visits.Columns = []string{"token"}
	stage := func(hospital, lab, payer string) mesh.Stage {
		return mesh.Stage{
			Region: region, DeploymentRole: "deployer", Sharing: mesh.Sharing{Acceptance: "the platform team"},
			Accounts: map[string]string{"hospital": hospital, "lab": lab, "payer": payer},
		}
	}
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "valley",
		Stages: map[string]mesh.Stage{"one": stage(account, account, account), "three": stage("222222222222", "333333333333", "444444444444")},
		Domains: []mesh.Domain{
			domain("hospital", "visits", "SELECT v.token FROM {visits.visits_in} AS v"),
			domain("lab", "labs", "SELECT l.token FROM {labs.labs_in} AS l"),
			domain("payer", "members", "SELECT v.token FROM {hospital.visits.visits_out} AS v JOIN {lab.labs.labs_out} AS l ON l.token = v.token"),
		},
		Subscriptions: []mesh.Subscription{visits, subscription("lab.labs", mesh.SharePrincipals)},
	}
}

// A product is made of products of other domains, after their jobs, whether all stand in one
// account or each in its own: the plan is what is deployed, and the job begins when what it
// reads has been made, and not where that failed or never ran.
func TestProductsOfProducts(t *testing.T) {
	server := localaws.ForTest(t)
	for _, stage := range []string{"one", "three"} {
		t.Run(stage, func(t *testing.T) {
			plan, err := valley().Plan(stage)
			must(t, err)
			deployMesh(t, server, plan)
			v := valleyCloud{server, plan}

			v.run(t, "payer", "members", "EarlierJobNeverRan", "visits")
			v.run(t, "hospital", "visits", "", "")
			v.run(t, "payer", "members", "EarlierJobNeverRan", "labs")
			v.run(t, "lab", "labs", "", "")
			v.run(t, "payer", "members", "", "")
			if n := v.statements(t, "payer", "members"); n != 1 {
				t.Errorf("%d statements reached Athena", n)
			}
			v.loseWorkGroup(t, "lab", "labs")
			v.run(t, "lab", "labs", "Athena", "")
			v.run(t, "payer", "members", "EarlierJobFailed", "labs")
			if n := v.statements(t, "payer", "members"); n != 1 {
				t.Errorf("%d statements reached Athena", n)
			}
		})
	}
}

// deployMesh deploys the stacks of a plan one after another, in its order, and holds who can
// see what then against the templates.
func deployMesh(t *testing.T, server *localaws.Server, plan *mesh.Plan) {
	t.Helper()
	must(t, deploy.Surroundings(t.Context(), server, plan))
	folder := t.TempDir()
	context := flags.Recommended()
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir: &folder, Context: &context, AnalyticsReporting: jsii.Bool(false), DefaultStackSynthesizer: awscdk.NewLegacyStackSynthesizer(),
	})
	stacks.Build(app, plan)
	app.Synth(nil)
	found, err := rules.Check(folder)
	must(t, err)
	for _, f := range found {
		t.Error(f)
	}
	for _, stack := range plan.Stacks() {
		text, err := os.ReadFile(filepath.Join(folder, stack.Name+".template.json"))
		must(t, err)
		config, err := deploy.Config(t.Context(), server, stack.Environment)
		must(t, err)
		client := cloudformation.NewFromConfig(config)
		_, err = client.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: &stack.Name, TemplateBody: aws.String(string(text))})
		must(t, err)
		shown, err := client.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &stack.Name})
		must(t, err)
		if status := string(shown.Stacks[0].StackStatus); status != "CREATE_COMPLETE" {
			t.Fatalf("%s: %s: %s", stack.Name, status, aws.ToString(shown.Stacks[0].StackStatusReason))
		}
	}
	rendered, err := assembly.Read(folder)
	must(t, err)
	state, err := deploy.ReadBack(t.Context(), server, plan)
	must(t, err)
	if _, deployment := deploy.Compare(plan, rendered, state); !deployment.Empty() {
		t.Errorf("templates and deployment differ in %+v", deployment)
	}
}

// valleyCloud is a deployed mesh.
type valleyCloud struct {
	server *localaws.Server
	plan   *mesh.Plan
}

// job is the job of a product, and what calls the account of its domain.
func (v valleyCloud) job(t *testing.T, domain, product string) (*mesh.JobPlan, aws.Config) {
	t.Helper()
	d, _ := v.plan.Domain(domain)
	config, err := deploy.Config(t.Context(), v.server, d.Environment)
	must(t, err)
	for _, p := range d.Products {
		if p.Name == product {
			return p.Materialization, config
		}
	}
	t.Fatalf("no product %s", product)
	return nil, config
}

// run starts the job of a product and waits for its end: well, or with an error whose cause
// names the machine of another product.
func (v valleyCloud) run(t *testing.T, domain, product, failure, of string) {
	t.Helper()
	job, config := v.job(t, domain, product)
	client := sfn.NewFromConfig(config)
	started, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &job.StateMachineARN})
	must(t, err)
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		shown, err := client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
		must(t, err)
		switch {
		case shown.Status == "RUNNING" && time.Now().Before(deadline):
			continue
		case failure == "" && shown.Status != "SUCCEEDED",
			failure != "" && (shown.Status != "FAILED" || !strings.HasPrefix(aws.ToString(shown.Error), failure)),
			of != "" && !strings.Contains(aws.ToString(shown.Cause), "-"+of+"-refresh-"):
			t.Fatalf("%s.%s: %s, %s: %s", domain, product, shown.Status, aws.ToString(shown.Error), aws.ToString(shown.Cause))
		}
		return
	}
}

// statements are how many the job of a product has given to Athena.
func (v valleyCloud) statements(t *testing.T, domain, product string) int {
	t.Helper()
	job, config := v.job(t, domain, product)
	listed, err := athena.NewFromConfig(config).ListQueryExecutions(t.Context(), &athena.ListQueryExecutionsInput{WorkGroup: &job.WorkGroup})
	must(t, err)
	return len(listed.QueryExecutionIds)
}

// loseWorkGroup takes away what the job of a product queries in.
func (v valleyCloud) loseWorkGroup(t *testing.T, domain, product string) {
	t.Helper()
	job, config := v.job(t, domain, product)
	_, err := athena.NewFromConfig(config).DeleteWorkGroup(t.Context(), &athena.DeleteWorkGroupInput{WorkGroup: &job.WorkGroup, RecursiveDeleteOption: aws.Bool(true)})
	must(t, err)
}
