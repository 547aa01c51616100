package governance_test

import (
	"os"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

func retained(t *testing.T, r cdktest.Resource) {
	t.Helper()
	if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
		t.Errorf("%s: DeletionPolicy %q, UpdateReplacePolicy %q", r.ID, r.DeletionPolicy, r.UpdateReplacePolicy)
	}
}

// dependsOn checks the whole list.
func dependsOn(t *testing.T, r cdktest.Resource, ids ...string) {
	t.Helper()
	slices.Sort(ids)
	if !slices.Equal(r.DependsOn, ids) {
		t.Errorf("%s depends on %v, want %v", r.ID, r.DependsOn, ids)
	}
}

// usableAsScope checks that a construct is in the tree under its own type, and
// that other constructs may stand below it.
func usableAsScope(t *testing.T, c constructs.Construct) {
	t.Helper()
	awss3.NewBucket(c, jsii.String("Inside"), nil)
	children := *c.Node().Scope().Node().Children()
	if !slices.ContainsFunc(children, func(child constructs.IConstruct) bool { return child == constructs.IConstruct(c) }) {
		t.Errorf("%s is not among the children of its scope", *c.Node().Path())
	}
}
