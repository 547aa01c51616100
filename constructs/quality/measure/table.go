package measure

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// SeverityError is the severity of a rule that stops what is made from the product.
const SeverityError = "error"

// defaultSeverity is that of a rule which says none.
const defaultSeverity = "warning"

// Table is what is measured of a table of a contract.
type Table struct {
	Name  string // of the table, in the catalog
	Rules []Rule // in the order of the contract

	// Text are the places of rules of type text, which are for people to read.
	Text []string
	// NotMeasured are the rules that SQL cannot measure, each with its place and the reason.
	NotMeasured problem.List
}

// Rule is a rule that is measured.
type Rule struct {
	Name      string // unique among the rules of the column: that of the contract, else "nullValues mustBe 0"
	Column    string // with the way to a field in it: address.postalcode; "" for the whole table
	Dimension string // in the words of the standard; "" where the contract says none
	Severity  string // in lower case; warning where the contract says none
	Path      string // place in the contract

	// Shown reports whether the measure is kept with the result. What an sql rule returns is
	// kept if it counts rows: a maximum may be a value of a patient.
	Shown bool

	aggregate string // the measure among the aggregates of the table; "" for a query
	query     string // that returns the measure; "" for an aggregate
	test      func(measure string) string
}

// Of returns what is measured of a table.
func Of(t *contract.Table) Table {
	out := Table{Name: t.Name}
	names := map[string]int{}
	for i := range t.Quality {
		q := &t.Quality[i]
		if q.Type == contract.QualityText {
			out.Text = append(out.Text, q.Path)
			continue
		}
		c := &compiler{table: t, rule: q, path: cmp.Or(q.Path, fmt.Sprintf("quality[%d]", i))}
		rule := c.compile()
		if len(c.problems) > 0 {
			out.NotMeasured = append(out.NotMeasured, c.problems...)
			continue
		}
		key := rule.Column + "\n" + rule.Name
		if names[key]++; names[key] > 1 {
			rule.Name = fmt.Sprintf("%s (%d)", rule.Name, names[key])
		}
		out.Rules = append(out.Rules, rule)
	}
	return out
}

// compiler makes one rule.
type compiler struct {
	table    *contract.Table
	rule     *contract.QualityRule
	path     string
	problems problem.List
}

func (c *compiler) refuse(key, got, expected, fix string) {
	c.problems.Addf(strings.TrimSuffix(c.path+"."+key, "."), got, expected, fix)
}

func (c *compiler) compile() Rule {
	q := c.rule
	out := Rule{
		Column:    strings.TrimSuffix(q.Column+"."+q.Field, "."),
		Dimension: q.Dimension, Severity: strings.ToLower(cmp.Or(q.Severity, defaultSeverity)), Path: c.path, Shown: true,
	}
	measure := q.Metric
	switch {
	case c.table.View != nil:
		c.refuse("", "a rule of a view", "a rule of a table", "write it for the tables below the view: a view shows what its reader may see")
	case q.Type == contract.QualityCustom:
		c.refuse("engine", fmt.Sprintf("a rule of the tool %q, which is not run", q.Engine), "a metric of the standard, or a rule of type sql", "write the rule in SQL, or run the tool yourself")
	case q.Type == contract.QualitySQL:
		measure = "sql"
		c.sql(&out)
	default:
		out.aggregate = c.library()
	}
	if q.Type != contract.QualityCustom {
		out.test = c.operator()
	}
	out.Name = cmp.Or(q.Name, strings.TrimSpace(measure+" "+q.Operator+" "+strings.Join(q.Values, ", ")))
	return out
}

// percent reports whether the measure is related to all values.
func (c *compiler) percent() bool {
	switch strings.ToLower(c.rule.Unit) {
	case "", "rows":
	case "percent", "%":
		return true
	default:
		c.refuse("unit", fmt.Sprintf("%q", c.rule.Unit), "rows or percent", "leave the unit out for rows")
	}
	return false
}

// related makes a count the measure: itself, or its part of all values.
func (c *compiler) related(count, all string) string {
	count = "CAST(" + count + " AS double)"
	if !c.percent() {
		return count
	}
	return fmt.Sprintf("CASE WHEN %s = 0 THEN 0e0 ELSE 100e0 * %s / %s END", all, count, all)
}

// HasRules reports whether any rule of a contract is measured.
func HasRules(c *contract.Contract) bool {
	for i := range c.Tables {
		t := &c.Tables[i]
		for j := range t.Quality {
			one := *t
			one.Quality = t.Quality[j : j+1]
			if len(Of(&one).Rules) > 0 {
				return true
			}
		}
	}
	return false
}
