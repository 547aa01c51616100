package lakeformation_test

import (
	"slices"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// kinds is one valid resource of each kind, with what may be granted on it.
func kinds() []struct {
	resource lakeformation.Resource
	key      string
	allowed  []lakeformation.Permission
} {
	var (
		database = []lakeformation.Permission{lakeformation.Describe, lakeformation.Alter, lakeformation.Drop, lakeformation.CreateTable}
		table    = []lakeformation.Permission{lakeformation.Describe, lakeformation.Select, lakeformation.Insert, lakeformation.Delete, lakeformation.Alter, lakeformation.Drop}
		sel      = []lakeformation.Permission{lakeformation.Select}
		zone     = lakeformation.Condition{Key: "lab:Zone", Values: []string{"Raw", "curated", "raw"}}
		domain   = lakeformation.Condition{Key: "lab:domain", Values: []string{"lab"}}
	)
	return []struct {
		resource lakeformation.Resource
		key      string
		allowed  []lakeformation.Permission
	}{
		{lakeformation.Database("lab"), "Database lab", database},
		{lakeformation.Database("lab").In("222222222222"), "Database 222222222222/lab", database},
		{lakeformation.Table("lab", "results"), "Table lab.results", table},
		{lakeformation.Table("lab", lakeformation.AllTables), "Table lab.*", table},
		{lakeformation.Columns("lab", "results", "value", "id", "value"), "TableWithColumns lab.results(id,value)", sel},
		{lakeformation.Columns("lab", "results", lakeformation.AllColumns), "TableWithColumns lab.results(*)", sel},
		{
			lakeformation.Resource{Kind: lakeformation.KindColumns, Database: "lab", Table: "results", Excluded: []string{"name"}},
			"TableWithColumns lab.results(* except name)", sel,
		},
		{lakeformation.DataCells("lab", "results", "cohort"), "DataCellsFilter lab.results[cohort]", sel},
		{lakeformation.Location("arn:aws:s3:::lab"), "DataLocation arn:aws:s3:::lab", []lakeformation.Permission{lakeformation.DataLocationAccess}},
		{
			lakeformation.TagValues("lab:Zone", "Raw", "curated"), "LFTag lab:zone=curated|raw",
			[]lakeformation.Permission{lakeformation.Describe, lakeformation.Alter, lakeformation.Drop, lakeformation.Associate},
		},
		{lakeformation.TagPolicy(lakeformation.Databases, zone, domain), "LFTagPolicy DATABASE where lab:domain=lab and lab:zone=curated|raw", database},
		{lakeformation.TagPolicy(lakeformation.Tables, zone), "LFTagPolicy TABLE where lab:zone=curated|raw", table},
	}
}

func TestKeysTellResourcesApart(t *testing.T) {
	seen := map[string]bool{}
	for _, test := range kinds() {
		if got := test.resource.Key(); got != test.key {
			t.Errorf("got %s, want %s", got, test.key)
		}
		if seen[test.resource.Key()] {
			t.Errorf("two resources with the key %s", test.resource.Key())
		}
		seen[test.resource.Key()] = true
	}
}

func TestPermissionsOfEachKind(t *testing.T) {
	for _, test := range kinds() {
		for _, p := range append(lakeformation.Permissions(), "ALL", "SUPER", "") {
			err := test.resource.Check([]lakeformation.Permission{p})
			if allowed := slices.Contains(test.allowed, p); (err == nil) != allowed {
				t.Errorf("%s on %s: %v, want allowed: %t", p, test.key, err, allowed)
			}
		}
		if err := test.resource.Check(test.allowed); err != nil {
			t.Error(err)
		}
		if err := test.resource.Check(nil); err == nil {
			t.Errorf("no permission at all on %s passes", test.key)
		}
	}
}

func TestMisshapenResources(t *testing.T) {
	condition := func(key string, values ...string) lakeformation.Condition {
		return lakeformation.Condition{Key: key, Values: values}
	}
	const kinds = "; expected a database, table, columns, filter, location or LF-Tags; fix: make it with a function of lakeformation, such as lakeformation.Table"
	six := []lakeformation.Condition{condition("a", "1"), condition("b", "1"), condition("c", "1"), condition("d", "1"), condition("e", "1"), condition("f", "1")}
	for _, test := range []struct {
		resource lakeformation.Resource
		text     string
	}{
		{lakeformation.Resource{}, `Resource: got "", which is no kind of resource` + kinds},
		{lakeformation.Resource{Kind: "Catalog"}, `Resource: got "Catalog", which is no kind of resource` + kinds},
		{lakeformation.Table("", ""), "Resource.Database: got nothing; expected the name of a database; fix: name it\nResource.Table: got nothing; expected the name of a table; fix: name it"},
		{lakeformation.Columns("lab", "", "id"), "Resource.Table: got nothing; expected the name of a table; fix: name it"},
		{lakeformation.Columns("lab", "results"), "Resource.Columns: got no column that is listed or excluded; expected at least one; fix: name the columns, or AllColumns to show all of them"},
		{lakeformation.Columns("lab", "results", "id", lakeformation.AllColumns), "Resource.Columns: got every column and columns by name; expected one of the two; fix: leave out one"},
		{
			lakeformation.Resource{Kind: lakeformation.KindColumns, Database: "lab", Table: "results", Columns: []string{"id"}, Excluded: []string{"name"}},
			"Resource.Excluded: got [name] beside the columns [id]; expected columns that are either listed or excluded; fix: leave out one",
		},
		{lakeformation.DataCells("lab", "results", ""), "Resource.Filter: got nothing; expected the name of a data cells filter; fix: name it"},
		{lakeformation.TagPolicy(lakeformation.Tables), "Resource.Expression: got 0 conditions; expected 1 to 5; fix: name the keys that tell the resources apart"},
		{lakeformation.TagPolicy(lakeformation.Tables, six...), "Resource.Expression: got 6 conditions; expected 1 to 5; fix: name the keys that tell the resources apart"},
		{lakeformation.TagPolicy(lakeformation.Tables, condition("a")), "Resource.Expression[0].Values: got none; expected at least one value of the LF-Tag; fix: name the values"},
		{lakeformation.TagPolicy(lakeformation.Tables, condition("", "1")), "Resource.Expression[0].Key: got nothing; expected the key of an LF-Tag; fix: name it"},
		{lakeformation.TagPolicy(lakeformation.Tables, condition("A", "1"), condition("a", "2")), `Resource.Expression[1].Key: got "a" again; expected each key once; fix: join the values under one key`},
		{lakeformation.Database(""), "Permissions[0]: got SELECT on the Database ; expected one of [DESCRIBE ALTER DROP CREATE_TABLE]; fix: leave out what the resource does not take\nResource.Database: got nothing; expected the name of a database; fix: name it"},
		{lakeformation.Location(""), "Permissions[0]: got SELECT on the DataLocation ; expected one of [DATA_LOCATION_ACCESS]; fix: leave out what the resource does not take\nResource.Location: got nothing; expected the ARN of a registered location; fix: name it"},
		{lakeformation.TagValues("", ""), "Permissions[0]: got SELECT on the LFTag =; expected one of [DESCRIBE ALTER DROP ASSOCIATE]; fix: leave out what the resource does not take\nResource.TagKey: got nothing; expected the key of an LF-Tag; fix: name it"},
		{lakeformation.TagValues("lab:zone"), "Permissions[0]: got SELECT on the LFTag lab:zone=; expected one of [DESCRIBE ALTER DROP ASSOCIATE]; fix: leave out what the resource does not take\nResource.TagValues: got none; expected at least one value of the LF-Tag; fix: name the values"},
	} {
		if err := test.resource.Check([]lakeformation.Permission{lakeformation.Select}); err == nil || err.Error() != test.text {
			t.Errorf("got %v, want %s", err, test.text)
		}
	}
	if err := lakeformation.TagPolicy(lakeformation.Tables, six[:5]...).Check([]lakeformation.Permission{lakeformation.Select}); err != nil {
		t.Error(err)
	}
}

// What a caller passes is not changed by sorting it.
func TestResourcesCopyTheirInput(t *testing.T) {
	names, values := []string{"b", "a"}, []string{"B", "A"}
	lakeformation.Columns("lab", "results", names...)
	lakeformation.TagValues("zone", values...)
	lakeformation.TagPolicy(lakeformation.Tables, lakeformation.Condition{Key: "zone", Values: values})
	if !slices.Equal(names, []string{"b", "a"}) || !slices.Equal(values, []string{"B", "A"}) {
		t.Errorf("the caller's slices became %v and %v", names, values)
	}
}

func TestSortPermissions(t *testing.T) {
	in := []lakeformation.Permission{"ZOO", lakeformation.Associate, lakeformation.Select, "ALL", lakeformation.Describe, lakeformation.Select}
	want := []lakeformation.Permission{lakeformation.Describe, lakeformation.Select, lakeformation.Associate, "ALL", "ZOO"}
	if got := lakeformation.SortPermissions(in); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if in[0] != "ZOO" {
		t.Errorf("the caller's slice became %v", in)
	}
}
