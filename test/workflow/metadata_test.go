package workflow

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// The function that reads image sets, as a program, with the local AWS's
// HealthImaging and S3 and a runtime that hands it one batch of messages.
func TestImageSetsReachTheInbox(t *testing.T) {
	r := newRadiology(t)
	r.ended(t, r.deliver(t, "study-1", 1, dicom("1.2.3.4.1"), dicom("1.2.3.4.2")), "SUCCEEDED", "")
	store, imageSet := r.imported(t)

	program := filepath.Join(t.TempDir(), "function")
	if text, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../constructs/imagestore/internal/function").CombinedOutput(); err != nil { //nolint:gosec // a program of this repository
		t.Fatalf("%v\n%s", err, text)
	}
	event, err := json.Marshal(object{"detail": object{"datastoreId": store, "imagesetId": imageSet}})
	must(t, err)
	batch, err := json.Marshal(object{"Records": []object{{"messageId": "m1", "body": string(event)}}})
	must(t, err)
	answer := r.runFunction(t, program, batch)
	if answer != `{"batchItemFailures":[]}` {
		t.Errorf("got %s", answer)
	}
	found := r.keys(t, imagesBucket, "imaging/inbox/")
	if len(found) != 1 || !strings.HasSuffix(found[0], "/"+imageSet+"-1.json") {
		t.Fatalf("the inbox holds %v", found)
	}
	row := r.text(t, imagesBucket, "imaging/inbox/"+found[0])
	for _, part := range []string{`"series_instance_uid":"1.2.3.4"`, `"study_instance_uid":"1.2.3"`, `"version":1,"is_primary":true`, `"instance_count":2`} {
		if !strings.Contains(row, part) {
			t.Errorf("no %s in %s", part, row)
		}
	}
}

// imported is the store and the image set of the only import.
func (r radiology) imported(t *testing.T) (store, imageSet string) {
	t.Helper()
	const results = "clinical/dicom-import-results/"
	for _, key := range r.keys(t, imagesBucket, results) {
		if !strings.HasSuffix(key, "/job-output-manifest.json") {
			continue
		}
		var manifest struct {
			JobSummary struct {
				DatastoreID      string `json:"datastoreId"`
				ImageSetsSummary []struct {
					ImageSetID string `json:"imageSetId"`
				} `json:"imageSetsSummary"`
			} `json:"jobSummary"`
		}
		must(t, json.Unmarshal([]byte(r.text(t, imagesBucket, results+key)), &manifest))
		return manifest.JobSummary.DatastoreID, manifest.JobSummary.ImageSetsSummary[0].ImageSetID
	}
	t.Fatal("no report of the import")
	return "", ""
}

// runFunction lets the program answer one batch; the second request for work ends it.
func (r radiology) runFunction(t *testing.T, program string, batch []byte) string {
	t.Helper()
	var asked atomic.Int32
	answers := make(chan string, 1)
	runtime := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		switch {
		case request.Method == http.MethodPost:
			body, _ := io.ReadAll(request.Body)
			answers <- string(body)
			w.WriteHeader(http.StatusAccepted)
		case asked.Add(1) > 1:
			w.WriteHeader(http.StatusGone)
		default:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "r1")
			_, _ = w.Write(batch)
		}
	}))
	defer runtime.Close()
	command := exec.CommandContext(t.Context(), program) //nolint:gosec // built above
	command.Env = []string{
		"AWS_REGION=" + region, "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
		"AWS_ENDPOINT_URL_S3=" + r.server.Endpoint(), "AWS_ENDPOINT_URL_MEDICAL_IMAGING=" + r.server.Endpoint(),
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(runtime.URL, "http://"), "INBOX_BUCKET=" + imagesBucket, "INBOX_PREFIX=imaging/inbox/",
	}
	if text, err := command.CombinedOutput(); err == nil || !strings.Contains(string(text), "410 Gone") {
		t.Fatalf("%v\n%s", err, text)
	}
	return <-answers
}
