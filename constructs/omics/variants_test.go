package omics_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/omics"
	"github.com/lakemesh/lakemesh/test/golden"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// variants are the apps that snapshots, cfn-lint and cdk-nag see.
var variants = map[string]func(lab){
	"stores": func(l lab) {
		fallback := l.at("reads-fallback/")
		omics.NewReferenceStore(l.stack, jsii.String("References"), &omics.ReferenceStoreProps{
			Name: jsii.String("riverside-references"), Description: jsii.String("GRCh38"), Key: l.key, Tags: map[string]string{"domain": "genomics"},
		})
		omics.NewSequenceStore(l.stack, jsii.String("Reads"), &omics.SequenceStoreProps{
			Name: jsii.String("riverside-reads"), Fallback: &fallback, AccessLogs: l.bucket, PropagatedSetLevelTags: []string{"study"},
		})
	},
	"runs": func(l lab) {
		w := l.workflow()
		omics.NewWorkflowVersion(l.stack, jsii.String("Version"), &omics.WorkflowVersionProps{Workflow: w, Definition: germline()})
		w.GrantRun(user(l.stack, "Scientist"), &omics.RunOptions{Role: l.role().Role(), Group: l.group()})
		omics.NewImportRole(l.stack, jsii.String("ImportRole"), &omics.ImportRoleProps{Input: l.at("fastq/")})
	},
}

func addVariants(app awscdk.App) {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		variants[name](newLab(assembly.NewStack(app, name, cdktest.Region)))
	}
}

func TestVariantsHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, addVariants)
	found.Only("runs/RunRole", "runs/ImportRole", "stores/Reads").Check(t, "AwsSolutions-IAM5")
	cfnlint.Check(t, found.TemplateFiles())
}

// The templates are what a reviewer has read; building twice gives the same bytes.
func TestSnapshots(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		build := func() string {
			l := newLab(cdktest.Stack())
			variants[name](l)
			return cdktest.Of(t, l.stack).JSON + "\n"
		}
		first := build()
		golden.Check(t, filepath.Join("testdata", name+".template.json"), []byte(first))
		if build() != first {
			t.Errorf("%s: a second build differs", name)
		}
	}
}
