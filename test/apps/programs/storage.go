package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// storagePrograms have lakes among buckets, keys and roles of their own.
func storagePrograms() []program {
	return []program{
		{Name: "lake-alone", build: func(app awscdk.App) {
			storage.NewLakeStorage(agnostic(app, "Lab"), jsii.String("Lake"), nil)
		}},
		{
			Name: "lake-with-recommended-flags",
			props: func() *awscdk.AppProps {
				context := flags.Recommended()
				return &awscdk.AppProps{Context: &context, AnalyticsReporting: jsii.Bool(false)}
			},
			build: func(app awscdk.App) {
				storage.NewLakeStorage(agnostic(app, "Lab"), jsii.String("Lake"), &storage.LakeStorageProps{
					Raw: &storage.ZoneProps{EnableEventBridge: jsii.Bool(true)}, KeyAlias: jsii.String("alias/lab"),
				})
			},
		},
		{Name: "two-lakes-in-one-stack", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			clinical := storage.NewLakeStorage(stack, jsii.String("Clinical"), nil)
			storage.NewLakeStorage(stack, jsii.String("Research"), &storage.LakeStorageProps{
				Key: clinical.Key(), BucketNames: &storage.BucketNames{
					Raw:     awscdk.Fn_Join(jsii.String("-"), &[]*string{jsii.String("research-raw"), stack.Account()}),
					Curated: jsii.String("research-curated-two-lakes"), Analytics: jsii.String("research-analytics-two-lakes"), Logs: jsii.String("research-logs-two-lakes"),
				},
			})
		}},
		{Name: "lake-with-the-importers-key-and-role", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{Key: key})
			etl := role(stack, "Etl")
			lake.GrantReadWrite(ontology.Raw, etl)
			lake.GrantRead(ontology.Curated, awsiam.Role_FromRoleArn(stack, jsii.String("Known"), jsii.String(analyst), &awsiam.FromRoleArnOptions{Mutable: jsii.Bool(false)}))
			lake.Analytics().GrantRead(etl, jsii.String("reports/*"))
		}},
		{Name: "plain-bucket-beside-a-lake", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			awss3.NewBucket(stack, jsii.String("Uploads"), &awss3.BucketProps{
				EncryptionKey: lake.Key(), ServerAccessLogsBucket: lake.Logs(), ServerAccessLogsPrefix: jsii.String("uploads/"),
				EnforceSSL: jsii.Bool(true), BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
			})
			awscdk.NewCfnOutput(stack, jsii.String("Raw"), &awscdk.CfnOutputProps{Value: lake.Raw().BucketName(), ExportName: jsii.String("plain-bucket-raw")})
		}},
		{Name: "lake-that-exists-and-a-role", build: func(app awscdk.App) {
			stack := agnostic(app, "Reports")
			lake := storage.LakeStorageFromAttributes(stack, jsii.String("Lake"), &storage.LakeStorageAttributes{
				BucketNames: &storage.BucketNames{Raw: jsii.String("clinical-raw"), Curated: jsii.String("clinical-curated"), Analytics: jsii.String("clinical-analytics"), Logs: jsii.String("clinical-logs")},
				KeyARN:      jsii.String("arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"),
			})
			lake.GrantRead(ontology.Analytics, role(stack, "Reporting"))
		}},
		{Name: "lake-and-its-copy-in-another-region", build: func(app awscdk.App) {
			names := &storage.BucketNames{Raw: jsii.String("copy-raw"), Curated: jsii.String("copy-curated"), Analytics: jsii.String("copy-analytics")}
			copies := fixed(app, "Copies", "210000000010", "us-west-2")
			storage.NewReplicaStorage(copies, jsii.String("Copy"), &storage.ReplicaStorageProps{BucketNames: names, KeyAlias: jsii.String("alias/copy")})
			lab := fixed(app, "Lab", "210000000010", "us-east-1")
			lab.Node().AddDependency(copies)
			storage.NewLakeStorage(lab, jsii.String("Lake"), &storage.LakeStorageProps{
				BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw-10"), Curated: jsii.String("lab-curated-10"), Analytics: jsii.String("lab-analytics-10"), Logs: jsii.String("lab-logs-10")},
				Replication: &storage.Replication{
					Region: jsii.String("us-west-2"), BucketNames: names,
					KeyARN: jsii.String("arn:aws:kms:us-west-2:210000000010:key/11111111-2222-3333-4444-555555555555"),
				},
			})
		}},
		{Name: "tags-and-retention-by-aspects", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
			awssns.NewTopic(stack, jsii.String("News"), nil)
			awscdk.Tags_Of(app).Add(jsii.String("cost-center"), jsii.String("4711"), nil)
			awscdk.Tags_Of(stack).Add(jsii.String("owner"), jsii.String("lab@example.org"), nil)
			awscdk.RemovalPolicies_Of(stack).Retain(nil)
		}},
		{Name: "lake-that-may-be-destroyed", build: func(app awscdk.App) {
			app.Node().SetContext(jsii.String(storage.AllowDestroyContext), true)
			storage.NewLakeStorage(agnostic(app, "Scratch"), jsii.String("Lake"), &storage.LakeStorageProps{AllowDestroy: jsii.Bool(true)})
		}},
	}
}
