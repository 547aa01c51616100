package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/stacks/starter"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
)

// The apps that the tests synthesize: the meshes must have no findings, the
// fixtures must have some.
var apps = assembly.Apps{
	"sample":  addMeshes,
	"persons": addPersons,
	"invalid": addInvalidGrant,
	"warned":  addUnusedParameter,
	"open":    addOpenBuckets,
}

// addMeshes adds every stage of the sample mesh, one account and three, and the stage dev
// of each ready mesh.
func addMeshes(app awscdk.App) error {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		return err
	}
	if err := add(app, definition, definition.Stages.Names()...); err != nil {
		return err
	}
	for _, ready := range starter.Meshes() {
		files, err := starter.FS(ready.Name)
		if err != nil {
			return err
		}
		definition, err := mesh.LoadFS(files, starter.MeshFile)
		if err != nil {
			return err
		}
		if err := add(app, definition, "dev"); err != nil {
			return err
		}
	}
	return nil
}

// addPersons adds a mesh with a person index, which no other mesh here has.
func addPersons(app awscdk.App) error {
	definition, err := mesh.Load("../../stacks/mesh/testdata/persons/mesh.yaml")
	if err != nil {
		return err
	}
	return add(app, definition, "dev")
}

func add(app awscdk.App, definition *mesh.Definition, stages ...string) error {
	for _, stage := range stages {
		plan, err := definition.Plan(stage)
		if err != nil {
			return err
		}
		stacks.Build(app, plan)
	}
	return nil
}

func fixtureStack(app awscdk.App) awscdk.Stack { return assembly.NewStack(app, "Fixture", "us-east-1") }

// addInvalidGrant leaves out what the resource type requires.
func addInvalidGrant(app awscdk.App) error {
	awscdk.NewCfnResource(fixtureStack(app), jsii.String("Grant"), &awscdk.CfnResourceProps{
		Type:       awslakeformation.CfnPrincipalPermissions_CFN_RESOURCE_TYPE_NAME(),
		Properties: &map[string]any{"Permissions": []any{"SELECT"}},
	})
	return nil
}

// addUnusedParameter has what deploys, but should not be there.
func addUnusedParameter(app awscdk.App) error {
	stack := fixtureStack(app)
	awscdk.NewCfnParameter(stack, jsii.String("Unused"), nil)
	awss3.NewCfnBucket(stack, jsii.String("Bucket"), nil)
	return nil
}

// addOpenBuckets has a bucket that is open, one that is acknowledged without a
// proper reason, and one acknowledgement that nothing needs.
func addOpenBuckets(app awscdk.App) error {
	stack := fixtureStack(app)
	awss3.NewCfnBucket(stack, jsii.String("Open"), nil)
	acknowledge := func(id, rule, reason string) {
		awss3.NewCfnBucket(stack, jsii.String(id), nil).AddMetadata(jsii.String("cdk_nag"), map[string]any{
			"rules_to_suppress": []any{map[string]any{"id": rule, "reason": reason}},
		})
	}
	acknowledge("Excused", "HIPAA.Security-S3BucketReplicationEnabled", "we need it so")
	acknowledge("Needless", "AwsSolutions-IAM5", "No policy stands here, so that nothing can be acknowledged.")
	return nil
}

var shared struct {
	folder   string
	assembly *assembly.Assembly
}

// sampleMesh is the sample mesh, synthesized the first time it is asked for.
func sampleMesh(t *testing.T) *assembly.Assembly {
	t.Helper()
	if shared.assembly == nil {
		shared.assembly = synthesize(t, "sample", shared.folder)
	}
	return shared.assembly
}

func synthesize(t *testing.T, name, folder string) *assembly.Assembly {
	t.Helper()
	return assembly.SynthesizeInto(t, folder, func(app awscdk.App) {
		if err := apps[name](app); err != nil {
			t.Fatal(err)
		}
	})
}

// expect fails the test for each problem.
func expect(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}

// expectSome fails the test when one of the texts is in no problem.
func expectSome(t *testing.T, problems []string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, text) }) {
			t.Errorf("nothing found about %q in:\n%s", text, strings.Join(problems, "\n"))
		}
	}
}
