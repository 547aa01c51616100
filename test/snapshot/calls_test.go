package snapshot

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mostCalls is how many messages to the CDK's process a resource of the sample takes, in
// hundredths: half of what a synthesis costs. The number is the same on every machine.
// Lower it when there are fewer, and see what asks more when there are not.
const mostCalls = 290

// Every message to the CDK's process costs as much as a third of a plain resource: the
// sample takes no more of them than it did.
func TestCallsPerResource(t *testing.T) {
	log, node := filepath.Join(t.TempDir(), "calls"), filepath.Join(t.TempDir(), "node")
	const tee = "#!/bin/sh\ntee \"$LAKEMESH_CALLS\" | node \"$@\"\n"
	if err := os.WriteFile(node, []byte(tee), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSampleTemplates$") //nolint:gosec // this program
	command.Env = append(os.Environ(), "JSII_NODE="+node, "LAKEMESH_CALLS="+log)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls, total := callsIn(t, log)
	resources := 0
	for _, template := range templates(t, sampleMesh(t)) {
		var parsed struct{ Resources map[string]any }
		if err := json.Unmarshal(template, &parsed); err != nil {
			t.Fatal(err)
		}
		resources += len(parsed.Resources)
	}
	per := 100 * total / resources
	t.Logf("%d messages for %d resources: %v", total, resources, calls)
	if per > mostCalls {
		t.Errorf("got %d.%02d messages a resource, more than %d.%02d: %v", per/100, per%100, mostCalls/100, mostCalls%100, calls)
	}
	if per < mostCalls-20 {
		t.Errorf("got %d.%02d messages a resource: lower mostCalls to %d", per/100, per%100, per)
	}
}

// callsIn counts the messages of a log by their kind; an answer to the CDK has none.
func callsIn(t *testing.T, log string) (byKind map[string]int, total int) {
	t.Helper()
	file, err := os.Open(log) //nolint:gosec // made by this test
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	byKind = map[string]int{}
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return byKind, total
		}
		var message struct{ API string }
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatal(err)
		}
		if message.API == "load" || strings.Contains(line, `"exit"`) && message.API == "" {
			continue
		}
		byKind[message.API]++
		total++
	}
}
