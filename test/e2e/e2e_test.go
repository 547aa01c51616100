package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/render"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/deploy"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// life is one deployment of the sample mesh, from bootstrap to destroy. Its
// parts run in order, each on what the one before left.
type life struct {
	app  *deploy.App
	log  *bytes.Buffer
	mesh string // the mesh file, a copy that the test changes
}

func TestLifeOfTheSampleMesh(t *testing.T) {
	l := start(t, "dev")
	plan := l.prepared(t)
	first := l.deployed(t, plan)
	t.Run("access", func(t *testing.T) { l.checkAccess(t, first, plan) })
	t.Run("storage", func(t *testing.T) { checkStorage(t, l.config(t, plan), plan) })
	t.Run("events", func(t *testing.T) { checkEvents(t, l.config(t, plan), plan) })
	t.Run("fhir", func(t *testing.T) { checkFhir(t, l, l.config(t, plan), plan) })
	t.Run("queries", func(t *testing.T) { checkQueries(t, l.config(t, plan), plan) })
	t.Run("variants", func(t *testing.T) { checkVariants(t, l.app.Server, l.config(t, plan), plan) })
	t.Run("images", func(t *testing.T) { checkImages(t, l.app.Server, l.config(t, plan), plan) })
	t.Run("member 360", func(t *testing.T) { checkMember(t, l, plan) })
	t.Run("drift", func(t *testing.T) { l.checkNoDrift(t) })

	l.change(t)
	changed := l.plan(t)
	second := l.deployed(t, changed)
	t.Run("change", func(t *testing.T) { checkChange(t, first, second) })

	t.Run("destroy", func(t *testing.T) { l.destroy(t, changed) })
}

// In three accounts the same subscriptions give the same people the same data,
// and what has ended is taken back on both sides of the border.
func TestSampleMeshInThreeAccounts(t *testing.T) {
	l := start(t, "prod")
	plan := l.prepared(t)
	if len(plan.Foundations) != 3 {
		t.Fatalf("%d environments", len(plan.Foundations))
	}
	first := l.deployed(t, plan)
	t.Run("access", func(t *testing.T) { l.checkAccess(t, first, plan) })
	t.Run("member 360", func(t *testing.T) { checkMember(t, l, plan) })
	t.Run("live", l.checkLive)
	t.Run("drift", func(t *testing.T) { l.checkByHand(t, plan, first) })

	l.app.Today = "2027-10-01" // only the subscriptions until the end of 2027 are left
	later := l.plan(t)
	if len(later.Expired) != 4 {
		t.Fatalf("%d subscriptions have ended", len(later.Expired))
	}
	t.Run("expiry", func(t *testing.T) { l.checkEnding(t, plan, later) })
}

// prepared bootstraps every environment and makes what the mesh expects to find.
func (l *life) prepared(t *testing.T) *mesh.Plan {
	t.Helper()
	plan := l.plan(t)
	for _, f := range plan.Foundations {
		l.must(t, l.app.Bootstrap(t.Context(), f.Environment))
	}
	l.must(t, deploy.Surroundings(t.Context(), l.app.Server, plan))
	return plan
}

func start(t *testing.T, stage string) *life {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, needed := range []string{"build/lakemesh", "node_modules/.bin/cdk", ".venv/bin/python"} {
		if _, err := os.Stat(filepath.Join(root, needed)); err != nil {
			t.Fatalf("%v; make test installs and builds what this test needs", err)
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "mesh"), sample.FS()); err != nil {
		t.Fatal(err)
	}
	server := localaws.ForTest(t)
	l := &life{log: &bytes.Buffer{}, mesh: filepath.Join(dir, "mesh", sample.MeshFile)}
	l.app = &deploy.App{Root: root, Server: server, Output: filepath.Join(dir, "cdk.out"), Mesh: l.mesh, Stage: stage, Today: "2026-11-23", Log: l.log}
	return l
}

// must stops the test with what the CDK's command line has printed.
func (l *life) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v\n%s", err, l.log)
	}
}

// definition is the mesh as its files are now.
func (l *life) definition(t *testing.T) *mesh.Definition {
	t.Helper()
	definition, err := mesh.Load(l.mesh)
	l.must(t, err)
	return definition
}

func (l *life) plan(t *testing.T) *mesh.Plan {
	t.Helper()
	day, err := time.Parse(time.DateOnly, l.app.Today)
	l.must(t, err)
	plan, err := l.definition(t).PlanAt(l.app.Stage, day)
	l.must(t, err)
	return plan
}

func (l *life) config(t *testing.T, plan *mesh.Plan) aws.Config {
	t.Helper()
	cfg, err := deploy.Config(t.Context(), l.app.Server, plan.Foundations[0].Environment)
	l.must(t, err)
	return cfg
}

// deployed deploys and reads back; plan, templates and deployment must be the
// same, nothing missing and nothing extra.
func (l *life) deployed(t *testing.T, plan *mesh.Plan) *access.State {
	t.Helper()
	l.must(t, l.app.Deploy(t.Context()))
	rendered, err := assembly.Read(l.app.Output)
	l.must(t, err)
	state, err := deploy.ReadBack(t.Context(), l.app.Server, plan)
	l.must(t, err)
	templates, deployment := deploy.Compare(plan, rendered, state)
	for what, diff := range map[string]*access.Difference{"plan (missing) and templates (extra)": templates, "templates (missing) and deployment (extra)": deployment} {
		if !diff.Empty() {
			var text bytes.Buffer
			_ = render.Difference(&text, diff)
			t.Errorf("%s differ:\n%s", what, &text)
		}
	}
	return state
}

// change adds a column to a contract and a subscription to the mesh.
func (l *life) change(t *testing.T) {
	t.Helper()
	file := filepath.Join(filepath.Dir(l.mesh), "contracts", "genomics", "clinvar.odcs.yaml")
	text, err := os.ReadFile(file) //nolint:gosec // a copy this test has made
	l.must(t, err)
	before, err := contract.Parse(file, text)
	l.must(t, err)
	text = bytes.Replace(text, []byte("    properties:\n"), []byte("    properties:\n"+
		"      - name: submitted_allele\n        logicalType: string\n        description: added by the test\n        classification: public\n"), 1)
	l.must(t, os.WriteFile(file, text, 0o600))
	after, err := contract.Load(file)
	l.must(t, err)
	if len(after.Tables[0].Columns) != len(before.Tables[0].Columns)+1 {
		t.Fatalf("%s: the test could not add a column", file)
	}

	text, err = os.ReadFile(l.mesh)
	l.must(t, err)
	text = bytes.Replace(text, []byte("\nsubscriptions:\n"), []byte("\nsubscriptions:\n"+
		"  - consumer: claims\n    principals: [member-services]\n    product: genomics.clinvar\n    sensitivity: [public]\n"+
		"    purpose: added by the test\n    approver: privacy@riverside.example\n    expires: 2027-06-30\n"), 1)
	l.must(t, os.WriteFile(l.mesh, text, 0o600))
}

func checkChange(t *testing.T, before, after *access.State) {
	diff := access.Diff(before, after)
	var parts, rights []string
	for _, c := range diff.Changes {
		parts = append(parts, c.String())
	}
	for _, r := range diff.Rights {
		rights = append(rights, r.String())
	}
	t.Logf("rights:\n%s\nparts:\n%s", strings.Join(rights, "\n"), strings.Join(parts, "\n"))
	for _, lost := range diff.Changes {
		if lost.Op == access.Missing {
			t.Errorf("the change took something away: %s", lost)
		}
	}
	for _, want := range []string{"MemberServices", "CardiologyAnalyst", "GenomicsResearcher"} {
		if !slices.ContainsFunc(rights, func(r string) bool { return strings.Contains(r, want) }) {
			t.Errorf("nothing is said about %s, who reads the changed table", want)
		}
	}
	if slices.ContainsFunc(rights, func(r string) bool { return strings.Contains(r, "Actuary") }) {
		t.Error("something is said about Actuary, whom the change does not concern")
	}
}

// destroy removes every stack. What holds data or guards it stays.
func (l *life) destroy(t *testing.T, plan *mesh.Plan) {
	cfg := l.config(t, plan)
	if err := l.app.Destroy(t.Context()); err == nil {
		t.Error("a stack with termination protection was destroyed")
	}
	client := cloudformation.NewFromConfig(cfg)
	for _, stack := range plan.Stacks() {
		_, err := client.UpdateTerminationProtection(t.Context(), &cloudformation.UpdateTerminationProtectionInput{
			StackName: aws.String(stack.Name), EnableTerminationProtection: aws.Bool(false),
		})
		if err != nil && !strings.Contains(err.Error(), "does not exist") {
			t.Fatal(err)
		}
	}
	l.must(t, l.app.Destroy(t.Context()))

	state, err := deploy.ReadBack(t.Context(), l.app.Server, plan)
	l.must(t, err)
	env := plan.Foundations[0].Environment
	left := state.Catalog(env.Account, env.Region)
	if len(left.Grants)+len(left.Filters)+len(left.Locations)+len(left.Associations) > 0 {
		t.Errorf("left of what is not retained: %d grants, %d filters, %d locations, %d tag associations",
			len(left.Grants), len(left.Filters), len(left.Locations), len(left.Associations))
	}
	var databases, iceberg int
	tags := len(plan.Foundations[0].Tags)
	for _, d := range plan.Domains {
		tags += len(d.Tags)
		databases += len(d.Databases)
		for _, table := range d.Tables() {
			if table.Table.Format == contract.FormatIceberg {
				iceberg++
			}
		}
		if d.Keys != nil {
			databases++
			iceberg++
		}
		if d.Variants != nil { // the table of erased samples
			iceberg++
		}
	}
	if len(left.Databases) != databases || len(left.Tables) != iceberg {
		t.Errorf("retained: %d databases and %d tables; expected all %d databases and the %d Iceberg tables",
			len(left.Databases), len(left.Tables), databases, iceberg)
	}
	if len(left.Tags) != tags {
		t.Errorf("retained: %d LF-Tags; expected %d", len(left.Tags), tags)
	}
	checkRetained(t, cfg, plan)
}
