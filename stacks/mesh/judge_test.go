package mesh_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// verdict is what the guardrails of a definition find in the plan of a stage.
func verdict(t *testing.T, d *mesh.Definition, stage string, day time.Time) guardrail.Verdict {
	t.Helper()
	plan, err := d.PlanAt(stage, day)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := d.Judge(plan)
	if err != nil {
		t.Fatal(err)
	}
	return judge.At(day).Matrix(planned.Read(plan).Evaluate())
}

var spring = time.Date(2027, 3, 21, 0, 0, 0, 0, time.UTC)

// A domain's own roles, and who subscribes for it, belong to it: what the definition allows
// is no violation, and what is granted beside it is.
func TestJudgeKnowsWhoBelongsToWhom(t *testing.T) {
	d := small()
	d.Guardrails = append(d.Guardrails, mesh.GuardrailRule{Name: guardrail.ExpiringAccessOnly}, mesh.GuardrailRule{Name: guardrail.NoGrantOptionOutsideOwner},
		mesh.GuardrailRule{Name: guardrail.AdministratorsAreKnown, Known: []string{"arn:aws:iam::{main}:role/LakeAdmin"}},
		mesh.GuardrailRule{Name: "studies-only", Refuse: `"research" in homes && domain == "clinical" && right == "SELECT" && rows == ""`})
	if v := verdict(t, d, "prod", spring); len(v.Violations) != 0 {
		t.Error(v.Violations)
	}

	plan, err := d.Plan("prod")
	if err != nil {
		t.Fatal(err)
	}
	judge, err := d.Judge(plan)
	if err != nil {
		t.Fatal(err)
	}
	stray := planned.Read(plan)
	catalog := stray.Catalog("222222222222", "ap-southeast-2")
	for i, g := range catalog.Grants { // what a job of research has on its product, a job of another domain has too
		if strings.Contains(g.Principal, "lab-core-pipeline") {
			catalog.Grants[i].Principal = strings.Replace(g.Principal, "lab-core", "clinical", 1)
		}
	}
	catalog.Admins = append(catalog.Admins, "arn:aws:iam::222222222222:role/Intern")
	var got []string
	for _, v := range judge.Matrix(stray.Evaluate()).Violations {
		if of := v.Guardrail + " " + v.Principal[strings.LastIndex(v.Principal, "/")+1:]; !slices.Contains(got, of) {
			got = append(got, of)
		}
	}
	want := []string{guardrail.PHIStaysInDomain + " river-clinical-pipeline-ap-southeast-2", guardrail.ExpiringAccessOnly + " river-clinical-pipeline-ap-southeast-2", guardrail.AdministratorsAreKnown + " Intern"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, expected %q", got, want)
	}
}

// The jobs of the person index that a mesh allows are let through, and nobody else by it.
func TestJudgeLetsThePersonIndexThrough(t *testing.T) {
	d := persons(t)
	if v := verdict(t, d, "prod", spring); len(v.Violations) != 0 {
		t.Error(v.Violations)
	}
	d.Guardrails = append(d.Guardrails, mesh.GuardrailRule{Name: "as-phi-stays", Refuse: guardrail.Expression(guardrail.PHIStaysInDomain)})
	if v := verdict(t, d, "prod", spring); len(v.Violations) == 0 {
		t.Error("without the exceptions of the index nothing is refused")
	}
}

// Exceptions are for the stages that they name, take names and accounts of the mesh, and end.
func TestJudgeOfExceptions(t *testing.T) {
	except := func(e mesh.GuardrailException) *mesh.Definition {
		d := small()
		e.Reason, e.Steward = "agreed", "privacy@river.example"
		d.Guardrails = []mesh.GuardrailRule{{Name: "nobody", Refuse: `name == "Analyst" && right == "SELECT"`, Except: []mesh.GuardrailException{e}}}
		if err := d.Validate(); err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, test := range map[string]struct {
		e          mesh.GuardrailException
		stage      string
		violations bool
		unused     int
	}{
		"by name":            {mesh.GuardrailException{Principal: "analysts"}, "prod", false, 0},
		"by account":         {mesh.GuardrailException{Principal: "arn:aws:iam::{main}:role/An*"}, "dev", false, 0},
		"in the stage":       {mesh.GuardrailException{Principal: "Analyst", Stages: []string{"prod"}}, "prod", false, 0},
		"in another stage":   {mesh.GuardrailException{Principal: "Analyst", Stages: []string{"prod"}}, "dev", true, 0},
		"for nobody":         {mesh.GuardrailException{Principal: "board"}, "dev", true, 1},
		"ended":              {mesh.GuardrailException{Principal: "analysts", Until: "2027-03-20"}, "dev", true, 0},
		"on its last day":    {mesh.GuardrailException{Principal: "analysts", Until: "2027-03-21"}, "dev", false, 0},
		"for part of it all": {mesh.GuardrailException{Principal: "analysts", Domain: "lab-core"}, "dev", true, 0},
	} {
		v := verdict(t, except(test.e), test.stage, spring)
		if (len(v.Violations) > 0) != test.violations || len(v.Unused) != test.unused {
			t.Errorf("%s: %+v", name, v)
		}
	}
	ended := except(mesh.GuardrailException{Principal: "analysts", Until: "2027-03-20"})
	if err := ended.ValidateAt(spring); err == nil || !strings.Contains(err.Error(), "guardrails[0].except[0].until: got 2027-03-20, which is over") {
		t.Error(err)
	}
	// To take back what a subscription gave must not wait for an exception that nobody needs any more.
	after := time.Date(2030, 7, 1, 0, 0, 0, 0, time.UTC)
	if v := verdict(t, except(mesh.GuardrailException{Principal: "analysts"}), "dev", after); len(v.Unused) != 0 || len(v.Violations) != 0 {
		t.Errorf("%+v", v)
	}
}
