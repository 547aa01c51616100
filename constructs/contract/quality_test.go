package contract_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// TestQuality checks the rules of a column, in the spellings of each version.
func TestQuality(t *testing.T) {
	t.Parallel()
	library := func(metric, operator string, values ...string) contract.QualityRule {
		return contract.QualityRule{Type: contract.QualityLibrary, Metric: metric, Operator: operator, Values: values}
	}
	for _, tc := range []struct {
		version, rule string
		want          []contract.QualityRule
	}{
		{"v3.0.0", "rule: nullCheck", []contract.QualityRule{library("nullValues", "mustBe", "0")}},
		{"v3.0.0", "rule: nullCheck, mustBeLessThan: 5", []contract.QualityRule{library("nullValues", "mustBeLessThan", "5")}},
		{"v3.0.0", "rule: uniqueCheck", []contract.QualityRule{library("duplicateValues", "mustBe", "0")}},
		{"v3.0.1", "rule: duplicateCount, mustBeGreaterThanOrEqualTo: 1", []contract.QualityRule{library("duplicateValues", "mustBeGreaterOrEqualTo", "1")}},
		{"v3.0.2", "rule: countCheck", []contract.QualityRule{library("countCheck", "")}},
		{"v3.0.2", "rule: rowCount, mustBeGreaterThan: 0, mustBeLessThanOrEqualTo: 10.50", []contract.QualityRule{
			library("rowCount", "mustBeGreaterThan", "0"), library("rowCount", "mustBeLessOrEqualTo", "10.50"),
		}},
		{"v3.0.2", "type: sql, query: SELECT 1", []contract.QualityRule{{Type: contract.QualitySQL, Query: "SELECT 1"}}},
		{"v3.1.0", "metric: rowCount, mustBe: [1, two, true]", []contract.QualityRule{library("rowCount", "mustBe", "1", "two", "true")}},
		{"v3.1.0", "metric: rowCount, mustNotBe: x", []contract.QualityRule{library("rowCount", "mustNotBe", "x")}},
		{"v3.1.0", "metric: rowCount, mustBeBetween: [-1, 1e3]", []contract.QualityRule{library("rowCount", "mustBeBetween", "-1", "1e3")}},
		{"v3.1.0", "description: a rule of no type", []contract.QualityRule{{Type: contract.QualityLibrary, Description: "a rule of no type"}}},
		{"v3.1.0", "type: custom, engine: dbt, implementation: {b: [1, .5], a: null}", []contract.QualityRule{
			{Type: contract.QualityCustom, Engine: "dbt", Implementation: `{"a":null,"b":[1,0.5]}`},
		}},
		{"v3.1.0", "type: custom, engine: dbt, implementation: {a: .nan}", []contract.QualityRule{
			{Type: contract.QualityCustom, Engine: "dbt", Implementation: "map[a:NaN]"},
		}},
	} {
		c, err := contract.Parse("t.yaml", fmt.Appendf(nil, `apiVersion: %s
kind: DataContract
id: x
version: 1.0.0
status: active
schema: [{name: t, properties: [{name: c, logicalType: string, classification: public, quality: [{%s}]}]}]
`, tc.version, tc.rule))
		if err != nil {
			t.Errorf("%s: %v", tc.rule, err)
			continue
		}
		for i := range tc.want {
			tc.want[i].Column, tc.want[i].Path = "c", "schema[0].properties[0].quality[0]"
		}
		if diff := cmp.Diff(tc.want, c.Tables[0].Quality, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s -want +got:\n%s", tc.rule, diff)
		}
	}
}

// TestArguments checks that arguments become lists of texts, and that names of
// properties become those of columns.
func TestArguments(t *testing.T) {
	t.Parallel()
	c, err := contract.Parse("t.yaml", []byte(`apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
status: active
schema:
  - name: t
    properties:
      - {name: TenantID, physicalName: tenant_id, logicalType: string, classification: public}
    quality:
      - metric: duplicateValues
        mustBe: 0
        arguments:
          properties: [TenantID]
          one: x
          many: [null, 1000000.0, true, [a], {b: c}]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"properties": {"tenant_id"}, "one": {"x"}, "many": {"1000000.0", "true", `["a"]`, `{"b":"c"}`},
	}
	if diff := cmp.Diff(want, c.Tables[0].Quality[0].Arguments); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
