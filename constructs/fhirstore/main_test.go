package fhirstore_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
)

func TestMain(m *testing.M) {
	os.Exit(assembly.Main(m, assembly.Apps{"variants": func(app awscdk.App) error { addVariants(app); return nil }}, cdktest.Run))
}

const (
	storeType   = "AWS::HealthLake::FHIRDatastore"
	machineType = "AWS::StepFunctions::StateMachine"
	policyType  = "AWS::IAM::ManagedPolicy"
	roleType    = "AWS::IAM::Role"
	ruleType    = "AWS::Events::Rule"
	alarmType   = "AWS::CloudWatch::Alarm"
)

// hospital is what a FHIR store needs around it.
type hospital struct {
	stack awscdk.Stack
	lake  *storage.LakeStorage
}

func newHospital(stack awscdk.Stack) hospital {
	stack.SetTerminationProtection(jsii.Bool(true))
	return hospital{stack, storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{})}
}

func (h hospital) storeProps() *fhirstore.FhirStoreProps {
	return &fhirstore.FhirStoreProps{DatastoreName: jsii.String("riverside-records"), Key: h.lake.Key()}
}

func (h hospital) store() *fhirstore.FhirStore {
	return fhirstore.NewFhirStore(h.stack, jsii.String("Records"), h.storeProps())
}

func (h hospital) landing() storage.S3Location {
	return storage.S3Location{Bucket: h.lake.Raw(), Prefix: jsii.String("fhir/")}
}

func (h hospital) analyst() governance.Principal {
	return governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")
}

func (h hospital) workGroup() *query.WorkGroup {
	return query.NewWorkGroup(h.stack, jsii.String("WorkGroup"), &query.WorkGroupProps{Name: jsii.String("riverside"), Key: h.lake.Key(), AccessLogs: h.lake.Logs()})
}

func arn(r cdktest.Resource) string { return `{"Fn::GetAtt":["` + r.ID + `","Arn"]}` }

// plain is a value with its references replaced by <logical id>.
func plain(value any) string {
	node, isMap := value.(map[string]any)
	if !isMap {
		return fmt.Sprint(value)
	}
	if ref, ok := node["Ref"].(string); ok {
		return "<" + ref + ">"
	}
	if get, ok := node["Fn::GetAtt"].([]any); ok {
		return "<" + fmt.Sprint(get[0]) + ">"
	}
	var out strings.Builder
	if join, ok := node["Fn::Join"].([]any); ok {
		parts, _ := join[1].([]any)
		for _, part := range parts {
			out.WriteString(plain(part))
		}
	}
	return out.String()
}

// state is one state of a definition.
type state struct {
	Type       string
	Resource   string
	Next       string
	End        bool
	Default    string
	Seconds    int
	Error      string
	Parameters map[string]any
	Choices    []map[string]any
	Retry      []struct {
		ErrorEquals []string
		MaxAttempts int
	}
	Catch []struct {
		ErrorEquals []string
		Next        string
	}
	ItemProcessor *definition
}

type definition struct {
	StartAt        string
	TimeoutSeconds int
	States         map[string]state
}

// definitionOf reads the definition of the machine whose id starts with the prefix.
func definitionOf(t *testing.T, template cdktest.Template, prefix string) definition {
	t.Helper()
	var d definition
	text := plain(template.One(t, machineType, prefix).Get("DefinitionString"))
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return d
}

// parameters of a state as compact JSON.
func (d definition) parameters(name string) string { return cdktest.Compact(d.States[name].Parameters) }

// actions are the IAM actions that the calls of a definition need, and those of its maps.
func (d definition) actions() []string {
	var out []string
	for _, s := range d.States {
		if call, isCall := strings.CutPrefix(s.Resource, "arn:aws:states:::aws-sdk:"); isCall {
			out = append(out, call)
		}
		if s.ItemProcessor != nil {
			out = append(out, s.ItemProcessor.actions()...)
		}
	}
	return out
}
