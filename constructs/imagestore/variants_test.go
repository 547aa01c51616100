package imagestore_test

import (
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/test/golden"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// variants are the apps that snapshots, cfn-lint and cdk-nag see; what is made
// under Subject is looked at.
var variants = map[string]func(lab){
	"store": func(l lab) {
		imagestore.NewImageStore(l.stack, jsii.String("Subject"), &imagestore.ImageStoreProps{
			DatastoreName: jsii.String("riverside-imaging"), Key: l.key, Tags: map[string]string{"domain": "imaging", "cost-centre": "radiology"},
		})
	},
	"import":   func(l lab) { imagestore.NewImport(l.stack, jsii.String("Subject"), l.imports()) },
	"metadata": func(l lab) { imagestore.NewMetadata(l.stack, jsii.String("Subject"), l.metadata()) },
}

func TestSnapshots(t *testing.T) {
	for name, add := range variants {
		t.Run(name, func(t *testing.T) {
			l := newLab(cdktest.Stack())
			add(l)
			golden.Check(t, filepath.Join("testdata", name+".template.json"), []byte(cdktest.Of(t, l.stack).JSON+"\n"))
		})
	}
}

func TestVariantsHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, func(app awscdk.App) {
		for name, add := range variants {
			add(newLab(assembly.NewStack(app, name, cdktest.Region)))
		}
	})
	for name := range variants {
		if subject := found.Only(name + "/Subject"); name != "store" || len(subject.Findings) > 0 { // no rule of the packs knows HealthImaging
			subject.Check(t, "AwsSolutions-IAM5", "AwsSolutions-SQS3", "HIPAA.Security-LambdaConcurrency", "HIPAA.Security-LambdaDLQ", "HIPAA.Security-LambdaInsideVPC")
		}
	}
	cfnlint.Check(t, found.TemplateFiles())
}
