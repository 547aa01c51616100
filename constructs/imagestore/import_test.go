package imagestore_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func imported(t *testing.T, change func(lab, *imagestore.ImportProps)) cdktest.Template {
	t.Helper()
	l := newLab(cdktest.Stack())
	p := l.imports()
	if change != nil {
		change(l, p)
	}
	imagestore.NewImport(l.stack, jsii.String("Import"), p)
	return cdktest.Of(t, l.stack)
}

// definition is a state machine's, with references as ${LogicalId}.
func definition(t *testing.T, r cdktest.Resource) map[string]any {
	t.Helper()
	text, plain := r.Get("DefinitionString").(string)
	if !plain {
		parts, _ := r.Get("DefinitionString.Fn::Join.1").([]any)
		for _, part := range parts {
			if literal, is := part.(string); is {
				text += literal
				continue
			}
			text += "REF"
		}
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

func state(t *testing.T, machine map[string]any, name string) string {
	t.Helper()
	states, _ := machine["States"].(map[string]any)
	if states[name] == nil {
		t.Fatalf("no state %s", name)
	}
	return cdktest.Compact(states[name])
}

func TestAMarkerStartsOneImportOfItsFolder(t *testing.T) {
	template := imported(t, nil)
	rule := template.One(t, "AWS::Events::Rule", "ImportDispatchComplete")
	rule.Want(t, map[string]string{
		"EventPattern.detail.object": `{"key":[{"prefix":"clinical/dicom/_complete/"}]}`,
		"EventPattern.detail-type":   `["Object Created"]`,
		"EventPattern.detail.bucket": `{"name":[{"Ref":"` + template.One(t, "AWS::S3::Bucket", "Raw").ID + `"}]}`,
	})
	template.One(t, "AWS::S3::Bucket", "Raw").Want(t, map[string]string{"NotificationConfiguration": `{"EventBridgeConfiguration":{"EventBridgeEnabled":true}}`})
	dispatch := definition(t, template.One(t, machineType, "ImportDispatch"))
	contains(t, state(t, dispatch, "Start"),
		`"Name.$":"States.Hash(States.Format('{} {}', $.detail.object.key, $.detail.object.sequencer), 'SHA-256')"`,
		`"Input":{"folder.$":"States.ArrayGetItem(States.StringSplit($.detail.object.key, '/'), 3)","marker.$":"$.detail.object.key"}`,
		`"ErrorEquals":["StepFunctions.ExecutionAlreadyExistsException"],"Next":"Started"`)
	contains(t, state(t, dispatch, "IsMarker"),
		`{"Next":"NoFolder","StringMatches":"clinical/dicom/_complete/*/*","Variable":"$.detail.object.key"}`,
		`{"Next":"Started","StringEquals":"clinical/dicom/_complete/","Variable":"$.detail.object.key"}`)
	workflow := definition(t, template.One(t, machineType, "ImportWorkflow"))
	contains(t, state(t, workflow, "Start"),
		`"Resource":"arn:aws:states:::aws-sdk:medicalimaging:startDICOMImportJob"`, `"ClientToken.$":"$$.Execution.Name"`,
		`"InputS3Uri.$":"States.Format('s3://REF/clinical/dicom/{}/', $.folder)"`, `"OutputS3Uri":"s3://REF/clinical/dicom-import-results/"`,
		`"MedicalImaging.ThrottlingException"`)
}

// A job that is completed may have refused files all the same.
func TestWhatIsNotWhollyImportedIsQuarantinedAndReported(t *testing.T) {
	template := imported(t, nil)
	machine := definition(t, template.One(t, machineType, "ImportWorkflow"))
	if machine["TimeoutSeconds"] != 90000.0 {
		t.Errorf("times out after %v", machine["TimeoutSeconds"])
	}
	contains(t, state(t, machine, "IsImportDone"), `{"Next":"FindReport","StringEquals":"COMPLETED"`, `{"Next":"Quarantine","StringEquals":"FAILED"`, `"Default":"WaitForImport"`)
	contains(t, state(t, machine, "Read"), `"Key.$":"States.Format('clinical/dicom-import-results/REF-DicomImport-{}/job-output-manifest.json', $.job.JobId)"`,
		`"ResultSelector":{"content.$":"States.StringToJson($.Body)"}`, `"ErrorEquals":["States.DataLimitExceeded"],"Next":"ListFailures"`)
	contains(t, state(t, machine, "FindReport"), `-DicomImport-{}/job-output-manifest.json', $.job.JobId)"`, `"MaxKeys":10`)
	contains(t, state(t, machine, "IsReportThere"), `"Next":"Read"`, `"Next":"ListFailures"`, `"NumericLessThanEquals":131072`, `"Default":"CountLook"`)
	contains(t, state(t, machine, "MayLookAgain"), `"Default":"Quarantine"`, `"NumericLessThan":20`)
	contains(t, state(t, machine, "ListFailures"), `-DicomImport-{}/FAILURE/', $.job.JobId)"`)
	contains(t, state(t, machine, "JudgeFailures"), `"Next":"Quarantine"`, `"Default":"ListSuccesses"`)
	contains(t, state(t, machine, "ListSuccesses"), `-DicomImport-{}/SUCCESS/', $.job.JobId)"`)
	contains(t, state(t, machine, "JudgeSuccesses"), `"Next":"Imported"`, `"Default":"Quarantine"`)
	contains(t, state(t, machine, "Judge"), `"Default":"Quarantine"`, `{"NumericEquals":0,"Variable":"$.report.content.jobSummary.numberOfFilesWithCustomerError"}`,
		`{"NumericEquals":0,"Variable":"$.report.content.jobSummary.numberOfFilesWithServerError"}`, `{"NumericGreaterThan":0,"Variable":"$.report.content.jobSummary.numberOfImportedFiles"}`)
	contains(t, state(t, machine, "Quarantine"), `"Key.$":"States.Format('quarantine/clinical/dicom/{}/{}.json', $.folder, $$.Execution.Name)"`, `"Body.$":"States.JsonToString($)"`, `"Next":"Tell"`)
	contains(t, state(t, machine, "Tell"), `"Resource":"arn:aws:states:::aws-sdk:sns:publish"`, `"Next":"Refused"`)
	contains(t, state(t, machine, "Refused"), `"Type":"Fail"`)
	topic := template.One(t, "AWS::SNS::Topic", "Import")
	for _, alarm := range template.Type(alarmType) {
		alarm.Want(t, map[string]string{"AlarmActions": `[{"Ref":"` + topic.ID + `"}]`})
	}
	for _, id := range []string{"ImportWorkflowFailed", "ImportWorkflowTimedOut", "ImportDispatchFailed", "ImportDispatchUndelivered"} {
		template.One(t, alarmType, id)
	}
}

func TestOnlyHealthImagingReadsTheFolder(t *testing.T) {
	template := imported(t, nil)
	store := template.One(t, storeType, "Images").ID
	template.One(t, roleType, "ImportDataAccessRole").Want(t, map[string]string{
		"AssumeRolePolicyDocument.Statement": `[{"Action":"sts:AssumeRole","Condition":{"ArnEquals":{"aws:SourceArn":{"Fn::GetAtt":["` + store +
			`","DatastoreArn"]}},"StringEquals":{"aws:SourceAccount":"111111111111"}},"Effect":"Allow","Principal":{"Service":"medical-imaging.amazonaws.com"}}]`,
	})
	policy := template.One(t, policyType, "ImportDataAccessPolicy").JSON("PolicyDocument.Statement")
	bucket := `{"Fn::GetAtt":["` + template.One(t, "AWS::S3::Bucket", "Raw").ID + `","Arn"]}`
	contains(t, policy,
		`{"Action":"s3:GetObject","Effect":"Allow","Resource":{"Fn::Join":["",[`+bucket+`,"/clinical/dicom/*"]]}}`,
		`{"Action":"s3:PutObject","Effect":"Allow","Resource":{"Fn::Join":["",[`+bucket+`,"/clinical/dicom-import-results/*"]]}}`,
		`{"StringLike":{"s3:prefix":["clinical/dicom","clinical/dicom/*"]}}`)
	if strings.Contains(policy, "Delete") || strings.Contains(policy, "quarantine") {
		t.Errorf("too much: %s", policy)
	}
	workflow := template.One(t, policyType, "ImportWorkflowPolicy").JSON("PolicyDocument.Statement")
	contains(t, workflow, `"medical-imaging:StartDICOMImportJob"`, `"iam:PassedToService":"medical-imaging.amazonaws.com"`)
	if strings.Contains(workflow, `"/clinical/dicom/*"`) {
		t.Errorf("the workflow reads images: %s", workflow)
	}
	if functions := template.Type("AWS::Lambda::Function"); len(functions) > 0 {
		t.Errorf("%d functions", len(functions))
	}
}

func TestImportOptions(t *testing.T) {
	var topic awssns.Topic
	template := imported(t, func(l lab, p *imagestore.ImportProps) {
		topic = awssns.NewTopic(l.stack, jsii.String("Mine"), nil)
		other := awss3.NewBucket(l.stack, jsii.String("Other"), &awss3.BucketProps{Encryption: awss3.BucketEncryption_KMS, EncryptionKey: l.key})
		p.AlarmTopic, p.PollInterval = topic, awscdk.Duration_Seconds(jsii.Number(30))
		p.Results = &storage.S3Location{Bucket: other, Prefix: jsii.String("reports/")}
		p.Quarantine = &storage.S3Location{Bucket: other, Prefix: jsii.String("bad/")}
	})
	if n := len(template.Type("AWS::SNS::Topic")); n != 1 {
		t.Errorf("%d topics", n)
	}
	machine := definition(t, template.One(t, machineType, "ImportWorkflow"))
	contains(t, state(t, machine, "WaitForImport"), `"Seconds":30`)
	contains(t, state(t, machine, "Quarantine"), `'bad/{}/{}.json'`)
	contains(t, state(t, machine, "Read"), `'reports/REF-DicomImport-{}`)
}

func TestEveryProblemOfAnImport(t *testing.T) {
	l := newLab(cdktest.Stack())
	plain := awss3.NewBucket(l.stack, jsii.String("Plain"), nil)
	for name, test := range map[string]struct {
		props *imagestore.ImportProps
		want  string
	}{
		"nothing": {nil, `Test/Import: Landing.Bucket: got nothing; expected a bucket; fix: set it, for example to a zone of the lake
Landing.Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "dicom/"
Store: got nothing; expected a store; fix: make one with NewImageStore, or refer to one with ImageStoreFromAttributes`},
		"wrong": {&imagestore.ImportProps{
			Store: l.store(), Landing: storage.S3Location{Bucket: plain, Prefix: jsii.String("dicom/")}, PollInterval: awscdk.Duration_Seconds(jsii.Number(5)),
			Results: &storage.S3Location{Bucket: plain, Prefix: jsii.String("dicom/reports/")}, Quarantine: &storage.S3Location{Bucket: l.bucket, Prefix: jsii.String("/bad")},
		}, `Test/Import: Landing.Bucket: got Test/Plain without a key; expected a bucket with a customer managed key, which the service requires for what it writes; fix: encrypt the bucket with a key, or import it with its EncryptionKey
PollInterval: got 5 seconds; expected 10 seconds to an hour; fix: leave it out
Quarantine.Prefix: got "/bad"; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "dicom/"
Results.Bucket: got Test/Plain without a key; expected a bucket with a customer managed key, which the service requires for what it writes; fix: encrypt the bucket with a key, or import it with its EncryptionKey
Results.Prefix: got "dicom/reports/" beside the landing prefix "dicom/"; expected prefixes apart from each other; fix: choose another prefix: what a job writes must not be imported`},
	} {
		if got := cdktest.Panic(t, func() { imagestore.NewImport(l.stack, jsii.String("Import"), test.props) }); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, test.want)
		}
	}
}
