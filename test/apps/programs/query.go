package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// queryPrograms crawl and query with crawlers, workgroups and jobs.
func queryPrograms() []program {
	return []program{
		{Name: "crawler-on-events-of-the-default-lake", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			location := governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: lake.Raw().BucketArn(), Key: lake.Key()})
			db := database(stack, "Db", "crawled_events")
			crawler.NewCrawler(stack, jsii.String("Claims"), &crawler.CrawlerProps{
				Database: db, S3: []crawler.S3Target{{Bucket: lake.Raw(), Prefix: jsii.String("claims/")}}, Events: &crawler.Events{},
				Permissions: governance.PermissionsOf(stack), Locations: []governance.ILocation{location},
			})
		}},
		{Name: "crawler-on-a-schedule-and-a-plain-bucket", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			bucket := awss3.NewBucket(stack, jsii.String("Inbox"), nil)
			topic := awssns.NewTopic(stack, jsii.String("Alarms"), nil)
			db := database(stack, "Db", "crawled_daily")
			c := crawler.NewCrawler(stack, jsii.String("Daily"), &crawler.CrawlerProps{
				Database: db, S3: []crawler.S3Target{{Bucket: bucket, Prefix: jsii.String("in/")}}, Schedule: jsii.String("cron(15 2 * * ? *)"),
				DisableLakeFormationCredentials: jsii.Bool(true), AlarmTopic: topic,
			})
			c.GrantStart(role(stack, "Operator"))
			awsglue.NewCfnTrigger(stack, jsii.String("Manual"), &awsglue.CfnTriggerProps{
				Type: jsii.String("ON_DEMAND"), Actions: &[]any{&awsglue.CfnTrigger_ActionProperty{CrawlerName: c.CrawlerName()}},
			})
		}, Undeployed: "the local AWS has no Glue triggers"},
		{Name: "workgroup-and-job-and-rule", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			group := query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{Name: jsii.String("rule-lab"), Key: lake.Key(), AccessLogs: lake.Logs()})
			group.AddNamedQuery(jsii.String("One"), query.NamedQuery{Name: jsii.String("one"), Description: jsii.String("says one"), Database: jsii.String("default"), SQL: jsii.String("SELECT 1")})
			job := query.NewJob(stack, jsii.String("Job"), &query.JobProps{WorkGroup: group, Description: jsii.String("Says one"), Statements: []string{"SELECT 1"}})
			starter := awsiam.NewRole(stack, jsii.String("Starter"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)})
			job.GrantStart(starter)
			awsevents.NewCfnRule(stack, jsii.String("Rule"), &awsevents.CfnRuleProps{
				EventPattern: map[string]any{"source": []string{"lab.deliveries"}},
				Targets:      &[]any{&awsevents.CfnRule_TargetProperty{Id: jsii.String("Job"), Arn: job.Cfn().Ref(), RoleArn: starter.RoleArn()}},
			})
		}},
		{Name: "queries-in-a-workgroup-that-exists", build: func(app awscdk.App) {
			stack := agnostic(app, "Reports")
			group := query.WorkGroupFromName(stack, jsii.String("Group"), jsii.String("clinical"))
			group.GrantQuery(role(stack, "Reader"))
			key := awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"))
			query.NewJob(stack, jsii.String("Job"), &query.JobProps{
				WorkGroup:   query.WorkGroupFromAttributes(stack, jsii.String("Jobs"), &query.WorkGroupAttributes{WorkGroupName: jsii.String("clinical-jobs"), Key: key}),
				Description: jsii.String("Says one"), Statements: []string{"SELECT 1"},
			})
		}},
	}
}
