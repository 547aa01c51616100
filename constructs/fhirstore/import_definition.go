package fhirstore

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// ValidationLevel is how closely HealthLake looks at resources that it imports.
type ValidationLevel string

// Validation levels.
const (
	Strict        ValidationLevel = "strict"
	StructureOnly ValidationLevel = "structure-only"
	Minimal       ValidationLevel = "minimal"
)

// ImportProps configures an Import.
type ImportProps struct {
	// Store that is filled. Required.
	Store IFhirStore

	// Landing is where files arrive. Required. A bucket of this app gets its events
	// switched on; for an imported one, see that it sends events to EventBridge. See
	// NewImport for how to deliver.
	Landing storage.S3Location

	// Results is where HealthLake writes what became of each resource.
	// Default: fhir-import-results/ in the landing bucket.
	Results *storage.S3Location

	// Quarantine is where reports and files of failed imports are copied to.
	// Default: quarantine/fhir/ in the landing bucket.
	Quarantine *storage.S3Location

	// Profile makes FHIR resources of what is delivered: an import prefix then holds C-CDA
	// documents or CSV files instead of NDJSON, and HealthLake converts them before it
	// imports. It reports what the profile does not know in the documents (drift detection)
	// below Results, and adds a Provenance resource to what it made, which is its default.
	//
	// HealthLake converts at most 1 GB a job, of CSV at most 20 files of 50 MB and 100
	// columns each, and one job at a time in an account; a delivery beyond that fails
	// there and ends in the quarantine. A second Import of the same store, with a landing
	// prefix of its own, takes another format.
	// Default: none, NDJSON is imported.
	// Sources: "StartFHIRImportJob"; "AWS HealthLake endpoints and quotas".
	Profile ITransformationProfile

	// ValidationLevel of the imports.
	// Default: Strict.
	ValidationLevel ValidationLevel

	// PollInterval is how often the workflow asks how the job goes, 1 to 60 minutes.
	// It gives up after 1,500 times: five days at the default.
	// Default: 5 minutes.
	PollInterval awscdk.Duration

	// AlarmTopic hears of failures and quarantined imports. A topic of your own
	// that is encrypted lets the workflow's role use its key.
	// Default: a new topic, encrypted with the store's key.
	AlarmTopic awssns.ITopic
}

// importPlan is ImportProps with its defaults.
type importPlan struct {
	ImportProps
	at delivery.Locations
}

func (p *ImportProps) withDefaults() importPlan {
	out := importPlan{}
	if p != nil {
		out.ImportProps = *p
	}
	out.at = delivery.LocationsOf(out.Landing, out.Results, out.Quarantine, "fhir-import-results/", "quarantine/fhir/")
	if out.ValidationLevel == "" {
		out.ValidationLevel = Strict
	}
	if out.PollInterval == nil {
		out.PollInterval = awscdk.Duration_Minutes(jsii.Number(5))
	}
	return out
}

func (p *importPlan) problems(scope constructs.Construct) problem.List {
	var list problem.List
	datastore.HealthLake().CheckStore(&list, scope, p.Store)
	p.at.Check(&list, examplePrefix)
	if p.ValidationLevel != Strict && p.ValidationLevel != StructureOnly && p.ValidationLevel != Minimal {
		list.Addf("ValidationLevel", fmt.Sprintf("%q", p.ValidationLevel), fmt.Sprintf("%s, %s or %s", Strict, StructureOnly, Minimal), "leave it out")
	}
	delivery.CheckPollInterval(&list, p.PollInterval, 60)
	return list
}

const (
	metricNamespace = "LakeMesh/FhirStore"

	// Limits of an import prefix; together they keep a job below 5 TB.
	maxFiles      = workflow.MaxList
	maxLargeFiles = 100
	largeFile     = 5_000_000_000  // bytes; larger ones are not copied either
	hugeFile      = 50_000_000_000 // bytes, HealthLake's limit
)

// dispatch takes the event of an object in _complete/ and starts the import of
// its import prefix, once.
func (p *importPlan) dispatch(machine string) workflow.Definition {
	depth := p.at.Landing.Depth() + 1 // of the object's name
	return workflow.Definition{
		Comment: "Starts one import per delivery", StartAt: "SplitKey",
		States: workflow.States{
			"SplitKey": workflow.Pass(map[string]any{
				"key.$": "$.detail.object.key", "sequencer.$": "$.detail.object.sequencer",
				"parts.$": "States.StringSplit($.detail.object.key, '/')",
			}).Next("CountFolders"),
			"CountFolders": workflow.Pass(map[string]any{"count.$": "States.ArrayLength($.parts)"}).Result("$.folders").Next("IsDelivery"),
			"IsDelivery": workflow.Choice("NotADelivery",
				workflow.When("$.folders.count", "NumericLessThanEquals", depth).Then("FolderItself"),
				workflow.When("$.folders.count", "NumericEquals", depth+1).Then("NameImport")),
			"FolderItself": workflow.Succeed(),
			"NotADelivery": workflow.Fail("NotADelivery", "An object in "+p.at.MarkerPrefix()+" must have the name of a delivery, without further folders"),
			"NameImport": workflow.Pass(map[string]any{
				"delivery.$": fmt.Sprintf("States.ArrayGetItem($.parts, %d)", depth),
				"token.$":    delivery.Token("$.key", "$.sequencer"),
			}).Next("StartImport"),
			"StartImport": workflow.StartExecution(machine, "$.token", map[string]any{"delivery.$": "$.delivery", "token.$": "$.token"}).
				Catch("Duplicate", workflow.ExecutionExists).End(),
			"Duplicate": workflow.Succeed(),
		},
	}
}

// definition imports what is below one import prefix, by {"delivery": name, "token": its hash}.
func (p *importPlan) definition(role, topic string) workflow.Definition {
	poll := delivery.Seconds(p.PollInterval)
	return workflow.Definition{
		Comment: "Imports a delivery of FHIR resources", StartAt: "NameFolders", TimeoutSeconds: workflow.MaxPolls * poll,
		States: workflow.States{
			"NameFolders": workflow.Pass(map[string]any{
				"delivery.$": "$.delivery", "token.$": "$.token",
				"folder.$":     "States.Format('" + p.at.Landing.Prefix + "{}/', $.delivery)",
				"quarantine.$": "States.Format('" + p.at.Quarantine.Prefix + "{}/{}', $.delivery, $.token)",
				"size":         map[string]any{"count": 0, "large": 0, "huge": 0},
				"copies":       workflow.NoCopies(),
			}).Next("BeginFiles"),
		}.Add(p.checkStates(), p.jobStates(role, poll), p.countStates(), p.quarantineStates(topic)),
	}
}

// checkStates refuse an import that HealthLake would not take, at $.reason.
func (p *importPlan) checkStates() workflow.States {
	add := func(to, expression string) string {
		return "States.MathAdd($.size." + to + ", States.ArrayLength(" + expression + "))"
	}
	return workflow.Pages("Files", *cdkx.BucketName(p.at.Landing.Bucket), "$.folder", "HasFiles", "TooMany", "FitsJob", nil).Add(workflow.States{
		"HasFiles": workflow.Choice("Empty", workflow.When("$.list.Contents[0]", "IsPresent", true).Then("MeasureFiles")),
		"MeasureFiles": workflow.Pass(map[string]any{
			"count.$": add("count", "$.list.Contents"),
			"large.$": add("large", fmt.Sprintf("$.list.Contents[?(@.Size > %d)]", largeFile)),
			"huge.$":  add("huge", fmt.Sprintf("$.list.Contents[?(@.Size > %d)]", hugeFile)),
		}).Result("$.size").Next("MoreFiles"),
		"FitsJob": workflow.Choice("ForgetFiles",
			workflow.When("$.size.huge", "NumericGreaterThan", 0).Then("TooLarge"),
			workflow.All(
				workflow.When("$.size.large", "NumericGreaterThan", 0),
				workflow.When("$.size.count", "NumericGreaterThan", maxLargeFiles)).Then("TooMany")),
		"ForgetFiles": workflow.Pass(known()).Next("StartImport"),
		"Empty":       refuse("The delivery has no files"),
		"TooLarge":    refuse("A file of the delivery is larger than 50 GB"),
		"TooMany":     refuse(fmt.Sprintf("The delivery has more than %d files, or more than %d and one of them larger than 5 GB", maxFiles, maxLargeFiles)),
	})
}

func refuse(reason string) workflow.State {
	out := known()
	out["reason"] = map[string]any{"text": reason}
	return workflow.Pass(out).Next("RecordRefusal")
}

// known is what an import keeps when it forgets the list of files, which would
// fill the space that Step Functions has for its data.
func known() map[string]any {
	return map[string]any{
		"delivery.$": "$.delivery", "token.$": "$.token", "folder.$": "$.folder", "quarantine.$": "$.quarantine", "copies.$": "$.copies",
	}
}

// jobStates start the job and wait for it. HealthLake throttles what it can
// neither run nor queue.
func (p *importPlan) jobStates(role string, poll int) workflow.States {
	id := *p.Store.DatastoreID()
	parameters := map[string]any{
		"DatastoreId": id, "DataAccessRoleArn": role, "ClientToken.$": "$.token",
		"InputDataConfig": map[string]any{"S3Uri.$": "States.Format('s3://" + *cdkx.BucketName(p.at.Landing.Bucket) + "/{}', $.folder)"},
		"JobOutputDataConfig": map[string]any{"S3Configuration": map[string]any{
			"S3Uri": p.at.Results.URI(), "KmsKeyId": p.at.Results.KeyARN(),
		}},
	}
	if p.ValidationLevel != Strict { // the parameter is young, and Step Functions may not know it everywhere
		parameters["ValidationLevel"] = string(p.ValidationLevel)
	}
	if !cdkx.Missing(p.Profile) { // as young
		parameters["ProfileId"], parameters["InputFormat"] = *p.Profile.ProfileID(), string(p.Profile.SourceFormat())
		parameters["DriftDetectionEnabled"] = true
	}
	start := workflow.Call("healthlake", "startFHIRImportJob", parameters).Retry(retryThrottled())
	return workflow.States{"StartImport": start.Result("$.started").Next("WaitForImport")}.Add(
		workflow.Poll("Import", poll,
			workflow.Call("healthlake", "describeFHIRImportJob", map[string]any{"DatastoreId": id, "JobId.$": "$.started.JobId"}).Result("$.job"),
			"$.job.ImportJobProperties.JobStatus",
			workflow.Outcome{Status: "COMPLETED", Next: "HasReport"},
			workflow.Outcome{Status: "COMPLETED_WITH_ERRORS", Next: "HasReport"},
			workflow.Outcome{Status: "FAILED", Next: "RecordJob"},
			workflow.Outcome{Status: "CANCEL_COMPLETED", Next: "RecordJob"},
			workflow.Outcome{Status: "CANCEL_FAILED", Next: "RecordJob"}))
}

// retryThrottled retries what is throttled, every quarter of an hour at the latest, for
// about a day: jitter halves the time between attempts on average.
func retryThrottled() workflow.Retrier {
	return workflow.Retrier{Errors: []string{"HealthLake.ThrottlingException"}, Seconds: 60, Rate: 2, Most: 900, Attempts: 200}
}

// countStates publish how many resources were imported and rejected. HealthLake
// leaves numbers out that it does not know.
func (p *importPlan) countStates() workflow.States {
	const report = "$.job.ImportJobProperties.JobProgressReport"
	metric := func(name, path string) map[string]any {
		return map[string]any{
			"MetricName": name, "Unit": "Count", "Value.$": path,
			"Dimensions": []any{map[string]any{"Name": "DatastoreName", "Value": *p.Store.DatastoreName()}},
		}
	}
	return workflow.States{
		"HasReport": workflow.Choice("IsComplete", workflow.When(report, "IsPresent", true).Then("BeginCount")),
		"BeginCount": workflow.Pass(map[string]any{
			"TotalNumberOfResourcesImported": 0, "TotalNumberOfResourcesWithCustomerError": 0, "TotalNumberOfFilesReadWithCustomerError": 0,
		}).Result("$.zero").Next("FillReport"),
		"FillReport": workflow.Pass(map[string]any{"numbers.$": "States.JsonMerge($.zero, " + report + ", false)"}).Result("$.report").Next("CountResources"),
		"CountResources": workflow.Call("cloudwatch", "putMetricData", map[string]any{
			"Namespace": metricNamespace,
			"MetricData": []any{
				metric("ResourcesImported", "$.report.numbers.TotalNumberOfResourcesImported"),
				metric("ResourcesRejected", "$.report.numbers.TotalNumberOfResourcesWithCustomerError"),
				metric("FilesUnreadable", "$.report.numbers.TotalNumberOfFilesReadWithCustomerError"),
			},
		}).Discard().Next("IsComplete"),
		"IsComplete": workflow.Choice("RecordJob", workflow.When("$.job.ImportJobProperties.JobStatus", "StringEquals", "COMPLETED").Then("Imported")),
		"Imported":   workflow.Succeed(),
	}
}

// quarantineStates keep what is needed to mend the files, tell the topic, and
// fail.
func (p *importPlan) quarantineStates(topic string) workflow.States {
	landing, results, quarantine := *cdkx.BucketName(p.at.Landing.Bucket), *cdkx.BucketName(p.at.Results.Bucket), *cdkx.BucketName(p.at.Quarantine.Bucket)
	record := func(body map[string]any) workflow.State {
		body["delivery.$"], body["folder.$"] = "$.delivery", "States.Format('s3://"+landing+"/{}', $.folder)"
		return p.at.Record("States.Format('{}/record.json', $.quarantine)", "Body", body)
	}
	return workflow.States{
		"RecordRefusal": record(map[string]any{"reason.$": "$.reason.text"}).Next("BeginDelivery"),
		"RecordJob":     record(map[string]any{"job.$": "$.job.ImportJobProperties"}).Next("NameReports"),
		"NameReports": workflow.Pass(map[string]any{
			"folder.$": "States.Format('" + p.at.Results.Prefix + "{}-FHIR_IMPORT-{}/', $.job.ImportJobProperties.DatastoreId, $.job.ImportJobProperties.JobId)",
			"text.$":   "States.Format('The import job {} ended as {}', $.job.ImportJobProperties.JobId, $.job.ImportJobProperties.JobStatus)",
		}).Result("$.reason").Next("BeginManifest"),
		"NothingImported": workflow.Choice("BeginDelivery",
			workflow.When("$.job.ImportJobProperties.JobStatus", "StringEquals", "COMPLETED_WITH_ERRORS").Then("Notify")),
		"Notify": delivery.Notify(topic, "A delivery of FHIR resources is in quarantine",
			"States.Format('Delivery {} to the FHIR store "+*p.Store.DatastoreName()+": {}. See s3://"+quarantine+
				"/{}/, with copies of {} files; {} files had gone or are larger than 5 GB', $.delivery, $.reason.text, $.quarantine, $.copies.copied, $.copies.left)",
		).Next("Quarantined"),
		"Quarantined": workflow.Fail("Quarantined", "The delivery was not imported, or not all of it: see the quarantine folder, mend the files and complete the delivery again"),
	}.Add(
		// The manifest, whose name HealthLake's pages and users write differently, and
		// whatever else stands beside the folders SUCCESS/ and FAILURE/.
		workflow.CopyFolder(workflow.FolderCopy{Name: "Manifest", Bucket: results, Prefix: "$.reason.folder", Flat: true,
			To: quarantine, Under: "$.quarantine", Next: "BeginFailures"}),
		workflow.CopyFolder(workflow.FolderCopy{Name: "Failures", Bucket: results, Prefix: "States.Format('{}FAILURE/', $.reason.folder)",
			To: quarantine, Under: "$.quarantine", Next: "NothingImported"}),
		workflow.CopyFolder(workflow.FolderCopy{Name: "Delivery", Bucket: landing, Prefix: "$.folder",
			To: quarantine, Under: "$.quarantine", Next: "Notify"}),
	)
}
