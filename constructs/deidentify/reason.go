package deidentify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Item is the place of an identifier in the rule: 45 CFR 164.514(b)(2)(i)(A).
func Item(id ontology.Identifier) string {
	i := slices.Index(ontology.Identifiers(), id)
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("45 CFR 164.514(b)(2)(i)(%c)", 'A'+i)
}

// About says in one sentence what a method makes of a value.
func About(m ontology.Method) string {
	switch m {
	case ontology.Drop:
		return "left out"
	case ontology.Keep:
		return "copied: it identifies nobody"
	case ontology.HMAC:
		return "a code: HMAC-SHA-256 by a key that nobody sees"
	case ontology.Year:
		return "the year alone, and none of 90 or more years ago"
	case ontology.Shift:
		return "moved back by 1 to 365 days, the same for all dates of a patient"
	case ontology.Days:
		return "the number of days between two dates, and none from a date of 90 or more years ago"
	case ontology.AgeGroup:
		return "the age in bands of ten years, 90+ for who is or would be 90 this year"
	case ontology.ZIP3:
		return "the first three digits, 000 where 20,000 people or fewer live"
	case ontology.Generalize:
		return "listed values only, the rest is other"
	case ontology.Constant:
		return "the same in every row"
	default:
		return ""
	}
}

// reason explains a column of the target.
func (c *checker) reason(out Column) string {
	var items []string
	for _, in := range out.inputs {
		if item := Item(in.identifier); item != "" && !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	if len(items) == 0 {
		return About(out.Method)
	}
	return About(out.Method) + " (" + strings.Join(items, ", ") + ")"
}

// whyDropped explains a column of the source that does not reach the target.
func whyDropped(c *contract.Column) string {
	switch {
	case c.Identifier != "":
		return "identifier (" + Item(c.Identifier) + ")"
	case c.Level().Compare(ontology.PHI) >= 0:
		return "phi without a named identifier: free text, as a rule"
	default:
		return "no column of the target names it"
	}
}
