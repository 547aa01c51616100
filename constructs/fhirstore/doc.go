// Package fhirstore makes HealthLake data stores for FHIR R4 and the workflows
// around them: queries, imports and exports.
//
//	store := fhirstore.NewFhirStore(stack, jsii.String("Records"), &fhirstore.FhirStoreProps{
//		DatastoreName: jsii.String("riverside-records"), Key: lake.Key(),
//	})
//	fhirstore.NewQueryAccess(stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{Store: store, Principals: analysts})
//	fhirstore.NewImport(stack, jsii.String("Import"), &fhirstore.ImportProps{
//		Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("fhir/")},
//	})
//
// What CloudFormation cannot do is done by Step Functions workflows that call
// AWS directly, without Lambda functions: imports and exports are jobs, and the
// tables of a store exist only after it was created.
//
// # How imports stay in order
//
// HealthLake itself runs one import per store and queues 25. So every import
// gets an execution of its own that starts its job at once and waits; what does
// not fit into HealthLake's queue is throttled and retried with growing pauses.
// A queue in SQS or a lock in DynamoDB would be a second truth about what runs,
// to be mended by hand after a crash, and would gain nothing.
//
// Events arrive at least once. A small machine takes them and starts the import
// under a name derived from the object and the write; Step Functions refuses a
// name twice. Files arrive one by one, so an import prefix is complete when a
// completion marker object says so that is written last, outside the prefix:
// below it, HealthLake would read the marker as a file of resources.
//
// # Keys and stacks
//
// A store is best given a stack of its own with a key of that stack, and refers to
// its lake by storage.LakeStorageFromAttributes: nothing is exported between stacks
// then. Switch on EnableEventBridge of the lake's raw zone for imports, and where
// the lake has OnlyVPCEndpoints, except the roles of the workflows and jobs.
//
// A key that this app makes gets statements in its policy for CloudWatch Logs
// (the log groups of state machines), EventBridge and CloudWatch. To the policy
// of an imported key of the store, add kms:Decrypt, kms:DescribeKey, kms:Encrypt,
// kms:GenerateDataKey* and kms:ReEncrypt* for logs.<region>.amazonaws.com, and
// kms:Decrypt and kms:GenerateDataKey* for events.amazonaws.com and
// cloudwatch.amazonaws.com; without, the log groups cannot be created.
//
// Nothing of this package was deployed to an account by this project; the
// workflows were run against a local imitation of the services.
package fhirstore
