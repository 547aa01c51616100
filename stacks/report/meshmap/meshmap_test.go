package meshmap_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/report/meshmap"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/widemesh"
)

func definition(t *testing.T) *mesh.Definition {
	t.Helper()
	d, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// paths are the edges of a map as "group.from relation group.to until".
func paths(m *meshmap.Map) []string {
	name := func(n int) string { return m.Groups[m.Nodes[n].Group].Name + "." + m.Nodes[n].Name }
	var out []string
	for _, e := range m.Edges {
		out = append(out, strings.TrimSpace(strings.Join([]string{name(e.From), string(e.Relation), name(e.To), e.Until}, " ")))
	}
	return out
}

// The map of a plan has who reads what by which end, sources, jobs and stores.
func TestFromPlan(t *testing.T) {
	plan, err := definition(t).Plan("prod")
	if err != nil {
		t.Fatal(err)
	}
	m := meshmap.FromPlan(plan)
	got := paths(m)
	for _, want := range []string{
		"clinical.patient_deid subscription research.cardiology-analysts 2027-12-31",
		"clinical.patient_deid subscription research.cohort_variants refresh 2027-12-31",
		"clinical.research_registry reads clinical.patient_deid de-identification",
		"clinical.patient_deid de-identification makes clinical.patient_deid",
		"clinical.riverside-clinical-fhir reads clinical.fhir refresh",
		"clinical.riverside-clinical-images makes clinical.imaging_series",
		"genomics.riverside-genomics-variants makes genomics.variants",
		"genomics.riverside-open-data makes genomics.clinvar",
		"clinical.riverside-clinical-fhir reads clinical.clinical-pipeline",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("no edge %s among\n%s", want, strings.Join(got, "\n"))
		}
	}
	for _, g := range m.Groups {
		if g.Kind != "domain" || g.Account == "" {
			t.Errorf("%+v", g)
		}
	}
	if again := meshmap.FromPlan(plan); !reflect.DeepEqual(m, again) {
		t.Error("the same plan gives another map")
	}
}

// A subscription that has ended is drawn as such.
func TestEndedSubscriptions(t *testing.T) {
	plan, err := definition(t).PlanAt("dev", time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	ended := 0
	for _, e := range meshmap.FromPlan(plan).Edges {
		if e.Ended {
			ended++
			if e.Until != "2027-06-30" {
				t.Errorf("%+v has not ended", e)
			}
		}
	}
	if ended != len(plan.Expired) || ended == 0 {
		t.Errorf("%d edges of %d subscriptions", ended, len(plan.Expired))
	}
}

// Templates alone give databases, tables, principals and shares of any lake.
func TestFromState(t *testing.T) {
	state := &access.State{}
	c := state.Catalog("111111111111", "us-east-1")
	c.Databases = []access.Database{{Name: "ward"}, {Name: "empty"}, {Name: "shared", Target: "222222222222/lab"}}
	c.Tables = []access.Table{{Database: "ward", Name: "stays", Columns: []access.Column{{Name: "a", Type: "int"}}}}
	role := "arn:aws:iam::333333333333:role/Reader"
	sees := &access.Matrix{Rows: []access.Row{{
		Principal: role, Kind: access.OnTable, Account: "111111111111", Region: "us-east-1", Database: "ward", Table: "stays",
		Rights:  []access.Right{{Permission: "SELECT"}, {Permission: "INSERT"}},
		Levels:  []access.Level{{Sensitivity: access.Untagged, Seen: 1, Total: 1}},
		Columns: []access.ColumnAccess{{Name: "a", Sensitivity: access.Untagged}},
	}}}
	m := meshmap.FromState(state, sees)
	var groups []string
	for _, g := range m.Groups {
		groups = append(groups, g.Kind+" "+g.Name)
	}
	if want := []string{"database empty", "database ward", "links 111111111111", "principals 333333333333"}; !slices.Equal(groups, want) {
		t.Errorf("groups %q, want %q", groups, want)
	}
	if want := []string{"ward.stays reads 333333333333.Reader", "333333333333.Reader makes ward.stays"}; !slices.Equal(paths(m), want) {
		t.Errorf("edges %q, want %q", paths(m), want)
	}
	if text := m.Edges[0].Text; text != "Reader may select from ward.stays, columns: 1 of 1 untagged." {
		t.Errorf("says %q", text)
	}
}

// What the templates of a mesh tell without its file has the domains too.
func TestFromStateOfAMesh(t *testing.T) {
	plan, err := definition(t).Plan("prod")
	if err != nil {
		t.Fatal(err)
	}
	state := planned.Read(plan)
	m := meshmap.FromState(state, state.Evaluate())
	if got := paths(m); !slices.Contains(got, "clinical.patient_deid subscription 444444444444.CardiologyAnalyst 2027-12-31") {
		t.Errorf("no subscription among\n%s", strings.Join(got, "\n"))
	}
}

// A mesh of 200 domains is mapped in a moment, in some megabytes.
func TestManyDomains(t *testing.T) {
	plan, err := widemesh.New(200, 10, 3).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	m := meshmap.FromPlan(plan)
	took := time.Since(start)
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Groups) != 200 || len(m.Nodes) != 2200 || len(m.Edges) != 2000 || len(text) > 2<<20 || took > 20*time.Second {
		t.Errorf("%d groups, %d nodes, %d edges, %d bytes in %s", len(m.Groups), len(m.Nodes), len(m.Edges), len(text), took)
	}
}
