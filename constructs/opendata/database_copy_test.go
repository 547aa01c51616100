package opendata_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/opendata"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/installed"
)

// restored is a database that the dump of ChEMBL was restored into, and where copies go.
func restored(stack awscdk.Stack) *opendata.DatabaseCopyProps {
	key := awskms.NewKey(stack, jsii.String("CopyKey"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	return &opendata.DatabaseCopyProps{
		Name: jsii.String("chembl"), URL: jsii.String("jdbc:postgresql://chembl.example.org:5432/chembl?sslmode=verify-full"),
		Secret: awssecretsmanager.Secret_FromSecretAttributes(stack, jsii.String("Secret"), &awssecretsmanager.SecretAttributes{
			SecretCompleteArn: jsii.String("arn:aws:secretsmanager:us-east-1:111111111111:secret:chembl-reader-AbCdEf"), EncryptionKey: key,
		}),
		Subnet: awsec2.Subnet_FromSubnetAttributes(stack, jsii.String("Subnet"), &awsec2.SubnetAttributes{
			SubnetId: jsii.String("subnet-0123456789abcdef0"), AvailabilityZone: awscdk.Fn_Select(jsii.Number(0), awscdk.Fn_GetAzs(nil)), RouteTableId: jsii.String("rtb-0123456789abcdef0"),
		}),
		SecurityGroups: []awsec2.ISecurityGroup{awsec2.SecurityGroup_FromSecurityGroupId(stack, jsii.String("Group"), jsii.String("sg-0123456789abcdef0"), nil)},
		Tables:         map[string]string{"chembl_25_public_docs": "public.docs", "chembl_25_public_assays": "public.assays"},
		Target: storage.S3Location{
			Bucket: awss3.NewBucket(stack, jsii.String("Copies"), &awss3.BucketProps{
				BucketName: jsii.String("reference-copies"), Encryption: awss3.BucketEncryption_KMS, EncryptionKey: key,
			}),
			Prefix: jsii.String("chembl_25/"),
		},
	}
}

func databaseCopy(stack awscdk.Stack) *opendata.DatabaseCopy {
	return opendata.NewDatabaseCopy(stack, jsii.String("Subject"), restored(stack))
}

// The password stays in the secret, the role reads no other and writes nowhere else.
func TestDatabaseCopyIsLeastPrivilege(t *testing.T) {
	stack := cdktest.Stack()
	c := databaseCopy(stack)
	c.GrantStart(awsiam.NewRole(stack, jsii.String("Operator"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
	if *c.JobName() != "chembl" || c.Role() == nil || c.Job() == nil || c.Connection() == nil {
		t.Error("the accessors do not give what was made")
	}
	template := cdktest.Of(t, stack)
	connection := template.One(t, "AWS::Glue::Connection", "Subject")
	job := template.One(t, "AWS::Glue::Job", "Subject")
	for _, part := range []string{`"SECRET_ID":"chembl-reader"`, `"JDBC_ENFORCE_SSL":"true"`, `"SubnetId":"subnet-0123456789abcdef0"`} {
		if text := connection.JSON("ConnectionInput"); !strings.Contains(text, part) || strings.Contains(text, "PASSWORD") {
			t.Errorf("no %s in %s", part, text)
		}
	}
	for _, part := range []string{
		`"--tables":"{\"chembl_25_public_assays\":\"public.assays\",\"chembl_25_public_docs\":\"public.docs\"}"`, `/chembl_25/`, `"--connection":"chembl"`,
	} {
		if text := job.JSON("DefaultArguments"); !strings.Contains(text, part) {
			t.Errorf("no %s in %s", part, text)
		}
	}
	job.Want(t, map[string]string{"GlueVersion": `"5.1"`, "Connections": `{"Connections":["chembl"]}`})
	if policy := template.One(t, "AWS::IAM::ManagedPolicy", "Subject"); !template.After(job.ID, connection.ID) || !template.After(job.ID, policy.ID) {
		t.Error("the job does not wait for what it needs")
	}
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "Subject").JSON("PolicyDocument")
	for _, part := range []string{
		`"Action":["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"],"Effect":"Allow","Resource":"arn:aws:secretsmanager:us-east-1:111111111111:secret:chembl-reader-AbCdEf"`,
		`"/chembl_25/*"`, `"Resource":["arn:aws:glue:us-east-1:111111111111:catalog","arn:aws:glue:us-east-1:111111111111:connection/chembl"]`,
	} {
		if !strings.Contains(policy, part) {
			t.Errorf("no %s in %s", part, policy)
		}
	}
	operator := template.One(t, "AWS::IAM::Policy", "Operator").JSON("PolicyDocument")
	if !strings.Contains(operator, "job/chembl") || strings.Contains(operator, "secretsmanager") || strings.Contains(operator, "CreateJob") {
		t.Errorf("an operator may do %s", operator)
	}
}

func TestDatabaseCopyProblems(t *testing.T) {
	stack := cdktest.Stack()
	props := restored(stack)
	for _, c := range []struct {
		change func(p *opendata.DatabaseCopyProps)
		want   []string
	}{
		{func(p *opendata.DatabaseCopyProps) { *p = opendata.DatabaseCopyProps{} },
			[]string{"Name: got nothing", "Secret: got nothing", "SecurityGroups: got nothing", "Subnet: got nothing", "Tables: got nothing", "Target.Bucket: got nothing", `URL: got ""`}},
		{func(p *opendata.DatabaseCopyProps) { p.URL = jsii.String("jdbc:postgresql://db/chembl") }, []string{"does not ask for TLS", "sslmode=verify-full"}},
		{func(p *opendata.DatabaseCopyProps) {
			p.URL = jsii.String("jdbc:mysql://db/bdb?user=a&password=secret")
		}, []string{"URL: got a URL with a password"}},
		{func(p *opendata.DatabaseCopyProps) { p.URL = jsii.String("jdbc:derby:memory") }, []string{"expected a JDBC URL of jdbc:mysql:, jdbc:oracle:thin:@tcps:"}},
		{func(p *opendata.DatabaseCopyProps) { p.Tables = map[string]string{"Docs": " "} }, []string{`Tables.Docs: got the folder "Docs"`, "Tables.Docs: got nothing"}},
		{func(p *opendata.DatabaseCopyProps) { p.Workers = jsii.Number(1.5) }, []string{"Workers: got 1.5"}},
	} {
		p := *props
		c.change(&p)
		text := cdktest.Panic(t, func() { opendata.NewDatabaseCopy(stack, jsii.String("Copy"), &p) })
		for _, want := range c.want {
			if !strings.Contains(text, want) || strings.Contains(text, "password=secret") {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	}
}

// The job copies from a database that Spark brings along: types, names in lower case, twice the same.
func TestCopyJob(t *testing.T) {
	script, err := filepath.Abs(filepath.Join("job", "copy_tables_test.py"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	command := exec.CommandContext(t.Context(), installed.Path(t, ".spark/bin/python"), script, folder) //nolint:gosec // the test of this package
	command.Dir = folder                                                                                // the database writes its log there
	command.Env = append(os.Environ(), "JAVA_HOME="+installed.Path(t, ".spark/java"), "SPARK_LOCAL_IP=127.0.0.1", "PYTHONDONTWRITEBYTECODE=1",
		"JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC") // it lives for seconds
	var log bytes.Buffer
	command.Stderr = &log
	out, err := command.Output()
	if err != nil || !strings.HasSuffix(string(out), "ok\n") {
		t.Fatalf("%v\n%s\n%s", err, out, log.Bytes()[max(0, log.Len()-6000):])
	}
}
