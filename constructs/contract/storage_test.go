package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// TestStorageProblems checks the paths and texts for Go values.
func TestStorageProblems(t *testing.T) {
	t.Parallel()
	csv := contract.Table{Name: "claims", Format: contract.FormatCSV, Columns: []contract.Column{
		{Name: "id", Type: "string"}, {Name: "region", Type: "string", Partition: 1},
	}}
	iceberg := contract.Table{Name: "results", Format: contract.FormatIceberg, Columns: []contract.Column{
		{Name: "id", Type: "string"}, {Name: "taken", Type: "timestamp", Partition: 1}, {Name: "value", Type: "double"},
	}}
	view := contract.Table{Name: "v", View: &contract.View{SQL: "SELECT 1 AS a"}, Columns: []contract.Column{{Name: "a", Type: "int"}}}
	project := func(p contract.Projection) func(*contract.Table) {
		return func(t *contract.Table) { t.Columns[1].Projection = &p }
	}
	for want, test := range map[string]struct {
		table  contract.Table
		change func(*contract.Table)
	}{
		`CSV.Serde: got "OpenCSV"; expected one of OpenCSVSerde, LazySimpleSerDe`:        {csv, func(t *contract.Table) { t.CSV.Serde = "OpenCSV" }},
		"CSV.NullFormat: got a null format without LazySimpleSerDe":                      {csv, func(t *contract.Table) { t.CSV.NullFormat = "NA" }},
		"CSV.Quote: got a quote character without OpenCSVSerde":                          {csv, func(t *contract.Table) { t.CSV.Serde, t.CSV.Quote = contract.SerdeLazySimple, "'" }},
		`CSV.Quote: got "ab"; expected one ASCII character`:                              {csv, func(t *contract.Table) { t.CSV.Quote = "ab" }},
		`CSV.Quote: got ";", which is also the delimiter`:                                {csv, func(t *contract.Table) { t.CSV.Quote, t.CSV.Delimiter = ";", ";" }},
		"CSV.Serde: got a serde with the format iceberg":                                 {iceberg, func(t *contract.Table) { t.CSV.Serde = contract.SerdeOpenCSV }},
		"CSV.Escape: got an escape character with the format iceberg":                    {iceberg, func(t *contract.Table) { t.CSV.Escape = "|" }},
		"CSV.Header: got a header line with the format iceberg":                          {iceberg, func(t *contract.Table) { t.CSV.Header = true }},
		"JSON.CaseSensitive: got caseSensitive with the format csv":                      {csv, func(t *contract.Table) { t.JSON.CaseSensitive = true }},
		"JSON.IgnoreMalformed: got ignoreMalformed with the format csv":                  {csv, func(t *contract.Table) { t.JSON.IgnoreMalformed = true }},
		"Columns[0].Type: got the type array<int> in a file that OpenCSVSerde reads":     {csv, func(t *contract.Table) { t.Columns[0].Type = "array<int>" }},
		"Columns[0].Type: got the type map<int,int> in an Avro file":                     {csv, func(t *contract.Table) { t.Format, t.Columns[0].Type = contract.FormatAvro, "map<int,int>" }},
		"Columns[0].Name: got the name \"1st\" in an Avro file":                          {csv, func(t *contract.Table) { t.Format, t.Columns[0].Name = contract.FormatAvro, "1st" }},
		"Columns[1].Projection.Type: got nothing; expected one of enum":                  {csv, project(contract.Projection{})},
		`Columns[1].Projection.Type: got "enumm"`:                                        {csv, project(contract.Projection{Type: "enumm"})},
		"Columns[1].Projection.Values: got nothing":                                      {csv, project(contract.Projection{Type: contract.ProjectEnum})},
		`Columns[1].Projection.Values[1]: got "a" a second time`:                         {csv, project(contract.Projection{Type: contract.ProjectEnum, Values: []string{"a", "a"}})},
		`Columns[1].Projection.Values[0]: got "a,b"; expected a value without commas`:    {csv, project(contract.Projection{Type: contract.ProjectEnum, Values: []string{"a,b"}})},
		"Columns[1].Projection.Digits: got digits with the type enum":                    {csv, project(contract.Projection{Type: contract.ProjectEnum, Values: []string{"a"}, Digits: 2})},
		"Columns[1].Projection.Range: got nothing; expected a range such as 0,99":        {csv, project(contract.Projection{Type: contract.ProjectInteger})},
		`Columns[1].Projection.Range: got "9,1"; expected the least value first`:         {csv, project(contract.Projection{Type: contract.ProjectInteger, Range: "9,1"})},
		`Columns[1].Projection.Range: got "1-9"`:                                         {csv, project(contract.Projection{Type: contract.ProjectInteger, Range: "1-9"})},
		"Columns[1].Projection.Interval: got -1":                                         {csv, project(contract.Projection{Type: contract.ProjectInteger, Range: "1,9", Interval: -1})},
		"Columns[1].Projection.Format: got nothing":                                      {csv, project(contract.Projection{Type: contract.ProjectDate, Range: "NOW-1YEAR,NOW"})},
		`Columns[1].Projection.Format: got "yyyy-mmm": m stands 3 times`:                 {csv, project(contract.Projection{Type: contract.ProjectDate, Range: "NOW-1YEAR,NOW", Format: "yyyy-mmm"})},
		`Columns[1].Projection.Range: got "2024-02-30" in the range`:                     {csv, project(contract.Projection{Type: contract.ProjectDate, Range: "2024-02-30,NOW", Format: "yyyy-MM-dd"})},
		`Columns[1].Projection.Range: got "NOW-3" in the range`:                          {csv, project(contract.Projection{Type: contract.ProjectDate, Range: "NOW-3,NOW", Format: "yyyy-MM-dd"})},
		"Columns[1].Projection.Range: got \"2024-03-01,2024-02-01\"; expected the first": {csv, project(contract.Projection{Type: contract.ProjectDate, Range: "2024-03-01,2024-02-01", Format: "yyyy-MM-dd"})},
		"Columns[1].Projection.Interval: got nothing, with a format":                     {csv, project(contract.Projection{Type: contract.ProjectDate, Range: "2024,NOW", Format: "yyyy"})},
		"Columns[1].Projection.IntervalUnit: got nothing, with a format":                 {csv, project(contract.Projection{Type: contract.ProjectDate, Range: "2024,NOW", Format: "yyyy", Interval: 1})},
		`Columns[1].Projection.IntervalUnit: got "DAY"; expected one of YEARS`:           {csv, project(contract.Projection{Type: contract.ProjectDate, Range: "NOW,NOW", Format: "yyyy-MM-dd", Interval: 1, IntervalUnit: "DAY"})},
		"Columns[1].Projection.Type: got the projection enum of a column of type int": {csv, func(t *contract.Table) {
			t.Columns[1].Type, t.Columns[1].Projection = "int", &contract.Projection{Type: contract.ProjectEnum, Values: []string{"1"}}
		}},
		"Columns[0].Projection: got the projection of a column that is no partition key": {csv, func(t *contract.Table) {
			t.Columns[0].Projection = &contract.Projection{Type: contract.ProjectInjected}
		}},
		"Columns[1].Projection: got a partition column without a projection": {csv, func(t *contract.Table) {
			t.Columns[0].Projection = &contract.Projection{Type: contract.ProjectInjected}
		}},
		"Columns[1].Projection: got the projection of an Iceberg table": {iceberg, project(contract.Projection{Type: contract.ProjectInjected})},
		"LocationTemplate: got a template without partition projection": {csv, func(t *contract.Table) { t.LocationTemplate = "s3://bucket/${region}/" }},
		"LocationTemplate: got a template without ${region}": {csv, func(t *contract.Table) {
			project(contract.Projection{Type: contract.ProjectInjected})(t)
			t.LocationTemplate = "s3://bucket/x/"
		}},
		"LocationTemplate: got ${regio}; expected a partition column in braces; fix: did you mean region?": {csv, func(t *contract.Table) {
			project(contract.Projection{Type: contract.ProjectInjected})(t)
			t.LocationTemplate = "s3://bucket/${regio}/"
		}},
		`LocationTemplate: got "s3://bucket/${region}"; expected s3://`: {csv, func(t *contract.Table) {
			project(contract.Projection{Type: contract.ProjectInjected})(t)
			t.LocationTemplate = "s3://bucket/${region}"
		}},
		`Columns[1].Transform: got "days"; expected one of identity, year, month, day, hour, bucket[n], truncate[w]; fix: did you mean day?`: {iceberg, func(t *contract.Table) { t.Columns[1].Transform = "days" }},
		`Columns[1].Transform: got "bucket[0]"`:                                         {iceberg, func(t *contract.Table) { t.Columns[1].Transform = "bucket[0]" }},
		"Columns[1].Transform: got truncate[4] of the column taken, which is timestamp": {iceberg, func(t *contract.Table) { t.Columns[1].Transform = "truncate[4]" }},
		"Columns[0].Transform: got a partition transform of a column that is no":        {iceberg, func(t *contract.Table) { t.Columns[0].Transform = "bucket[4]" }},
		"Columns[1].Transform: got a partition transform with the format csv":           {csv, func(t *contract.Table) { t.Columns[1].Transform = "bucket[4]" }},
		"Columns[1].Transform: got the transform day, whose partition field taken_day is also a column": {iceberg, func(t *contract.Table) {
			t.Columns[0].Name, t.Columns[1].Transform = "taken_day", "day"
		}},
		`SortOrder[0].Column: got the column "valu"; expected a column of the table; fix: did you mean value?`: {iceberg, func(t *contract.Table) { t.SortOrder = []contract.SortField{{Column: "valu"}} }},
		`SortOrder[1].Column: got the column id a second time`:                                                 {iceberg, func(t *contract.Table) { t.SortOrder = []contract.SortField{{Column: "id"}, {Column: "id"}} }},
		`SortOrder[0].Direction: got "down"`:                                                                   {iceberg, func(t *contract.Table) { t.SortOrder = []contract.SortField{{Column: "id", Direction: "down"}} }},
		`SortOrder[0].NullOrder: got "last"`:                                                                   {iceberg, func(t *contract.Table) { t.SortOrder = []contract.SortField{{Column: "id", NullOrder: "last"}} }},
		`SortOrder[0].Transform: got hour of the column id, which is string`:                                   {iceberg, func(t *contract.Table) { t.SortOrder = []contract.SortField{{Column: "id", Transform: "hour"}} }},
		`SortOrder[0].Column: got the column id, which is array<int>`: {iceberg, func(t *contract.Table) {
			t.Columns[0].Type, t.SortOrder = "array<int>", []contract.SortField{{Column: "id"}}
		}},
		"SortOrder: got a sort order with the format csv":                                               {csv, func(t *contract.Table) { t.SortOrder = []contract.SortField{{Column: "id"}} }},
		"Properties: got table properties with the format csv":                                          {csv, func(t *contract.Table) { t.Properties = map[string]string{"write.merge.mode": "copy-on-write"} }},
		`Properties["write.merge.mode"]: got "cow"; expected one of copy-on-write, merge-on-read`:       {iceberg, func(t *contract.Table) { t.Properties = map[string]string{"write.merge.mode": "cow"} }},
		`Properties["write.target-file-size-bytes"]: got "512MB"; expected a whole number from 1048576`: {iceberg, func(t *contract.Table) { t.Properties = map[string]string{"write.target-file-size-bytes": "512MB"} }},
		`Properties["write.merge.mod"]: got the property "write.merge.mod"`:                             {iceberg, func(t *contract.Table) { t.Properties = map[string]string{"write.merge.mod": "copy-on-write"} }},
		`Properties["format-version"]: got format-version; expected version 2`:                          {iceberg, func(t *contract.Table) { t.Properties = map[string]string{"format-version": "1"} }},
		`View.SQL: got a view without a query`:                                                          {view, func(t *contract.Table) { t.View = &contract.View{} }},
		`View.SQL: got a query that starts with "CREATE"`:                                               {view, func(t *contract.Table) { t.View = &contract.View{SQL: "CREATE VIEW v AS SELECT 1"} }},
		`View.SQL: got a query that ends with ;`:                                                        {view, func(t *contract.Table) { t.View = &contract.View{SQL: "SELECT 1;"} }},
		`View.SQL: got a query with 200010 characters`:                                                  {view, func(t *contract.Table) { t.View = &contract.View{SQL: "SELECT " + strings.Repeat("x", 200_003)} }},
		`Format: got the format csv of a view`:                                                          {view, func(t *contract.Table) { t.Format = contract.FormatCSV }},
		`Location: got the location of a view`:                                                          {view, func(t *contract.Table) { t.Location = "s3://bucket/" }},
		`SortOrder: got the sort order of a view`:                                                       {view, func(t *contract.Table) { t.SortOrder = []contract.SortField{{Column: "a"}} }},
		`Properties: got table properties of a view`:                                                    {view, func(t *contract.Table) { t.Properties = map[string]string{"a": "b"} }},
		`Columns[0].Partition: got a partition key of a view`:                                           {view, func(t *contract.Table) { t.Columns[0].Partition = 1 }},
		`Columns[0].Projection: got the projection of a view`:                                           {view, func(t *contract.Table) { t.Columns[0].Projection = &contract.Projection{} }},
		`Columns[0].Transform: got the partition transform of a`:                                        {view, func(t *contract.Table) { t.Columns[0].Transform = "day" }},
	} {
		table := test.table
		table.Columns = append([]contract.Column(nil), table.Columns...)
		if list := table.StorageProblems(); len(list) != 0 {
			t.Fatal(list)
		}
		test.change(&table)
		list := table.StorageProblems()
		found := false
		for _, p := range list {
			found = found || strings.HasPrefix(p.Error(), want)
		}
		if !found {
			t.Errorf("want %s\ngot  %v", want, list)
		}
	}
}

// TestReadStorage checks what the loader makes of the custom properties.
func TestReadStorage(t *testing.T) {
	t.Parallel()
	c, err := load(t, "testdata/good/storage.odcs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings) != 0 {
		t.Error(c.Warnings)
	}
	claims := c.Table("claims")
	want := []contract.Projection{
		{Type: contract.ProjectDate, Range: "2020-01-01,NOW", Format: "yyyy-MM-dd", Interval: 1, IntervalUnit: "DAYS"},
		{Type: contract.ProjectEnum, Values: []string{"east", "west"}},
		{Type: contract.ProjectInteger, Range: "0,15", Digits: 2},
		{Type: contract.ProjectInjected},
	}
	for i, col := range claims.PartitionColumns() {
		if diff := cmp.Diff(want[i], *col.Projection); diff != "" {
			t.Error(diff)
		}
	}
	if v := c.Table("recent").View; v == nil || v.SQL != "SELECT id, taken FROM results" || c.Table("recent").Format != "" {
		t.Errorf("view %+v", c.Table("recent"))
	}
}

// Valid projections have no problems, and one wrong key is named.
func TestProjectionProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := validProjection(t)
		table := contract.Table{Name: "t", Format: contract.FormatParquet, Columns: []contract.Column{
			{Name: "a", Type: "int"}, {Name: "p", Type: "string", Partition: 1, Projection: &p},
		}}
		if list := table.StorageProblems(); len(list) != 0 {
			t.Fatalf("%+v: %v", p, list)
		}
		key := breakProjection(t, &p)
		list := table.StorageProblems()
		if len(list) == 0 {
			t.Fatalf("%+v has no problem", p)
		}
		named := func(p problem.Problem) bool { return strings.HasPrefix(p.Path, "Columns[1].Projection."+key) }
		for _, p := range list {
			if named(p) {
				return
			}
		}
		t.Fatalf("%+v: nothing about %s: %v", p, key, list)
	})
}

func validProjection(t *rapid.T) contract.Projection {
	switch rapid.SampledFrom([]contract.ProjectionType{contract.ProjectEnum, contract.ProjectInteger, contract.ProjectDate, contract.ProjectInjected}).Draw(t, "type") {
	case contract.ProjectEnum:
		values := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zA-Z0-9 _-]{1,8}`), 1, 9, rapid.ID[string]).Draw(t, "values")
		return contract.Projection{Type: contract.ProjectEnum, Values: values}
	case contract.ProjectInteger:
		from := rapid.IntRange(-1000, 1000).Draw(t, "from")
		return contract.Projection{
			Type: contract.ProjectInteger, Range: fmt.Sprintf("%d, %d", from, from+rapid.IntRange(0, 99).Draw(t, "width")),
			Interval: rapid.IntRange(0, 9).Draw(t, "interval"), Digits: rapid.IntRange(0, 9).Draw(t, "digits"),
		}
	case contract.ProjectDate:
		formats := map[string]string{"yyyy-MM-dd": "2020-01-31", "yyyy/MM/dd": "2020/02/29", "yyyyMM": "202012", "'day='yyyyMMdd": "day=20200301", "dd MMM yyyy": "01 Jan 2020", "yyyy-MM-dd-HH": "2020-01-01-23", "yyyy": "1999"}
		format := rapid.SampledFrom([]string{"yyyy-MM-dd", "yyyy/MM/dd", "yyyyMM", "'day='yyyyMMdd", "dd MMM yyyy", "yyyy-MM-dd-HH", "yyyy"}).Draw(t, "format")
		end := rapid.SampledFrom([]string{"NOW", "NOW+3YEARS", "NOW - 1 DAY", "NOW+12HOURS", formats[format]}).Draw(t, "end")
		return contract.Projection{
			Type: contract.ProjectDate, Format: format, Range: formats[format] + "," + end, Interval: rapid.IntRange(1, 9).Draw(t, "interval"),
			IntervalUnit: rapid.SampledFrom([]string{"YEARS", "MONTHS", "WEEKS", "DAYS", "HOURS"}).Draw(t, "unit"),
		}
	default:
		return contract.Projection{Type: contract.ProjectInjected}
	}
}

// breakProjection spoils one key and returns its name.
func breakProjection(t *rapid.T, p *contract.Projection) string {
	switch p.Type {
	case contract.ProjectEnum:
		p.Values = rapid.SampledFrom([][]string{nil, {"a,b"}, {"a", "a"}}).Draw(t, "bad")
		return "Values"
	case contract.ProjectInteger:
		p.Range = rapid.SampledFrom([]string{"", "1", "5,1", "a,b", "1,99999999999999999999", "1,2,3"}).Draw(t, "bad")
		return "Range"
	case contract.ProjectDate:
		if rapid.Bool().Draw(t, "format") {
			p.Format = rapid.SampledFrom([]string{"", "jj", "yyyy-'x", "yy", "--"}).Draw(t, "bad")
			return "Format"
		}
		p.Range = rapid.SampledFrom([]string{"", "NOW", "yesterday,NOW", "NOW,tomorrow", "NOW-1FORTNIGHT,NOW"}).Draw(t, "bad")
		return "Range"
	default:
		p.Digits = 3
		return "Digits"
	}
}
