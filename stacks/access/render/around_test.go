package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/render"
	"github.com/lakemesh/lakemesh/test/golden"
)

// around is a matrix with ways around Lake Formation of every kind, and grantors.
func around() *access.Matrix {
	passing := grant(lf.Table("db", "patients"), lf.Select)
	passing.Grantable = []lf.Permission{lf.Select}
	state := patients(passing)
	c := &state.Catalogs[0]
	c.Tables[0].Location = "s3://lake/patients/"
	c.Locations = []access.Location{{ARN: "arn:aws:s3:::lake"}, {ARN: "arn:aws:s3:::inbox"}}
	c.Admins = []string{"arn:aws:iam::" + account + ":role/LakeAdmin"}
	c.Bypasses = []access.Bypass{
		{Principal: "arn:aws:iam::" + account + ":role/Import", Location: "arn:aws:s3:::inbox", Can: []access.Ability{access.CanRead, access.CanWrite}, Path: []string{"Lake/ImportPolicy, statement 1"}, Certain: true},
		{Principal: "arn:aws:iam::" + account + ":role/Import", Location: "arn:aws:s3:::lake", Can: []access.Ability{access.CanDelete}, Path: []string{"AmazonS3FullAccess | *", "under a condition on aws:SourceVpce"}},
		{Principal: "333333333333", Location: "arn:aws:s3:::lake", Can: []access.Ability{access.CanRead}, Path: []string{"Lake/BucketPolicy, statement 2"}, Certain: true},
	}
	return state.Evaluate()
}

func TestWaysAroundInEveryFormat(t *testing.T) {
	m := around()
	for name, parse := range map[string]func(string) (render.Format, error){"bypasses": render.ParseBypassFormat, "grantors": render.ParseGrantorFormat} {
		for format, extension := range map[string]string{"table": "txt", "csv": "csv", "json": "json", "markdown": "md"} {
			write, err := parse(format)
			if err != nil {
				t.Fatal(err)
			}
			got := rendered(t, func(b *bytes.Buffer) error { return write(b, m) })
			golden.Check(t, filepath.Join("testdata", name+"."+extension), got)
			nothing := string(rendered(t, func(b *bytes.Buffer) error { return write(b, &access.Matrix{}) }))
			switch format {
			case "csv":
				if lines, err := csv.NewReader(bytes.NewReader(got)).ReadAll(); err != nil || len(lines) < 3 {
					t.Errorf("%d lines, %v", len(lines), err)
				}
			case "json":
				if !json.Valid(got) || nothing != "[]\n" {
					t.Errorf("got %s", nothing)
				}
			default:
				if !strings.Contains(nothing, "known") {
					t.Errorf("got %s", nothing)
				}
			}
		}
		if _, err := parse("xml"); err == nil || !strings.Contains(err.Error(), "csv, json, markdown, table") {
			t.Errorf("got %v; expected the formats", err)
		}
	}
}
