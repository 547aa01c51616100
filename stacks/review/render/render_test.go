package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/review"
	"github.com/lakemesh/lakemesh/test/golden"
)

// report has a finding of each severity, with and without a place, and what has to be escaped.
func report() *review.Report {
	return &review.Report{Base: "origin/main", Head: "the working tree", Findings: []review.Finding{
		{
			Kind: review.Gained, Severity: review.Error, Principal: "arn:aws:iam::111111111111:role/Board", Table: "lake_curated.stays",
			Text: "Board gains SELECT on 1 column of lake_curated.stays (ward.stays): note (deidentified, was phi) where ward <> 'a|b'",
			Why:  []string{"the level of note went from phi to deidentified", "grant by tag: level=deidentified"},
			Subscriptions: []access.Subscription{{
				Name: "board/ward.stays", Purpose: "Beds *and* wards", Approver: "ward@lake.example", LastDay: "2030-06-30",
			}},
			Columns: []review.Column{{Name: "note", LevelBefore: "phi", LevelAfter: "deidentified"}},
			Place:   review.Place{File: "contracts/stays, all.yaml", Line: 12},
		},
		{Kind: review.Contract, Severity: review.Warning, Text: "table lake_curated.stays reads its files elsewhere: 100%", Place: review.Place{File: "ward.yaml"}},
		{Kind: review.Lost, Severity: review.Note, Text: "Clerk loses DESCRIBE on lake_curated.stays"},
	}}
}

func written(t *testing.T, format string, r *review.Report) string {
	t.Helper()
	write, err := ParseFormat(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFormats(t *testing.T) {
	for format := range formats {
		golden.Check(t, filepath.Join("testdata", "report."+format), []byte(written(t, format, report())))
	}
	if _, err := ParseFormat("xml"); err == nil || !strings.Contains(err.Error(), "github, json, markdown, sarif, text") {
		t.Errorf("got %v; expected the formats", err)
	}
}

func TestNothingIsSaidInEveryFormat(t *testing.T) {
	empty := &review.Report{Base: "a", Head: "b"}
	for _, format := range []string{"github", "markdown", "text"} {
		if got := written(t, format, empty); !strings.Contains(got, "No difference between a and b") {
			t.Errorf("%s: got %q", format, got)
		}
	}
	if got := written(t, "json", empty); !strings.Contains(got, `"findings": []`) {
		t.Errorf("got %s", got)
	}
	if got := written(t, "sarif", empty); !strings.Contains(got, `"results": []`) {
		t.Errorf("got %s", got)
	}
}

func TestSARIFIsValid(t *testing.T) {
	for _, r := range []*review.Report{report(), {Base: "a", Head: "b"}} {
		if err := sarifOf(r).Validate(); err != nil {
			t.Errorf("the schema of SARIF 2.1.0 refuses it: %v", err)
		}
	}
}

func TestJSONIsRead(t *testing.T) {
	var got review.Report
	if err := json.Unmarshal([]byte(written(t, "json", report())), &got); err != nil || len(got.Findings) != 3 || got.Findings[0].Place.Line != 12 {
		t.Errorf("got %v, %v", got, err)
	}
}

// A comment of GitHub has 65536 characters; what is left out is counted.
func TestMarkdownFitsIntoAComment(t *testing.T) {
	for _, text := range []string{"x", strings.Repeat("ä_", 200), strings.Repeat("<", 700)} {
		r := &review.Report{Base: "a", Head: "b"}
		for i := range 2000 {
			kind := review.Kinds()[i%len(review.Kinds())]
			r.Findings = append(r.Findings, review.Finding{Kind: kind, Severity: review.Error, Text: fmt.Sprintf("%d %s", i, text)})
		}
		got := written(t, "markdown", r)
		if n := utf8.RuneCountInString(got); n > maxComment {
			t.Errorf("got %d characters", n)
		}
		listed := strings.Count(got, "- **error** ")
		var left int
		for line := range strings.Lines(got) {
			var n int
			if _, err := fmt.Sscanf(line, "- and %d more, which", &n); err == nil {
				left += n
			}
		}
		if listed+left != 2000 || strings.Count(got, "<details>") != len(review.Kinds()) || strings.Count(got, "</details>") != len(review.Kinds()) {
			t.Errorf("got %d findings listed and %d counted of 2000", listed, left)
		}
	}
}
