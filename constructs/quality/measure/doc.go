// Package measure turns the quality rules of a data contract (ODCS) into SQL for Athena: a
// statement measures the rules of several tables and inserts a row for each rule into the
// table quality_results, and a query sums up what an execution has inserted. It is plain Go.
//
// What each rule counts:
//
//   - nullValues: values that are null. A field of a struct that is null is null.
//   - missingValues: values that are null, and those that the argument missingValues lists.
//   - invalidValues: values that are not null and not among validValues, or in which the
//     pattern is not found. Without anchors a pattern may stand anywhere in the value.
//   - duplicateValues: values that repeat an earlier one, so that ten equal values are nine
//     duplicates. Of one column null is no value; of several, null equals null.
//   - rowCount: rows of the table.
//   - sql: what the query returns, a number or a boolean, which counts as 1 or 0.
//
// The unit percent relates the count to all values, which are the rows, or the elements where
// the way to a field leads through arrays. Nothing of no rows is 0 percent. A measure that is
// null fails its rule.
//
// mustBeBetween and mustNotBeBetween are those of the standard: mustBeBetween is
// mustBeGreaterThan the one and mustBeLessThan the other, so the ends are outside.
//
// All metrics of a table are measured in one scan. So are SQL rules that count the rows of the
// table with a condition and nothing else; another query is a scan of its own. In queries
// {object} and {table} stand for the table, {property} and {column} for the column, both also
// with $ before the brace.
//
// What SQL cannot measure is returned with its reason and never dropped: rules of other tools,
// and what a contract says in a way that means nothing. Rules of type text are documentation.
//
// Sources: "Data Quality" of the Open Data Contract Standard v3.1.0; Trino's functions.
package measure
