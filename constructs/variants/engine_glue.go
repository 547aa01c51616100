package variants

import (
	"math"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// glueService is the service that runs Glue jobs.
const glueService = "glue.amazonaws.com"

// Workers of Glue of the type G.2X have eight vCPU. Source: "Defining job properties for
// Spark jobs".
const (
	workerType = "G.2X"
	workerVCPU = 8
)

// newGlueJob makes the job of Glue 5.1. A security configuration encrypts its logs and
// what it writes down; its name cannot change.
func (l *VariantLake) newGlueJob(p *lakePlan, files assets) engine {
	key := cdkx.KeyARN(p.Key)
	security := awsglue.NewCfnSecurityConfiguration(l, jsii.String("Security"), &awsglue.CfnSecurityConfigurationProps{
		Name: jsii.String(l.name(p) + "-" + (*cdkx.Once(p.Key, "addr", cdkx.NodeOf(p.Key).Addr))[:8]),
		EncryptionConfiguration: &awsglue.CfnSecurityConfiguration_EncryptionConfigurationProperty{
			CloudWatchEncryption: &awsglue.CfnSecurityConfiguration_CloudWatchEncryptionProperty{
				CloudWatchEncryptionMode: jsii.String("SSE-KMS"), KmsKeyArn: key,
			},
			JobBookmarksEncryption: &awsglue.CfnSecurityConfiguration_JobBookmarksEncryptionProperty{
				JobBookmarksEncryptionMode: jsii.String("CSE-KMS"), KmsKeyArn: key,
			},
			S3Encryptions: &[]any{&awsglue.CfnSecurityConfiguration_S3EncryptionProperty{
				S3EncryptionMode: jsii.String("SSE-KMS"), KmsKeyArn: key,
			}},
		},
	})
	l.job = awsglue.NewCfnJob(l, jsii.String("Job"), &awsglue.CfnJobProps{
		Name:        jsii.String(l.name(p)),
		Description: jsii.String("Loads VCF files into the tables of a variant lake"),
		Role:        cdkx.RoleARN(l.role),
		GlueVersion: jsii.String("5.1"),
		Command: &awsglue.CfnJob_JobCommandProperty{
			Name: jsii.String("glueetl"), PythonVersion: jsii.String("3"), ScriptLocation: files.load.S3ObjectUrl(),
		},
		WorkerType:            jsii.String(workerType),
		NumberOfWorkers:       jsii.Number(math.Max(2, math.Floor(p.MaximumCapacity.VCPU/workerVCPU))),
		Timeout:               jsii.Number(float64(p.timeout())),
		MaxRetries:            jsii.Number(0), // the workflow tries again
		ExecutionProperty:     &awsglue.CfnJob_ExecutionPropertyProperty{MaxConcurrentRuns: jsii.Number(1)},
		SecurityConfiguration: security.Ref(),
		DefaultArguments: map[string]any{
			"--job-language": "python", "--datalake-formats": "iceberg", "--extra-jars": files.jar.S3ObjectUrl(),
			"--conf": conf(l.spark(p)), "--enable-metrics": "true", "--enable-continuous-cloudwatch-log": "true",
		},
	})
	name := l.name(p)
	run := map[string]any{"JobName": name, "Arguments.$": "$.job.arguments"}
	return engine{
		start: workflow.Call("glue", "startJobRun", run).Retry(workflow.Retrier{
			Errors: []string{"Glue.ConcurrentRunsExceededException"}, Seconds: 30, Rate: 1, Attempts: 20, // a run that has just ended
		}),
		describe: workflow.Call("glue", "getJobRun", map[string]any{"JobName": name, "RunId.$": "$.run.JobRunId"}).
			Select(map[string]any{"status.$": "$.JobRun.JobRunState"}),
		status: "$.state.status", success: "SUCCEEDED", failures: []string{"ERROR", "EXPIRED", "FAILED", "STOPPED", "TIMEOUT"},
		arguments: asMap,
		statements: []awsiam.PolicyStatement{
			workflow.Allow([]string{cdkx.ARN(l, "glue", "job/"+name)}, "glue:GetJobRun", "glue:StartJobRun"),
		},
	}
}
