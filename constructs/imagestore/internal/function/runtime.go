package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// serve asks Lambda for events and answers them until asking fails.
// Source: "Using the Lambda runtime API for custom runtimes".
func serve(ctx context.Context, api string, handle func(context.Context, []byte) (any, error)) error {
	base := "http://" + api + "/2018-06-01/runtime/invocation/"
	for {
		id, event, err := next(ctx, base)
		if err != nil {
			return err
		}
		path := "/response"
		answer, err := handle(ctx, event)
		if err != nil {
			path, answer = "/error", map[string]string{"errorType": "Error", "errorMessage": err.Error()}
		}
		if err := reply(ctx, base+id+path, answer); err != nil {
			return err
		}
	}
}

func next(ctx context.Context, base string) (id string, event []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"next", nil)
	if err != nil {
		return "", nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	event, err = io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("next event: %s", response.Status)
	}
	return response.Header.Get("Lambda-Runtime-Aws-Request-Id"), event, err
}

func reply(ctx context.Context, url string, answer any) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		return fmt.Errorf("answer to an event: %s", response.Status)
	}
	return nil
}
