package render_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/render"
	"github.com/lakemesh/lakemesh/test/golden"
)

func TestExplanations(t *testing.T) {
	explainer := access.NewExplainer(riverside(t))
	for name, ask := range map[string][3]string{
		"why-table.txt":          {"CardiologyAnalyst", "patients", ""},
		"why-yes.txt":            {"CardiologyAnalyst", "patients", "birth_year"},
		"why-yes.json":           {"CardiologyAnalyst", "patients", "birth_year"},
		"why-no.txt":             {"CardiologyAnalyst", "patients", "mrn"},
		"why-administrator.txt":  {"LakeAdmin", "patients", ""},
		"why-administrator.json": {"LakeAdmin", "patients", ""},
		"why-job.txt":            {"riverside-clinical-pipeline-us-east-1", "patients", "mrn"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := explainer.Explain(ask[0], ask[1], ask[2])
			if err != nil {
				t.Fatal(err)
			}
			format := "table"
			if strings.HasSuffix(name, ".json") {
				format = "json"
			}
			write, err := render.ParseExplanationFormat(format)
			if err != nil {
				t.Fatal(err)
			}
			got := rendered(t, func(b *bytes.Buffer) error { return write(b, e) })
			golden.Check(t, filepath.Join("testdata", name), got)
			if format == "json" && !json.Valid(got) {
				t.Error("no JSON")
			}
		})
	}
	if _, err := render.ParseExplanationFormat("csv"); err == nil || !strings.Contains(err.Error(), "json, table") {
		t.Errorf("got %v; expected the formats", err)
	}
}
