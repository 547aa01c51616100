package stacks_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/randommesh"
)

// randomMeshes are how many meshes drawn at random are synthesized. The seeds are fixed:
// a finding stays where it was found.
const randomMeshes = 8

// What is rendered of any mesh is what was planned, as the evaluator of access reads
// both, and each stack has as many resources as the plan says.
func TestRandomMeshesAreDeployedAsPlanned(t *testing.T) {
	drawn := rapid.Custom(randommesh.Draw)
	for seed := range randomMeshes {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			deployedAsPlanned(t, drawn.Example(seed), "s0")
		})
	}
}

func TestSampleIsDeployedAsPlanned(t *testing.T) {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range definition.Stages.Names() {
		deployedAsPlanned(t, definition, stage)
	}
}

func deployedAsPlanned(t *testing.T, definition *mesh.Definition, stage string) {
	t.Helper()
	plan, err := definition.Plan(stage)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	context := asTheCommandLine()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &folder, Context: &context, AnalyticsReporting: jsii.Bool(false)})
	stacks.Build(app, plan)
	app.Synth(nil)
	asPlanned(t, plan, folder)
}
