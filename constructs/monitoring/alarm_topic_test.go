package monitoring_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
)

func TestAlarmTopicIsEncryptedAndTakesAlarms(t *testing.T) {
	stack := cdktest.Stack()
	topic := monitoring.NewAlarmTopic(stack, jsii.String("Alarms"), &monitoring.AlarmTopicProps{
		TopicName: jsii.String("river-lab-alarms"), Key: awskms.NewKey(stack, jsii.String("Key"), nil),
		Emails: []string{"lab@example.org", "on-call@example.org"},
	})
	template := cdktest.Of(t, stack)
	made, key := template.One(t, "AWS::SNS::Topic", ""), template.One(t, "AWS::KMS::Key", "")
	made.Want(t, map[string]string{"TopicName": `"river-lab-alarms"`, "KmsMasterKeyId": `{"Fn::GetAtt":["` + key.ID + `","Arn"]}`})
	arn := `{"Ref":"` + made.ID + `"}`
	template.One(t, "AWS::SNS::TopicPolicy", "").Want(t, map[string]string{
		"PolicyDocument.Statement": `[{"Action":"sns:Publish","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny","Principal":"*","Resource":` + arn + `,"Sid":"AllowPublishThroughSSLOnly"},` +
			`{"Action":"sns:Publish","Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}},"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Resource":` + arn + `,"Sid":"1"},` +
			`{"Action":"sns:Publish","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Resource":` + arn + `,"Sid":"2"}]`,
	})
	var heard []string
	for _, mail := range template.Type("AWS::SNS::Subscription") {
		heard = append(heard, mail.JSON("Protocol")+" "+mail.JSON("Endpoint"))
		mail.Want(t, map[string]string{"TopicArn": arn})
	}
	cdktest.Same(t, cdktest.Compact(heard), `["\"email\" \"lab@example.org\"","\"email\" \"on-call@example.org\""]`)
	if topic.Topic() == nil {
		t.Error("no topic to pass on")
	}
}

func TestAlarmTopicProblems(t *testing.T) {
	cdktest.Same(t, cdktest.Panic(t, func() {
		monitoring.NewAlarmTopic(cdktest.Stack(), jsii.String("Alarms"), &monitoring.AlarmTopicProps{
			TopicName: jsii.String("river lab"), Emails: []string{"Lab <lab@example.org>", "lab@example.org", "lab@example.org", "lab"},
		})
	}), `Test/Alarms: Emails[0]: got "Lab <lab@example.org>"; expected an e-mail address without a name; fix: write for example clinical-data@example.org
Emails[2]: got "lab@example.org" a second time; expected each address once; fix: take one of the two out
Emails[3]: got "lab"; expected an e-mail address without a name; fix: write for example clinical-data@example.org
Key: got nothing; expected a key; fix: set Key to the key of the data that is watched
TopicName: got "river lab"; expected 1 to 256 letters, digits, hyphens and underscores; fix: correct it`)
}
