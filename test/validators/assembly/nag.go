package assembly

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// Finding is one line of a cdk-nag report: a rule that was evaluated for a resource.
type Finding struct {
	Rule       string `json:"ruleId"`
	Path       string `json:"resourceId"` // of the construct
	Compliance string `json:"compliance"` // Compliant, Non-Compliant, Suppressed or UNKNOWN
	Info       string `json:"ruleInfo"`
}

// Acknowledgement is a finding that a construct accepts, with its reason.
type Acknowledgement struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Synthesize makes an app, lets add fill it, and synthesizes it with cdk-nag visiting:
// its packs are Aspects, which leave a report per pack and stack beside the templates.
func Synthesize(t testing.TB, add func(app awscdk.App)) *Assembly {
	t.Helper()
	return SynthesizeInto(t, t.TempDir(), add)
}

// SynthesizeInto synthesizes into a folder that outlives the test.
func SynthesizeInto(t testing.TB, folder string, add func(app awscdk.App)) *Assembly {
	t.Helper()
	app := NewApp(folder)
	// Findings of cdk-nag become annotations and those, by one of the recommended
	// flags, errors of the CDK's validation. Here they are read from the reports.
	app.Node().SetContext(jsii.String("@aws-cdk/core:failSynthOnValidationErrors"), false)
	add(app)
	props := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON}}
	awscdk.Aspects_Of(app).Add(cdknag.NewHIPAASecurityChecks(props), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(props), nil)
	app.Synth(nil)
	return &Assembly{Folder: folder, Templates: readTemplates(t, folder), Findings: readFindings(t, folder)}
}

func readFindings(t testing.TB, folder string) []Finding {
	t.Helper()
	reports, err := filepath.Glob(filepath.Join(folder, "*-NagReport.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []Finding
	for _, file := range reports {
		var report struct{ Lines []Finding }
		readJSON(t, file, &report)
		out = append(out, report.Lines...)
	}
	return out
}

// Without is the assembly without the findings below some constructs, which have tests
// of their own.
func (a *Assembly) Without(paths ...string) *Assembly {
	return a.filtered(func(f Finding) bool { return !isBelow(f, paths) })
}

// Only is the assembly with the findings below some constructs only.
func (a *Assembly) Only(paths ...string) *Assembly {
	return a.filtered(func(f Finding) bool { return isBelow(f, paths) })
}

func isBelow(f Finding, paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return strings.HasPrefix(f.Path, path+"/") })
}

func (a *Assembly) filtered(keep func(Finding) bool) *Assembly {
	out := *a
	out.Findings = slices.DeleteFunc(slices.Clone(a.Findings), func(f Finding) bool { return !keep(f) })
	return &out
}

// Check fails the test for each finding that is not acknowledged, for each that is
// although its rule is not among those that may be, and when cdk-nag evaluated nothing.
func (a *Assembly) Check(t testing.TB, mayBeAcknowledged ...string) {
	t.Helper()
	if len(a.Findings) == 0 {
		t.Error("cdk-nag evaluated nothing")
	}
	for _, finding := range a.Unacknowledged() {
		t.Error(finding)
	}
	for _, f := range a.Findings {
		if f.Compliance == suppressed && !slices.Contains(mayBeAcknowledged, f.Rule) {
			t.Errorf("%s: %s is acknowledged", f.Path, f.Rule)
		}
	}
}

// Compliance of a finding that is acknowledged.
const suppressed = "Suppressed"

// Unacknowledged are the rules that a resource breaks, or that could not be evaluated
// for it, without an acknowledgement.
func (a *Assembly) Unacknowledged() []string {
	var out []string
	for _, f := range a.Findings {
		if f.Compliance != "Compliant" && f.Compliance != suppressed {
			out = append(out, fmt.Sprintf("%s: %s: %s: %s", f.Path, f.Rule, f.Compliance, f.Info))
		}
	}
	return out
}

// shortestReason is the least that can say why, and what is done instead.
const shortestReason = 40

// BadAcknowledgements are the acknowledgements that say too little, that are given for
// a whole stack, or that nothing needs: a rule that the resource meets, or that does
// not concern it, is not reported as suppressed.
func (a *Assembly) BadAcknowledgements() []string {
	needed := map[string]bool{}
	for _, f := range a.Findings {
		if f.Compliance == suppressed {
			needed[f.Path+" "+f.Rule] = true
		}
	}
	var out []string
	for _, t := range a.Templates {
		if _, found := t.Metadata["cdk_nag"]; found {
			out = append(out, t.File+": acknowledges findings of the whole stack; acknowledge them where they arise")
		}
		for _, id := range t.IDs() {
			for _, ack := range t.Resources[id].Metadata.Nag.Rules {
				where := fmt.Sprintf("%s: %s: %s", t.File, id, ack.ID)
				if len(strings.TrimSpace(ack.Reason)) < shortestReason {
					out = append(out, fmt.Sprintf("%s: reason %q is shorter than %d characters", where, ack.Reason, shortestReason))
				}
				if !needed[t.Paths[id]+" "+ack.ID] {
					out = append(out, where+": acknowledged, but there is no such finding")
				}
			}
		}
	}
	return out
}
