package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// included returns which of the table's columns a list or an exclusion means.
// A nested attribute ("address"."zip") counts as its column when it is listed,
// and takes nothing away when it is excluded: the rest of the column is seen.
func included(t Table, listed, excluded []string) []string {
	var out []string
	for _, col := range t.AllColumns() {
		name := col.Name
		switch {
		case len(listed) > 0 && !slices.ContainsFunc(listed, func(l string) bool { return topLevel(l) == name }):
		case slices.ContainsFunc(excluded, func(e string) bool { return strings.Trim(e, `"`) == name }):
		default:
			out = append(out, name)
		}
	}
	return out
}

// topLevel returns the column that a possibly nested and quoted name is in.
func topLevel(name string) string {
	name = strings.TrimPrefix(name, `"`)
	if i := strings.IndexAny(name, `".`); i >= 0 {
		return name[:i]
	}
	return name
}

func foldColumns(in []Column) []Column {
	out := slices.Clone(in)
	for i, c := range out {
		out[i] = Column{Name: fold(c.Name), Type: foldType(c.Type)}
	}
	return orNil(out)
}

// foldType spells a type as the catalog does; one that is no type of the catalog
// stays as it is.
func foldType(name string) string {
	if normal, err := gluetype.Normalize(name); err == nil {
		return normal
	}
	return fold(name)
}

// foldLocation writes the URI of a place in S3 as everybody writes it: the file systems of
// Hadoop have schemes of their own for the same.
func foldLocation(uri string) string {
	for _, scheme := range []string{"s3a://", "s3n://"} {
		if path, is := strings.CutPrefix(uri, scheme); is {
			uri = s3uri.Scheme + path
		}
	}
	return strings.TrimSuffix(uri, "/")
}

// fold lowers a name as Glue and Lake Formation do when they store it. The text
// of an unresolved marker is left alone.
func fold(name string) string {
	if unresolved(name) {
		return name
	}
	return strings.ToLower(name)
}

// unresolved reports whether the text holds a marker of something unresolved.
func unresolved(text string) bool { return template.IsUnresolved(text) }

// foldNames returns the folded names, sorted, each once.
func foldNames(in []string) []string {
	out := make([]string, len(in))
	for i, n := range in {
		out[i] = fold(n)
	}
	return distinct(out)
}

// distinct returns a sorted copy in which nothing stands twice.
func distinct(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return orNil(slices.Compact(out))
}

// sortedBy sorts by a key and keeps the first of those with the same key.
func sortedBy[T any](in []T, key func(T) string) []T {
	type keyed struct {
		key  string
		item T
	}
	all := make([]keyed, len(in))
	for i, item := range in {
		all[i] = keyed{key(item), item}
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	all = slices.CompactFunc(all, func(a, b keyed) bool { return a.key == b.key })
	out := make([]T, len(all))
	for i := range all {
		out[i] = all[i].item
	}
	return orNil(out)
}

// joinKey joins parts to a key that no other parts have.
func joinKey(parts ...string) string { return strings.Join(parts, "\x00") }

// orNil returns nil for an empty slice, so that equal states are deeply equal.
func orNil[T any](in []T) []T {
	if len(in) == 0 {
		return nil
	}
	return in
}
