package asl_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/installed"
	"github.com/lakemesh/lakemesh/test/validators/asl"
)

// models asks botocore, which carries the models of all services, for the values of
// enumerations and for the errors of services.
const models = `
import json, sys
import botocore.session
session = botocore.session.get_session()
out = {"enums": {}, "errors": {}}
for name, shapes in json.load(sys.stdin).items():
    model = session.get_service_model(name)
    for shape in shapes:
        out["enums"][name + "." + shape] = model.shape_for(shape).enum
    out["errors"][name] = [shape.name for shape in model.error_shapes]
print(json.dumps(out))
`

// Every status that a job may end in is an outcome: a new one of the services is found
// here when botocore is updated, and every error that is caught or retried is one of
// its service.
func TestStatusesAndErrors(t *testing.T) {
	known := askModels(t)
	store, images := filepath.Join("..", "..", "..", "constructs", "fhirstore", "testdata", "workflows.template.json"), filepath.Join("..", "..", "..", "constructs", "imagestore", "testdata", "import.template.json")
	persons := filepath.Join("..", "..", "..", "constructs", "entityresolution", "testdata", "rules.template.json")
	for _, c := range []struct {
		file, machine, state, enum string
		running                    []string
	}{
		{store, "ImportMachine", "IsImportDone", "healthlake.JobStatus", []string{"SUBMITTED", "QUEUED", "IN_PROGRESS", "CANCEL_SUBMITTED", "CANCEL_IN_PROGRESS"}},
		{store, "ExportMachine", "IsExportDone", "healthlake.JobStatus", []string{"SUBMITTED", "QUEUED", "IN_PROGRESS", "CANCEL_SUBMITTED", "CANCEL_IN_PROGRESS"}},
		{store, "ExportMachine", "IsStatement1Done", "athena.QueryExecutionState", []string{"QUEUED", "RUNNING"}},
		{store, "QueriesMachine", "IsStoreDone", "healthlake.DatastoreStatus", []string{"CREATING", "UPDATING"}},
		{persons, "MatchingMachine", "IsMatchingDone", "entityresolution.JobStatus", []string{"RUNNING", "QUEUED"}},
		{images, "SubjectWorkflow", "IsImportDone", "medical-imaging.JobStatus", []string{"SUBMITTED", "IN_PROGRESS"}},
	} {
		definition := machine(t, c.file, c.machine)
		var parsed struct {
			States map[string]struct {
				Choices []struct{ StringEquals string }
			}
		}
		if err := json.Unmarshal([]byte(definition), &parsed); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, rule := range parsed.States[c.state].Choices {
			got = append(got, rule.StringEquals)
		}
		got = append(got, c.running...)
		want := slices.Clone(known.Enums[c.enum])
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s of %s: outcomes and what still runs are\n%v\nof %s\n%v", c.state, c.machine, got, c.enum, want)
		}
	}
	names := regexp.MustCompile(`"([A-Z][A-Za-z0-9]+)\.([A-Za-z]+Exception)"`)
	services := map[string]string{"Athena": "athena", "EntityResolution": "entityresolution", "Glue": "glue", "HealthLake": "healthlake", "LakeFormation": "lakeformation",
		"MedicalImaging": "medical-imaging", "S3": "s3", "StepFunctions": "stepfunctions"}
	for _, definition := range []string{
		machine(t, store, "ImportMachine"), machine(t, store, "ImportDispatch"), machine(t, store, "ExportMachine"), machine(t, store, "QueriesMachine"),
		machine(t, images, "SubjectWorkflow"), machine(t, images, "SubjectDispatch"),
		machine(t, persons, "MatchingMachine"),
	} {
		for _, found := range names.FindAllStringSubmatch(definition, -1) {
			if !slices.ContainsFunc(known.Errors[services[found[1]]], func(name string) bool {
				return name == found[2] || name+"Exception" == found[2]
			}) {
				t.Errorf("no such error: %s", found[0])
			}
		}
	}
}

type serviceModels struct {
	Enums  map[string][]string `json:"enums"`
	Errors map[string][]string `json:"errors"`
}

func askModels(t *testing.T) serviceModels {
	t.Helper()
	command := exec.CommandContext(t.Context(), installed.Python(t), "-c", models)
	command.Stdin = strings.NewReader(`{"healthlake": ["JobStatus", "DatastoreStatus"], "medical-imaging": ["JobStatus"], "athena": ["QueryExecutionState"],
		"entityresolution": ["JobStatus"], "glue": [], "lakeformation": [], "s3": [], "stepfunctions": []}`)
	answer, err := command.Output()
	if err != nil {
		t.Fatalf("%v; make tools installs what this needs", err)
	}
	var out serviceModels
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// machine is the definition of the only machine of a template whose id starts so.
func machine(t *testing.T, file, prefix string) string {
	t.Helper()
	template, err := os.ReadFile(file) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	machines, err := asl.Machines(template)
	if err != nil {
		t.Fatal(err)
	}
	for id, definition := range machines {
		if strings.HasPrefix(id, prefix) {
			return definition
		}
	}
	t.Fatalf("%s has no machine %s…", file, prefix)
	return ""
}
