package e2e

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const largeMesh = `apiVersion: lakemesh/v1
name: lakeside
stages:
  dev: {region: us-east-1, accounts: {lake: "111111111111"}}
domains:
  - name: lab
    account: lake
    owner: lab@example.org
    products: [registry.odcs.yaml]
    openData:
      - {dataset: clinvar, location: s3://reference-copies/clinvar/}
      - {dataset: thousandgenomes_dragen, location: s3://reference-copies/1kg/}
      - {dataset: open_targets, tables: [target]}
`

// largeContract is a product of tables with 5,000 columns in 300 of them, every fourth
// less sensitive than its table.
func largeContract(tables int) string {
	var out strings.Builder
	out.WriteString(`apiVersion: v3.1.0
kind: DataContract
id: registry
name: registry
version: 1.0.0
status: active
team: {name: lab, members: [{username: lab@example.org, role: owner}]}
customProperties: [{property: parts, value: 8}]
schema:
`)
	for i := range tables {
		fmt.Fprintf(&out, "  - name: registry_%03d\n    properties:\n", i)
		for j := range 16 + min(1, i%3) {
			level := "phi"
			if j%4 == 3 {
				level = "deidentified"
			}
			fmt.Fprintf(&out, "      - {name: measured_value_%d, logicalType: number, classification: %s}\n", j, level)
		}
	}
	return out.String()
}

// A domain of 300 tables and 5,000 columns, and with open data, is deployed as it is planned,
// and a table more is a change of one stack.
func TestLargeDomain(t *testing.T) {
	l := start(t, "dev")
	folder := t.TempDir()
	l.mesh = filepath.Join(folder, "mesh.yaml")
	l.app.Mesh = l.mesh
	write := func(name, text string) {
		l.must(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	write("mesh.yaml", largeMesh)
	write("registry.odcs.yaml", largeContract(300))
	state := l.deployed(t, l.prepared(t))
	own, columns, open := 0, 0, map[string]string{}
	for _, table := range state.Catalogs[0].Tables {
		if strings.HasPrefix(table.Name, "registry_") {
			own++
			columns += len(table.Columns)
		} else {
			open[table.Name] = table.Location
		}
	}
	if own != 300 || columns != 5000 {
		t.Errorf("%d tables with %d columns are deployed", own, columns)
	}
	if want := map[string]string{
		"variant_summary":    "s3://reference-copies/clinvar/variant_summary",
		"var_partby_samples": "s3://reference-copies/1kg/var_partby_samples",
		"var_partby_chrom":   "s3://reference-copies/1kg/var_partby_chrom",
		"var_nested":         "s3://reference-copies/1kg/var_nested",
		"target":             "s3://open-targets-public-data-releases/platform/25.12/output/target",
	}; !maps.Equal(open, want) {
		t.Errorf("open data is at %v, want %v", open, want)
	}

	l.log.Reset()
	write("registry.odcs.yaml", largeContract(301))
	l.must(t, l.app.Deploy(t.Context()))
	stacks := len(l.plan(t).Stacks())
	if n := strings.Count(l.log.String(), "(no changes)"); n != stacks-1 {
		t.Errorf("%d of %d stacks did not change with a table more; expected all but one:\n%s", n, stacks, l.log)
	}
}
