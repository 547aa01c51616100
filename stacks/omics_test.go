package stacks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// The stores stand in a stack of their own, with the domain's key and tags that never
// change: one of the app reaches the store that takes it, and not the one that it would
// replace.
func TestOmicsStoresOfADomain(t *testing.T) {
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:  map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{Name: "genomics", Account: "lake", Owner: "genomics@example.org", Omics: &mesh.Omics{ReferenceStore: true, SequenceStore: true}}},
	}
	_, dir := built(t, definition, func(app awscdk.App, made *stacks.Mesh) {
		awscdk.Tags_Of(app).Add(jsii.String("commit"), jsii.String("4f1d9d2"), nil)
		if s := made.Omics[0]; len(made.Omics) != 1 || s.ReferenceStore() == nil || s.SequenceStore() == nil {
			t.Error("the accessors do not give what was made")
		}
	})
	var manifest struct {
		Artifacts map[string]struct {
			Properties struct {
				Tags                  map[string]string
				TerminationProtection bool
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json")) //nolint:gosec // a file this test has just made
	if err != nil || json.Unmarshal(text, &manifest) != nil {
		t.Fatal(err)
	}
	const name = "lakeside-dev-genomics-omics"
	stack := manifest.Artifacts[name].Properties
	if len(stack.Tags) != 3 || stack.Tags["lakemesh:domain"] != "genomics" || !stack.TerminationProtection {
		t.Errorf("%+v", stack)
	}
	var template struct {
		Resources map[string]struct {
			Type                string
			UpdateReplacePolicy string
			Properties          struct {
				Name      string
				SseConfig struct{ KeyArn map[string]string }
				Tags      map[string]string
			}
		}
	}
	if err := json.Unmarshal([]byte(templateText(t, dir, name)), &template); err != nil {
		t.Fatal(err)
	}
	tagged := map[string]string{}
	for _, r := range template.Resources {
		tagged[r.Properties.Name] = r.Properties.Tags["commit"]
		if r.UpdateReplacePolicy != "Retain" || r.Properties.SseConfig.KeyArn["Ref"] == "" {
			t.Errorf("%+v", r)
		}
	}
	if len(tagged) != 2 || tagged["lakeside-genomics-references"] != "" || tagged["lakeside-genomics-reads"] != "4f1d9d2" {
		t.Errorf("tags %v", tagged)
	}
}
