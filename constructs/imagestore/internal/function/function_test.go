package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	datastore = "2aa75d103f7f45ab977b0e93f00e6fe9"
	imageSet1 = "46923b66d5522e4241615ecd64637584"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// The signature is the one that the SDK makes.
func TestSignature(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ method, url, service, token, body string }{
		{"POST", "https://runtime-medical-imaging.us-east-1.amazonaws.com/datastore/" + datastore + "/imageSet/" + imageSet1 + "/getImageSet", "medical-imaging", "", ""},
		{"POST", "https://runtime-medical-imaging.us-east-1.amazonaws.com/datastore/x/imageSet/y/getImageSetMetadata?version=12", "medical-imaging", "session", ""},
		{"PUT", "https://s3.us-east-1.amazonaws.com/riverside-raw/imaging/2026-11-23/x-1.json", "s3", "session", `{"a":1}`},
	} {
		mine := request(t, test.method, test.url, test.body)
		sign(mine, []byte(test.body), credentials{"AKID", "SECRET", test.token}, test.service, "us-east-1", noon)

		theirs := request(t, test.method, test.url, test.body)
		sum := sha256.Sum256([]byte(test.body))
		hash := hex.EncodeToString(sum[:])
		theirs.Header.Set("X-Amz-Content-Sha256", hash)
		err := v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "SECRET", SessionToken: test.token}, theirs, hash, test.service, "us-east-1", noon)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := mine.Header.Get("Authorization"), theirs.Header.Get("Authorization"); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.url, got, want)
		}
	}
}

func request(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// cloud answers as Lambda, HealthImaging and S3 do.
type cloud struct {
	mutex    sync.Mutex
	events   []string          // for Lambda to hand out
	replies  map[string]string // by path
	sets     map[string]string // GetImageSet by id
	metadata []byte
	objects  map[string]string
	versions []string // of metadata that was asked for
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	body, _ := io.ReadAll(r.Body)
	parts := strings.Split(r.URL.Path, "/")
	switch {
	case strings.HasSuffix(r.URL.Path, "/invocation/next"):
		if len(c.events) == 0 {
			w.WriteHeader(http.StatusForbidden) // ends the loop
			return
		}
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "r1")
		_, _ = io.WriteString(w, c.events[0])
		c.events = c.events[1:]
	case strings.Contains(r.URL.Path, "/invocation/r1/"):
		c.replies[parts[len(parts)-1]] = string(body)
		w.WriteHeader(http.StatusAccepted)
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=AKID/"):
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodPut:
		c.objects[r.URL.Path] = string(body)
	case strings.HasSuffix(r.URL.Path, "/getImageSet"):
		set, found := c.sets[parts[4]]
		if !found {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, set)
	default:
		c.versions = append(c.versions, r.URL.Query().Get("version"))
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(c.metadata)
	}
}

func newCloud(t *testing.T) (*cloud, func(string) string) {
	t.Helper()
	document, err := os.ReadFile("../metadata/testdata/ct.json")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write(document)
	_ = writer.Close()
	c := &cloud{
		replies: map[string]string{}, objects: map[string]string{}, metadata: packed.Bytes(),
		sets: map[string]string{imageSet1: `{"versionId":"3","imageSetState":"ACTIVE","isPrimary":true,"createdAt":1.7574e9,"updatedAt":1.757835e9}`},
	}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	env := map[string]string{
		"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "SECRET",
		"AWS_ENDPOINT_URL_S3": server.URL, "AWS_ENDPOINT_URL_MEDICAL_IMAGING": server.URL,
		"AWS_LAMBDA_RUNTIME_API": strings.TrimPrefix(server.URL, "http://"), "INBOX_BUCKET": "riverside-raw", "INBOX_PREFIX": "imaging/",
	}
	return c, func(name string) string { return env[name] }
}

func message(id, imageSetKey, imageSet string) string {
	body, _ := json.Marshal(map[string]any{
		"detail-type": "Image Set Created", "source": "aws.medical-imaging",
		"detail": map[string]any{"datastoreId": datastore, imageSetKey: imageSet, "imageSetWorkflowStatus": "CREATED"},
	})
	text, _ := json.Marshal(string(body))
	return `{"messageId":"` + id + `","body":` + string(text) + `}`
}

// A batch goes through the whole program: a new image set in both spellings of
// its key, one that is gone, one that is being changed, and no event at all.
func TestRun(t *testing.T) {
	t.Parallel()
	const missing, locked = "00000000000000000000000000000000", "11111111111111111111111111111111"
	c, env := newCloud(t)
	c.sets[locked] = `{"versionId":"2","imageSetState":"LOCKED"}`
	c.events = []string{`{"Records":[` + strings.Join([]string{
		message("m1", "imagesetId", imageSet1), message("m2", "imageSetId", imageSet1), message("m3", "imageSetId", missing),
		message("m4", "imageSetId", locked), message("m5", "imageSetId", "../x"), `{"messageId":"m6","body":"no"}`,
	}, ",") + `]}`, `not JSON`}
	if err := run(t.Context(), env); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("the loop ended with %v", err)
	}
	if got, want := c.replies["response"], `{"batchItemFailures":[{"itemIdentifier":"m4"},{"itemIdentifier":"m5"},{"itemIdentifier":"m6"}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !strings.Contains(c.replies["error"], "messages: invalid character") {
		t.Errorf("got %s", c.replies["error"])
	}
	day := time.Now().UTC().Format(time.DateOnly)
	rows := c.objects["/riverside-raw/imaging/"+day+"/"+imageSet1+"-3.json"]
	if len(c.objects) != 2 || strings.Count(rows, "\n") != 2 || !strings.Contains(rows, `"updated_at":"2025-09-14T07:30:00Z"`) {
		t.Errorf("objects: %v", c.objects)
	}
	if got, want := c.objects["/riverside-raw/imaging/"+day+"/"+missing+"-deleted.json"], `{"datastore_id":"`+datastore+`","deleted":true,"image_set_id":"`+missing+`","version":null}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if strings.Join(c.versions, " ") != "3 3" {
		t.Errorf("metadata was read of the versions %v", c.versions)
	}
}

func TestNothingIdentifyingIsLogged(t *testing.T) {
	t.Parallel()
	c, _ := newCloud(t)
	var log bytes.Buffer
	h := handlerOf(t, c, &log)
	if _, err := h.handle(t.Context(), []byte(`{"Records":[`+message("m1", "imageSetId", imageSet1)+`]}`)); err != nil {
		t.Fatal(err)
	}
	if got, want := log.String(), `{"imageSetId":"`+imageSet1+`","level":"INFO","version":"3"}`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := c.objects["/b/p/2026-11-23/"+imageSet1+"-3.json"]; !strings.Contains(got, "ALVAREZ") {
		t.Errorf("got %s", got)
	}
}

// An image set without series has no rows in this version; a deleted one never again.
func TestEmptyAndDeleted(t *testing.T) {
	t.Parallel()
	c, _ := newCloud(t)
	c.metadata = []byte(`{"ImageSetID":"` + imageSet1 + `"}`) // and not packed
	h := handlerOf(t, c, io.Discard)
	input := []byte(`{"Records":[` + message("m1", "imageSetId", imageSet1) + `]}`)
	for set, want := range map[string]string{
		`{"versionId":"4","imageSetState":"ACTIVE"}`:  `"version":4}`,
		`{"versionId":"5","imageSetState":"DELETED"}`: `"version":null}`,
	} {
		clear(c.objects)
		c.sets[imageSet1] = set
		if _, err := h.handle(t.Context(), input); err != nil {
			t.Fatal(err)
		}
		for key, body := range c.objects {
			if !strings.Contains(body, `"deleted":true`) || !strings.Contains(body, want) {
				t.Errorf("%s: %s", key, body)
			}
		}
		if len(c.objects) != 1 {
			t.Errorf("%d objects", len(c.objects))
		}
	}
}

func TestRefusalsAreDeliveredAgain(t *testing.T) {
	t.Parallel()
	c, _ := newCloud(t)
	h := handlerOf(t, c, io.Discard)
	service, _ := h.service.(*client)
	service.credentials.keyID = "WRONG"
	answer, err := h.handle(t.Context(), []byte(`{"Records":[`+message("m1", "imageSetId", imageSet1)+`]}`))
	if got, is := answer.(failures); err != nil || !is || len(got.BatchItemFailures) != 1 {
		t.Errorf("got %v, %v", answer, err)
	}
	if _, err := service.getImageSet(context.Background(), datastore, imageSet1); err == nil || errors.Is(err, errGone) || !strings.Contains(err.Error(), "getImageSet: 403") {
		t.Errorf("got %v", err)
	}
}

func handlerOf(t *testing.T, c *cloud, log io.Writer) *handler {
	t.Helper()
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	now := func() time.Time { return noon }
	return &handler{
		service: &client{http: server.Client(), region: "us-east-1", credentials: credentials{keyID: "AKID", secret: "SECRET"}, imaging: server.URL, s3: server.URL, now: now},
		bucket:  "b", prefix: "p/", now: now, log: log,
	}
}
