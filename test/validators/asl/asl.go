// Package asl holds definitions of state machines against a validator of the Amazon
// States Language that others wrote, asl-validator. What it refuses, CloudFormation
// refuses when it makes the state machine.
package asl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/lakemesh/lakemesh/test/installed"
)

// Machines are the definitions of the state machines of a template, by logical id.
// References stand in them as names that the language takes.
func Machines(template []byte) (map[string]string, error) {
	var parsed struct {
		Resources map[string]struct {
			Type       string
			Properties struct{ DefinitionString any }
		}
	}
	if err := json.Unmarshal(template, &parsed); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for id, r := range parsed.Resources {
		if r.Type == "AWS::StepFunctions::StateMachine" {
			out[id] = text(r.Properties.DefinitionString)
		}
	}
	return out, nil
}

// text is a value of a template in which each reference has a value.
func text(value any) string {
	node, isMap := value.(map[string]any)
	if !isMap {
		return fmt.Sprint(value)
	}
	switch ref, _ := node["Ref"].(string); {
	case ref == "AWS::Partition":
		return "aws"
	case ref != "":
		return "ref-" + strings.ReplaceAll(ref, "::", "-")
	}
	if get, is := node["Fn::GetAtt"].([]any); is {
		return fmt.Sprintf("arn:aws:service:us-east-1:111111111111:%v", get[0])
	}
	var out strings.Builder
	if join, is := node["Fn::Join"].([]any); is {
		parts, _ := join[1].([]any)
		for _, part := range parts {
			out.WriteString(text(part))
		}
	}
	return out.String()
}

// Validate reports what is wrong with definitions, by their names; one that is right
// is not among them. It needs what package.json installs.
func Validate(definitions map[string]string) (map[string]string, error) {
	input, err := json.Marshal(definitions)
	if err != nil {
		return nil, err
	}
	root, err := installed.Root()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules", "asl-validator")); err != nil {
		return nil, fmt.Errorf("%w; make tools installs it", err)
	}
	command := exec.Command(filepath.Join(root, "node_modules", ".bin", "node"), filepath.Join(root, "test", "validators", "asl", "validate.js")) //nolint:gosec,noctx // a script of this package, which ends by itself
	command.Stdin = bytes.NewReader(input)
	var failed bytes.Buffer
	command.Stderr = &failed
	answer, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("asl-validator: %w\n%s", err, failed.String())
	}
	out := map[string]string{}
	return out, json.Unmarshal(answer, &out)
}
