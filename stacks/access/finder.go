package access

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// finder finds what a grant is about in one catalog, so that no grant looks at every table
// of it, and keeps what the rows of many principals have in common.
type finder struct {
	tables    map[string][]int            // places in Tables, by key
	in        map[string][]int            // places in Tables, by database
	databases map[string][]int            // places in Databases, by name
	toCome    []Database                  // those without tables, but no resource links
	filters   map[string][]int            // places in Filters, by key of the table
	tagged    map[string][]int            // places in Tables that have a tag themselves or on a column, by tag
	unsure    map[string]bool             // keys of tags that have a value which is not known
	own       []tagSet                    // tags of the table itself, by place in Tables
	rows      []*Row                      // without a principal, by place in Tables
	places    map[string][]s3uri.Location // that are registered, by bucket
	anyPlace  bool                        // one that is registered may be any
	files     *files                      // by bucket; see ownerOf
	sets      map[string]*columnSet
	seen      map[string]seen // by table and reads
}

// columnSet is some columns of one table.
type columnSet struct {
	number int // of its own
	names  []string
}

// seen is what reads show of the columns of a table.
type seen struct {
	columns []ColumnAccess
	levels  []Level
}

// find returns the finder of the catalog, made on first use.
func (e *evaluation) find() *finder {
	if e.finder != nil {
		return e.finder
	}
	f := &finder{
		tables: map[string][]int{}, in: map[string][]int{}, databases: map[string][]int{}, filters: map[string][]int{},
		tagged: map[string][]int{}, places: map[string][]s3uri.Location{}, unsure: map[string]bool{}, sets: map[string]*columnSet{}, seen: map[string]seen{},
		own: make([]tagSet, len(e.Tables)), rows: make([]*Row, len(e.Tables)),
	}
	for i, d := range e.Databases {
		f.databases[d.Name] = append(f.databases[d.Name], i)
		if e.toCome[d.Name] {
			f.toCome = append(f.toCome, d)
		}
	}
	for _, l := range e.Locations {
		f.anyPlace = f.anyPlace || unresolved(l.ARN)
		if place, isARN := s3uri.FromARN(l.ARN); isARN {
			f.places[place.Bucket] = append(f.places[place.Bucket], place)
		}
	}
	for i, filter := range e.Filters {
		key := filter.Database + "." + filter.Table
		f.filters[key] = append(f.filters[key], i)
	}
	for i, t := range e.Tables {
		f.tables[t.Key()] = append(f.tables[t.Key()], i)
		f.in[t.Database] = append(f.in[t.Database], i)
		f.own[i] = e.tags.table(t.Database, t.Name)
		row := e.tableRow(t)
		f.rows[i] = &row
		f.tag(i, f.own[i])
		for _, c := range e.columns[t.Key()] {
			if c.class > 0 {
				f.tag(i, c.tags)
			}
		}
	}
	e.finder = f
	return f
}

// tag notes a place that has tags.
func (f *finder) tag(place int, tags tagSet) {
	for key, values := range tags {
		for _, value := range values {
			if unresolved(value) {
				f.unsure[key] = true
			}
			at := joinKey(key, value)
			if places := f.tagged[at]; len(places) == 0 || places[len(places)-1] != place {
				f.tagged[at] = append(places, place)
			}
		}
	}
}

// candidates are the places of the tables that an expression may mean, in order: those
// that have, for the key that fewest have, one of its values.
func (f *finder) candidates(expression []lakeformation.Condition) []int {
	count := func(c lakeformation.Condition) (n int) {
		for _, value := range c.Values {
			n += len(f.tagged[joinKey(c.Key, value)])
		}
		return n
	}
	if len(expression) == 0 {
		return nil
	}
	if slices.ContainsFunc(expression, func(c lakeformation.Condition) bool {
		return f.unsure[c.Key] || slices.ContainsFunc(c.Values, unresolved)
	}) {
		return f.everything()
	}
	rarest := slices.MinFunc(expression, func(a, b lakeformation.Condition) int { return count(a) - count(b) })
	if len(rarest.Values) == 1 {
		return f.tagged[joinKey(rarest.Key, rarest.Values[0])]
	}
	var out []int
	for _, value := range rarest.Values {
		out = append(out, f.tagged[joinKey(rarest.Key, value)]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// everything is the place of every table.
func (f *finder) everything() []int {
	out := make([]int, len(f.own))
	for i := range out {
		out[i] = i
	}
	return out
}

// named are the places of the tables that a resource names, in order.
func (f *finder) named(r lakeformation.Resource) []int {
	if r.Table == lakeformation.AllTables {
		return f.in[r.Database]
	}
	return f.tables[r.Database+"."+r.Table]
}

// set is the one set of columns of a table with some names.
func (f *finder) set(place int, names []string) *columnSet {
	return f.keep(fmt.Sprint(place, " ", strings.Join(names, "\x00")), func() []string { return names })
}

// keep returns the set of a key, made on first use.
func (f *finder) keep(key string, names func() []string) *columnSet {
	s := f.sets[key]
	if s == nil {
		s = &columnSet{number: len(f.sets), names: names()}
		f.sets[key] = s
	}
	return s
}

// matching is the set of the columns that an expression means. Columns of one class have
// the same tags.
func (e *evaluation) matching(place int, expression []lakeformation.Condition) *columnSet {
	columns := e.columns[e.Tables[place].Key()]
	var known, holds [maxClasses]bool
	matches := func(c columnTags) bool {
		if c.class >= maxClasses {
			return c.tags.matches(expression)
		}
		if !known[c.class] {
			known[c.class], holds[c.class] = true, c.tags.matches(expression)
		}
		return holds[c.class]
	}
	key := strconv.AppendInt(make([]byte, 0, 64), int64(place), 10)
	key = append(key, '?')
	for _, c := range columns {
		mark := byte('-')
		if matches(c) {
			mark = '+'
		}
		if c.first { // of its class: one mark says it of all
			key = append(key, mark)
		}
	}
	f := e.finder
	if s := f.sets[string(key)]; s != nil {
		return s
	}
	return f.keep(string(key), func() []string {
		var names []string
		for _, c := range columns {
			if matches(c) {
				names = append(names, c.Name)
			}
		}
		return names
	})
}

// maxClasses bounds how many classes of columns of one table are remembered for an
// expression; further ones are worked out column by column.
const maxClasses = 64
