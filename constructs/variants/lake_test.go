package variants_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/constructs/variants"
	"github.com/lakemesh/lakemesh/test/golden"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

const machineType = "AWS::StepFunctions::StateMachine"

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no\n%s\nin\n%s", part, text)
		}
	}
}

// lakes are the apps that snapshots, cfn-lint and cdk-nag see.
var lakes = map[string]func(core, *variants.VariantLakeProps){
	"emr-serverless": func(core, *variants.VariantLakeProps) {},
	"glue":           func(_ core, p *variants.VariantLakeProps) { p.Engine = variants.Glue },
}

// lakeWith is one of them, made once.
func lakeWith(t *testing.T, name string) (*variants.VariantLake, cdktest.Template) {
	t.Helper()
	if cached[name].lake == nil {
		lake, template := made(t, lakes[name])
		cached[name] = madeLake{lake, template}
	}
	return cached[name].lake, cached[name].template
}

type madeLake struct {
	lake     *variants.VariantLake
	template cdktest.Template
}

var cached = map[string]madeLake{}

func TestSnapshots(t *testing.T) {
	hash := regexp.MustCompile(`[0-9a-f]{64}\.(py|jar)`)
	for name := range lakes {
		t.Run(name, func(t *testing.T) {
			_, template := lakeWith(t, name)
			golden.Check(t, filepath.Join("testdata", name+".template.json"), []byte(hash.ReplaceAllString(template.JSON, "HASH.$1")+"\n"))
		})
	}
}

func TestLakesHaveNoFindings(t *testing.T) {
	found := assembly.Synthesize(t, func(app awscdk.App) {
		for name, region := range map[string]string{"emr-serverless": cdktest.Region, "glue": "eu-west-1"} { // one Settings each
			c := newCore(assembly.NewStack(app, name, region))
			p := c.props()
			lakes[name](c, p)
			variants.NewVariantLake(c.stack, jsii.String("Subject"), p)
		}
	})
	for name := range lakes {
		subject := found.Only(name + "/Subject")
		subject.Check(t, "AwsSolutions-IAM5", "AwsSolutions-SQS3")
	}
	cfnlint.Check(t, found.TemplateFiles())
}

// What costs nothing while nothing arrives, and grows no further than it is told.
func TestApplicationStartsAndStopsByItself(t *testing.T) {
	lake, template := lakeWith(t, "emr-serverless")
	if lake.Application() == nil || lake.Job() != nil || lake.Role() == nil || len(lake.Tables()) != 7 || lake.Cfn() == nil || lake.Queue() == nil || lake.DeadLetters() == nil || lake.Alarms() == nil {
		t.Error("the accessors do not give what was made")
	}
	template.One(t, "AWS::EMRServerless::Application", "Variants").Want(t, map[string]string{
		"Type": `"SPARK"`, "ReleaseLabel": `"emr-7.13.0"`, "Architecture": `"ARM64"`, "InitialCapacity": `null`, "NetworkConfiguration": `null`,
		"AutoStartConfiguration": `{"Enabled":true}`, "AutoStopConfiguration": `{"Enabled":true,"IdleTimeoutMinutes":15}`,
		"MaximumCapacity": `{"Cpu":"16 vCPU","Disk":"1000 GB","Memory":"128 GB"}`,
	})
}

func TestApplicationAsAsked(t *testing.T) {
	_, template := made(t, func(c core, p *variants.VariantLakeProps) {
		vpc := awsec2.NewVpc(c.stack, jsii.String("VPC"), nil)
		p.Name, p.ReleaseLabel, p.Architecture, p.AutoStopMinutes = jsii.String("genomics"), jsii.String("emr-7.12.0"), jsii.String("X86_64"), jsii.Number(60)
		p.MaximumCapacity = &variants.Capacity{VCPU: 400, MemoryGB: 3000, DiskGB: 20000}
		p.Network = &variants.Network{VPC: vpc, SecurityGroups: []awsec2.ISecurityGroup{awsec2.NewSecurityGroup(c.stack, jsii.String("Workers"), &awsec2.SecurityGroupProps{Vpc: vpc})}}
		p.Assembly, p.MaxMalformed, p.Timeout = jsii.String("GRCh38"), jsii.Number(0), awscdk.Duration_Hours(jsii.Number(2))
		p.Reference = &variants.Reference{Bucket: c.lake.Raw(), Key: jsii.String("reference/GRCh38.fa")}
		p.JobRoleName, p.WorkflowRoleName = jsii.String("genomics-load"), jsii.String("genomics-run")
	})
	application := template.One(t, "AWS::EMRServerless::Application", "Variants")
	application.Want(t, map[string]string{
		"Name": `"genomics"`, "ReleaseLabel": `"emr-7.12.0"`, "Architecture": `"X86_64"`, "AutoStopConfiguration.IdleTimeoutMinutes": `60`,
		"MaximumCapacity": `{"Cpu":"400 vCPU","Disk":"20000 GB","Memory":"3000 GB"}`,
	})
	if subnets, _ := application.Get("NetworkConfiguration.SubnetIds").([]any); len(subnets) == 0 || application.Get("NetworkConfiguration.SecurityGroupIds.0") == nil {
		t.Error(application.JSON("NetworkConfiguration"))
	}
	contains(t, template.One(t, machineType, "Variants").JSON("DefinitionString"), `'--max-malformed', '0', '--assembly', 'GRCh38', '--reference', 's3://`, `ExecutionTimeoutMinutes\":120`)
	template.One(t, "AWS::IAM::Role", "VariantsJobRole").Want(t, map[string]string{"RoleName": `"genomics-load"`})
	template.One(t, "AWS::IAM::Role", "VariantsLoadRole").Want(t, map[string]string{"RoleName": `"genomics-run"`})
	contains(t, template.One(t, "AWS::IAM::ManagedPolicy", "VariantsJobPolicy").JSON("PolicyDocument"), `"/reference/GRCh38.fa.fai"`)
}

// The session asks Lake Formation for credentials; disks and logs are encrypted with the
// lake's key, and no log goes elsewhere.
func TestRunIsGovernedAndEncrypted(t *testing.T) {
	_, template := lakeWith(t, "emr-serverless")
	key := `{"Fn::GetAtt":["` + template.One(t, "AWS::KMS::Key", "Lake").ID + `","Arn"]}`
	definition := template.One(t, machineType, "Variants").JSON("DefinitionString")
	contains(t, definition, `spark.sql.catalog.glue_catalog.glue.lakeformation-enabled=true`, `spark.sql.catalog.glue_catalog.glue.account-id=111111111111`,
		`\"DiskEncryptionConfiguration\":{\"EncryptionKeyArn\":\"",`+key, `\"ManagedPersistenceMonitoringConfiguration\":{\"Enabled\":false}`,
		`spark.jars=/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar,s3://`)
	logs := template.One(t, "AWS::Logs::LogGroup", "VariantsLogs")
	logs.Want(t, map[string]string{"KmsKeyId": key, "RetentionInDays": `365`})
	for _, queue := range template.Type("AWS::SQS::Queue") {
		queue.Want(t, map[string]string{"KmsMasterKeyId": key})
	}
	contains(t, template.One(t, "AWS::KMS::Key", "Lake").JSON("KeyPolicy"), `{"Service":"emr-serverless.amazonaws.com"}`,
		`{"ArnLike":{"aws:SourceArn":"arn:aws:emr-serverless:us-east-1:111111111111:/applications/*"},"StringEquals":{"aws:SourceAccount":"111111111111"}}`)
	template.One(t, "AWS::LakeFormation::DataLakeSettings", "").Want(t, map[string]string{"AllowFullTableExternalDataAccess": `true`})
}

// The job reads what landed, and the tables through Lake Formation alone: it has no right
// to their files, and may neither make nor delete a table.
func TestJobReachesItsTablesOnly(t *testing.T) {
	for name := range lakes {
		_, template := lakeWith(t, name)
		policy := template.One(t, "AWS::IAM::ManagedPolicy", "VariantsJobPolicy").JSON("PolicyDocument.Statement")
		var actions []string
		for _, m := range regexp.MustCompile(`"((?:s3|glue|lakeformation):[A-Z][A-Za-z*]+)"`).FindAllStringSubmatch(policy, -1) {
			actions = append(actions, m[1])
		}
		slices.Sort(actions)
		want := "glue:GetDatabase glue:GetTable glue:GetTables glue:UpdateTable lakeformation:GetDataAccess s3:GetObject s3:ListBucket"
		if name == "glue" {
			want = strings.Replace(want, "glue:GetTable ", "glue:GetSecurityConfiguration glue:GetTable ", 1)
		}
		if got := strings.Join(slices.Compact(actions), " "); got != want {
			t.Errorf("%s: the job may %s", name, got)
		}
		if curated := template.One(t, "AWS::S3::Bucket", "LakeCurated").ID; strings.Contains(policy, curated) {
			t.Errorf("%s: files of tables are reached without Lake Formation: %s", name, policy)
		}
		all, machine := 0, template.One(t, machineType, "Variants")
		for _, grant := range template.Type("AWS::LakeFormation::PrincipalPermissions") {
			if grant.JSON("Permissions") == `["ALL"]` {
				all++
				contains(t, cdktest.Compact(grant.Metadata), "LakeMesh.LF14")
			}
			if !slices.Contains(machine.DependsOn, grant.ID) {
				t.Errorf("%s: the machine does not wait for %s", name, grant.ID)
			}
		}
		if all != 7 {
			t.Errorf("%s: ALL is granted on %d tables", name, all)
		}
	}
}

// Events go to a queue, which is looked at by schedule: a thousand files are one run.
func TestArrivalsAreCollected(t *testing.T) {
	_, template := lakeWith(t, "emr-serverless")
	queue, dead := template.One(t, "AWS::SQS::Queue", "VariantsQueue"), template.One(t, "AWS::SQS::Queue", "VariantsDeadLetters")
	rule := template.One(t, "AWS::Events::Rule", "VariantsArrived")
	contains(t, rule.JSON("EventPattern"), `{"wildcard":"vcf/*.vcf"},{"wildcard":"vcf/*.vcf.gz"}`)
	rule.Want(t, map[string]string{"Targets": `[{"Arn":{"Fn::GetAtt":["` + queue.ID + `","Arn"]},"DeadLetterConfig":{"Arn":{"Fn::GetAtt":["` + dead.ID + `","Arn"]}},"Id":"Queue"}]`})
	queue.Want(t, map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":{"Fn::GetAtt":["` + dead.ID + `","Arn"]},"maxReceiveCount":5}`})
	template.One(t, "AWS::S3::Bucket", "LakeRaw").Want(t, map[string]string{"NotificationConfiguration.EventBridgeConfiguration": `{"EventBridgeEnabled":true}`})
	template.One(t, "AWS::Events::Rule", "VariantsLoadSchedule").Want(t, map[string]string{"ScheduleExpression": `"rate(15 minutes)"`})
	for _, alarm := range []string{"VariantsUnloaded", "VariantsRefused", "VariantsLoadFailed", "VariantsLoadTimedOut", "VariantsLoadUndelivered"} {
		template.One(t, "AWS::CloudWatch::Alarm", alarm)
	}
	template.One(t, "AWS::CloudWatch::Alarm", "VariantsRefused").Want(t, map[string]string{"Dimensions": `[{"Name":"Database","Value":"glue_catalog.genomics"}]`})
}

func TestGlueRunsTheSameJob(t *testing.T) {
	lake, template := lakeWith(t, "glue")
	if lake.Application() != nil || lake.Job() == nil {
		t.Error("the accessors do not give what was made")
	}
	job := template.One(t, "AWS::Glue::Job", "Variants")
	job.Want(t, map[string]string{
		"GlueVersion": `"5.1"`, "WorkerType": `"G.2X"`, "NumberOfWorkers": `2`, "Timeout": `720`, "MaxRetries": `0`, "ExecutionProperty": `{"MaxConcurrentRuns":1}`,
		"DefaultArguments.--datalake-formats": `"iceberg"`,
	})
	contains(t, job.JSON("DefaultArguments"), `"--extra-jars":"s3://`, `glue.lakeformation-enabled=true`)
	template.One(t, "AWS::Glue::SecurityConfiguration", "Variants")
	contains(t, template.One(t, machineType, "Variants").JSON("DefinitionString"), `aws-sdk:glue:startJobRun`, `\"--manifest.$\":\"$.manifest\"`, `\"StringEquals\":\"TIMEOUT\"`)
}

// A database of another stack has the tables already.
func TestTablesOfAnotherStack(t *testing.T) {
	lake, template := made(t, func(_ core, p *variants.VariantLakeProps) {
		p.Database, p.DatabaseName = nil, jsii.String("riverside_genomics_curated")
		p.Locations, p.LocationARNs = nil, []string{"arn:aws:s3:::riverside-curated"}
	})
	if tables := template.Type("AWS::Glue::Table"); len(tables) != 1 || len(lake.Tables()) != 1 || *lake.Tables()[0].TableName() != "erased" {
		t.Errorf("%d tables", len(tables))
	}
	contains(t, template.One(t, "AWS::IAM::ManagedPolicy", "VariantsJobPolicy").JSON("PolicyDocument"), `:table/riverside_genomics_curated/genotypes"`)
}

func TestGrantLoad(t *testing.T) {
	_, template := made(t, func(c core, _ *variants.VariantLakeProps) {
		lake := variants.NewVariantLake(c.stack, jsii.String("Other"), func() *variants.VariantLakeProps {
			p := c.props()
			p.Landing.Prefix, p.Files.Prefix, p.Database, p.DatabaseName = jsii.String("other/"), jsii.String("other/"), nil, jsii.String("other")
			return p
		}())
		lake.GrantLoad(awsiam.NewRole(c.stack, jsii.String("Operator"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
		if lake.StateMachineArn() == nil {
			t.Error("no ARN")
		}
	})
	contains(t, template.One(t, "AWS::IAM::Policy", "Operator").JSON("PolicyDocument"), "states:StartExecution")
}

func TestEveryProblemOfALake(t *testing.T) {
	c := newCore(cdktest.Stack())
	wrong := c.props()
	wrong.Files.Prefix, wrong.Landing.Prefix = jsii.String("variants"), jsii.String("vcf")
	wrong.Engine, wrong.ReleaseLabel, wrong.Architecture, wrong.AutoStopMinutes = "spark", jsii.String("emr-6.15.0"), jsii.String("arm"), jsii.Number(0)
	wrong.MaximumCapacity, wrong.Name = &variants.Capacity{VCPU: 4, MemoryGB: 16, DiskGB: 100}, jsii.String("a b")
	wrong.Assembly, wrong.MaxMalformed, wrong.Schedule, wrong.Timeout = jsii.String("hg19"), jsii.Number(2), jsii.String("hourly"), awscdk.Duration_Minutes(jsii.Number(1))
	wrong.Locations = []governance.ILocation{nil}
	glue := c.props()
	glue.Engine, glue.Network, glue.Reference = variants.Glue, &variants.Network{}, &variants.Reference{Key: jsii.String("GRCh38.fa.gz")}
	overlapping := c.props()
	overlapping.Files = storage.S3Location{Bucket: c.lake.Raw(), Prefix: jsii.String("vcf/tables/")}
	overlapping.Runs = &storage.S3Location{Bucket: awss3.NewBucket(c.stack, jsii.String("Plain"), nil), Prefix: jsii.String("runs/")}
	for name, test := range map[string]struct {
		props *variants.VariantLakeProps
		want  string
	}{
		"nothing": {nil, `Test/Variants: DatabaseName: got nothing; expected 1 to 255 lower case letters, digits and underscores; fix: set DatabaseName
Files.Bucket: got nothing; expected a bucket; fix: set it, for example to a zone of the lake
Files.Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "variants/"
Landing.Bucket: got nothing; expected a bucket; fix: set it, for example to a zone of the lake
Landing.Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "vcf/"
Locations: got none; expected the registered location of Files; fix: set Locations`},
		"wrong": {wrong, `Test/Variants: Architecture: got "arm"; expected ARM64 or X86_64; fix: leave it out
Assembly: got "hg19"; expected GRCh37 or GRCh38; fix: write one of the two, or leave it out
AutoStopMinutes: got 0; expected 1 to 10,080 minutes; fix: leave it out
Engine: got "spark"; expected emr-serverless or glue; fix: use EMRServerless or Glue
Files.Prefix: got "variants"; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "variants/"
Landing.Prefix: got "vcf"; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "vcf/"
Locations[0]: got nothing; expected a registered location; fix: leave it out
MaxMalformed: got 2; expected a part from 0 to 1; fix: leave it out
MaximumCapacity: got 4 vCPU, 16 GB of memory and 100 GB of disk; expected at least 8 vCPU, with 4 GB of memory and 25 GB of disk for each; fix: raise it: a driver and a worker of four vCPU each have to fit in
Name: got "a b"; expected 1 to 64 letters, digits and any of ._-; fix: correct it
ReleaseLabel: got "emr-6.15.0"; expected emr-7.8.0 or a newer release of the line 7; fix: leave it out
Schedule: got "hourly": a schedule is written as "cron(minutes hours day-of-month month day-of-week year)"; expected a rate or a cron of EventBridge; fix: write it like "rate(15 minutes)"
Timeout: got 1 minutes; expected 10 minutes to a day; fix: leave it out`},
		"glue": {glue, `Test/Variants: Network: got one with the engine glue; expected none: jobs of Glue reach a VPC by connections only; fix: leave it out, or use EMRServerless
Network.SecurityGroups: got none; expected at least one security group; fix: name one
Network.VPC: got nothing; expected a VPC; fix: set it, or leave Network out
Reference: got one without Assembly; expected the assembly that it is the sequence of; fix: set Assembly
Reference.Bucket: got nothing; expected the bucket of a FASTA file; fix: set it, or leave Reference out
Reference.Key: got "GRCh38.fa.gz"; expected the key of a FASTA file that is not compressed, such as reference/GRCh38.fa; fix: correct it`},
		"overlapping": {overlapping, `Test/Variants: Files.Prefix: got "vcf/tables/" beside the landing prefix "vcf/"; expected prefixes apart from each other; fix: choose another prefix
Runs.Bucket: got Test/Plain without a key; expected a bucket with a customer managed key, which the service requires for what it writes; fix: encrypt the bucket with a key, or import it with its EncryptionKey`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := cdktest.Panic(t, func() { variants.NewVariantLake(c.stack, jsii.String("Variants"), test.props) }); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
