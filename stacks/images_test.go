package stacks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

const radiologist = "arn:aws:iam::111111111111:role/Radiologist"

// radiology is a mesh of a clinic with an image store, whose series somebody of
// another domain reads, identifiers included.
func radiology(store *mesh.ImageStore) *mesh.Definition {
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:     map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Principals: map[string]string{"radiologists": radiologist},
		Domains: []mesh.Domain{
			{
				Name: "clinic", Account: "lake", Owner: "clinic@example.org", ImageStore: store,
				Contracts: []*contract.Contract{{
					APIVersion: "v3.1.0", ID: "series", Name: "series", Version: "1.0.0", Status: "active",
					Tables: []contract.Table{schema.Series("image_series")},
				}},
			},
			{Name: "reading-room", Account: "lake", Owner: "reading@example.org"},
		},
		Subscriptions: []mesh.Subscription{{
			Consumer: "reading-room", Principals: []string{"radiologists"}, Product: "clinic.series", Sensitivity: []string{"deidentified", "phi"},
			Purpose: "reading", Approver: "clinic@example.org", Expires: "2030-01-01",
		}},
	}
	return d
}

// built synthesizes a mesh; what the app does besides is done before.
func built(t *testing.T, definition *mesh.Definition, besides func(awscdk.App, *stacks.Mesh)) (plan *mesh.Plan, dir string) {
	t.Helper()
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	context := asTheCommandLine()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &dir, Context: &context, AnalyticsReporting: jsii.Bool(false)})
	made := stacks.Build(app, plan)
	if besides != nil {
		besides(app, made)
	}
	app.Synth(nil)
	return plan, dir
}

type images struct {
	Outputs    map[string]any
	Parameters map[string]struct{ Default string }
	Resources  map[string]struct {
		Type       string
		Properties map[string]any
	}
}

func imagesTemplate(t *testing.T, dir string) (images, string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "lakeside-dev-clinic-images.template.json")) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	var out images
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out, string(text)
}

func (i images) count(kind string) int {
	n := 0
	for _, r := range i.Resources {
		if r.Type == kind {
			n++
		}
	}
	return n
}

// The table of series stands in the product's stack, its inbox and who fills it in
// the images stack: only names go from one to the other, and the key's parameter.
func TestOnlyNamesCrossToTheImagesStack(t *testing.T) {
	plan, dir := built(t, radiology(&mesh.ImageStore{Product: "series"}), func(_ awscdk.App, made *stacks.Mesh) {
		s := made.Images[0]
		if len(made.Images) != 1 || *s.Store().DatastoreName() != "lakeside-clinic-images" || s.Import() == nil || s.Metadata() == nil || len(s.Permissions().Grants()) != 5 {
			t.Error("the accessors do not give what was made")
		}
	})
	template, text := imagesTemplate(t, dir)
	if len(template.Outputs) > 0 || strings.Contains(text, "Fn::ImportValue") || strings.Contains(text, "Fn::GetStackOutput") {
		t.Error("the images stack imports or exports")
	}
	for _, stack := range []string{"lakeside-dev-clinic", "lakeside-dev-clinic-product-series"} {
		if strings.Contains(templateText(t, dir, stack), `"Outputs"`) {
			t.Errorf("%s exports", stack)
		}
	}
	var parameters []string
	for _, p := range template.Parameters {
		parameters = append(parameters, p.Default)
	}
	slices.Sort(parameters)
	if !slices.Equal(parameters, []string{"/cdk-bootstrap/hnb659fds/version", "/lakeside/clinic/key"}) {
		t.Errorf("parameters %q", parameters)
	}
	asPlanned(t, plan, dir)
}

// The inbox holds names of patients and has the tags of its database only. Who
// reads every column of the product still sees nothing of it.
func TestNoReaderSeesTheInbox(t *testing.T) {
	_, dir := built(t, radiology(&mesh.ImageStore{Product: "series"}), nil)
	state, err := assembly.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var inbox, series []string
	for _, r := range state.Evaluate().Rows {
		for table, seen := range map[string]*[]string{"image_series_inbox": &inbox, "image_series": &series} {
			if r.Table == table {
				*seen = append(*seen, r.Principal[strings.LastIndex(r.Principal, "/")+1:])
			}
		}
	}
	for _, seen := range []*[]string{&inbox, &series} {
		slices.Sort(*seen)
		*seen = slices.Compact(*seen)
	}
	own := []string{"lakeside-clinic-image-series-us-east-1", "lakeside-clinic-optimizer-us-east-1", "lakeside-clinic-pipeline-us-east-1"}
	if !slices.Equal(inbox, own) {
		t.Errorf("the inbox is seen by %q, want %q", inbox, own)
	}
	if want := append([]string{"Radiologist"}, own...); !slices.Equal(series, want) {
		t.Errorf("the series are seen by %q, want %q", series, want)
	}
}

// Tags of a data store are create-only, and CloudFormation puts the stack's on it.
func TestTagsOfTheImagesStackNeverChange(t *testing.T) {
	_, dir := built(t, radiology(&mesh.ImageStore{}), func(app awscdk.App, _ *stacks.Mesh) {
		awscdk.Tags_Of(app).Add(jsii.String("commit"), jsii.String("4f1d9d2"), nil)
	})
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json")) //nolint:gosec // a file this test has just made
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Artifacts map[string]struct {
			Properties struct {
				Tags                  map[string]string
				TerminationProtection bool
			}
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	stack := manifest.Artifacts["lakeside-dev-clinic-images"].Properties
	if got := stack.Tags; len(got) != 3 || got["lakemesh:mesh"] != "lakeside" || got["lakemesh:stage"] != "dev" || got["lakemesh:domain"] != "clinic" {
		t.Errorf("tags %v", got)
	}
	if !stack.TerminationProtection {
		t.Error("the stack may be deleted")
	}
	template, _ := imagesTemplate(t, dir)
	for id, r := range template.Resources {
		if r.Type == "AWS::HealthImaging::Datastore" && (r.Properties["Tags"] != nil || r.Properties["DatastoreName"] != "lakeside-clinic-images") {
			t.Errorf("%s: %v", id, r.Properties)
		}
	}
}

func TestWithoutProductThereIsNoFunction(t *testing.T) {
	_, dir := built(t, radiology(&mesh.ImageStore{}), func(_ awscdk.App, made *stacks.Mesh) {
		if s := made.Images[0]; s.Metadata() != nil || s.Permissions() != nil {
			t.Error("there is something that keeps a table")
		}
	})
	template, _ := imagesTemplate(t, dir)
	for kind, want := range map[string]int{
		"AWS::HealthImaging::Datastore": 1, "AWS::StepFunctions::StateMachine": 2, "AWS::Lambda::Function": 0,
		"AWS::Glue::Table": 0, "AWS::LakeFormation::PrincipalPermissions": 0,
	} {
		if got := template.count(kind); got != want {
			t.Errorf("%d of %s, want %d", got, kind, want)
		}
	}
}

func TestWithoutImageStoreThereIsNoImagesStack(t *testing.T) {
	built(t, radiology(nil), func(_ awscdk.App, made *stacks.Mesh) {
		if len(made.Images) > 0 {
			t.Errorf("%d stacks of images", len(made.Images))
		}
	})
}
