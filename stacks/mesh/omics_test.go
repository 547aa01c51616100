package mesh_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// sequencing is a mesh of two laboratories, the first of which has stores of sequences.
func sequencing(change func(d *mesh.Definition)) *mesh.Definition {
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111", "other": "222222222222"}, Sharing: mesh.Sharing{Acceptance: "organization"}}},
		Domains: []mesh.Domain{
			{Name: "genomics", Account: "lake", Owner: "genomics@example.org", Omics: &mesh.Omics{ReferenceStore: true, SequenceStore: true}},
			{Name: "tumour", Account: "other", Owner: "tumour@example.org", Omics: &mesh.Omics{ReferenceStore: true}},
		},
	}
	if change != nil {
		change(d)
	}
	return d
}

func TestOmicsStoresArePlanned(t *testing.T) {
	plan, err := sequencing(nil).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	both, one := plan.Domains[0], plan.Domains[1]
	if *both.Omics != (mesh.OmicsPlan{StackName: "lakeside-dev-genomics-omics", ReferenceStore: "lakeside-genomics-references", SequenceStore: "lakeside-genomics-reads"}) {
		t.Errorf("%+v", both.Omics)
	}
	if one.Omics.SequenceStore != "" || one.KeyParameter != "/lakeside/tumour/key" {
		t.Errorf("%+v", one.Omics)
	}
	var names []string
	for _, s := range plan.Stacks() {
		names = append(names, s.Name)
	}
	if all := strings.Join(names, " "); !strings.Contains(all, "lakeside-dev-genomics-omics lakeside-dev-tumour-omics") {
		t.Errorf("stacks %s", all)
	}
	if notes := strings.Join(sequencing(nil).Notes(), "\n"); !strings.Contains(notes, "omics of genomics costs nothing while its stores are empty") {
		t.Errorf("notes %s", notes)
	}
}

func TestEveryProblemOfOmicsStores(t *testing.T) {
	for name, test := range map[string]struct {
		change func(d *mesh.Definition)
		want   string
	}{
		"none": {func(d *mesh.Definition) { d.Domains[0].Omics = &mesh.Omics{} },
			`domains[0].omics: got no store; expected referenceStore: true, sequenceStore: true, or both; fix: say which stores the domain has, or take the key out`},
		"a region with workflows only": {func(d *mesh.Definition) {
			d.Domains = d.Domains[:1]
			d.Stages = map[string]mesh.Stage{"dev": {Region: "us-east-2", Accounts: map[string]string{"lake": "111111111111"}}}
		}, `domains[0].omics: got stores of sequences in us-east-2, where stage dev runs; expected a region with stores of HealthOmics: one of ap-southeast-1, eu-central-1, eu-west-1, eu-west-2, il-central-1, us-east-1, us-west-2; fix: run the stage elsewhere, or take the stores out`},
		"two stores of genomes": {func(d *mesh.Definition) { d.Domains[1].Account = "lake" },
			`domains[1].omics.referenceStore: got a second one in the account of domains[0]; expected one reference store for an account and region, as HealthOmics has it; fix: leave it to one of the two domains, and refer to it from the other by omics.ReferenceStoreFromAttributes`},
	} {
		err := sequencing(test.change).Validate()
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got\n%v\nwant\n%s", name, err, test.want)
		}
	}
	if err := sequencing(func(d *mesh.Definition) {
		d.Domains[1].Account, d.Domains[1].Omics.ReferenceStore, d.Domains[1].Omics.SequenceStore = "lake", false, true
	}).Validate(); err != nil {
		t.Error(err)
	}
}
