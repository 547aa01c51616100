package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/lakemesh/lakemesh/constructs/imagestore/internal/metadata"
)

// errGone says that the image set does not exist, or does not any more.
var errGone = errors.New("no such image set")

// client calls HealthImaging and S3.
type client struct {
	http        *http.Client
	region      string
	credentials credentials
	imaging, s3 string // endpoints
	now         func() time.Time
}

// imageSet is what GetImageSet says. Dates are seconds since 1970.
type imageSet struct {
	VersionID     string   `json:"versionId"`
	ImageSetState string   `json:"imageSetState"`
	IsPrimary     *bool    `json:"isPrimary"`
	CreatedAt     *float64 `json:"createdAt"`
	UpdatedAt     *float64 `json:"updatedAt"`
}

func (s imageSet) state() (metadata.State, error) {
	version, err := strconv.ParseInt(s.VersionID, 10, 64)
	if err != nil {
		return metadata.State{}, fmt.Errorf("version of the image set: %w", err)
	}
	out := metadata.State{Version: version, IsPrimary: s.IsPrimary}
	for _, seconds := range []*float64{s.UpdatedAt, s.CreatedAt} {
		if seconds != nil {
			out.UpdatedAt = time.UnixMilli(int64(*seconds * 1000))
			break
		}
	}
	return out, nil
}

func (c *client) getImageSet(ctx context.Context, datastore, id string) (imageSet, error) {
	var out imageSet
	response, err := c.callImaging(ctx, datastore, id, "getImageSet", "")
	if err != nil {
		return out, err
	}
	defer response.Body.Close()
	err = json.NewDecoder(response.Body).Decode(&out)
	return out, err
}

func (c *client) getMetadata(ctx context.Context, datastore, id, version string) (*metadata.Document, error) {
	response, err := c.callImaging(ctx, datastore, id, "getImageSetMetadata", version)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := unpacked(response.Body)
	if err != nil {
		return nil, fmt.Errorf("metadata of an image set: %w", err)
	}
	return metadata.Read(text)
}

// unpacked reads gzip, and what is not gzip as it is.
func unpacked(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	if magic, err := buffered.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		return buffered, nil //nolint:nilerr // whoever reads on meets the error
	}
	return gzip.NewReader(buffered)
}

func (c *client) callImaging(ctx context.Context, datastore, id, action, version string) (*http.Response, error) {
	url := fmt.Sprintf("%s/datastore/%s/imageSet/%s/%s", c.imaging, datastore, id, action)
	if version != "" {
		url += "?version=" + version
	}
	response, err := c.send(ctx, http.MethodPost, url, "medical-imaging", nil)
	if err == nil && response.StatusCode == http.StatusNotFound {
		response.Body.Close()
		return nil, errGone
	}
	return response, checked(response, err, action)
}

// put writes an object. The bucket encrypts it with the key it has as default.
func (c *client) put(ctx context.Context, bucket, key string, body []byte) error {
	response, err := c.send(ctx, http.MethodPut, c.s3+"/"+bucket+"/"+key, "s3", body)
	if err := checked(response, err, "PutObject"); err != nil {
		return err
	}
	return response.Body.Close()
}

func (c *client) send(ctx context.Context, method, url, service string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	// The metadata is compressed in itself; the transport must not unpack it.
	request.Header.Set("Accept-Encoding", "identity")
	sign(request, body, c.credentials, service, c.region, c.now())
	return c.http.Do(request)
}

// checked closes an answer that is no success. What the service says may name the
// request, never the data, so it may be logged.
func checked(response *http.Response, err error, action string) error {
	if err != nil {
		return err
	}
	if response.StatusCode == http.StatusOK {
		return nil
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 500))
	return fmt.Errorf("%s: %s: %s", action, response.Status, text)
}
