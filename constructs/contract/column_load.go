package contract

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// column builds a column of a table with the format.
func (b *builder) column(raw *odcs.Property, at string, format Format) Column {
	b.iceberg = format == FormatIceberg
	typ := b.typeOf(&raw.Value, at)
	if format == FormatIceberg {
		typ = typ.Iceberg()
	}
	c := Column{
		Name: cmp.Or(raw.PhysicalName, raw.Name), Type: typ.String(), Description: raw.Description,
		Required: raw.Required, Unique: raw.Unique, Path: at,
	}
	if n := utf8.RuneCountInString(c.Description); n > maxComment {
		b.tooLong(problem.Key(at, "description"), n, maxComment)
	}
	c.Classification, c.Sensitivity = b.classify(&raw.Value, at)
	b.places(raw.Custom, onColumn)
	c.Identifier = b.identifier(&raw.Value)
	c.LFTags = b.lfTags(raw.Custom)
	c.Enum = b.enum(raw.Enum, problem.Key(at, "enum"))
	if len(raw.Examples) > 0 {
		c.Examples = texts(raw.Examples)
	}
	b.columnStorage(&c, raw.Custom)
	b.derivation(&c, &raw.Value)
	raw.Walk(at, "", func(v *odcs.Value, at, _ string) {
		b.noLFTags(v)
		b.places(v.Custom, onField)
		if v.Partitioned {
			b.warn(problem.Key(at, "partitioned"), "a partition key inside a column", "partition keys among the columns", "make it a column of its own")
		}
		if id := b.identifier(v); c.Identifier == "" {
			c.Identifier = id
		}
	})
	return c
}

// enum returns the values that a column may have.
func (b *builder) enum(raw []odcs.Enum, at string) []string {
	var out []string
	for i := range raw {
		path := problem.Key(problem.Index(at, i), "value")
		value := b.scalar(raw[i].Value, path)
		if slices.Contains(out, value) {
			b.problem(path, fmt.Sprintf("%q a second time", brief(value)), "each value once", "keep one of them")
		}
		out = append(out, value)
	}
	return out
}

// rawColumn is a property that is a column.
type rawColumn struct {
	raw  *odcs.Property
	path string
}

// columns are the properties that are columns of the table: a measure is worked
// out when somebody asks, and no column.
func (b *builder) columns(raw *odcs.Object, at string) []rawColumn {
	var out []rawColumn
	for i := range raw.Properties {
		p, path := &raw.Properties[i], problem.Index(problem.Key(at, "properties"), i)
		if p.SemanticType == "measure" {
			b.warn(problem.Key(path, "semanticType"), "a measure, which is no column of the table", "column or dimension", "nothing, if it is worked out when somebody asks; a view can have it as a column")
			continue
		}
		out = append(out, rawColumn{p, path})
	}
	return out
}
