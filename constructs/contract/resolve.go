package contract

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Resolve returns a copy of the contract in which every default is filled in:
// the level of the product and of each column, the zone, and of each table the
// format and the slash at the end of its locations. A contract that was loaded is
// resolved.
func (c *Contract) Resolve() *Contract {
	out := *c
	out.Sensitivity = c.Level()
	out.Zone = c.Zone.OrDefault()
	out.Tables = slices.Clone(c.Tables)
	for i := range out.Tables {
		out.Tables[i].resolve()
	}
	return &out
}

// resolve fills in the defaults of a table. It changes nothing that a copy of the
// table shares.
func (t *Table) resolve() {
	t.Location = prefixOf(t.Location)
	if t.View == nil {
		t.Format = t.format()
	}
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		t.Columns[i].Sensitivity = t.Columns[i].Level()
	}
}

// format is the one that counts: Iceberg in the lake and Parquet outside it, where
// the table names none. A view is as if it had one without limits of its own.
func (t *Table) format() Format {
	switch {
	case t.View != nil:
		return FormatParquet
	case t.Format != "":
		return t.Format
	case t.Location == "":
		return FormatIceberg
	default:
		return FormatParquet
	}
}

// prefixOf ends a location with a slash; "" is the table's own prefix and stays "".
func prefixOf(location string) string {
	if location == "" || strings.HasSuffix(location, "/") {
		return location
	}
	return location + "/"
}

// LocationIn is the place of a table outside the lake in one of the stages that it
// is deployed in, "" in the lake; ok is that the contract says it. A contract with
// servers of several environments says it of each; the only server of one that no
// stage is called holds in every stage.
func (t *Table) LocationIn(stage string, stages []string) (location string, ok bool) {
	if len(t.Locations) == 0 {
		return prefixOf(t.Location), true
	}
	for _, environment := range []string{strings.ToLower(stage), ""} {
		if location, ok := t.Locations[environment]; ok {
			return prefixOf(location), true
		}
	}
	named := func(stage string) bool { _, ok := t.Locations[strings.ToLower(stage)]; return ok }
	if len(t.Locations) > 1 || slices.ContainsFunc(stages, named) {
		return "", false
	}
	return prefixOf(t.Location), true
}

// Level is the sensitivity of a column: what it is set to, else what its
// classification names. What nobody has classified, or with an unknown word, counts
// as PHI.
func (c *Column) Level() ontology.Sensitivity {
	if c.Sensitivity == "" {
		return levelOf(c.Classification)
	}
	return levelOrPHI(c.Sensitivity)
}

// levelOf is the level that a classification names.
func levelOf(classification string) ontology.Sensitivity {
	level, _ := ontology.ParseSensitivity(classification)
	return levelOrPHI(level)
}

// levelOrPHI is the level; PHI for a word that is none.
func levelOrPHI(s ontology.Sensitivity) ontology.Sensitivity {
	if !s.Valid() {
		return ontology.PHI
	}
	return s
}

// Level is the sensitivity of the product: what the contract declares, else that
// of its most sensitive column.
func (c *Contract) Level() ontology.Sensitivity {
	if c.Sensitivity != "" {
		return c.Sensitivity
	}
	return c.MaxSensitivity()
}

// MaxSensitivity returns the most sensitive data that the product may hold: what
// the contract declares or what one of its columns is, whichever is more. PHI
// when nothing is declared and there is no column.
func (c *Contract) MaxSensitivity() ontology.Sensitivity {
	var levels []ontology.Sensitivity
	if c.Sensitivity != "" {
		levels = append(levels, c.Sensitivity)
	}
	for i := range c.Tables {
		levels = append(levels, c.Tables[i].MaxSensitivity())
	}
	return levelOrPHI(ontology.MostSensitive(levels...))
}

// MaxSensitivity returns the most sensitive of the table's columns; PHI when it
// has none.
func (t *Table) MaxSensitivity() ontology.Sensitivity {
	return ontology.MostSensitive(t.Levels()...)
}

// Levels are the sensitivities of the table's columns, in the order of the columns.
func (t *Table) Levels() []ontology.Sensitivity {
	out := make([]ontology.Sensitivity, len(t.Columns))
	for i := range t.Columns {
		out[i] = t.Columns[i].Level()
	}
	return out
}
