package omics_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/omics"
)

func TestStoresAreEncryptedNamedAndRetained(t *testing.T) {
	l := newLab(cdktest.Stack())
	references, reads := l.references(), l.reads()
	if references.Key() != awskms.IKey(l.key) || reads.Key() != awskms.IKey(l.key) || references.Cfn() == nil || reads.Cfn() == nil {
		t.Error("the accessors do not give what was made")
	}
	template := cdktest.Of(t, l.stack)
	key := `{"Fn::GetAtt":["` + template.One(t, "AWS::KMS::Key", "Key").ID + `","Arn"]}`
	for _, test := range []struct{ kind, id, want string }{
		{omics.ReferenceStoreType, "References", `{"Name":"riverside-references","SseConfig":{"KeyArn":` + key + `,"Type":"KMS"}}`},
		{sequenceStoreType, "Reads", `{"ETagAlgorithmFamily":"SHA256up","Name":"riverside-reads","SseConfig":{"KeyArn":` + key + `,"Type":"KMS"}}`},
	} {
		r := template.One(t, test.kind, test.id)
		cdktest.Same(t, cdktest.Compact(r.Properties), test.want)
		if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s: DeletionPolicy %q, UpdateReplacePolicy %q", test.id, r.DeletionPolicy, r.UpdateReplacePolicy)
		}
	}
}

// A store without a key gets one of its own, which stays as long as the store.
func TestAStoreMakesItsKey(t *testing.T) {
	stack := cdktest.Stack()
	omics.NewSequenceStore(stack, jsii.String("Reads"), &omics.SequenceStoreProps{Name: jsii.String("reads")})
	template := cdktest.Of(t, stack)
	key := template.One(t, "AWS::KMS::Key", "ReadsKey")
	key.Want(t, map[string]string{"EnableKeyRotation": "true"})
	template.One(t, sequenceStoreType, "Reads").Want(t, map[string]string{"SseConfig.KeyArn": `{"Fn::GetAtt":["` + key.ID + `","Arn"]}`})
	if key.DeletionPolicy != "RetainExceptOnCreate" || key.UpdateReplacePolicy != "Retain" {
		t.Errorf("DeletionPolicy %q, UpdateReplacePolicy %q", key.DeletionPolicy, key.UpdateReplacePolicy)
	}
}

func TestOptionsOfASequenceStore(t *testing.T) {
	l := newLab(cdktest.Stack())
	logs := awss3.NewBucket(l.stack, jsii.String("Logs"), &awss3.BucketProps{BucketName: jsii.String("riverside-logs")})
	fallback := l.at("reads-fallback/")
	policy := awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &[]awsiam.PolicyStatement{awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewAccountPrincipal(jsii.String("222222222222"))}, Actions: jsii.Strings("s3:GetObject"),
		Resources: jsii.Strings("arn:aws:s3:us-east-1:333333333333:accesspoint/111111111111-1234567890/object/111111111111/sequenceStore/1234567890/*"),
	})}})
	omics.NewSequenceStore(l.stack, jsii.String("Reads"), &omics.SequenceStoreProps{
		Name: jsii.String("reads"), Description: jsii.String("Exomes"), Key: l.key, ETagAlgorithmFamily: omics.ETagSHA512, Fallback: &fallback,
		AccessLogs: logs, PropagatedSetLevelTags: []string{"study", "consent"}, S3AccessPolicy: policy,
	})
	awscdk.Tags_Of(l.stack).Add(jsii.String("commit"), jsii.String("4f1d9d2"), nil)
	template := cdktest.Of(t, l.stack)
	store := template.One(t, sequenceStoreType, "Reads")
	contains(t, store.JSON("S3AccessPolicy"), `"Action":"s3:GetObject"`, ":iam::222222222222:root")
	store.Want(t, map[string]string{
		"Description": `"Exomes"`, "ETagAlgorithmFamily": `"SHA512up"`, "PropagatedSetLevelTags": `["study","consent"]`,
		"FallbackLocation":  `{"Fn::Join":["",["s3://",{"Ref":"` + template.One(t, "AWS::S3::Bucket", "Raw").ID + `"},"/reads-fallback/"]]}`,
		"AccessLogLocation": `{"Fn::Join":["",["s3://",{"Ref":"` + template.One(t, "AWS::S3::Bucket", "Logs").ID + `"},"/reads/"]]}`,
		"Tags":              `{"commit":"4f1d9d2"}`, // which the store takes in place
	})
}

// An aspect that would delete a store is an error of synthesis, with the rules off.
func TestNoRemovalPolicyDeletesAStore(t *testing.T) {
	l := newLab(cdktest.Stack())
	awscdk.RemovalPolicies_Of(l.references()).Destroy(nil)
	awscdk.RemovalPolicies_Of(l.reads()).Destroy(nil)
	contains(t, cdktest.Panic(t, func() { awscdk.App_Of(l.stack).Synth(nil) }),
		"Test/References: got a removal policy with which AWS::Omics::ReferenceStore is deleted",
		"Test/Reads: got a removal policy with which AWS::Omics::SequenceStore is deleted")
}

// A tag of the app, of the stack's tree or of the store itself would replace a reference
// store; everything around it is tagged.
func TestNoTagReachesAReferenceStore(t *testing.T) {
	l := newLab(cdktest.Stack())
	tags := map[string]string{"cost-centre": "genomics"}
	own := omics.NewReferenceStore(l.stack, jsii.String("Tagged"), &omics.ReferenceStoreProps{Name: jsii.String("tagged"), Key: l.key, Tags: tags})
	tags["cost-centre"] = "changed later"
	plain := l.references()
	always := &awscdk.TagProps{Priority: jsii.Number(1000)}
	awscdk.Tags_Of(l.stack.Node().Root()).Add(jsii.String("commit"), jsii.String("4f1d9d2"), always)
	awscdk.Tags_Of(own).Remove(jsii.String("cost-centre"), always)
	awscdk.Tags_Of(plain.Cfn()).Add(jsii.String("owner"), jsii.String("lab"), always)
	template := cdktest.Of(t, l.stack)
	template.One(t, omics.ReferenceStoreType, "References").Want(t, map[string]string{"Tags": `null`})
	template.One(t, omics.ReferenceStoreType, "Tagged").Want(t, map[string]string{"Tags": `{"cost-centre":"genomics"}`})
	template.One(t, "AWS::KMS::Key", "Key").Want(t, map[string]string{"Tags": `[{"Key":"commit","Value":"4f1d9d2"}]`})
}

func TestTerminationProtectionOfStoresIsAdvised(t *testing.T) {
	stack := cdktest.Stack()
	store := newLab(stack).reads()
	if n := len(*store.Node().Metadata()); n != 1 {
		t.Errorf("%d warnings", n)
	}
	stack.SetTerminationProtection(jsii.Bool(true))
	if n := len(*omics.NewSequenceStore(stack, jsii.String("Kept"), &omics.SequenceStoreProps{Name: jsii.String("kept")}).Node().Metadata()); n != 0 {
		t.Errorf("%d warnings in a protected stack", n)
	}
}

// Each grant gives its own actions on its own store, and none on others.
func TestGrantsOnStores(t *testing.T) {
	l := newLab(cdktest.Stack())
	references, reads := l.references(), l.reads()
	role := omics.NewImportRole(l.stack, jsii.String("ImportRole"), &omics.ImportRoleProps{Input: l.at("fastq/")})
	references.GrantRead(user(l.stack, "Aligner"))
	references.GrantImport(user(l.stack, "Curator"), role.Role())
	reads.GrantRead(user(l.stack, "Reader"))
	reads.GrantImport(user(l.stack, "Importer"), role.Role())
	reads.GrantUpload(user(l.stack, "Sequencer"))
	template := cdktest.Of(t, l.stack)
	referenceARN := `{"Fn::GetAtt":["` + template.One(t, omics.ReferenceStoreType, "References").ID + `","Arn"]}`
	store := template.One(t, sequenceStoreType, "Reads").ID
	readsARN, point := `{"Fn::GetAtt":["`+store+`","Arn"]}`, `{"Fn::GetAtt":["`+store+`","S3AccessPointArn"]}`
	text := func(id string) string { return template.One(t, "AWS::IAM::Policy", id).JSON("PolicyDocument") }
	passed := `{"Action":"iam:PassRole","Condition":{"StringEquals":{"iam:PassedToService":"omics.amazonaws.com"}},"Effect":"Allow","Resource":{"Fn::GetAtt":["` + template.One(t, "AWS::IAM::Role", "ImportRole").ID + `","Arn"]}}`

	contains(t, text("Aligner"), `"omics:GetReference"`, `"Resource":[`+referenceARN+`,{"Fn::Join":["",[`+referenceARN+`,"/reference/*"]]}]`)
	contains(t, text("Curator"), `"omics:StartReferenceImportJob"`, passed, `"kms:GenerateDataKey"`, `"Resource":`+referenceARN)
	contains(t, text("Reader"), `"omics:GetReadSet"`, `"omics:StartReadSetActivationJob"`, `"Action":"s3:ListBucket","Effect":"Allow","Resource":`+point,
		`"Resource":{"Fn::Join":["",[`+point+`,"/object/*"]]}`, `"Resource":[`+readsARN+`,{"Fn::Join":["",[`+readsARN+`,"/readSet/*"]]}]`)
	contains(t, text("Importer"), `"omics:StartReadSetImportJob"`, passed, `"Resource":`+readsARN)
	contains(t, text("Sequencer"), `"omics:UploadReadSetPart"`, `"kms:GenerateDataKey"`, `"Resource":`+readsARN)
	for _, id := range []string{"Aligner", "Curator", "Reader", "Importer", "Sequencer"} {
		lacks(t, text(id), `:*"`, "Delete", "TagResource", "PutS3AccessPolicy", "CreateSequenceStore")
	}
	lacks(t, text("Reader"), "Import", "Upload", "GenerateDataKey", "PassRole", referenceARN)
	lacks(t, text("Importer"), "omics:GetReadSet\"", "s3:GetObject")
	lacks(t, text("Sequencer"), "omics:GetReadSet", "PassRole", "s3:")
}

// A store of another app is granted as one of this app, and nothing is made for it.
func TestStoresOfOtherApps(t *testing.T) {
	l := newLab(cdktest.Stack())
	references := omics.ReferenceStoreFromAttributes(l.stack, jsii.String("References"), &omics.ReferenceStoreAttributes{
		ReferenceStoreARN: jsii.String("arn:aws:omics:us-east-1:111111111111:referenceStore/1234567890"), Key: l.key,
	})
	reads := omics.SequenceStoreFromAttributes(l.stack, jsii.String("Reads"), &omics.SequenceStoreAttributes{
		SequenceStoreARN: awscdk.Fn_ImportValue(jsii.String("reads")), S3AccessPointARN: awscdk.Fn_ImportValue(jsii.String("point")), Key: l.key,
	})
	if *references.ReferenceStoreID() != "1234567890" || references.Key() != awskms.IKey(l.key) || reads.Key() != awskms.IKey(l.key) {
		t.Error("the accessors do not give what was said")
	}
	awscdk.NewCfnOutput(l.stack, jsii.String("Id"), &awscdk.CfnOutputProps{Value: reads.SequenceStoreID()})
	reads.GrantRead(user(l.stack, "Reader"))
	references.GrantRead(user(l.stack, "Aligner"))
	template := cdktest.Of(t, l.stack)
	contains(t, strings.Join(strings.Fields(template.JSON), ""), `{"Fn::Select":[1,{"Fn::Split":["/",{"Fn::ImportValue":"reads"}]}]}`)
	contains(t, template.One(t, "AWS::IAM::Policy", "Aligner").JSON("PolicyDocument"), `"arn:aws:omics:us-east-1:111111111111:referenceStore/1234567890/reference/*"`)
	if len(template.Type(sequenceStoreType))+len(template.Type(omics.ReferenceStoreType)) > 0 {
		t.Error("a store was made")
	}
}

func TestEveryProblemOfStores(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), &awscdk.StackProps{Env: &awscdk.Environment{Region: jsii.String("us-east-2")}})
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	const elsewhere = "Regions: got a stack in us-east-2; expected one of ap-southeast-1, eu-central-1, eu-west-1, eu-west-2, il-central-1, us-east-1, us-west-2; fix: move the stack; name the region in Regions if "
	for name, test := range map[string]struct {
		make func()
		want string
	}{
		"no reference store": {func() { omics.NewReferenceStore(stack, jsii.String("S"), nil) },
			"Test/S: Name: got nothing; expected 1 to 127 characters; fix: set Name\n" + elsewhere + "reference stores of HealthOmics have come to it"},
		"a wrong reference store": {func() {
			omics.NewReferenceStore(stack, jsii.String("S"), &omics.ReferenceStoreProps{
				Name: awscdk.Aws_STACK_NAME(), Description: jsii.String(strings.Repeat("x", 256)), Regions: []string{"us-east-2"},
				Tags: map[string]string{"aws:x": "1", "when": *awscdk.Aws_STACK_NAME(), "long": strings.Repeat("x", 257)},
			})
		}, `Test/S: Description: got 256 characters; expected 1 to 255 characters in one line; fix: correct it
Name: got a value known only at deployment; expected a plain string; fix: pass the name itself: it must never change
Tags["aws:x"]: got the key "aws:x"; expected 1 to 128 characters that do not start with aws:; fix: rename it
Tags["long"]: got 257 characters; expected at most 256; fix: shorten it
Tags["when"]: got a value known only at deployment; expected a plain string; fix: pass the value itself: it must never change`},
		"no sequence store": {func() { omics.NewSequenceStore(stack, jsii.String("S"), nil) },
			"Test/S: Name: got nothing; expected 1 to 127 characters; fix: set Name\n" + elsewhere + "sequence stores of HealthOmics have come to it"},
		"a wrong sequence store": {func() {
			at := newUnencrypted(stack)
			omics.NewSequenceStore(stack, jsii.String("S"), &omics.SequenceStoreProps{
				Name: jsii.String("two\nlines"), ETagAlgorithmFamily: "MD5", Fallback: &at, AccessLogsPrefix: jsii.String("/reads"), Regions: []string{"us-east-2"},
				PropagatedSetLevelTags: []string{"a", "b", "a", "d", "e", ""},
			})
		}, `Test/S: AccessLogsPrefix: got "/reads"; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "reads/"
AccessLogsPrefix: got "/reads" without AccessLogs; expected a bucket of logs; fix: set AccessLogs, or leave the folder out
ETagAlgorithmFamily: got "MD5"; expected MD5up, SHA256up or SHA512up; fix: take one of the constants
Fallback.Bucket: got Test/Plain without a key; expected a bucket with a customer managed key, which the service requires for what it writes; fix: encrypt the bucket with a key, or import it with its EncryptionKey
Fallback.Prefix: got "x"; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "reads-fallback/"
Name: got "two\nlines"; expected 1 to 127 characters in one line; fix: correct it
PropagatedSetLevelTags: got 6 keys; expected at most 5; fix: leave some out
PropagatedSetLevelTags[2]: got "a" again; expected each key once; fix: leave it out
PropagatedSetLevelTags[5]: got ""; expected 1 to 128 characters in one line; fix: correct it`},
		"no other reference store": {func() { omics.ReferenceStoreFromAttributes(stack, jsii.String("S"), nil) },
			`Test/S: Key: got nothing; expected the key that encrypts the store; fix: set Key, for example by awskms.Key_FromKeyArn
ReferenceStoreARN: got nothing; expected the ARN of a store; fix: copy it from the stores of HealthOmics`},
		"no sequence store's ARN": {func() {
			omics.SequenceStoreFromAttributes(stack, jsii.String("S"), &omics.SequenceStoreAttributes{
				SequenceStoreARN: jsii.String("arn:aws:omics:us-east-2:111111111111:referenceStore/1234567890"), Key: key,
			})
		}, `Test/S: S3AccessPointARN: got nothing; expected the ARN of the store's access point; fix: set it to what GetSequenceStore tells
SequenceStoreARN: got "arn:aws:omics:us-east-2:111111111111:referenceStore/1234567890"; expected an ARN like arn:aws:omics:us-east-1:111111111111:sequenceStore/1234567890; fix: copy it from the stores of HealthOmics`},
	} {
		if got := cdktest.Panic(t, test.make); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
	if stack.Node().TryFindChild(jsii.String("S")) != nil {
		t.Error("a half-made store is left in the tree")
	}
}
