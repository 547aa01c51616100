package contract

import (
	"fmt"
	"strconv"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

func (b *builder) sortOrder(t *Table, custom odcs.CustomProperties) {
	p := b.find(custom, t.Path, customSortOrder)
	if p == nil {
		return
	}
	at := problem.Key(p.Path, "value")
	fields, ok := p.Value.([]any)
	if !ok {
		b.shape(at, p.Value, "a list", "write for example [{column: taken, direction: desc}]")
	}
	for i, field := range fields {
		values := b.options(field, problem.Index(at, i), "column", "transform", "direction", "nullOrder")
		t.SortOrder = append(t.SortOrder, SortField{
			Column: values["column"], Transform: Transform(values["transform"]), Direction: values["direction"], NullOrder: values["nullOrder"],
		})
	}
}

func checkSortOrder(f *findings, t *Table) {
	if len(t.SortOrder) == 0 {
		return
	}
	if t.format() != FormatIceberg {
		f.table(fmt.Sprintf("a sort order with the format %s", t.format()), "an Iceberg table", "remove it, or set the format iceberg", customSortOrder)
		return
	}
	seen := map[string]bool{}
	for i, s := range t.SortOrder {
		at := strconv.Itoa(i)
		f.word(-1, s.Direction, []string{"asc", "desc"}, customSortOrder, at, "direction")
		f.word(-1, s.NullOrder, []string{"nulls-first", "nulls-last"}, customSortOrder, at, "nullOrder")
		c := t.Column(s.Column)
		if c == nil {
			f.table(fmt.Sprintf("the column %q", s.Column), "a column of the table", suggest(s.Column, columnNames(t)), customSortOrder, at, "column")
			continue
		}
		if typ, err := gluetype.Parse(c.Type); err == nil && !typ.Primitive() {
			f.table(fmt.Sprintf("the column %s, which is %s", c.Name, brief(c.Type)), "a column of single values", "sort by another column", customSortOrder, at, "column")
			continue
		}
		if seen[s.Column] {
			f.table(fmt.Sprintf("the column %s a second time", c.Name), "each column once", "keep one of them", customSortOrder, at, "column")
		}
		seen[s.Column] = true
		f.checkTransform(-1, s.Transform, *c, customSortOrder, at, "transform")
	}
}
