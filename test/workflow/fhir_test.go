package workflow

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/test/deploy"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	defer jsii.Close()
	return m.Run()
}

const (
	machineType = "AWS::StepFunctions::StateMachine"
	analyst     = "arn:aws:iam::111111111111:role/Analyst"
	names       = "riverside-records-"
)

// hospital is a deployed FHIR store with all of its workflows.
type hospital struct {
	*cloud
	raw, curated                        string // buckets
	query, dispatch, importing, exports string // state machines
	notices                             string // queue
	slow                                string // store
}

func newHospital(t *testing.T) *hospital {
	t.Helper()
	h := &hospital{cloud: launch(t), raw: names + "raw", curated: names + "curated"}
	h.deploy(t, template(t))
	for prefix, machine := range map[string]*string{
		"QueriesMachine": &h.query, "ImportDispatch": &h.dispatch, "ImportMachine": &h.importing, "ExportMachine": &h.exports,
	} {
		*machine = h.id(t, machineType, prefix)
	}
	h.notices = h.id(t, "AWS::SQS::Queue", "Notices")
	return h
}

// deliver puts a delivery and completes it.
func (h *hospital) deliver(t *testing.T, name string, files map[string]string) {
	t.Helper()
	for file, text := range files {
		h.put(t, h.raw, "fhir/"+name+"/"+file, text)
	}
	h.put(t, h.raw, "fhir/_complete/"+name, "")
}

// imported waits for the import of the delivery.
func (h *hospital) imported(t *testing.T, number int, name string) execution {
	t.Helper()
	for _, e := range h.runs(t, h.importing, number) {
		if of(t, e) == name {
			return e
		}
	}
	t.Fatalf("no import of %s", name)
	return execution{}
}

// of is the delivery that an execution imports.
func of(t *testing.T, e execution) string {
	t.Helper()
	var input struct {
		Delivery string `json:"delivery"`
	}
	must(t, json.Unmarshal([]byte(e.Input), &input))
	return input.Delivery
}

// job is an import job.
type job struct {
	ID     string `json:"JobId"`
	Report struct {
		Imported int `json:"TotalNumberOfResourcesImported"`
		Rejected int `json:"TotalNumberOfResourcesWithCustomerError"`
	} `json:"JobProgressReport"`
}

// jobs are the import jobs of the store, newest first.
func (h *hospital) jobs(t *testing.T) []job {
	t.Helper()
	var listed struct {
		Jobs []job `json:"ImportJobPropertiesList"`
	}
	h.call(t, "healthlake", "HealthLake.ListFHIRImportJobs", object{"DatastoreId": h.store(t)}, &listed)
	return listed.Jobs
}

func (h *hospital) store(t *testing.T) string {
	t.Helper()
	return h.id(t, "AWS::HealthLake::FHIRDatastore", "Records")
}

// notice is the next message that the topic sent, "" for none.
func (h *hospital) notice(t *testing.T) string {
	t.Helper()
	config, err := deploy.Config(t.Context(), h.server, environment)
	must(t, err)
	client := sqs.NewFromConfig(config)
	got, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &h.notices})
	must(t, err)
	if len(got.Messages) == 0 {
		return ""
	}
	_, err = client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &h.notices, ReceiptHandle: got.Messages[0].ReceiptHandle})
	must(t, err)
	return aws.ToString(got.Messages[0].Body)
}

// The parts run in order, each on what the one before left.
func TestFhirStore(t *testing.T) {
	h := newHospital(t)
	t.Run("the tables of the store are opened", h.testAccess)
	t.Run("who leaves loses the grants", h.testTakenBack)
	t.Run("the other catalog is granted in where one is denied", h.testDenied)
	t.Run("every page of permissions is looked at", h.testPages)
	t.Run("the tables of a slow store that replaces it are opened", h.testReplaced)
	t.Run("the link of a deleted store is moved", h.testDeleted)
	t.Run("a database of the link's name is left alone", h.testNameTaken)
	t.Run("a delivery is imported once", h.testDuplicate)
	t.Run("a throttled import is retried", h.testThrottled)
	t.Run("a failed import is quarantined", h.testFailed)
	t.Run("rejected resources are reported", h.testPartial)
	t.Run("a cancelled import is quarantined", h.testCancelled)
	t.Run("files of any name are quarantined", h.testKeys)
	t.Run("an empty delivery is refused", h.testEmpty)
	t.Run("a delivery beyond the limits is refused", h.testLimits)
	t.Run("imports wait for each other", h.testQueue)
	t.Run("an export is published", h.testExport)
	t.Run("documents are converted and imported", h.testDocuments)
	t.Run("the topic hears of a deletion", h.testDeletion)
}

// like is a copy of a state machine with a text of its definition replaced.
func (h *hospital) like(t *testing.T, machine, name, before, after string) string {
	t.Helper()
	var known struct{ StateMachineArn, Definition, RoleArn string }
	h.call(t, "states", "AWSStepFunctions.DescribeStateMachine", object{"stateMachineArn": machine}, &known)
	changed := strings.ReplaceAll(known.Definition, before, after)
	if changed == known.Definition {
		t.Fatalf("no %s in %s", before, known.Definition)
	}
	h.call(t, "states", "AWSStepFunctions.CreateStateMachine", object{"name": name, "roleArn": known.RoleArn, "definition": changed}, &known)
	return known.StateMachineArn
}

func (h *hospital) testDuplicate(t *testing.T) {
	h.put(t, h.raw, "fhir/monday/Patient.ndjson", patient(1)+patient(2))
	event := object{"Source": "aws.s3", "DetailType": "Object Created",
		"Detail": `{"bucket": {"name": "` + h.raw + `"}, "object": {"key": "fhir/_complete/monday", "sequencer": "0055AED6DCD90281E5"}}`}
	h.call(t, "events", "AWSEvents.PutEvents", object{"Entries": []object{event, event}}, nil)
	for _, e := range h.runs(t, h.dispatch, 2) {
		h.ended(t, e, "SUCCEEDED", "")
	}
	h.ended(t, h.imported(t, 1, "monday"), "SUCCEEDED", "")
	if n := len(h.runs(t, h.importing, 1)); n != 1 {
		t.Errorf("%d imports", n)
	}
	if n := len(h.jobs(t)); n != 1 {
		t.Errorf("%d jobs", n)
	}
	if text := h.notice(t); text != "" {
		t.Errorf("a notice of success: %s", text)
	}
}

func (h *hospital) testThrottled(t *testing.T) {
	h.script(t, object{"operation": "StartFHIRImportJob", "error": "ThrottlingException", "times": 8})
	h.deliver(t, "tuesday", map[string]string{"Patient.ndjson": patient(3)})
	h.ended(t, h.imported(t, 2, "tuesday"), "SUCCEEDED", "")
}

func (h *hospital) testFailed(t *testing.T) {
	h.script(t, object{"operation": "StartFHIRImportJob", "status": "FAILED", "message": "The key is disabled."})
	h.deliver(t, "wednesday", map[string]string{"Patient.ndjson": patient(4)})
	e := h.imported(t, 3, "wednesday")
	h.ended(t, e, "FAILED", "Quarantined")
	h.quarantined(t, e, "wednesday", "FAILED", "fhir/wednesday/Patient.ndjson", "record.json")
}

func (h *hospital) testPartial(t *testing.T) {
	h.deliver(t, "thursday", map[string]string{"Patient.ndjson": patient(5) + "{}\n" + "not JSON\n"})
	e := h.imported(t, 4, "thursday")
	h.ended(t, e, "FAILED", "Quarantined")
	newest := h.jobs(t)[0]
	folder := "fhir-import-results/" + h.store(t) + "-FHIR_IMPORT-" + newest.ID + "/"
	h.quarantined(t, e, "thursday", "COMPLETED_WITH_ERRORS",
		folder+"FAILURE/Patient.ndjson", folder+"manifest.json", "record.json")
	if r := newest.Report; r.Imported != 1 || r.Rejected != 2 {
		t.Errorf("got %+v", r)
	}
}

// A job whose cancellation failed does not run any more either.
func (h *hospital) testCancelled(t *testing.T) {
	for number, status := range []string{"CANCEL_COMPLETED", "CANCEL_FAILED"} {
		name := "cancelled" + fmt.Sprint(number)
		h.script(t, object{"operation": "StartFHIRImportJob", "status": status})
		h.deliver(t, name, map[string]string{"Patient.ndjson": patient(10)})
		e := h.imported(t, 5+number, name)
		h.ended(t, e, "FAILED", "Quarantined")
		h.quarantined(t, e, name, status, "fhir/"+name+"/Patient.ndjson", "record.json")
	}
}

// What people name files, in a folder of such a name, of a job that reports under the
// name that users have seen.
func (h *hospital) testKeys(t *testing.T) {
	const delivery = "März 1+1 (50%) 😀"
	names := []string{"100%25.ndjson", "Jørgen & Söhne.ndjson", "Smith J+1.ndjson", "a b.ndjson", "it's \"it\".ndjson", "{}\\$x.ndjson", "患者.ndjson", "🩺.ndjson"}
	files := map[string]string{}
	for _, name := range names {
		files[name] = patient(11) + "{}\n"
	}
	h.script(t, object{"operation": "StartFHIRImportJob", "report": "Manifest.json"}, object{"operation": "StartFHIRImportJob", "status": "FAILED"})
	h.deliver(t, delivery, files)
	partly := h.imported(t, 7, delivery)
	h.ended(t, partly, "FAILED", "Quarantined")
	folder := "fhir-import-results/" + h.store(t) + "-FHIR_IMPORT-" + h.jobs(t)[0].ID + "/"
	want := []string{folder + "Manifest.json", "record.json"}
	for _, name := range names {
		want = append(want, folder+"FAILURE/"+name)
	}
	slices.Sort(want)
	h.quarantined(t, partly, delivery, "COMPLETED_WITH_ERRORS", want...)

	h.put(t, h.raw, "fhir/_complete/"+delivery, "again")
	var failed execution
	for _, e := range h.runs(t, h.importing, 8) {
		if e.Name != partly.Name && of(t, e) == delivery {
			failed = e
		}
	}
	h.ended(t, failed, "FAILED", "Quarantined")
	want = []string{"record.json"}
	for _, name := range names {
		want = append(want, "fhir/"+delivery+"/"+name)
	}
	slices.Sort(want)
	h.quarantined(t, failed, delivery, "FAILED", want...)
}

// quarantined checks what the quarantine folder holds of a delivery, and what the topic heard.
func (h *hospital) quarantined(t *testing.T, e execution, delivery, reason string, want ...string) {
	t.Helper()
	folder := "quarantine/fhir/" + delivery + "/" + e.Name + "/"
	if got := h.keys(t, h.raw, folder); !slices.Equal(got, want) {
		t.Errorf("the quarantine holds %v, want %v", got, want)
	}
	var record struct{ Folder string }
	text := h.text(t, h.raw, folder+"record.json")
	if err := json.Unmarshal([]byte(text), &record); err != nil || !strings.Contains(text, reason) || record.Folder != "s3://"+h.raw+"/fhir/"+delivery+"/" {
		t.Errorf("the record says %s: %v", text, err)
	}
	if text := h.notice(t); !strings.Contains(text, "Delivery "+delivery) || !strings.Contains(text, reason) || !strings.Contains(text, folder) {
		t.Errorf("the topic heard %q", text)
	}
}

// A document that is none is reported, beside one that is imported.
func (h *hospital) testDocuments(t *testing.T) {
	before := len(h.jobs(t))
	h.put(t, h.raw, "ccda/letters/1.xml", `<ClinicalDocument xmlns="urn:hl7-org:v3"/>`)
	h.put(t, h.raw, "ccda/letters/2.xml", "<Invoice/>")
	h.put(t, h.raw, "ccda/_complete/letters", "")
	h.ended(t, h.runs(t, h.id(t, machineType, "DocumentsMachine"), 1)[0], "FAILED", "Quarantined")
	if all := h.jobs(t); len(all) != before+1 || all[0].Report.Imported != 1 || all[0].Report.Rejected != 1 {
		t.Errorf("%d jobs before, then %+v", before, all)
	}
	if text := h.notice(t); !strings.Contains(text, "Delivery letters") {
		t.Errorf("the topic heard %q", text)
	}
}

func (h *hospital) testDeletion(t *testing.T) {
	h.call(t, "healthlake", "HealthLake.DeleteFHIRDatastore", object{"DatastoreId": h.store(t)}, nil)
	h.call(t, "healthlake", "HealthLake.DescribeFHIRDatastore", object{"DatastoreId": h.store(t)}, nil)
	for _, want := range []string{"FHIR store riverside-records: Data Store Deleting at ", "FHIR store riverside-records: Data Store Deleted at "} {
		if text := h.notice(t); !strings.Contains(text, want) {
			t.Errorf("the topic heard %q", text)
		}
	}
}

func (h *hospital) testEmpty(t *testing.T) {
	h.deliver(t, "friday", nil)
	e := h.imported(t, 9, "friday")
	h.ended(t, e, "FAILED", "Quarantined")
	h.quarantined(t, e, "friday", "The delivery has no files", "record.json")
	if n := len(h.jobs(t)); n != 8 {
		t.Errorf("%d jobs", n)
	}
	h.put(t, h.raw, "fhir/_complete/a/b", "")
	failed := 0
	for _, e := range h.runs(t, h.dispatch, 11) {
		if e.Error == "NotADelivery" {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d events of other objects were refused", failed)
	}
}

// The limits are lowered, because nobody wants to write 50 GB here.
func (h *hospital) testLimits(t *testing.T) {
	h.put(t, h.raw, "fhir/heavy/Patient.ndjson", patient(8))
	h.put(t, h.raw, "fhir/heavy/Practitioner.ndjson", patient(9))
	both := []string{"fhir/heavy/Patient.ndjson", "fhir/heavy/Practitioner.ndjson", "record.json"}
	for _, limit := range []struct {
		name, before, after, reason string
		kept                        []string
	}{
		{"Huge", "50000000000", "10", "A file of the delivery is larger than 50 GB", both},
		{"Many", `"MaxKeys":100`, `"MaxKeys":1`, "The delivery has more than 400 files", []string{both[0], both[2]}}, // what is copied is listed too
		{"Large", "NumericGreaterThan\":100", "NumericGreaterThan\":1", "more than 100 and one of them larger than 5 GB", both},
	} {
		machine := h.like(t, h.importing, limit.name, limit.before, limit.after)
		switch limit.name {
		case "Large":
			machine = h.like(t, machine, "LargeToo", "@.Size > 5000000000)", "@.Size > 10)")
		case "Many":
			machine = h.like(t, machine, "ManyToo", `"NumericLessThan":4`, `"NumericLessThan":1`)
		}
		var e execution
		h.call(t, "states", "AWSStepFunctions.StartExecution", object{
			"stateMachineArn": machine, "name": limit.name, "input": `{"delivery": "heavy", "token": "` + limit.name + `"}`,
		}, &e)
		e = h.await(t, e)
		h.ended(t, e, "FAILED", "Quarantined")
		h.quarantined(t, e, "heavy", limit.reason, limit.kept...)
	}
}

// Two deliveries at once: the second job is queued by HealthLake and both end well.
func (h *hospital) testQueue(t *testing.T) {
	h.script(t, object{"operation": "StartFHIRImportJob", "seconds": 7200})
	h.deliver(t, "saturday", map[string]string{"Patient.ndjson": patient(6)})
	h.deliver(t, "sunday", map[string]string{"Patient.ndjson": patient(7)})
	for _, e := range []execution{h.imported(t, 11, "saturday"), h.imported(t, 11, "sunday")} {
		h.ended(t, e, "SUCCEEDED", "")
	}
}

func (h *hospital) testExport(t *testing.T) {
	h.script(t, object{"operation": "StartFHIRExportJob", "seconds": time.Hour.Seconds()})
	h.ended(t, h.start(t, h.exports, object{}), "SUCCEEDED", "")
	exported := h.keys(t, h.curated, "fhir-exports/")
	if len(exported) != 1 || !strings.HasSuffix(exported[0], "/Patient/Patient-0.ndjson") {
		t.Fatalf("exported %v", exported)
	}
	if lines := strings.Count(h.text(t, h.curated, "fhir-exports/"+exported[0]), "\n"); lines != 7 {
		t.Errorf("%d patients", lines)
	}
	var queries struct {
		IDs []string `json:"QueryExecutionIds"`
	}
	h.call(t, "athena", "AmazonAthena.ListQueryExecutions", object{"WorkGroup": "riverside"}, &queries)
	if len(queries.IDs) != 2 {
		t.Errorf("%d queries", len(queries.IDs))
	}

	for _, status := range []string{"FAILED", "CANCEL_COMPLETED", "CANCEL_FAILED"} {
		h.script(t, object{"operation": "StartFHIRExportJob", "status": status})
		h.ended(t, h.start(t, h.exports, object{}), "FAILED", "Incomplete")
	}
}
