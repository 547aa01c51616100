package omics_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/omics"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func TestWorkflowHasItsDefinition(t *testing.T) {
	l := newLab(cdktest.Stack())
	w := l.workflow()
	omics.NewWorkflow(l.stack, jsii.String("Somatic"), &omics.WorkflowProps{
		Name: jsii.String("somatic"), Description: jsii.String("Tumour and normal"),
		Definition: omics.Definition{
			URI: jsii.String("s3://riverside-workflows/somatic-1.4.0.zip"), Engine: omics.Nextflow, Main: jsii.String("somatic.nf"), StorageCapacity: jsii.Number(1200),
			Parameters: map[string]omics.Parameter{"tumour": {Description: jsii.String("CRAM")}, "normal": {Optional: jsii.Bool(true)}},
		},
	})
	template := cdktest.Of(t, l.stack)
	germline := template.One(t, "AWS::Omics::Workflow", "Germline")
	germline.Want(t, map[string]string{"Name": `"germline"`, "Engine": `"WDL"`, "StorageType": `"DYNAMIC"`, "StorageCapacity": `null`, "Main": `null`, "ParameterTemplate": `null`})
	if uri := germline.JSON("DefinitionUri"); !regexp.MustCompile(`s3://cdk-.*/[0-9a-f]{64}\.zip`).MatchString(uri) {
		t.Errorf("the definition is %s", uri)
	}
	if germline.DeletionPolicy != "RetainExceptOnCreate" || germline.UpdateReplacePolicy != "Retain" || w.Cfn() == nil {
		t.Errorf("DeletionPolicy %q, UpdateReplacePolicy %q", germline.DeletionPolicy, germline.UpdateReplacePolicy)
	}
	template.One(t, "AWS::Omics::Workflow", "Somatic").Want(t, map[string]string{
		"DefinitionUri": `"s3://riverside-workflows/somatic-1.4.0.zip"`, "Engine": `"NEXTFLOW"`, "Main": `"somatic.nf"`, "Description": `"Tumour and normal"`,
		"StorageType": `"STATIC"`, "StorageCapacity": `1200`, "ParameterTemplate": `{"normal":{"Optional":true},"tumour":{"Description":"CRAM","Optional":false}}`,
	})
}

// A changed definition is another version: CloudFormation cannot change one, nor make a
// second of its name.
func TestVersionIsNamedByItsDefinition(t *testing.T) {
	l := newLab(cdktest.Stack())
	w := l.workflow()
	version := func(id string, d omics.Definition, name *string) *omics.WorkflowVersion {
		return omics.NewWorkflowVersion(l.stack, jsii.String(id), &omics.WorkflowVersionProps{Workflow: w, Definition: d, VersionName: name})
	}
	main := germline()
	main.Main = jsii.String("other.wdl")
	parameters := germline()
	parameters.Parameters = map[string]omics.Parameter{"reads": {}}
	same, again := version("A", germline(), nil), version("B", germline(), nil)
	if *same.VersionName() != *again.VersionName() || !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(*same.VersionName()) {
		t.Errorf("one definition is called %s and %s", *same.VersionName(), *again.VersionName())
	}
	for id, d := range map[string]omics.Definition{"C": main, "D": parameters} {
		if other := version(id, d, nil); *other.VersionName() == *same.VersionName() {
			t.Errorf("%s: another definition is called %s too", id, *same.VersionName())
		}
	}
	if named := version("E", germline(), jsii.String("2.0.1")); *named.VersionName() != "2.0.1" || named.Cfn() == nil || named.WorkflowVersionARN() == nil {
		t.Error("a version does not have the name that it was given")
	}
	template := cdktest.Of(t, l.stack)
	r := template.One(t, "AWS::Omics::WorkflowVersion", "E")
	r.Want(t, map[string]string{"WorkflowId": `{"Fn::GetAtt":["` + template.One(t, "AWS::Omics::Workflow", "Germline").ID + `","Id"]}`, "StorageType": `"DYNAMIC"`})
	if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
		t.Errorf("DeletionPolicy %q, UpdateReplacePolicy %q", r.DeletionPolicy, r.UpdateReplacePolicy)
	}
}

func TestRunGroupHasEveryLimit(t *testing.T) {
	l := newLab(cdktest.Stack())
	g := l.group()
	omics.NewRunGroup(l.stack, jsii.String("Deep"), &omics.RunGroupProps{
		Name: jsii.String("deep"), MaxCpus: jsii.Number(1), MaxRuns: jsii.Number(1), MaxDuration: awscdk.Duration_Minutes(jsii.Number(90)), MaxGpus: jsii.Number(8),
	})
	if g.Cfn() == nil || g.RunGroupID() == nil {
		t.Error("the accessors do not give what was made")
	}
	template := cdktest.Of(t, l.stack)
	cdktest.Same(t, cdktest.Compact(template.One(t, "AWS::Omics::RunGroup", "Group").Properties), `{"MaxCpus":256,"MaxDuration":1440,"MaxGpus":1,"MaxRuns":10,"Name":"germline"}`)
	cdktest.Same(t, cdktest.Compact(template.One(t, "AWS::Omics::RunGroup", "Deep").Properties), `{"MaxCpus":1,"MaxDuration":90,"MaxGpus":8,"MaxRuns":1,"Name":"deep"}`)
}

func TestRunCacheIsInOneBucketOfTheAccount(t *testing.T) {
	l := newLab(cdktest.Stack())
	if c := l.cache(); c.Cfn() == nil || c.RunCacheID() == nil {
		t.Error("the accessors do not give what was made")
	}
	template := cdktest.Of(t, l.stack)
	cdktest.Same(t, cdktest.Compact(template.One(t, "AWS::Omics::RunCache", "Cache").Properties), `{"CacheBehavior":"CACHE_ON_FAILURE","CacheBucketOwnerId":"111111111111",`+
		`"CacheS3Location":{"Fn::Join":["",["s3://",{"Ref":"`+template.One(t, "AWS::S3::Bucket", "Raw").ID+`"},"/run-cache/"]]},"Name":"germline"}`)
}

// The role of runs reaches what it was told, and only HealthOmics assumes it, for runs of
// this account.
func TestRunRoleReachesWhatItWasTold(t *testing.T) {
	l := newLab(cdktest.Stack())
	r := l.role()
	if r.Policy() == nil {
		t.Error("the accessors do not give what was made")
	}
	template := cdktest.Of(t, l.stack)
	role := template.One(t, "AWS::IAM::Role", "RunRole")
	contains(t, role.JSON("AssumeRolePolicyDocument"), `"Principal":{"Service":"omics.amazonaws.com"}`, `"aws:SourceAccount":"111111111111"`,
		`"ArnEquals":{"aws:SourceArn":"arn:aws:omics:us-east-1:111111111111:run/*"}`)
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "RunRole").JSON("PolicyDocument")
	bucket := `{"Fn::GetAtt":["` + template.One(t, "AWS::S3::Bucket", "Raw").ID + `","Arn"]}`
	in := func(folder string) string { return `{"Fn::Join":["",[` + bucket + `,"/` + folder + `*"]]}` }
	contains(t, policy, `{"Action":["s3:GetObject","s3:PutObject"],"Effect":"Allow","Resource":[`+in("run-cache/")+`,`+in("runs/")+`]}`,
		`{"Action":"s3:GetObject","Effect":"Allow","Resource":[`+in("panels/")+`,`)
	contains(t, policy, `"omics:GetReadSet"`, `"/readSet/*"`, `"S3AccessPointArn"`, `"omics:GetReference"`, `"ecr:BatchGetImage"`, `"logs:PutLogEvents"`, `log-group:/aws/omics/WorkflowLog:log-stream:*`)
	lacks(t, policy, `"Resource":"*"`, "omics:*", "s3:*", "Delete", "StartReadSet")
	contains(t, template.One(t, "AWS::ECR::Repository", "Images").JSON("RepositoryPolicyText"), `"Service":"omics.amazonaws.com"`, `"ecr:GetDownloadUrlForLayer"`)
}

func TestWhoMayStartRuns(t *testing.T) {
	l := newLab(cdktest.Stack())
	w, role, group, cache := l.workflow(), l.role(), l.group(), omics.NewRunCache(l.stack, jsii.String("Other"), &omics.RunCacheProps{
		Name: jsii.String("other"), Location: l.at("other/"), Behavior: omics.CacheAlways,
	})
	w.GrantRun(user(l.stack, "Scientist"), &omics.RunOptions{Role: role.Role(), Group: group, Cache: cache})
	template := cdktest.Of(t, l.stack)
	policy := template.One(t, "AWS::IAM::Policy", "Scientist").JSON("PolicyDocument")
	arn := func(kind, id, attribute string) string {
		return `{"Fn::GetAtt":["` + template.One(t, kind, id).ID + `","` + attribute + `"]}`
	}
	workflow := arn("AWS::Omics::Workflow", "Germline", "Arn")
	contains(t, policy,
		`{"Action":"iam:PassRole","Condition":{"StringEquals":{"iam:PassedToService":"omics.amazonaws.com"}},"Effect":"Allow","Resource":`+arn("AWS::IAM::Role", "RunRole", "Arn")+`}`,
		`"omics:CancelRun"`, `{"Fn::Join":["",[`+workflow+`,"/version/*"]]}`)
	_, start, _ := strings.Cut(policy, `"Action":"omics:StartRun"`)
	contains(t, start, workflow, ":omics:us-east-1:111111111111:run/*", arn("AWS::Omics::RunGroup", "Group", "Arn"), arn("AWS::Omics::RunCache", "Other", "Arn"))
	lacks(t, policy, `"Resource":"*"`, "omics:*", "Delete", "Create")
	contains(t, cdktest.Panic(t, func() { w.GrantRun(user(l.stack, "Nobody"), nil) }), "Test/Germline: options.Role: got nothing")
}

func TestEveryProblemOfRuns(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), &awscdk.StackProps{Env: &awscdk.Environment{Region: jsii.String("eu-north-1")}})
	const elsewhere = "Regions: got a stack in eu-north-1; expected one of ap-northeast-1, ap-northeast-2, ap-southeast-1, eu-central-1, eu-west-1, eu-west-2, il-central-1, us-east-1, us-east-2, us-west-2; " +
		"fix: move the stack; name the region in Regions if workflows of HealthOmics have come to it"
	const noName = "Name: got nothing; expected 1 to 128 characters; fix: set Name\n"
	const noDefinition = `Definition.Engine: got ""; expected WDL, NEXTFLOW or CWL; fix: take one of the constants
Definition.Path: got nothing; expected the folder or the zip file of a definition; fix: set Path, or URI for a zip file that is in S3
`
	const noPlace = `.Bucket: got nothing; expected a bucket; fix: set it, for example to a zone of the lake
`
	id := jsii.String("S")
	for name, test := range map[string]struct {
		make func()
		want string
	}{
		"no workflow": {func() { omics.NewWorkflow(stack, id, nil) }, "Test/S: " + noDefinition + noName + elsewhere},
		"a wrong workflow": {func() {
			omics.NewWorkflow(stack, id, &omics.WorkflowProps{Name: jsii.String(""), Regions: []string{"eu-north-1"}, Definition: omics.Definition{
				Path: jsii.String("nowhere"), URI: jsii.String("s3://x"), Engine: "WDL_LENIENT", Main: jsii.String(strings.Repeat("m", 129)), StorageCapacity: jsii.Number(0.5),
				Parameters: map[string]omics.Parameter{"": {Description: jsii.String(strings.Repeat("d", 257))}},
			}})
		}, `Test/S: Definition.Engine: got "WDL_LENIENT"; expected WDL, NEXTFLOW or CWL; fix: take one of the constants
Definition.Main: got 129 characters; expected 1 to 128 characters in one line; fix: correct it
Definition.Parameters[""]: got ""; expected 1 to 128 characters in one line; fix: correct it
Definition.Parameters[""].Description: got 257 characters; expected at most 256; fix: shorten it
Definition.StorageCapacity: got 0.5; expected a whole number of GiB from 1 to 100000; fix: leave it out for a file system that grows
Definition.URI: got "s3://x" beside Path; expected the folder or the zip file of a definition; fix: leave one of the two out
Name: got ""; expected 1 to 128 characters in one line; fix: correct it`},
		"no files": {func() {
			omics.NewWorkflow(stack, id, &omics.WorkflowProps{Name: jsii.String("w"), Regions: []string{"eu-north-1"}, Definition: omics.Definition{Path: jsii.String("workflow_test.go"), Engine: omics.CWL}})
		}, `Test/S: Definition.Path: got "workflow_test.go", which is neither; expected the folder or the zip file of a definition; fix: correct it; it is looked for from where the program runs`},
		"no version": {func() {
			omics.NewWorkflowVersion(stack, id, &omics.WorkflowVersionProps{Definition: omics.Definition{URI: jsii.String("https://x/y.zip"), Engine: omics.WDL}})
		}, `Test/S: Definition.URI: got "https://x/y.zip"; expected a zip file in S3, at most 256 characters; fix: write it like "s3://riverside-workflows/germline-1.4.0.zip"
VersionName: got nothing; expected 1 to 64 letters, digits and any of -._; fix: set VersionName
Workflow: got nothing; expected the workflow of the version; fix: make one with NewWorkflow`},
		"no group": {func() { omics.NewRunGroup(stack, id, nil) }, `Test/S: MaxCpus: got nothing; expected a limit; fix: set it to what the runs of the group may use at most: without it there is none
MaxDuration: got nothing; expected a limit; fix: set it to what the runs of the group may use at most: without it there is none
MaxRuns: got nothing; expected a limit; fix: set it to what the runs of the group may use at most: without it there is none
` + noName + elsewhere},
		"a wrong group": {func() {
			omics.NewRunGroup(stack, id, &omics.RunGroupProps{
				Name: jsii.String("g"), MaxCpus: jsii.Number(0), MaxRuns: jsii.Number(100001), MaxDuration: awscdk.Duration_Seconds(jsii.Number(90)), MaxGpus: jsii.Number(0), Regions: []string{"eu-north-1"},
			})
		}, `Test/S: MaxCpus: got 0; expected a whole number of vCPUs from 1 to 100000; fix: choose a limit within it
MaxDuration: got 1.5; expected a whole number of minutes from 1 to 100000; fix: choose a limit within it
MaxGpus: got 0; expected a whole number of GPUs from 1 to 100000; fix: leave it out where no task uses one
MaxRuns: got 100001; expected a whole number of runs from 1 to 100000; fix: choose a limit within it`},
		"no cache": {func() { omics.NewRunCache(stack, id, nil) }, "Test/S: Location" + noPlace +
			`Location.Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "run-cache/"` + "\n" + noName + elsewhere},
		"no role": {func() {
			omics.NewRunRole(stack, id, &omics.RunRoleProps{
				RoleName: jsii.String(strings.Repeat("r", 65)), SequenceStores: []omics.ISequenceStore{nil}, ReferenceStores: make([]omics.IReferenceStore, 1), Inputs: make([]storage.S3Location, 1),
			})
		}, "Test/S: Inputs[0]" + noPlace + `Inputs[0].Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "samples/"
Output` + noPlace + `Output.Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "runs/"
ReferenceStores[0]: got nothing; expected what runs reach; fix: leave it out, or pass it
RoleName: got 65 characters; expected at most 64; fix: shorten it
SequenceStores[0]: got nothing; expected what runs reach; fix: leave it out, or pass it`},
		"no import role": {func() { omics.NewImportRole(stack, id, nil) }, "Test/S: Input" + noPlace +
			`Input.Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "reads/"`},
	} {
		if got := cdktest.Panic(t, test.make); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}

func TestPropsAreNotChanged(t *testing.T) {
	l := newLab(cdktest.Stack())
	props := &omics.WorkflowProps{Name: jsii.String("w"), Definition: germline()}
	before := *props
	omics.NewWorkflow(l.stack, jsii.String("W"), props)
	store := &omics.SequenceStoreProps{Name: jsii.String("s")}
	omics.NewSequenceStore(l.stack, jsii.String("S"), store)
	if !reflect.DeepEqual(before, *props) || !reflect.DeepEqual(*store, omics.SequenceStoreProps{Name: store.Name}) {
		t.Errorf("the caller's props became %+v and %+v", props, store)
	}
}
