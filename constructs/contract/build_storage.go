package contract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
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
		b.problem(strictyaml.Key(t.Path, "physicalType"), fmt.Sprintf("%q, with the custom property sql", raw.PhysicalType), physicalView+" or "+physicalTable,
			"set physicalType: view, or table for one that a job makes by the query, or remove sql")
	case sql == "":
		b.shape(strictyaml.Key(p.Path, "value"), "an empty text", "a SELECT or WITH statement", "write the query, or remove sql")
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
				b.shape(strictyaml.Key(p.Path, "value"), p.Value, "true or false", "write true or false")
			}
			*flags[name] = value
		}
	}
	b.sortOrder(t, custom)
	if p := b.find(custom, t.Path, customTableProps); p != nil {
		at := strictyaml.Key(p.Path, "value")
		values, ok := p.Value.(map[string]any)
		if !ok {
			b.shape(at, p.Value, "names and values", "write for example {write.format.default: parquet}")
		}
		for _, name := range sortedKeys(values) {
			if t.Properties == nil {
				t.Properties = map[string]string{}
			}
			t.Properties[name] = b.scalar(values[name], strictyaml.Key(at, name))
		}
	}
}

func (b *builder) sortOrder(t *Table, custom odcs.CustomProperties) {
	p := b.find(custom, t.Path, customSortOrder)
	if p == nil {
		return
	}
	at := strictyaml.Key(p.Path, "value")
	fields, ok := p.Value.([]any)
	if !ok {
		b.shape(at, p.Value, "a list", "write for example [{column: taken, direction: desc}]")
	}
	for i, field := range fields {
		values := b.options(field, strictyaml.Index(at, i), "column", "transform", "direction", "nullOrder")
		t.SortOrder = append(t.SortOrder, SortField{
			Column: values["column"], Transform: Transform(values["transform"]), Direction: values["direction"], NullOrder: values["nullOrder"],
		})
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
	at := strictyaml.Key(p.Path, "value")
	mapping, _ := p.Value.(map[string]any)
	enum := mapping[keyValues]
	if mapping != nil {
		mapping = mapsWithout(mapping, keyValues)
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
	at = strictyaml.Key(at, keyValues)
	list, ok := enum.([]any)
	if !ok {
		b.shape(at, enum, "a list", "write for example [east, west]")
	}
	for i, v := range list {
		c.Projection.Values = append(c.Projection.Values, b.scalar(v, strictyaml.Index(at, i)))
	}
}

// find returns the custom property with the name, or nil, and keeps its place
// for what is found about it later.
func (b *builder) find(custom odcs.CustomProperties, base, name string) *odcs.CustomProperty {
	p := custom.Find(name)
	if p != nil {
		if b.custom == nil {
			b.custom = map[string]string{}
		}
		b.custom[strictyaml.Key(base, name)] = strictyaml.Key(p.Path, "value")
	}
	return p
}

// options reads a mapping of texts and numbers with the keys; a list of scalars
// becomes a text with commas.
func (b *builder) options(value any, at string, keys ...string) map[string]string {
	mapping, ok := value.(map[string]any)
	if !ok {
		b.shape(at, value, "the keys "+strings.Join(keys, ", "), "write them as a mapping")
		return nil
	}
	out := map[string]string{}
	for _, key := range sortedKeys(mapping) {
		path := strictyaml.Key(at, key)
		if !slices.Contains(keys, key) {
			fix := "remove it"
			if near, found := problem.Nearest(key, keys); found {
				fix = fmt.Sprintf("did you mean %s?", near)
			}
			b.problem(path, fmt.Sprintf("the unknown key %q", key), oneOf(keys), fix)
			continue
		}
		if list, isList := mapping[key].([]any); isList && key == keyRange {
			parts := make([]string, len(list))
			for i, v := range list {
				parts[i] = b.scalar(v, strictyaml.Index(path, i))
			}
			out[key] = strings.Join(parts, ",")
			continue
		}
		out[key] = b.scalar(mapping[key], path)
	}
	return out
}

// scalar is a text, number or boolean as a text.
func (b *builder) scalar(value any, at string) string {
	switch v := value.(type) {
	case string:
		return v
	case strictyaml.Spelling:
		return v.Text
	default:
		b.shape(at, value, "a text or a number", "write one value")
		return ""
	}
}

func (b *builder) number(values map[string]string, key, at string) int {
	if values[key] == "" {
		return 0
	}
	n, err := strconv.Atoi(values[key])
	if err != nil || n < 1 {
		b.shape(strictyaml.Key(at, key), values[key], "a whole number from 1", "write one, or leave it out")
		return 0
	}
	return n
}

// truth is a boolean value of a custom property.
func truth(value any) (is, ok bool) {
	spelling, _ := value.(strictyaml.Spelling)
	is, ok = spelling.Value.(bool)
	return is, ok
}

// shape reports a value of the wrong shape; nothing else is said about it.
func (b *builder) shape(at string, got any, expected, fix string) {
	b.problem(at, brief(fmt.Sprintf("%v", got)), expected, fix)
	b.unread = append(b.unread, at)
}

// readable leaves out what was found about values that could not be read.
func (b *builder) readable(list problem.List) problem.List {
	return slices.DeleteFunc(list, func(p problem.Problem) bool {
		return slices.ContainsFunc(b.unread, func(path string) bool { return strings.HasPrefix(p.Path, path) })
	})
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func mapsWithout(m map[string]any, key string) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		if k != key {
			out[k] = v
		}
	}
	return out
}
