package mesh_test

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

func plan(t *testing.T, d *mesh.Definition, stage string) *mesh.Plan {
	t.Helper()
	p, err := d.Plan(stage)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The plan of a stage: names, tags, grants, filters.
func TestPlanGolden(t *testing.T) {
	for _, stage := range []string{"dev", "prod"} {
		p := plan(t, small(), stage)
		for _, d := range p.Domains {
			for _, product := range d.Products {
				for i := range product.Tables {
					product.Tables[i].Contract = nil
					product.Tables[i].Table.Columns = nil
				}
			}
		}
		golden.Check(t, filepath.Join("testdata", "plan", stage+".json"), []byte(written(t, p)))
	}
}

// written is a value as indented JSON without what is empty.
func written(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	text, err = json.MarshalIndent(pruned(tree), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

func pruned(tree any) any {
	switch v := tree.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = pruned(value)
			if v[key] == nil {
				delete(v, key)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = pruned(v[i])
		}
	case string:
		if v == "" {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return tree
}

func TestPlanStage(t *testing.T) {
	one := small()
	delete(one.Stages, "prod")
	if got := plan(t, one, "").Stage; got != "dev" {
		t.Errorf("the only stage is planned as %q", got)
	}
	tests := []struct{ stage, want string }{
		{"", "stage: got no stage; expected one of dev, prod; fix: say which stage to plan"},
		{"prd", `stage: got "prd"; expected one of dev, prod; fix: choose one of the stages (did you mean "prod"?)`},
	}
	for _, test := range tests {
		_, err := small().Plan(test.stage)
		if err == nil || err.Error() != test.want {
			t.Errorf("stage %q: got %v, expected %s", test.stage, err, test.want)
		}
	}
}

func TestPlanValidatesFirst(t *testing.T) {
	d := small()
	d.Name = "River"
	if _, err := d.Plan("dev"); err == nil || !strings.HasPrefix(err.Error(), "name: got") {
		t.Errorf("got %v", err)
	}
}

// A Go value may leave out what its classification says, and a column without
// either is phi.
func TestPlanResolvesSensitivity(t *testing.T) {
	d := small()
	columns := d.Domains[0].Contracts[0].Tables[0].Columns
	columns[0].Sensitivity, columns[2].Sensitivity = "", ""
	domain, _ := plan(t, d, "dev").Domain("clinical")
	tables := domain.Tables()
	got := tables[len(tables)-1].Table.Columns
	if got[0].Sensitivity != ontology.Internal || got[2].Sensitivity != ontology.PHI {
		t.Errorf("got %s and %s", got[0].Sensitivity, got[2].Sensitivity)
	}
}

func TestPlanLeavesTheDefinitionAlone(t *testing.T) {
	d := small()
	before, _ := json.Marshal(d)
	planned := plan(t, d, "dev")
	planned.Domains[0].Products[0].Tables[0].Contract.Tables[0].Columns[0].Name = "changed"
	planned.Foundations[0].Tags[0].Values[0] = "changed"
	planned.Domains[2].Queries[0].Name = "changed"
	if after, _ := json.Marshal(d); string(before) != string(after) {
		t.Error("planning, or changing a plan, changed the definition")
	}
}

// apart is a mesh whose consumer stands in an account of its own.
func apart(sharing mesh.Sharing) *mesh.Definition {
	d := small()
	stage := d.Stages["dev"]
	stage.Accounts["spare"], stage.Sharing = "444444444444", sharing
	d.Stages["dev"] = stage
	d.Domains[2].Account = "spare"
	d.Principals["analysts"] = "arn:aws:iam::444444444444:role/Analyst"
	return d
}

// What reaches over the border of an account needs to be accepted there, and
// principals of that account.
func TestPlanRefusesCrossings(t *testing.T) {
	toOrganization := apart(mesh.Sharing{Acceptance: "the platform team, runbook 7"})
	toOrganization.Subscriptions[0].Share = mesh.ShareOrganization
	foreign := small()
	foreign.Principals["analysts"] = "arn:aws:iam::999999999999:role/Analyst"
	var out strings.Builder
	for _, test := range []struct {
		name string
		d    *mesh.Definition
	}{{"nobody accepts", apart(mesh.Sharing{})}, {"no organization", toOrganization}, {"a principal of another account", foreign}} {
		if err := test.d.Validate(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		_, err := test.d.Plan("dev")
		out.WriteString("== " + test.name + "\n" + problem.Of(err).Error() + "\n")
	}
	golden.Check(t, filepath.Join("testdata", "crossings.golden"), []byte(out.String()))
}

func TestPartitions(t *testing.T) {
	for region, partition := range map[string]string{"cn-northwest-1": "aws-cn", "us-gov-east-1": "aws-us-gov"} {
		d := small()
		d.Stages = map[string]mesh.Stage{"only": {Region: region, Accounts: map[string]string{"main": "111111111111"}}}
		d.Admins = nil
		for name := range d.Principals {
			d.Principals[name] = "arn:" + partition + ":iam::{main}:role/" + name
		}
		p := plan(t, d, "")
		if got := p.Domains[0].JobRoleARN; got != "arn:"+partition+":iam::111111111111:role/river-clinical-pipeline-"+region {
			t.Errorf("pipeline role %s", got)
		}
		if got := p.Domains[0].Locations[0].ARN; got != "arn:"+partition+":s3:::river-clinical-analytics-111111111111-"+region {
			t.Errorf("location %s", got)
		}
	}
}

func TestFoundationsPerEnvironment(t *testing.T) {
	d := small()
	d.Subscriptions = nil
	d.Domains[1].Account = "spare"
	d.Stages["dev"].Accounts["spare"] = "444444444444"
	d.Admins = append(d.Admins, "arn:aws:iam::444444444444:user/admin")
	p := plan(t, d, "dev")
	var got []string
	for _, f := range p.Foundations {
		got = append(got, f.StackName+" "+f.Environment.String()+" "+strings.Join(f.Admins, ","))
	}
	want := "river-dev-foundation-main 111111111111/us-east-1 arn:aws:iam::111111111111:role/LakeAdmin,arn:aws:iam::111111111111:role/river-ended-access-us-east-1\n" +
		"river-dev-foundation-spare 444444444444/us-east-1 arn:aws:iam::444444444444:role/river-ended-access-us-east-1,arn:aws:iam::444444444444:user/admin"
	if joined := strings.Join(got, "\n"); joined != want {
		t.Errorf("got\n%s\nexpected\n%s", joined, want)
	}
}

func TestPlanLookups(t *testing.T) {
	p := plan(t, small(), "dev")
	if d, ok := p.Domain("lab-core"); !ok || d.Databases[0].Name != "river_lab_core_analytics" {
		t.Errorf("Domain: %v %v", d, ok)
	}
	if c, ok := p.Consumer("lab-core"); !ok || c.Domain != "lab-core" {
		t.Errorf("Consumer: %v %v", c, ok)
	}
	if f, ok := p.Foundation(p.Domains[0].Environment); !ok || f.StackName != "river-dev-foundation" {
		t.Errorf("Foundation: %v %v", f, ok)
	}
	_, domain := p.Domain("x")
	_, consumer := p.Consumer("x")
	_, foundation := p.Foundation(mesh.Environment{})
	if domain || consumer || foundation {
		t.Error("found what is not there")
	}
	var stacks []string
	for _, s := range p.Stacks() {
		stacks = append(stacks, strings.TrimPrefix(s.Name, "river-dev-"))
	}
	if got, want := strings.Join(stacks, " "), "foundation clinical clinical-product-encounters clinical-product-patient-deid lab-core lab-core-product-labs research "+
		"clinical-subscriptions lab-core-subscriptions research-subscriptions"; got != want {
		t.Errorf("Stacks: got %s, want %s", got, want)
	}
	if jobs := p.Domains[0].Jobs(); !slices.Contains(jobs, p.Domains[0].JobRoleARN) || slices.Contains(jobs, "") {
		t.Errorf("Jobs: %v", jobs)
	}
	if n := len(p.Grants()); n == 0 {
		t.Error("no grants")
	}
}

// Columns narrow what the levels show: by filters that list the columns, and not
// by tags.
func TestColumnsNarrowASubscription(t *testing.T) {
	for name, test := range map[string]struct {
		change func(s *mesh.Subscription)
		want   []string
	}{
		"listed":            {func(s *mesh.Subscription) { s.Columns = []string{"title", "birth_year"} }, []string{"patients(birth_year) every row", "studies(title) every row"}},
		"listed in one":     {func(s *mesh.Subscription) { s.Columns = []string{"title"} }, []string{"studies(title) every row"}},
		"excepted":          {func(s *mesh.Subscription) { s.Except = []string{"codes", "study_id"} }, []string{"patients(birth_year,year) every row", "studies(title) every row"}},
		"excepted in one":   {func(s *mesh.Subscription) { s.Except = []string{"codes"} }, []string{"patients(birth_year,study_id,year) every row", "studies(study_id,title) every row"}},
		"with rows":         {func(s *mesh.Subscription) { s.Except, s.Rows = []string{"codes"}, rowfilter.Raw("study_id = 'x'") }, []string{"patients(birth_year,study_id,year) study_id = 'x'", "studies(study_id,title) study_id = 'x'"}},
		"rows it shows not": {func(s *mesh.Subscription) { s.Columns, s.Rows = []string{"title"}, rowfilter.Raw("study_id = 'x'") }, []string{"studies(title) study_id = 'x'"}},
	} {
		d := small()
		d.Subscriptions[0].Rows = rowfilter.Condition{}
		test.change(&d.Subscriptions[0])
		consumer, _ := plan(t, d, "dev").Consumer("research")
		var got []string
		for _, f := range consumer.Filters {
			if !f.IsNamed() {
				t.Errorf("%s: the name %s is not that of its content", name, f.Name)
			}
			got = append(got, f.Table+"("+strings.Join(f.Columns, ",")+") "+cmp.Or(f.Rows, "every row"))
		}
		slices.Sort(got)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// A stage names the role that it is deployed with by its name, in every account
// and in the partition of its region, or by its ARN.
func TestDeploymentRole(t *testing.T) {
	for _, test := range []struct{ role, region, want string }{
		{"", "us-east-1", ""},
		{"lake-deployer", "us-east-1", "arn:aws:iam::111111111111:role/lake-deployer"},
		{"cicd/lake-deployer", "us-gov-west-1", "arn:aws-us-gov:iam::111111111111:role/cicd/lake-deployer"},
		{"arn:aws:iam::{main}:role/cicd/lake-deployer", "us-east-1", "arn:aws:iam::111111111111:role/cicd/lake-deployer"},
	} {
		d := small()
		s := d.Stages["dev"]
		s.DeploymentRole, s.Region = test.role, test.region
		d.Stages = map[string]mesh.Stage{"dev": s}
		d.Principals, d.Admins = map[string]string{"analysts": "111111111111", "board": "111111111111:IAMPrincipals"}, nil
		if got := plan(t, d, "dev").Foundations[0].Deployer; got != test.want {
			t.Errorf("%q in %s: got %q, want %q", test.role, test.region, got, test.want)
		}
	}
}
