package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	alterMesh = `apiVersion: lakemesh/v1
name: river
stages:
  dev: {region: us-east-1, accounts: {main: "111111111111"}}
domains:
  - {name: lab, account: main, owner: lab@river.example, products: [contracts/*.odcs.yaml]}
`
	alterContract = `apiVersion: v3.1.0
kind: DataContract
id: labs
name: labs
version: 1.0.0
status: active
schema:
  - name: results
    properties:
      - {name: record, logicalType: string, classification: phi}
`
	alterColumn    = "      - {name: loinc, logicalType: string, classification: public}\n"
	alterStatement = "ALTER TABLE `results` ADD COLUMNS (`loinc` string)"
)

// The command starts the domain's workflow with the statements, waits for it and keeps the
// contract; what failed keeps nothing.
func TestAlter(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("mesh.yaml", alterMesh)
	write("contracts/labs.odcs.yaml", alterContract+alterColumn)
	write("contracts/deployed/labs.odcs.yaml", alterContract)
	applied := filepath.Join(folder, "contracts", "applied", "labs.odcs.yaml")

	var started struct{ StateMachineArn, Input string }
	status := "FAILED"
	states := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer := `{"status": "` + status + `", "error": "AlterFailed"}`
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".StartExecution") {
			_ = json.Unmarshal(body, &started)
			answer = `{"executionArn": "arn:aws:states:us-east-1:111111111111:execution:a:b", "startDate": 1}`
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, answer)
	}))
	defer states.Close()
	t.Setenv("AWS_ENDPOINT_URL", states.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "local")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "local")
	file := filepath.Join(folder, "mesh.yaml")

	if _, _, err := run("validate", "--mesh", file); err == nil || !strings.Contains(err.Error(), "run lakemesh alter, which lets the domain run "+alterStatement) {
		t.Errorf("validate says %v", err)
	}
	out, _, err := run("alter", "--mesh", file, "--stage", "dev", "--dry-run")
	if want := "lab: river_lab_curated.results: " + alterStatement + "\n"; err != nil || out != want || started.Input != "" {
		t.Errorf("got %q, %v and started %+v", out, err, started)
	}
	if _, _, err := run("alter", "--mesh", file, "--stage", "dev"); err == nil || !strings.Contains(err.Error(), "AlterFailed") {
		t.Errorf("a failed workflow: %v", err)
	}
	if _, err := os.Stat(applied); err == nil {
		t.Error("what was not done is kept as done")
	}
	status = "SUCCEEDED"
	if out, _, err = run("alter", "--mesh", file, "--stage", "dev"); err != nil || !strings.Contains(out, "lab: done\n") || !strings.Contains(out, "kept in "+applied) {
		t.Errorf("got %q, %v", out, err)
	}
	if want := "arn:aws:states:us-east-1:111111111111:stateMachine:river-lab-evolution-us-east-1"; started.StateMachineArn != want {
		t.Errorf("started %s, want %s", started.StateMachineArn, want)
	}
	var input struct{ Changes []map[string]string }
	if err := json.Unmarshal([]byte(started.Input), &input); err != nil || len(input.Changes) != 1 || input.Changes[0]["sql"] != alterStatement || input.Changes[0]["to"] != "loinc" {
		t.Errorf("got %s, %v", started.Input, err)
	}
	if _, _, err := run("validate", "--mesh", file); err != nil {
		t.Errorf("validate says %v", err)
	}
	// Again, as in a stage that comes later.
	if out, _, err = run("alter", "--mesh", file, "--stage", "dev"); err != nil || strings.Contains(out, "kept in") || !strings.Contains(out, alterStatement) {
		t.Errorf("got %q, %v", out, err)
	}
}
