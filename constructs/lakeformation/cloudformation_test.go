package lakeformation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Every kind of resource is written in the one form that CloudFormation takes, and read
// back as what it was.
func TestCloudFormationAndBack(t *testing.T) {
	conditions := []lakeformation.Condition{{Key: "lab:domain", Values: []string{"lab"}}, {Key: "lab:zone", Values: []string{"curated", "raw"}}}
	except := lakeformation.Columns("lab", "results")
	except.Columns, except.Excluded = nil, []string{"name"}
	for want, r := range map[string]lakeformation.Resource{
		`{"Database":{"CatalogId":"1","Name":"lab"}}`:                                                                                                                             lakeformation.Database("lab"),
		`{"Table":{"CatalogId":"1","DatabaseName":"lab","Name":"results"}}`:                                                                                                       lakeformation.Table("lab", "results"),
		`{"Table":{"CatalogId":"1","DatabaseName":"lab","TableWildcard":{}}}`:                                                                                                     lakeformation.Table("lab", lakeformation.AllTables),
		`{"TableWithColumns":{"CatalogId":"1","ColumnNames":["a","b"],"DatabaseName":"lab","Name":"results"}}`:                                                                    lakeformation.Columns("lab", "results", "b", "a"),
		`{"TableWithColumns":{"CatalogId":"1","ColumnWildcard":{},"DatabaseName":"lab","Name":"results"}}`:                                                                        lakeformation.Columns("lab", "results", lakeformation.AllColumns),
		`{"TableWithColumns":{"CatalogId":"1","ColumnWildcard":{"ExcludedColumnNames":["name"]},"DatabaseName":"lab","Name":"results"}}`:                                          except,
		`{"DataCellsFilter":{"DatabaseName":"lab","Name":"cohort","TableCatalogId":"1","TableName":"results"}}`:                                                                   lakeformation.DataCells("lab", "results", "cohort"),
		`{"DataLocation":{"CatalogId":"1","ResourceArn":"arn:aws:s3:::lab"}}`:                                                                                                     lakeformation.Location("arn:aws:s3:::lab"),
		`{"LFTag":{"CatalogId":"1","TagKey":"lab:zone","TagValues":["raw"]}}`:                                                                                                     lakeformation.TagValues("lab:zone", "raw"),
		`{"LFTagPolicy":{"CatalogId":"1","Expression":[{"TagKey":"lab:domain","TagValues":["lab"]},{"TagKey":"lab:zone","TagValues":["curated","raw"]}],"ResourceType":"TABLE"}}`: lakeformation.TagPolicy(lakeformation.Tables, conditions...),
		`{"Catalog":{}}`: {Kind: lakeformation.KindCatalog},
	} {
		if r.Kind != lakeformation.KindCatalog {
			r = r.In("1")
		}
		got, err := json.Marshal(r.ToCloudFormation())
		if err != nil || string(got) != want {
			t.Errorf("%s is written as %s, %v; want %s", r.Key(), got, err, want)
		}
		var property any
		if err := json.Unmarshal(got, &property); err != nil {
			t.Fatal(err)
		}
		back, problems := lakeformation.FromCloudFormation(property)
		if diff := cmp.Diff(r.Key(), back.Key()); diff != "" || problems != nil {
			t.Errorf("%s is read with the problems %v: %s", want, problems, diff)
		}
	}
}

func TestFromCloudFormationSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		`null`:                          "Resource: got no member; expected exactly one member",
		`{}`:                            "Resource: got no member; expected exactly one member",
		`"x"`:                           "Resource: got string; expected a struct",
		`{"Database":{},"Table":{}}`:    "Resource: got Database and Table; expected exactly one member",
		`{"Lake":{}}`:                   "Resource: got Lake; expected exactly one member",
		`{"Database":{"Name":["lab"]}}`: "Resource.Database.Name: got []interface {}; expected a string",
		`{"LFTagPolicy":{"ExpressionName":"lab"}}`: "Resource.LFTagPolicy.ExpressionName: got lab; expected a property that is known here",
		`{"LFTag":{"TagValues":"raw"}}`:            "Resource.LFTag.TagValues: got string; expected a slice",
	} {
		var property any
		if err := json.Unmarshal([]byte(text), &property); err != nil {
			t.Fatal(err)
		}
		if _, problems := lakeformation.FromCloudFormation(property); len(problems) == 0 || !strings.HasPrefix(problems[0].Error(), want) {
			t.Errorf("%s: got %v, want %s", text, problems, want)
		}
	}
}

func TestCatalogProperty(t *testing.T) {
	for kind, want := range map[lakeformation.Kind]string{
		lakeformation.KindDatabase: "CatalogId", lakeformation.KindDataCells: "TableCatalogId", lakeformation.KindCatalog: "", "Lake": "",
	} {
		if got := lakeformation.CatalogProperty(kind); got != want {
			t.Errorf("the catalog of a %s is in %q, want %q", kind, got, want)
		}
	}
}
