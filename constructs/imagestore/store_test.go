package imagestore_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func TestStoreIsEncryptedNamedAndRetained(t *testing.T) {
	l := newLab(cdktest.Stack())
	s := l.store()
	if *s.DatastoreName() != "riverside-imaging" || s.Key() != awskms.IKey(l.key) || s.Cfn() == nil {
		t.Error("the accessors do not give what was made")
	}
	template := cdktest.Of(t, l.stack)
	r := template.One(t, storeType, "Images")
	key := template.One(t, "AWS::KMS::Key", "Key")
	if got, want := cdktest.Compact(r.Properties), `{"DatastoreName":"riverside-imaging","KmsKeyArn":{"Fn::GetAtt":["`+key.ID+`","Arn"]}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
		t.Errorf("DeletionPolicy %q, UpdateReplacePolicy %q", r.DeletionPolicy, r.UpdateReplacePolicy)
	}
}

// An aspect that would delete the store is an error of synthesis, with the rules off.
func TestNoRemovalPolicyDeletesTheStore(t *testing.T) {
	l := newLab(cdktest.Stack())
	awscdk.RemovalPolicies_Of(l.store()).Destroy(nil)
	contains(t, cdktest.Panic(t, func() { awscdk.App_Of(l.stack).Synth(nil) }), "Test/Images: got a removal policy with which AWS::HealthImaging::Datastore is deleted")
}

// A tag of the app, of the stack's tree or of the store itself would replace the
// store; everything around it is tagged.
func TestNoTagReachesTheStore(t *testing.T) {
	l := newLab(cdktest.Stack())
	tags := map[string]string{"cost-centre": "radiology"}
	own := imagestore.NewImageStore(l.stack, jsii.String("Tagged"), &imagestore.ImageStoreProps{
		DatastoreName: jsii.String("tagged"), Key: l.key, Tags: tags,
	})
	tags["cost-centre"] = "changed later"
	plain := l.store()
	always := &awscdk.TagProps{Priority: jsii.Number(1000)}
	awscdk.Tags_Of(l.stack.Node().Root()).Add(jsii.String("commit"), jsii.String("4f1d9d2"), always)
	awscdk.Tags_Of(l.stack).Add(jsii.String("cost-centre"), jsii.String("other"), always)
	awscdk.Tags_Of(own).Remove(jsii.String("cost-centre"), always)
	awscdk.Tags_Of(plain).Add(jsii.String("owner"), jsii.String("lab"), always)
	awscdk.Tags_Of(plain.Cfn()).Add(jsii.String("owner"), jsii.String("lab"), always)

	template := cdktest.Of(t, l.stack)
	template.One(t, storeType, "Images").Want(t, map[string]string{"Tags": `null`})
	template.One(t, storeType, "Tagged").Want(t, map[string]string{"Tags": `{"cost-centre":"radiology"}`})
	template.One(t, "AWS::KMS::Key", "Key").Want(t, map[string]string{"Tags": `[{"Key":"commit","Value":"4f1d9d2"},{"Key":"cost-centre","Value":"other"}]`})
}

func TestGrants(t *testing.T) {
	l := newLab(cdktest.Stack())
	p := l.imports()
	i := imagestore.NewImport(l.stack, jsii.String("Import"), p)
	p.Store.GrantRead(user(l.stack, "Reader"))
	p.Store.GrantReadWrite(user(l.stack, "Writer"))
	p.Store.GrantImport(user(l.stack, "Importer"), i.Role())
	i.GrantStart(user(l.stack, "Operator"))
	template := cdktest.Of(t, l.stack)
	store := template.One(t, storeType, "Images").ID
	text := func(id string) string { return template.One(t, "AWS::IAM::Policy", id).JSON("PolicyDocument") }

	reader, writer, importer := text("Reader"), text("Writer"), text("Importer")
	for _, policy := range []string{reader, writer, importer} {
		contains(t, policy, `"Resource":[{"Fn::GetAtt":["`+store+`","DatastoreArn"]},{"Fn::Join":["",[{"Fn::GetAtt":["`+store+`","DatastoreArn"]},"/imageset/*"]]}]`, `"kms:Decrypt"`)
		if strings.Contains(policy, "DeleteDatastore") || strings.Contains(policy, "TagResource") || strings.Contains(policy, ":*\"") {
			t.Errorf("too much: %s", policy)
		}
	}
	contains(t, reader, `"medical-imaging:GetImageSetMetadata"`, `"medical-imaging:SearchImageSets"`)
	contains(t, writer, `"medical-imaging:GetImageFrame"`, `"medical-imaging:DeleteImageSet"`, `"kms:GenerateDataKey"`)
	contains(t, importer, `"medical-imaging:StartDICOMImportJob"`, `{"Action":"iam:PassRole","Condition":{"StringEquals":{"iam:PassedToService":"medical-imaging.amazonaws.com"}},"Effect":"Allow","Resource":{"Fn::GetAtt":["`+template.One(t, roleType, "ImportDataAccessRole").ID+`","Arn"]}}`)
	contains(t, text("Operator"), `"states:StartExecution"`, `"states:RedriveExecution"`)
	for action, policy := range map[string]string{"Delete": reader, "kms:GenerateDataKey": reader, "StartDICOMImportJob": writer, "GetImageFrame": importer} {
		if strings.Contains(policy, action) {
			t.Errorf("%s is granted: %s", action, policy)
		}
	}
}

func TestEveryProblemOfAStore(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), &awscdk.StackProps{Env: &awscdk.Environment{Region: jsii.String("eu-north-1")}})
	for name, test := range map[string]struct {
		props *imagestore.ImageStoreProps
		want  string
	}{
		"nothing": {nil, `Test/Images: DatastoreName: got nothing; expected 1 to 256 letters, digits and any of ._/#-; fix: set DatastoreName
Key: got nothing; expected a customer managed key; fix: pass the key of the domain
Regions: got a stack in eu-north-1; expected one of ap-southeast-2, eu-west-1, eu-west-2, us-east-1, us-west-2; fix: move the stack; name the region in Regions if HealthImaging has come to it`},
		"wrong": {&imagestore.ImageStoreProps{
			DatastoreName: jsii.String("my images"), Key: awskms.NewKey(stack, jsii.String("Key"), nil), Regions: []string{"eu-north-1"},
			Tags: map[string]string{"aws:x": "1", "when": *awscdk.Aws_STACK_NAME(), "long": strings.Repeat("x", 257)},
		}, `Test/Images: DatastoreName: got "my images"; expected 1 to 256 letters, digits and any of ._/#-; fix: correct it
Tags["aws:x"]: got the key "aws:x"; expected 1 to 128 characters that do not start with aws:; fix: rename it
Tags["long"]: got 257 characters; expected at most 256; fix: shorten it
Tags["when"]: got a value known only at deployment; expected a plain string; fix: pass the value itself: it must never change`},
		"a token": {&imagestore.ImageStoreProps{
			DatastoreName: awscdk.Aws_STACK_NAME(), Key: awskms.NewKey(stack, jsii.String("Other"), nil), Regions: []string{"eu-north-1"},
		}, `Test/Images: DatastoreName: got a value known only at deployment; expected a plain string; fix: pass the name itself: it must never change`},
	} {
		if got := cdktest.Panic(t, func() { imagestore.NewImageStore(stack, jsii.String("Images"), test.props) }); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
	if stack.Node().TryFindChild(jsii.String("Images")) != nil {
		t.Error("a half-made store is left in the tree")
	}
}

func TestPropsAreNotChanged(t *testing.T) {
	l := newLab(cdktest.Stack())
	imports, metadata := l.imports(), *newLab(cdktest.Stack()).metadata()
	before := *imports
	imagestore.NewImport(l.stack, jsii.String("Import"), imports)
	if !reflect.DeepEqual(before, *imports) {
		t.Errorf("the caller's props became %+v", imports)
	}
	kept := metadata
	imagestore.NewMetadata(awscdk.Stack_Of(metadata.Store), jsii.String("Metadata"), &metadata)
	if metadata.LandingTable != nil || metadata.Schedule != nil || metadata.AlarmTopic != nil || metadata.Store != kept.Store {
		t.Errorf("the caller's props became %+v", metadata)
	}
}
