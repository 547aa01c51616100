package render

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/lakemesh/lakemesh/stacks/review"
)

// toolName and toolPage say who found it.
const (
	toolName = "lakemesh"
	toolPage = "https://github.com/lakemesh/lakemesh"
)

// fingerprint is the key under which a result is recognized in another run.
const fingerprint = "lakemesh/v1"

// SARIF writes a report as SARIF 2.1.0, for code scanning: a rule for each kind, a result
// for each finding.
//
// Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
func SARIF(w io.Writer, r *review.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifOf(r))
}

func sarifOf(r *review.Report) *sarif.Report {
	run := sarif.NewRunWithInformationURI(toolName, toolPage)
	run.Results = []*sarif.Result{} // none is a run without results, null one that did not run
	rules := map[review.Kind]int{}
	for i, kind := range review.Kinds() {
		run.AddRule(string(kind)).
			WithName(string(kind)).
			WithShortDescription(sarif.NewMultiformatMessageString().WithText(kind.Title())).
			WithFullDescription(sarif.NewMultiformatMessageString().WithText(kind.Description()))
		rules[kind] = i
	}
	for _, f := range r.Findings {
		message := strings.Join(append([]string{f.Text + "."}, f.Reasons()...), "\n")
		sum := sha256.Sum256([]byte(strings.Join([]string{string(f.Kind), f.Principal, f.Account, f.Region, f.Text}, "\x00")))
		result := sarif.NewRuleResult(string(f.Kind)).
			WithRuleIndex(rules[f.Kind]).
			WithLevel(string(f.Severity)).
			WithMessage(sarif.NewTextMessage(message)).
			WithPartialFingerprints(map[string]string{fingerprint: hex.EncodeToString(sum[:])})
		if f.Place.File != "" {
			physical := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation((&url.URL{Path: filepath.ToSlash(f.Place.File)}).String()))
			if f.Place.Line > 0 {
				physical = physical.WithRegion(sarif.NewSimpleRegion(f.Place.Line, f.Place.Line))
			}
			result.AddLocation(sarif.NewLocationWithPhysicalLocation(physical))
		}
		run.AddResult(result)
	}
	return sarif.NewReport().AddRun(run)
}
