package stacks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

const workGroupType = "AWS::Athena::WorkGroup"

// readers is a mesh with two principals of one domain that read with different rights.
func readers() *mesh.Definition {
	definition := consented()
	definition.Principals["auditors"] = "arn:aws:iam::111111111111:saml-provider/Id:group/auditors"
	definition.Domains[1].Queries = []mesh.Query{{Name: "shared", SQL: "SELECT shared FROM labs"}}
	second := definition.Subscriptions[0]
	second.Principals, second.Tags = []string{"auditors"}, nil
	definition.Subscriptions = append(definition.Subscriptions, second)
	return definition
}

// policyStatement is a statement of an identity policy.
type policyStatement struct {
	Sid       string
	Action    any
	Resource  any
	Condition map[string]map[string]any
}

// Lake Formation does not govern what a query has returned, so no principal is let
// use the workgroup of another one, and a role's policy works for that role only.
func TestEachPrincipalQueriesInAWorkGroupOfItsOwn(t *testing.T) {
	plan, dir, _ := synthesized(t, readers())
	for _, note := range asPlanned(t, plan, dir).Evaluate().Notes {
		if strings.Contains(note, "results and history") && !strings.Contains(note, "lakeside-research.auditors are read by whoever is given") {
			t.Error(note)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "lakeside-dev-research.template.json")) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	resources := resourcesOf(t, string(text))
	research, _ := plan.Domain("research")
	if len(research.Readers) != 2 {
		t.Fatalf("readers: %v", research.Readers)
	}
	for _, reader := range research.Readers {
		if groups := idsOf(resources, workGroupType, `"`+reader.WorkGroup+`"`); len(groups) != 1 {
			t.Errorf("%s: workgroups %v", reader.Name, groups)
		}
		if saved := idsOf(resources, "AWS::Athena::NamedQuery", `"`+reader.WorkGroup+`"`); len(saved) != 1 {
			t.Errorf("%s: saved queries %v", reader.Name, saved)
		}
		policies := idsOf(resources, policyType, reader.Policy)
		if len(policies) != 1 {
			t.Fatalf("%s: policies %v", reader.Name, policies)
		}
		var policy struct {
			PolicyDocument struct{ Statement []policyStatement }
		}
		properties, _ := json.Marshal(resources[policies[0]].Properties)
		if err := json.Unmarshal(properties, &policy); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(properties), ":workgroup/"); n != strings.Count(string(properties), ":workgroup/"+reader.WorkGroup+`"`) {
			t.Errorf("%s reaches another workgroup: %s", reader.Name, properties)
		}
		if strings.Contains(string(properties), "s3:") {
			t.Errorf("%s reaches files: %s", reader.Name, properties)
		}
		only := map[string]any{"aws:PrincipalArn": reader.Identifier}
		if i := slices.IndexFunc(policy.PolicyDocument.Statement, func(s policyStatement) bool { return s.Sid == "RunQueries" }); i < 0 {
			t.Errorf("%s cannot query", reader.Name)
		} else if got := policy.PolicyDocument.Statement[i].Condition["ArnEquals"]; (fmt.Sprint(got) == fmt.Sprint(only)) != (reader.Name == "analysts") {
			t.Errorf("%s: the policy works under %v", reader.Name, got)
		}
	}
}

// Jobs differ in what they read, so they share no history either.
func TestEachJobHasAWorkGroupOfItsOwn(t *testing.T) {
	plan, dir, text := synthesized(t, registry(token, gender))
	lab := plan.Domains[0]
	research, ofProduct := product(t, lab, dir, "research")
	for job, resources := range map[*mesh.JobPlan]map[string]resource{lab.Keys.Job: resourcesOf(t, text), research.Deidentify: ofProduct} {
		if groups := idsOf(resources, workGroupType, `"`+job.WorkGroup+`"`); len(groups) != 1 || job.WorkGroup == lab.WorkGroup {
			t.Errorf("workgroups %v for the job in %s", groups, job.WorkGroup)
		}
		for _, id := range idsOf(resources, policyType, ":workgroup/"+job.WorkGroup+`"`) {
			properties, _ := json.Marshal(resources[id].Properties)
			if strings.Contains(string(properties), ":workgroup/"+lab.WorkGroup+`"`) {
				t.Errorf("%s reaches two workgroups", id)
			}
		}
	}
}
