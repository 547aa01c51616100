package sample_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

func load(t *testing.T) *mesh.Definition {
	t.Helper()
	d, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSampleIsValid(t *testing.T) {
	d := load(t)
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, rule := range mesh.Guardrails() {
		if !rule.Always && !slices.ContainsFunc(d.Guardrails, func(on mesh.GuardrailRule) bool { return on.Name == rule.Name }) {
			t.Errorf("guardrail %s is off", rule.Name)
		}
	}
}

func TestSamplePlans(t *testing.T) {
	plan, err := load(t).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Foundations) != 1 || len(plan.Domains) != 6 || len(plan.Shares) != 0 {
		t.Errorf("got %d foundations, %d domains and %d shares; want 1, 6 and 0", len(plan.Foundations), len(plan.Domains), len(plan.Shares))
	}
	tables := map[string]bool{}
	for _, domain := range plan.Domains {
		for _, table := range domain.Tables() {
			tables[table.Database+"."+table.Table.Name] = true
		}
	}
	// Saved queries name planned tables only.
	for _, domain := range plan.Domains {
		for _, query := range domain.Queries {
			for _, word := range strings.FieldsFunc(query.SQL, func(r rune) bool { return strings.ContainsRune(" \n\t(),", r) }) {
				if strings.HasPrefix(word, "riverside_") && !tables[word] {
					t.Errorf("query %s of %s reads %s, which is not planned", query.Name, domain.Name, word)
				}
			}
		}
	}
}

// In prod the same subscriptions cross between three accounts.
func TestSamplePlansInThreeAccounts(t *testing.T) {
	plan, err := load(t).Plan("prod")
	if err != nil {
		t.Fatal(err)
	}
	var crossing int
	for _, c := range plan.Consumers {
		for _, s := range c.Subscriptions {
			if s.Crosses {
				crossing++
			}
		}
	}
	if len(plan.Foundations) != 3 || crossing != 9 {
		t.Errorf("got %d foundations and %d subscriptions that cross; want 3 and 9", len(plan.Foundations), crossing)
	}
}

func TestEveryContractBelongsToADomain(t *testing.T) {
	files, err := fs.Glob(sample.FS(), "contracts/*/*.odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var loaded int
	for _, domain := range load(t).Domains {
		loaded += len(domain.Contracts)
		if domain.Variants != nil {
			loaded-- // the contract of the library
		}
	}
	if loaded != len(files) {
		t.Errorf("the mesh loads %d of %d contracts", loaded, len(files))
	}
}

func TestEveryColumnIsDescribedAndClassified(t *testing.T) {
	columns(t, func(where string, _ *contract.Contract, c contract.Column) {
		if c.Description == "" || c.Classification == "" || c.Type == "" {
			t.Errorf("%s: description %q, classification %q, type %q", where, c.Description, c.Classification, c.Type)
		}
		if c.Identifier != "" && c.Sensitivity != ontology.PHI {
			t.Errorf("%s: identifier %s is %s", where, c.Identifier, c.Sensitivity)
		}
		if len(c.Description) > 255 {
			t.Errorf("%s: %d characters of description, Glue keeps 255", where, len(c.Description))
		}
	})
}

// TestContractsLoadWithoutWarnings allows one: that nothing runs the rules yet and
// keeps what is promised.
func TestContractsLoadWithoutWarnings(t *testing.T) {
	for _, domain := range load(t).Domains {
		for _, c := range domain.Contracts {
			for _, w := range c.Warnings {
				if w.Expected != "what something runs or keeps" {
					t.Error(w)
				}
			}
		}
	}
}

func columns(t *testing.T, see func(where string, k *contract.Contract, c contract.Column)) {
	t.Helper()
	for _, domain := range load(t).Domains {
		for _, k := range domain.Contracts {
			for _, table := range k.Tables {
				for _, c := range table.Columns {
					see(domain.Name+"."+k.Name+"."+table.Name+"."+c.Name, k, c)
				}
			}
		}
	}
}
