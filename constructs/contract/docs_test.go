package contract_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// TestDocumentedTypes checks that the tables of types in the documentation are
// true: each word is what its row says, in an external table and in Iceberg's.
func TestDocumentedTypes(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/contracts.md")
	if err != nil {
		t.Fatal(err)
	}
	_, types, _ := strings.Cut(string(page), "\n## Types\n")
	types, _, _ = strings.Cut(types, "\n## ")
	words := 0
	for line := range strings.Lines(types) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		of, names, want := gluetype.Common, cells[0], cells[len(cells)-1]
		if len(cells) == 3 {
			of, names = gluetype.Database(strings.TrimSpace(cells[0])), cells[1]
		}
		if len(cells) < 2 || !strings.Contains(names, "`") || strings.HasPrefix(want, "what") {
			continue
		}
		want, iceberg, _ := strings.Cut(want, "; ")
		for i, name := range strings.Split(names, "`") {
			if i%2 == 0 {
				continue
			}
			words++
			p, err := gluetype.FromPhysical(name, of, false)
			switch {
			case strings.HasPrefix(strings.TrimSpace(want), "error"):
				if err == nil {
					t.Errorf("%s %s is %s", of, name, p.Type)
				}
				continue
			case err != nil:
				t.Errorf("%s %s: %v", of, name, err)
				continue
			}
			if got := p.Type.String(); got != strings.TrimSpace(want) {
				t.Errorf("%s %s is %s, documented as %s", of, name, got, want)
			}
			if inIceberg, ok := strings.CutSuffix(strings.TrimSpace(iceberg), " in an Iceberg table"); ok && p.Type.Iceberg().String() != inIceberg {
				t.Errorf("%s %s is %s in an Iceberg table, documented as %s", of, name, p.Type.Iceberg(), inIceberg)
			}
		}
	}
	if words < 100 {
		t.Errorf("only %d words", words)
	}
	for _, version := range contract.APIVersions() {
		if !strings.Contains(string(page), version) {
			t.Errorf("%s is not documented", version)
		}
	}
}

// TestServerDecides checks that the only database of a contract's servers says what
// a word means.
func TestServerDecides(t *testing.T) {
	t.Parallel()
	const oracle, postgres = "{server: a, type: oracle, host: h, port: 1, serviceName: s}", "{server: b, type: postgres, host: h, port: 1, database: d, schema: s}"
	for servers, want := range map[string]string{
		oracle: "timestamp", postgres: "date", oracle + ", " + postgres: "date",
		oracle + ", " + strings.Replace(oracle, "server: a", "server: c", 1): "timestamp",
	} {
		c, err := contract.Parse("t.yaml", fmt.Appendf(nil, `apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
status: active
servers: [%s]
schema: [{name: t, properties: [{name: c, physicalType: DATE, classification: public}]}]
`, servers))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := c.Tables[0].Columns[0].Type; got != want {
			t.Errorf("%s: a DATE is %s, want %s", servers, got, want)
		}
	}
}
