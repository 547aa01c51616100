package governance_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

const filterType = "AWS::LakeFormation::DataCellsFilter"

func TestFilterHasOneOfEachPair(t *testing.T) {
	const (
		condition = `{"FilterExpression":"study_id = 'NCT0456'"}`
		everyRow  = `{"AllRowsWildcard":{}}`
	)
	for name, test := range map[string]struct {
		filter                  lakeformation.DataCellsFilter
		columns, wildcard, rows string
	}{
		"rows":                      {lakeformation.DataCellsFilter{Rows: "study_id = 'NCT0456'"}, `null`, `{}`, condition},
		"columns":                   {lakeformation.DataCellsFilter{Columns: []string{"id", "value"}}, `["id","value"]`, `null`, everyRow},
		"excluded columns":          {lakeformation.DataCellsFilter{Excluded: []string{"name"}}, `null`, `{"ExcludedColumnNames":["name"]}`, everyRow},
		"rows and columns":          {lakeformation.DataCellsFilter{Rows: "study_id = 'NCT0456'", Columns: []string{"id"}}, `["id"]`, `null`, condition},
		"rows and excluded columns": {lakeformation.DataCellsFilter{Rows: "study_id = 'NCT0456'", Excluded: []string{"name"}}, `null`, `{"ExcludedColumnNames":["name"]}`, condition},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack()
			test.filter.Database, test.filter.Table = "lab", "results"
			filter := governance.NewDataCellsFilter(stack, jsii.String("Filter"), &governance.DataCellsFilterProps{Filter: new(test.filter.Named("cohort"))})
			usableAsScope(t, filter)
			cdktest.Of(t, stack).One(t, filterType, "Filter").Want(t, map[string]string{
				"TableCatalogId": `"` + cdktest.Account + `"`,
				"DatabaseName":   `"lab"`,
				"TableName":      `"results"`,
				"Name":           `"` + test.filter.Named("cohort").Name + `"`,
				"ColumnNames":    test.columns,
				"ColumnWildcard": test.wildcard,
				"RowFilter":      test.rows,
			})
			cdktest.Same(t, filter.Resource().Key(), "DataCellsFilter lab.results["+test.filter.Named("cohort").Name+"]")
		})
	}
}

func TestFilterInAnotherCatalog(t *testing.T) {
	stack := cdktest.Stack()
	governance.NewDataCellsFilter(stack, jsii.String("Filter"), &governance.DataCellsFilterProps{
		Filter: new(lakeformation.DataCellsFilter{Catalog: partner, Database: "lab", Table: "results", Rows: "a = 1"}.Named("cohort")),
	})
	cdktest.Of(t, stack).One(t, filterType, "Filter").Want(t, map[string]string{"TableCatalogId": `"` + partner + `"`})
}

func TestFilterWaitsForItsTable(t *testing.T) {
	stack := cdktest.Stack()
	database := catalog.NewDatabase(stack, jsii.String("Lab"), &catalog.DatabaseProps{Name: jsii.String("lab")})
	governance.NewDataCellsFilter(stack, jsii.String("Filter"), &governance.DataCellsFilterProps{
		Filter: new(lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: "a = 1"}.Named("cohort")),
		After:  []awscdk.CfnResource{database.Cfn()},
	})
	template := cdktest.Of(t, stack)
	dependsOn(t, template.One(t, filterType, "Filter"), template.One(t, "AWS::Glue::Database", "Lab").ID)
}

func TestFilterProblems(t *testing.T) {
	panics := func(filter lakeformation.DataCellsFilter, text string) {
		t.Helper()
		cdktest.Same(t, cdktest.Panic(t, func() {
			governance.NewDataCellsFilter(cdktest.Stack(), jsii.String("Filter"), &governance.DataCellsFilterProps{Filter: &filter})
		}), text)
	}
	panics(lakeformation.DataCellsFilter{Name: "cohort"}, `Test/Filter: Filter.Database: got nothing; expected a name; fix: set Filter.Database
Filter.Name: got "cohort"; expected a name that ends in the hash of the filter's content, because CloudFormation cannot change a filter under its old name; fix: name it last, with its Named method
Filter.Rows: got every row and every column; expected a restriction; fix: grant SELECT on the table instead
Filter.Table: got nothing; expected a name; fix: set Filter.Table`)
	panics(lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: "  ", Columns: []string{"id"}, Excluded: []string{"name"}}.Named("cohort"),
		`Test/Filter: Filter.Columns: got columns listed and columns excluded; expected one of the two; fix: leave out the excluded ones
Filter.Rows: got an empty condition at character 1; expected a condition such as study_id = 'NCT0456'; fix: write one, or leave rows out to show every row`)
	panics(lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: strings.Repeat("x", 2048)}.Named("cohort"),
		`Test/Filter: Filter.Rows: got 2048 characters at character 1; expected fewer than 2048; fix: shorten the condition; a column made for the purpose can replace a long list`)
	panics(lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: "lower(a) = 'x'"}.Named("cohort"),
		`Test/Filter: Filter.Rows: got a call of the function "lower" at character 1; expected a column; fix: Lake Formation takes no functions in row filters; compare a column with constants`)
	changed := lakeformation.DataCellsFilter{Database: "lab", Table: "results", Rows: "a = 1"}.Named("cohort")
	changed.Rows = "a = 2"
	panics(changed, `Test/Filter: Filter.Name: got "`+changed.Name+`"; expected a name that ends in the hash of the filter's content, because CloudFormation cannot change a filter under its old name; fix: name it last, with its Named method`)
}
