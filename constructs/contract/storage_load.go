package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// What the standard's physicalType calls views and tables.
const (
	physicalView  = "view"
	physicalTable = "table"
)

// query reads the SQL of a view, or of a table that a job makes.
func (b *builder) query(t *Table, raw *odcs.Object) {
	p := b.find(raw.Custom, t.Path, customSQL)
	sql := ""
	if p != nil {
		sql, _ = b.text(p)
		sql = strings.TrimSpace(sql)
	}
	switch {
	case strings.EqualFold(raw.PhysicalType, physicalView):
		t.View = &View{SQL: sql}
	case p == nil:
	case !strings.EqualFold(raw.PhysicalType, physicalTable):
		b.problem(problem.Key(t.Path, "physicalType"), fmt.Sprintf("%q, with the custom property sql", raw.PhysicalType), physicalView+" or "+physicalTable,
			"set physicalType: view, or table for one that a job makes by the query, or remove sql")
	case sql == "":
		b.shape(problem.Key(p.Path, "value"), "an empty text", "a SELECT or WITH statement", "write the query, or remove sql")
	default:
		t.TransformLogic = sql
	}
}

// tableStorage reads how the files of a table are written.
func (b *builder) tableStorage(t *Table, custom odcs.CustomProperties) {
	texts := map[string]*string{
		customSerde: &t.CSV.Serde, customQuote: &t.CSV.Quote, customEscape: &t.CSV.Escape, customNullFormat: &t.CSV.NullFormat,
		customTemplate: &t.LocationTemplate,
	}
	for _, name := range []string{customSerde, customQuote, customEscape, customNullFormat, customTemplate} {
		if p := b.find(custom, t.Path, name); p != nil {
			*texts[name], _ = b.text(p)
		}
	}
	flags := map[string]*bool{customCaseSensitive: &t.JSON.CaseSensitive, customIgnoreMalformed: &t.JSON.IgnoreMalformed}
	for _, name := range []string{customCaseSensitive, customIgnoreMalformed} {
		if p := b.find(custom, t.Path, name); p != nil {
			value, ok := truth(p.Value)
			if !ok {
				b.shape(problem.Key(p.Path, "value"), p.Value, "true or false", "write true or false")
			}
			*flags[name] = value
		}
	}
	b.sortOrder(t, custom)
	if p := b.find(custom, t.Path, customTableProps); p != nil {
		at := problem.Key(p.Path, "value")
		values, ok := p.Value.(map[string]any)
		if !ok {
			b.shape(at, p.Value, "names and values", "write for example {write.format.default: parquet}")
		}
		for _, name := range slices.Sorted(maps.Keys(values)) {
			if t.Properties == nil {
				t.Properties = map[string]string{}
			}
			t.Properties[name] = b.scalar(values[name], problem.Key(at, name))
		}
	}
}

// columnStorage reads the projection and the partition transform of a column.
func (b *builder) columnStorage(c *Column, custom odcs.CustomProperties) {
	if p := b.find(custom, c.Path, customTransform); p != nil {
		text, _ := b.text(p)
		c.Transform = Transform(text)
	}
	p := b.find(custom, c.Path, customProjection)
	if p == nil {
		return
	}
	at := problem.Key(p.Path, "value")
	mapping, _ := p.Value.(map[string]any)
	enum := mapping[keyValues]
	if mapping != nil {
		mapping = maps.Clone(mapping)
		delete(mapping, keyValues)
		values := b.options(mapping, at, projectionKeys()...)
		c.Projection = &Projection{
			Type: ProjectionType(values[keyType]), Range: values[keyRange], Format: values[keyFormat], IntervalUnit: values[keyUnit],
			Interval: b.number(values, keyInterval, at), Digits: b.number(values, keyDigits, at),
		}
	} else {
		b.shape(at, p.Value, "keys such as type, range and format", "write for example {type: integer, range: \"0,99\"}")
		return
	}
	if enum == nil {
		return
	}
	at = problem.Key(at, keyValues)
	list, ok := enum.([]any)
	if !ok {
		b.shape(at, enum, "a list", "write for example [east, west]")
	}
	for i, v := range list {
		c.Projection.Values = append(c.Projection.Values, b.scalar(v, problem.Index(at, i)))
	}
}
