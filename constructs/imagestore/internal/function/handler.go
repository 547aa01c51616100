package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/lakemesh/lakemesh/constructs/imagestore/internal/metadata"
)

// service is what the handler needs of AWS.
type service interface {
	getImageSet(ctx context.Context, datastore, id string) (imageSet, error)
	getMetadata(ctx context.Context, datastore, id, version string) (*metadata.Document, error)
	put(ctx context.Context, bucket, key string, body []byte) error
}

// handler writes below the landing prefix what has become of image sets.
type handler struct {
	service        service
	bucket, prefix string
	now            func() time.Time
	log            io.Writer
}

// batch is messages of an SQS queue; each body is an event of HealthImaging.
type batch struct {
	Records []struct {
		MessageID string `json:"messageId"`
		Body      string `json:"body"`
	} `json:"Records"`
}

// event is a state change of an image set. Its names are read in any case, because
// the documentation spells the image set's both imagesetId and imageSetId.
type event struct {
	Detail struct {
		DatastoreID string `json:"datastoreId"`
		ImageSetID  string `json:"imageSetId"`
	} `json:"detail"`
}

type failures struct {
	BatchItemFailures []failure `json:"batchItemFailures"`
}

type failure struct {
	ItemIdentifier string `json:"itemIdentifier"`
}

// handle answers with the messages that have to be delivered again.
// Source: "Implementing partial batch responses" for Lambda with SQS.
func (h *handler) handle(ctx context.Context, input []byte) (any, error) {
	var messages batch
	if err := json.Unmarshal(input, &messages); err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	failed := failures{BatchItemFailures: []failure{}}
	for _, message := range messages.Records {
		id, version, err := h.write(ctx, message.Body)
		if err != nil {
			failed.BatchItemFailures = append(failed.BatchItemFailures, failure{message.MessageID})
		}
		h.note(id, version, err)
	}
	return failed, nil
}

// note logs which image set was written, or why it was not; never its metadata.
func (h *handler) note(id, version string, err error) {
	line := map[string]string{"level": "INFO", "imageSetId": id, "version": version}
	if err != nil {
		line["level"], line["error"] = "ERROR", err.Error()
	}
	text, _ := json.Marshal(line)
	fmt.Fprintln(h.log, string(text))
}

var resourceID = regexp.MustCompile(`^[0-9a-z]{32}$`)

// deleted is the version in the name of an object that says the image set is gone.
const deleted = "deleted"

// write writes the image set of an event as it is now, whatever the event says of
// it: so the order of events and their repetition do not matter.
func (h *handler) write(ctx context.Context, body string) (id, version string, err error) {
	var e event
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return "", "", fmt.Errorf("event: %w", err)
	}
	datastore, id := e.Detail.DatastoreID, e.Detail.ImageSetID
	if !resourceID.MatchString(datastore) || !resourceID.MatchString(id) {
		return id, "", errors.New("event: no data store or image set")
	}
	lines, version, err := h.lines(ctx, datastore, id)
	if err != nil {
		return id, version, err
	}
	key := fmt.Sprintf("%s%s/%s-%s.json", h.prefix, h.now().UTC().Format(time.DateOnly), id, version)
	return id, version, h.service.put(ctx, h.bucket, key, lines)
}

// lines are the rows of the image set as JSON lines, or the one line that says it
// is gone.
func (h *handler) lines(ctx context.Context, datastore, id string) (lines []byte, version string, err error) {
	set, err := h.service.getImageSet(ctx, datastore, id)
	switch {
	case errors.Is(err, errGone) || err == nil && set.ImageSetState == "DELETED":
		return removed(datastore, id, nil), deleted, nil
	case err != nil:
		return nil, "", err
	case set.ImageSetState != "ACTIVE":
		return nil, set.VersionID, fmt.Errorf("image set is %s, try again later", set.ImageSetState)
	}
	state, err := set.state()
	if err != nil {
		return nil, set.VersionID, err
	}
	document, err := h.service.getMetadata(ctx, datastore, id, set.VersionID)
	if err != nil {
		return nil, set.VersionID, err
	}
	rows := document.Rows(state)
	if len(rows) == 0 {
		return removed(datastore, id, &state.Version), set.VersionID, nil
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for _, row := range rows {
		if err := encoder.Encode(row); err != nil {
			return nil, set.VersionID, err
		}
	}
	return out.Bytes(), set.VersionID, nil
}

// removed is the line of an image set that has no series, in this version or ever more.
func removed(datastore, id string, version *int64) []byte {
	line, _ := json.Marshal(map[string]any{"datastore_id": datastore, "image_set_id": id, "version": version, "deleted": true})
	return append(line, '\n')
}
