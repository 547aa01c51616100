package variants

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsemrserverless"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// emrService is the service that runs jobs of EMR Serverless.
const emrService = "emr-serverless.amazonaws.com"

// icebergJar is where EMR keeps Iceberg. Source: "Using Apache Iceberg with EMR Serverless".
const icebergJar = "/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar"

// newApplication makes the application of EMR Serverless. Its name and type are
// create-only; the rest changes while it is stopped, which it is between runs.
func (l *VariantLake) newApplication(p *lakePlan, files assets, logs awslogs.LogGroup) engine {
	capacity := *p.MaximumCapacity
	l.application = awsemrserverless.NewCfnApplication(l, jsii.String("Application"), &awsemrserverless.CfnApplicationProps{
		Name:         jsii.String(l.name(p)),
		Type:         jsii.String("SPARK"),
		ReleaseLabel: p.ReleaseLabel,
		Architecture: p.Architecture,
		MaximumCapacity: &awsemrserverless.CfnApplication_MaximumAllowedResourcesProperty{
			Cpu: jsii.String(fmt.Sprintf("%g vCPU", capacity.VCPU)), Memory: jsii.String(fmt.Sprintf("%g GB", capacity.MemoryGB)),
			Disk: jsii.String(fmt.Sprintf("%g GB", capacity.DiskGB)),
		},
		AutoStartConfiguration: &awsemrserverless.CfnApplication_AutoStartConfigurationProperty{Enabled: jsii.Bool(true)},
		AutoStopConfiguration: &awsemrserverless.CfnApplication_AutoStopConfigurationProperty{
			Enabled: jsii.Bool(true), IdleTimeoutMinutes: p.AutoStopMinutes,
		},
		NetworkConfiguration: p.Network.configuration(),
	})
	id, arn := *l.application.AttrApplicationId(), *l.application.AttrArn()
	submit := fmt.Sprintf("--conf spark.jars=%s,%s --conf %s", icebergJar, *files.jar.S3ObjectUrl(), conf(append([]string{
		"spark.driver.cores=4", "spark.driver.memory=14g", "spark.emr-serverless.driver.disk=100g",
		"spark.executor.cores=4", "spark.executor.memory=14g", "spark.emr-serverless.executor.disk=100g",
	}, l.spark(p)...)))
	return engine{
		start: workflow.Call("emrserverless", "startJobRun", map[string]any{
			"ApplicationId":           id,
			"ExecutionRoleArn":        *cdkx.RoleARN(l.role),
			"ClientToken.$":           "States.Hash(States.Format('{} {}', $$.Execution.Id, $.attempt), 'SHA-256')",
			"Name.$":                  "$$.Execution.Name",
			"ExecutionTimeoutMinutes": p.timeout(),
			"JobDriver": map[string]any{"SparkSubmit": map[string]any{
				"EntryPoint.$": "$.job.script", "EntryPointArguments.$": "$.job.arguments", "SparkSubmitParameters": submit,
			}},
			"ConfigurationOverrides": map[string]any{
				"DiskEncryptionConfiguration": map[string]any{"EncryptionKeyArn": *cdkx.KeyARN(p.Key)},
				"MonitoringConfiguration": map[string]any{
					"CloudWatchLoggingConfiguration": map[string]any{
						"Enabled": true, "LogGroupName": *logs.LogGroupName(), "LogStreamNamePrefix.$": "$$.Execution.Name",
					},
					"ManagedPersistenceMonitoringConfiguration": map[string]any{"Enabled": false}, // logs stay in one place, under one key
				},
			},
		}),
		describe: workflow.Call("emrserverless", "getJobRun", map[string]any{"ApplicationId": id, "JobRunId.$": "$.run.JobRunId"}).
			Select(map[string]any{"status.$": "$.JobRun.State"}),
		status: "$.state.status", success: "SUCCESS", failures: []string{"FAILED", "CANCELLED"},
		arguments: asList,
		statements: []awsiam.PolicyStatement{
			workflow.Allow([]string{arn}, "emr-serverless:StartJobRun"),
			workflow.Allow([]string{arn + "/jobruns/*"}, "emr-serverless:GetJobRun"),
			// Whoever starts a run with a key has to be allowed to use it.
			workflow.Allow([]string{*cdkx.KeyARN(p.Key)}, "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
			workflow.PassRole(l.role, emrService),
		},
	}
}

func (n *Network) configuration() any {
	if n == nil {
		return nil
	}
	var groups []*string
	for _, group := range n.SecurityGroups {
		groups = append(groups, group.SecurityGroupId())
	}
	return &awsemrserverless.CfnApplication_NetworkConfigurationProperty{
		SubnetIds: n.VPC.SelectSubnets(n.Subnets).SubnetIds, SecurityGroupIds: &groups,
	}
}
