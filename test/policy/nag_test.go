package policy

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// finding is one line of a cdk-nag report: a rule that was evaluated for a resource.
type finding struct {
	Rule       string `json:"ruleId"`
	Path       string `json:"resourceId"` // of the construct
	Compliance string `json:"compliance"` // Compliant, Non-Compliant, Suppressed or UNKNOWN
	Info       string `json:"ruleInfo"`
}

// acknowledgement is a finding that a construct accepts, with its reason.
type acknowledgement struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// shortestReason is the least that can say why, and what is done instead.
const shortestReason = 40

func readFindings(t *testing.T, folder string) []finding {
	t.Helper()
	reports, err := filepath.Glob(filepath.Join(folder, "*-NagReport.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []finding
	for _, file := range reports {
		var report struct{ Lines []finding }
		readJSON(t, file, &report)
		out = append(out, report.Lines...)
	}
	return out
}

// unacknowledged are the rules that a resource breaks, or that could not be
// evaluated for it, without an acknowledgement.
func unacknowledged(a *assembly) []string {
	var out []string
	for _, f := range a.findings {
		if f.Compliance != "Compliant" && f.Compliance != "Suppressed" {
			out = append(out, fmt.Sprintf("%s: %s: %s: %s", f.Path, f.Rule, f.Compliance, f.Info))
		}
	}
	return out
}

// badAcknowledgements are the acknowledgements that say too little, that are
// given for a whole stack, or that nothing needs: a rule that the resource meets,
// or that does not concern it, is not reported as suppressed.
func badAcknowledgements(a *assembly) []string {
	suppressed := map[string]bool{}
	for _, f := range a.findings {
		if f.Compliance == "Suppressed" {
			suppressed[f.Path+" "+f.Rule] = true
		}
	}
	var out []string
	for _, t := range a.templates {
		if _, found := t.Metadata["cdk_nag"]; found {
			out = append(out, t.File+": acknowledges findings of the whole stack; acknowledge them where they arise")
		}
		for _, id := range t.ids() {
			for _, ack := range t.Resources[id].Metadata.Nag.Rules {
				where := fmt.Sprintf("%s: %s: %s", t.File, id, ack.ID)
				if len(strings.TrimSpace(ack.Reason)) < shortestReason {
					out = append(out, fmt.Sprintf("%s: reason %q is shorter than %d characters", where, ack.Reason, shortestReason))
				}
				if !suppressed[t.paths[id]+" "+ack.ID] {
					out = append(out, where+": acknowledged, but there is no such finding")
				}
			}
		}
	}
	return out
}

func TestSampleHasNoUnacknowledgedFindings(t *testing.T) {
	a := sampleMesh(t)
	if len(a.findings) == 0 {
		t.Fatal("cdk-nag evaluated nothing")
	}
	expect(t, unacknowledged(a))
}

func TestAcknowledgementsAreNeededAndExplained(t *testing.T) {
	expect(t, badAcknowledgements(sampleMesh(t)))
}

func TestNagFindsAnOpenBucket(t *testing.T) {
	a := synthesize(t, "open", t.TempDir())
	expectSome(t, unacknowledged(a),
		"Fixture/Open: HIPAA.Security-S3BucketVersioningEnabled: Non-Compliant",
		"Fixture/Open: AwsSolutions-S10: Non-Compliant")
	expectSome(t, badAcknowledgements(a),
		`Excused: HIPAA.Security-S3BucketReplicationEnabled: reason "we need it so" is shorter than 40 characters`,
		"Needless: AwsSolutions-IAM5: acknowledged, but there is no such finding")
}
