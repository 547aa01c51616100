package localaws

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Step decides what happens to the next calls of one operation of HealthLake or HealthImaging,
// or to the next runs, queries or grants. Without steps, every store is ACTIVE and every job
// done as soon as they are asked for.
// Steps of one operation apply in the order they were given.
type Step struct {
	// Operation is the name in the API: CreateFHIRDatastore, StartFHIRImportJob,
	// DescribeFHIRImportJob, CreateDatastore, StartDICOMImportJob...
	Operation string `json:"operation"`
	// Account limits the step to calls in an account. Default: calls in any account.
	Account string `json:"account,omitempty"`
	// Times is how many calls the step applies to. Default: one.
	Times int `json:"times,omitempty"`
	// Error refuses the call with an error code, such as ThrottlingException.
	Error string `json:"error,omitempty"`
	// Message goes with Error, or with a Status that is a failure.
	Message string `json:"message,omitempty"`
	// Describes is how many times the store or job that the call made is described before it
	// is finished. Each look shows one more of the states in between.
	Describes int `json:"describes,omitempty"`
	// Delay is how much time of the server's clock the store or job takes: see Server.Advance.
	// With Describes, both must have passed. Whole seconds; a part of one is dropped.
	Delay time.Duration `json:"-"`
	// Status is what the store or job ends in, such as CREATE_FAILED or FAILED. Default: what
	// follows from its input.
	Status string `json:"status,omitempty"`
	// Failures is how many good resources or files an import refuses all the same.
	Failures int `json:"failures,omitempty"`
}

// MarshalJSON writes the delay in seconds.
func (s Step) MarshalJSON() ([]byte, error) {
	type plain Step
	return json.Marshal(struct {
		plain
		Seconds int64 `json:"seconds,omitempty"`
	}{plain(s), int64(s.Delay / time.Second)})
}

// Script adds steps to those that no call has used up. The server refuses all of them when one
// names an operation that it does not have.
func (s *Server) Script(ctx context.Context, steps ...Step) error {
	return s.post(ctx, "/localaws/script", steps)
}

// Advance lets time pass on the server's clock, on which stores and jobs take their time. Real
// time does not move it; Wait states, Retry intervals and CloudFormation's waiting do. What
// falls due is done when Advance returns, events included.
func (s *Server) Advance(ctx context.Context, by time.Duration) error {
	return s.post(ctx, "/localaws/clock", map[string]float64{"seconds": by.Seconds()})
}

// Delivery is an event that a rule sent to one of its targets.
type Delivery struct {
	Account string `json:"account"`
	Region  string `json:"region"`
	Rule    string `json:"rule"`
	// Target is the ARN of the target.
	Target string `json:"target"`
	// Input is what the target got: the event, a part of it, or what the rule made of it.
	Input json.RawMessage `json:"input"`
	// Outcome is "delivered", "failed", "dead letter", or "not run here": a Lambda function.
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

// Deliveries lists what rules sent to their targets so far, oldest first.
func (s *Server) Deliveries(ctx context.Context) ([]Delivery, error) {
	var deliveries []Delivery
	if err := s.get(ctx, "/localaws/deliveries", &deliveries); err != nil {
		return nil, err
	}
	return deliveries, nil
}

// post sends a value to one of the server's own pages.
func (s *Server) post(ctx context.Context, path string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("localaws: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("localaws: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("localaws: %w\nlog: %s", err, s.options.Log)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("localaws: POST %s: %w", path, err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("localaws: POST %s: %s: %s", path, response.Status, strings.TrimSpace(string(answer)))
	}
	return nil
}
