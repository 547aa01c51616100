package contract_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// TestVariables checks that a place has the default of its variables, since v3.2.0.
func TestVariables(t *testing.T) {
	t.Parallel()
	c, err := contract.Parse("t.yaml", []byte(`apiVersion: v3.2.0
kind: DataContract
id: x
version: 1.0.0
servers: [{server: a, type: s3, location: "s3://${BUCKET:-outer}/${PREFIX:-a/b}/{model}/", format: "${FORMAT:-orc}"}]
schema: [{name: t, description: "${A}", properties: [{name: c, logicalType: string, classification: public}]}]
`))
	if err != nil {
		t.Fatal(err)
	}
	if table := c.Tables[0]; table.Location != "s3://outer/a/b/t/" || table.Format != contract.FormatORC || table.Description != "${A}" {
		t.Errorf("%s, %s, %s", table.Location, table.Format, table.Description)
	}
}

// TestPartitionTemplate checks that a template without s3:// stands below the
// table.
func TestPartitionTemplate(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"": "", "${day}/": "s3://b/t/${day}/", "s3://b/t/by/${day}/": "s3://b/t/by/${day}/",
	} {
		if got := (&contract.Table{LocationTemplate: template}).PartitionTemplate("s3://b/t/"); got != want {
			t.Errorf("%s is %s, want %s", template, got, want)
		}
	}
}
