package measure

import (
	"fmt"
	"regexp"
	"strings"
)

// numeral is a number as contracts write it and SQL takes it.
var numeral = regexp.MustCompile(`^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$`)

// operands are the numbers that a rule compares with, as SQL writes doubles; a boolean is 1
// or 0, as the measure of an sql rule is.
func (c *compiler) operands() []string {
	var out []string
	for i, v := range c.rule.Values {
		switch text := strings.ReplaceAll(v, "_", ""); {
		case strings.EqualFold(v, "true"):
			out = append(out, "1e0")
		case strings.EqualFold(v, "false"):
			out = append(out, "0e0")
		case numeral.MatchString(text):
			out = append(out, "CAST("+strings.TrimPrefix(text, "+")+" AS double)")
		default:
			c.refuse(fmt.Sprintf("%s[%d]", c.rule.Operator, i), fmt.Sprintf("%q", v), "a number, as a measure is one", "write the number that the measure is compared with")
			return nil
		}
	}
	return out
}

// operator returns the condition that a measure has to meet.
func (c *compiler) operator() func(string) string {
	values := c.operands()
	symbol, isComparison := map[string]string{
		"mustBeGreaterThan": ">", "mustBeGreaterOrEqualTo": ">=", "mustBeLessThan": "<", "mustBeLessOrEqualTo": "<=",
	}[c.rule.Operator]
	two := len(values) == 2
	switch name := c.rule.Operator; {
	case len(values) < len(c.rule.Values): // refused
	case name == "":
		c.refuse("", "a rule without an operator", "one of mustBe, mustNotBe, mustBeGreaterThan, mustBeBetween, …", "say what the measure must be, for example mustBe: 0")
	case isComparison && len(values) == 1:
		return func(m string) string { return m + " " + symbol + " " + values[0] }
	case name == "mustBe" && len(values) > 0:
		return func(m string) string { return m + " IN (" + strings.Join(values, ", ") + ")" }
	case name == "mustNotBe" && len(values) > 0:
		return func(m string) string { return m + " NOT IN (" + strings.Join(values, ", ") + ")" }
	case name == "mustBeBetween" && two:
		return func(m string) string { return m + " > " + values[0] + " AND " + m + " < " + values[1] }
	case name == "mustNotBeBetween" && two:
		return func(m string) string { return m + " <= " + values[0] + " OR " + m + " >= " + values[1] }
	default:
		c.refuse(name, fmt.Sprintf("%q with %d values", name, len(values)), "an operator of the standard with the values that it takes", "correct it")
	}
	return nil
}
