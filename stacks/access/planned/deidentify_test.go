package planned_test

import (
	"slices"
	"strings"
	"testing"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// keysOf are the key databases of a plan with the roles that may read them, first that of the
// job which makes the key.
func keysOf(plan *mesh.Plan) map[string][]string {
	out := map[string][]string{}
	for _, d := range plan.Domains {
		if d.Keys == nil {
			continue
		}
		roles := []string{d.Keys.Job.RoleARN}
		for _, p := range d.Products {
			if p.Deidentify != nil && slices.Contains(p.Deidentify.After, d.Keys.Job.StateMachineARN) {
				roles = append(roles, p.Deidentify.RoleARN)
			}
		}
		out[d.Keys.Database] = roles
	}
	return out
}

// isKey reports whether a row is what a job has on its own domain's keys.
func isKey(plan *mesh.Plan, r access.Row) bool {
	return slices.Contains(keysOf(plan)[r.Database], r.Principal)
}

func samplePlans(t *testing.T) []*mesh.Plan {
	t.Helper()
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	var out []*mesh.Plan
	for _, stage := range definition.Stages.Names() {
		plan, err := definition.Plan(stage)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, plan)
	}
	return out
}

// Who reads a key can find whose a code is, so only the jobs have anything on the database and
// the table of keys, and only the one that makes it writes it; they cannot pass that on.
func TestOnlyTheJobsReadKeys(t *testing.T) {
	for _, plan := range samplePlans(t) {
		keys := keysOf(plan)
		if len(keys) != 1 {
			t.Fatalf("%s: keys of %d domains", plan.Stage, len(keys))
		}
		read := 0
		for _, r := range planned.Read(plan).Evaluate().Rows {
			jobs, isKeys := keys[r.Database]
			if r.Kind == access.OnLocation {
				for _, d := range plan.Domains {
					if d.Keys != nil && d.Keys.Location == r.Object {
						jobs, isKeys = []string{d.Keys.Job.RoleARN}, true
					}
				}
			}
			if !isKeys {
				continue
			}
			if !slices.Contains(jobs, r.Principal) {
				t.Errorf("%s: %s has %v on %s", plan.Stage, r.Principal, r.Rights, r.Name())
			}
			for _, right := range r.Rights {
				if r.Principal != jobs[0] && right.Permission != lf.Select && right.Permission != lf.Describe {
					t.Errorf("%s: %s has %s on %s", plan.Stage, r.Principal, right.Permission, r.Name())
				}
				if right.Grantable {
					t.Errorf("%s: the job may pass on %s on %s", plan.Stage, right.Permission, r.Name())
				}
				if right.Permission == lf.Select {
					read++
				}
			}
		}
		if read != 2 {
			t.Errorf("%s: keys are read by %d, not by the job that makes the key and that of the product", plan.Stage, read)
		}
	}
}

// The job reads its sources and writes its targets, and nothing else of the lake.
// What it writes has no identifier and nothing above deidentified.
func TestTheJobWritesNoIdentifiers(t *testing.T) {
	for _, plan := range samplePlans(t) {
		for _, d := range plan.Domains {
			for _, p := range d.Products {
				checkJob(t, plan, d, p)
			}
		}
	}
}

func checkJob(t *testing.T, plan *mesh.Plan, d mesh.DomainPlan, p mesh.ProductPlan) {
	t.Helper()
	if p.Deidentify == nil {
		return
	}
	may := map[string][]string{} // tables that it may read and write
	if d.Keys != nil {
		may["read"] = []string{d.Keys.Database + "." + d.Keys.Table.Table.Name}
	}
	for _, s := range p.Deidentify.Statements {
		may["read"] = append(may["read"], append(s.Reads, s.Database+"."+s.Table)...)
		may["write"] = append(may["write"], s.Database+"."+s.Table)
	}
	for _, r := range planned.Read(plan).Evaluate().Rows {
		if r.Principal != p.Deidentify.RoleARN || r.Kind != access.OnTable {
			continue
		}
		name := r.Database + "." + r.Table
		for _, right := range r.Rights {
			kind := "read"
			if slices.Contains([]lf.Permission{lf.Insert, lf.Delete, lf.Alter, lf.Drop}, right.Permission) {
				kind = "write"
			}
			if !slices.Contains(may[kind], name) {
				t.Errorf("%s: the job has %s on %s", plan.Stage, right.Permission, name)
			}
		}
	}
	for _, s := range p.Deidentify.Statements {
		for _, table := range p.Tables {
			if table.Database == s.Database && table.Table.Name == s.Table {
				harmless(t, plan.Stage, table)
			}
		}
	}
}

func harmless(t *testing.T, stage string, target mesh.TablePlan) {
	t.Helper()
	for _, c := range target.Table.Columns {
		if c.Identifier != "" || c.Sensitivity.Compare(ontology.Deidentified) > 0 {
			t.Errorf("%s: the job writes %s.%s: %s, identifier %q", stage, target.Table.Name, c.Name, c.Sensitivity, c.Identifier)
		}
	}
	if strings.Contains(target.Location, "/keys/") {
		t.Errorf("%s: %s is beside the keys", stage, target.Table.Name)
	}
}
