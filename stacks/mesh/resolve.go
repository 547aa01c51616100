package mesh

import (
	"slices"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// level is a column's sensitivity: what it is set to, else what its
// classification names. What nobody has classified counts as phi.
func level(c contract.Column) ontology.Sensitivity {
	if c.Sensitivity.Valid() {
		return c.Sensitivity
	}
	if l, ok := ontology.ParseSensitivity(c.Classification); ok {
		return l
	}
	return ontology.PHI
}

// tableLevel is the sensitivity of a table: that of its most sensitive column.
func tableLevel(t contract.Table) ontology.Sensitivity {
	return ontology.MostSensitive(levels(t)...)
}

// levels are the sensitivities of a table's columns, in the order of the columns.
func levels(t contract.Table) []ontology.Sensitivity {
	out := make([]ontology.Sensitivity, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = level(c)
	}
	return out
}

// productLevel is the declared sensitivity of a product, else that of its most
// sensitive column.
func productLevel(c *contract.Contract) ontology.Sensitivity {
	if c.Sensitivity != "" {
		return c.Sensitivity
	}
	var all []ontology.Sensitivity
	for _, t := range c.Tables {
		all = append(all, levels(t)...)
	}
	return ontology.MostSensitive(all...)
}

// zoneOf is the zone that a product's tables stand in.
func zoneOf(c *contract.Contract) ontology.Zone {
	if c.Zone == "" {
		return ontology.Curated
	}
	return c.Zone
}

// resolved returns a copy of a contract with its defaults filled in. Everything
// that the plan may look at is set in it; the contract itself is left alone.
func resolved(c *contract.Contract) *contract.Contract {
	out := *c
	out.Sensitivity = productLevel(c)
	out.Zone = zoneOf(c)
	out.Tables = slices.Clone(c.Tables)
	for i := range out.Tables {
		t := &out.Tables[i]
		t.Location = folder(t.Location)
		if t.Format == "" && t.View == nil {
			t.Format = contract.FormatIceberg
			if t.Location != "" {
				t.Format = contract.FormatParquet
			}
		}
		t.Columns = slices.Clone(t.Columns)
		for j := range t.Columns {
			t.Columns[j].Sensitivity = level(t.Columns[j])
		}
	}
	return &out
}

// locationIn is the place of a table outside the lake in a stage, "" in the lake;
// ok is that the contract says it. A contract with servers of several environments
// says it of each; the only server of one that no stage is called holds in every
// stage.
func (d *Definition) locationIn(t *contract.Table, stage string) (location string, ok bool) {
	if len(t.Locations) == 0 {
		return folder(t.Location), true
	}
	for _, environment := range []string{strings.ToLower(stage), ""} {
		if location, ok := t.Locations[environment]; ok {
			return folder(location), true
		}
	}
	if len(t.Locations) > 1 {
		return "", false
	}
	for name := range d.Stages {
		if _, named := t.Locations[strings.ToLower(name)]; named {
			return "", false
		}
	}
	return folder(t.Location), true
}

// folder ends a location with a slash; "" stays "".
func folder(location string) string {
	if location == "" || strings.HasSuffix(location, "/") {
		return location
	}
	return location + "/"
}

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
