package mesh

import (
	"slices"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// wanted are the levels that a subscription asks for, the least sensitive first:
// public when it does not say.
func (s Subscription) wanted() []ontology.Sensitivity {
	if len(s.Sensitivity) == 0 {
		return []ontology.Sensitivity{ontology.Public}
	}
	var out []ontology.Sensitivity
	for _, word := range s.Sensitivity {
		if l, ok := ontology.ParseSensitivity(word); ok {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, ontology.Sensitivity.Compare)
	return slices.Compact(out)
}

// endedBefore reports whether the last day of the access was before a day. What
// has no valid end has not ended; Validate refuses it.
func (s Subscription) endedBefore(today time.Time) bool {
	last, err := time.Parse(time.DateOnly, s.Expires)
	return err == nil && last.Format(time.DateOnly) < today.Format(time.DateOnly)
}

// producer splits the product of a subscription at its first point.
func (s Subscription) producer() (domain, product string) {
	domain, product, _ = strings.Cut(s.Product, ".")
	return domain, product
}
