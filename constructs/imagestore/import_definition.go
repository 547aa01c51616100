package imagestore

import (
	"fmt"
	"strings"

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

// ImportProps configures an Import.
type ImportProps struct {
	// Store that images are imported into. Required.
	Store IImageStore

	// Landing is where DICOM files arrive. Its bucket has to send events to
	// EventBridge: a bucket that this app makes is told to. Required.
	Landing storage.S3Location

	// Results is where HealthImaging reports what became of each file.
	// Default: beside Landing, "dicom-import-results/" for "dicom/".
	Results *storage.S3Location

	// Quarantine is where a record of each import that failed or refused files is kept.
	// Default: in the bucket of Landing, "quarantine/dicom/" for "dicom/".
	Quarantine *storage.S3Location

	// PollInterval is how often the state of a job is asked for, from 10 seconds to an
	// hour. An import may take 1,500 times as long.
	// Default: a minute, for imports of up to 25 hours.
	PollInterval awscdk.Duration

	// AlarmTopic hears of imports that failed. A topic that is encrypted must let
	// CloudWatch use its key, and the workflow too.
	// Default: a new topic, encrypted with the store's key; nobody is subscribed to it.
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
	prefix := cdkx.Value(out.Landing.Prefix, "")
	out.at = delivery.LocationsOf(out.Landing, out.Results, out.Quarantine, strings.TrimSuffix(prefix, "/")+"-import-results/", "quarantine/"+prefix)
	if out.PollInterval == nil {
		out.PollInterval = awscdk.Duration_Minutes(jsii.Number(1))
	}
	return out
}

func (p *importPlan) problems(scope constructs.Construct) problem.List {
	var list problem.List
	datastore.HealthImaging().CheckStore(&list, scope, p.Store)
	p.at.Check(&list, examplePrefix)
	if p.at.Results.Overlaps(p.at.Quarantine) {
		list.Addf("Quarantine.Prefix", fmt.Sprintf("%q, which overlaps Results", p.at.Quarantine.Prefix), "a prefix of its own", "choose another prefix")
	}
	delivery.CheckPollInterval(&list, p.PollInterval, 10)
	return list
}

const examplePrefix = "dicom/"

// dispatch starts the import of the prefix that a completion marker object names. The
// object that the console makes for the prefix of the markers is no marker; a marker
// with a slash in its name is refused, because it names no import prefix.
func (p *importPlan) dispatch(machine string) workflow.Definition {
	const key = "$.detail.object.key"
	folder := fmt.Sprintf("States.ArrayGetItem(States.StringSplit(%s, '/'), %d)", key, strings.Count(p.at.MarkerPrefix(), "/"))
	return workflow.Definition{
		Comment: "Starts one import for each marker object",
		StartAt: "IsMarker",
		States: workflow.States{
			"IsMarker": workflow.Choice("Start",
				workflow.When(key, "StringEquals", p.at.MarkerPrefix()).Then("Started"),
				workflow.When(key, "StringMatches", p.at.MarkerPrefix()+"*/*").Then("NoFolder")),
			"NoFolder": workflow.Fail("NoFolder", "A marker is named like the folder it stands for, without a slash"),
			"Start": workflow.StartExecution(machine,
				delivery.Token(key, "$.detail.object.sequencer"),
				map[string]any{"folder.$": folder, "marker.$": key},
			).Catch("Started", workflow.ExecutionExists).Discard().Next("Started"),
			"Started": workflow.Succeed(),
		},
	}
}

// retryBusy outlasts a busy service: a job waits its turn for up to ten hours.
func retryBusy() workflow.Retrier {
	return workflow.Retrier{
		Errors: []string{
			"MedicalImaging.ConflictException", "MedicalImaging.InternalServerException",
			"MedicalImaging.ServiceQuotaExceededException", "MedicalImaging.ThrottlingException",
		},
		Seconds: 30, Rate: 2, Most: 600, Attempts: 60,
	}
}

// definition imports what is below one import prefix.
func (p *importPlan) definition(role, topic string) workflow.Definition {
	store, seconds := *p.Store.DatastoreID(), delivery.Seconds(p.PollInterval)
	states := workflow.States{
		"Start": workflow.Call("medicalimaging", "startDICOMImportJob", map[string]any{
			"DatastoreId":       store,
			"DataAccessRoleArn": role,
			"InputS3Uri.$":      "States.Format('" + p.at.Landing.URI() + "{}/', $.folder)",
			"OutputS3Uri":       p.at.Results.URI(),
			"ClientToken.$":     "$$.Execution.Name",
			"JobName.$":         "$$.Execution.Name",
		}).Retry(retryBusy()).Result("$.job").Next("BeginLooking"),
		"Imported": workflow.Succeed(),
	}
	describe := workflow.Call("medicalimaging", "getDICOMImportJob", map[string]any{"DatastoreId": store, "JobId.$": "$.job.JobId"}).
		Retry(retryBusy()).Result("$.state")
	return workflow.Definition{
		Comment: "Imports a folder of DICOM files into HealthImaging",
		StartAt: "Start", TimeoutSeconds: workflow.MaxPolls * seconds,
		States: states.Add(
			workflow.Poll("Import", seconds, describe, "$.state.JobProperties.JobStatus",
				workflow.Outcome{Status: "COMPLETED", Next: "FindReport"}, workflow.Outcome{Status: "FAILED", Next: "Quarantine"}),
			p.findReport(store), p.evaluateReport(store), p.evaluateByPrefix(store), p.refuse(topic)),
	}
}

// What a workflow knows of a report.
const (
	reportName = "job-output-manifest.json"

	// largestReport is the longest report that is read, in bytes: of the 256 KB that an
	// execution's data may have, escaping takes some. It has some 110 bytes for each
	// image set.
	largestReport = 128 * 1024

	// A report is waited for, five minutes at the most.
	reportWaitSeconds = 15
	reportTries       = 20
)

// under is an expression for what stands below the prefix of a job's report.
func (p *importPlan) under(store, suffix string) string {
	return "States.Format('" + p.at.Results.Prefix + store + "-DicomImport-{}/" + suffix + "', $.job.JobId)"
}

// list is a call that lists what stands there; a few objects say enough.
func (p *importPlan) list(store, suffix string) workflow.State {
	return workflow.Call("s3", "listObjectsV2", map[string]any{
		"Bucket": *p.at.Results.Bucket.BucketName(), "Prefix.$": p.under(store, suffix), "MaxKeys": 10,
	})
}

// findReport waits for the report of a job that has ended, whose size says how it
// is evaluated.
func (p *importPlan) findReport(store string) workflow.States {
	const found = "$.found.Contents[0]"
	return workflow.States{
		"BeginLooking": workflow.Pass(map[string]any{"count": 0}).Result("$.looked").Next("WaitForImport"),
		"FindReport":   p.list(store, reportName).Result("$.found").Next("IsReportThere"),
		"IsReportThere": workflow.Choice("CountLook",
			workflow.All(workflow.When(found, "IsPresent", true), workflow.When(found+".Size", "NumericLessThanEquals", largestReport)).Then("Read"),
			workflow.When(found, "IsPresent", true).Then("ListFailures")),
		"CountLook":     workflow.Pass(map[string]any{"count.$": "States.MathAdd($.looked.count, 1)"}).Result("$.looked").Next("MayLookAgain"),
		"MayLookAgain":  workflow.Choice("Quarantine", workflow.When("$.looked.count", "NumericLessThan", reportTries).Then("WaitForReport")),
		"WaitForReport": workflow.Wait(reportWaitSeconds).Next("FindReport"),
	}
}

// evaluateReport reads the report of a job that has ended, because a job is completed also
// when it refused files.
func (p *importPlan) evaluateReport(store string) workflow.States {
	const summary = "$.report.content.jobSummary."
	none := func(counter string) workflow.Rule { return workflow.When(summary+counter, "NumericEquals", 0) }
	return workflow.States{
		"Read": workflow.Call("s3", "getObject", map[string]any{
			"Bucket": *cdkx.BucketName(p.at.Results.Bucket), "Key.$": p.under(store, reportName),
		}).Select(map[string]any{"content.$": "States.StringToJson($.Body)"}).Result("$.report").
			Catch("ListFailures", "States.DataLimitExceeded").Next("Judge"),
		"Judge": workflow.Choice("Quarantine", workflow.All(
			none("numberOfFilesWithCustomerError"), none("numberOfFilesWithServerError"),
			workflow.When(summary+"numberOfImportedFiles", "NumericGreaterThan", 0),
		).Then("Imported")),
	}
}

// evaluateByPrefix looks whether files stand below the prefixes of the report that name
// what failed and what was imported, where the report itself is too long to be read.
func (p *importPlan) evaluateByPrefix(store string) workflow.States {
	some := func(path string) map[string]any { return map[string]any{"all.$": path + ".Contents[?(@.Size > 0)]"} }
	look := func(name, prefix, evaluate string) workflow.States {
		return workflow.States{
			"List" + name: p.list(store, prefix).Result("$.found").Next("Has" + name),
			"Has" + name:  workflow.Choice(evaluate, workflow.When("$.found.Contents[0]", "IsPresent", true).Then("Keep"+name)),
			"Keep" + name: workflow.Pass(some("$.found")).Result("$.found").Next(evaluate),
		}
	}
	return look("Failures", "FAILURE/", "JudgeFailures").Add(look("Successes", "SUCCESS/", "JudgeSuccesses"), workflow.States{
		"JudgeFailures":  workflow.Choice("ListSuccesses", workflow.When("$.found.all[0]", "IsPresent", true).Then("Quarantine")),
		"JudgeSuccesses": workflow.Choice("Quarantine", workflow.When("$.found.all[0]", "IsPresent", true).Then("Imported")),
	})
}

// refuse records the import in the quarantine, tells the topic and fails.
func (p *importPlan) refuse(topic string) workflow.States {
	return workflow.States{
		"Quarantine": p.at.Record("States.Format('"+p.at.Quarantine.Prefix+"{}/{}.json', $.folder, $$.Execution.Name)", "Body.$", "States.JsonToString($)").
			Next("Tell"),
		"Tell": delivery.Notify(topic, "A DICOM import failed or refused files",
			"States.Format('The folder {} was not imported as a whole. What is known of it is in "+p.at.Quarantine.URI()+"{}/{}.json', $.folder, $.folder, $$.Execution.Name)").
			Next("Refused"),
		"Refused": workflow.Fail("Refused", "The import failed, found nothing or refused files: see its record in the quarantine"),
	}
}
