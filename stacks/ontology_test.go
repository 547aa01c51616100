package stacks_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// consented is a mesh with keys of its own: of the two columns of results that
// are public, one may be used for treatment only.
func consented() *mesh.Definition {
	public := func(name, consent string) contract.Column {
		return contract.Column{
			Name: name, Type: "string", Classification: "public", Sensitivity: ontology.Public,
			LFTags: []contract.LFTag{{Key: "consent", Value: consent}},
		}
	}
	labs := results("record")
	labs.LFTags = []contract.LFTag{{Key: "assay", Value: "wgs"}}
	labs.Tables[0].Columns = append(labs.Tables[0].Columns, public("shared", "research"), public("kept", "treatment"))
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:     map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Ontology:   map[string][]string{"consent": {"research", "treatment"}},
		Principals: map[string]string{"analysts": "arn:aws:iam::111111111111:role/Analyst"},
		Domains: []mesh.Domain{
			{
				Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: []*contract.Contract{labs},
				Ontology: map[string][]string{"assay": {"wes", "wgs"}},
			},
			{Name: "research", Account: "lake", Owner: "research@example.org"},
		},
		Subscriptions: []mesh.Subscription{{
			Consumer: "research", Principals: []string{"analysts"}, Product: "lab." + labs.Name, Sensitivity: []string{"public"},
			Tags:    map[string][]string{"consent": {"research"}, "assay": {"wgs"}},
			Purpose: "method", Approver: "lab@example.org", Expires: "2030-06-30",
		}},
	}
}

// The templates say of a mesh with keys of its own what its plan says, and a
// subscription that is narrowed by them shows the columns that meet it.
func TestOntologyOfTheMeshFile(t *testing.T) {
	plan, dir, _ := synthesized(t, consented())
	if !strings.Contains(templateText(t, dir, "lakeside-dev-lab-product-labs"), `"lakeside:lab.assay"`) {
		t.Error("the template has no tag of the domain's own key")
	}
	state := asPlanned(t, plan, dir)
	if got := columnsSeen(state); got != "shared" {
		t.Errorf("the analysts see %q; expected shared", got)
	}
	filtered := consented()
	filtered.Subscriptions[0].Rows = rowfilter.Raw("shared = 'x'")
	byRows, err := filtered.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	if got := columnsSeen(planned.Read(byRows)); got != "shared" {
		t.Errorf("with rows the analysts see %q; expected shared", got)
	}
}

// A pull request that drops the narrowing is shown as columns that the readers
// gain.
func TestDiffOfNarrowing(t *testing.T) {
	wider := consented()
	wider.Subscriptions[0].Tags = nil
	narrow, err := consented().Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	wide, err := wider.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	changes := access.Diff(planned.Read(narrow), planned.Read(wide)).Rights
	const want = "+ Analyst gains SELECT on 1 public column of lakeside_lab_curated.results: kept"
	if len(changes) != 1 || changes[0].String() != want {
		t.Errorf("got %v; expected %s", changes, want)
	}
}

// columnsSeen are the columns that the analysts read.
func columnsSeen(state *access.State) string {
	var out []string
	for _, row := range state.Evaluate().Rows {
		if strings.HasSuffix(row.Principal, ":role/Analyst") && row.Kind == access.OnTable {
			for _, c := range row.Columns {
				out = append(out, c.Name)
			}
		}
	}
	return strings.Join(out, " ")
}
