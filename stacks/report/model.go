package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// model is who can see what, as the sections share it: what is said of many rows is said
// once, and numbers stand for it. assets/model.js reads it.
type model struct {
	Scope   string   `json:"scope"`
	Caveats []string `json:"caveats"`
	Notes   []string `json:"notes"`
	Levels  []string `json:"levels"` // from public to untagged
	// Catalogs and Tables are how many there are; Columns are those of each level, granted
	// or not.
	Catalogs int   `json:"catalogs"`
	Tables   int   `json:"tables"`
	Columns  []int `json:"columns"`
	// Names are the shortest ones of principals that no other has.
	Names      map[string]string `json:"names"`
	Texts      []string          `json:"texts"` // that all numbers but those of lists are of
	Principals []int             `json:"principals"`
	Objects    []object          `json:"objects"` // that rows are about
	Rights     [][]int           `json:"rights"`  // lists of permissions; one to grant on is below zero: -1-text
	Sights     []sight           `json:"sights"`  // lists of columns
	// Subscriptions are name, purpose, approver and last day.
	Subscriptions [][4]int `json:"subscriptions"`
	Rows          rows     `json:"rows"`
	Admins        []admin  `json:"admins"`
	Bypasses      []bypass `json:"bypasses"`
	Grantors      []grant  `json:"grantors"`
	Why           why      `json:"why"`
}

// object is a table, database, location, tag or catalog.
type object struct {
	Kind    int      `json:"kind"`
	Place   [2]int   `json:"place"` // account and region
	Domain  int      `json:"domain"`
	Zone    int      `json:"zone"`
	Product int      `json:"product"`
	Table   [2]int   `json:"table"` // database and table
	Name    int      `json:"name"`
	Columns [][3]int `json:"columns,omitempty"` // name, type and level
	// Levels are the columns of each level of the list, all of them.
	Levels []int `json:"levels,omitempty"`
}

// sight is which columns of an object are seen: groups with the same rows.
type sight []sightGroup

type sightGroup struct {
	Columns   []int `json:"c"`           // of the object: first and count, one after another
	Rows      []int `json:"r,omitempty"` // conditions, joined by OR; none is every row
	Grantable bool  `json:"g,omitempty"`
}

// rows are lists of the same length, one for each field.
type rows struct {
	Principal     []int   `json:"principal"` // of the list of principals
	Object        []int   `json:"object"`
	Rights        []int   `json:"rights"`
	Sight         []int   `json:"sight"`         // -1 without columns
	Inherited     []int   `json:"inherited"`     // -1 or a level
	ReadFor       [][]int `json:"readFor"`       // null or products
	Subscriptions [][]int `json:"subscriptions"` // null or numbers in the list
	Otherwise     []int   `json:"otherwise"`     // 1 when something stays after all subscriptions
}

type admin struct {
	Principal int    `json:"principal"`
	Place     [2]int `json:"place"`
	ReadOnly  bool   `json:"readOnly,omitempty"`
}

type bypass struct {
	Principal int    `json:"principal"`
	Place     [2]int `json:"place"`
	Location  int    `json:"location"`
	Domain    int    `json:"domain"`
	Tables    []int  `json:"tables"`
	Products  []int  `json:"products"`
	Levels    []int  `json:"levels"`
	Can       []int  `json:"can"`
	Path      []int  `json:"path"`
	Certain   bool   `json:"certain,omitempty"`
}

type grant struct {
	Principal int    `json:"principal"`
	Place     [2]int `json:"place"`
	Domain    int    `json:"domain"`
	Product   int    `json:"product"`
	Table     int    `json:"table"`
	What      int    `json:"what"`
	Path      []int  `json:"path"`
	Certain   bool   `json:"certain,omitempty"`
}

// modelOf collects a model.
type modelOf struct {
	model
	texts         *texts
	principals    *shared[int]
	objects       *shared[object]
	tables        map[string]access.TaggedTable // by the key of their object
	columns       []map[string]int              // of each object, by name
	rights        *shared[[]int]
	sights        *shared[sight]
	subscriptions *shared[[4]int]
}

// newModel says in numbers who can see what.
func newModel(in *input) *model {
	m := in.matrix
	b := &modelOf{
		texts: newTexts(), principals: newShared[int](), objects: newShared[object](), rights: newShared[[]int](),
		sights: newShared[sight](), subscriptions: newShared[[4]int](), tables: map[string]access.TaggedTable{},
	}
	b.texts.of("") // so that nothing is 0
	b.Scope = access.Scope
	b.Caveats, b.Notes = append([]string{}, m.Caveats...), append([]string{}, m.Notes...)
	b.Names = access.Names(m.Known.Principals)
	tables := in.state.TaggedTables()
	b.Levels = levelsOf(m, tables)
	b.Catalogs, b.Tables, b.Columns = len(in.state.Catalogs), len(tables), make([]int, len(b.Levels))
	for _, t := range tables {
		b.tables[objectKey(access.OnTable, t.Account, t.Region, t.Database, t.Name, "")] = t
		for _, c := range t.Columns {
			b.Columns[slices.Index(b.Levels, string(c.Sensitivity))]++
		}
	}
	why := newWhy(b.texts)
	for _, r := range m.Rows {
		b.row(r)
		why.row(in.explainer.Row(r))
	}
	b.Why = why.all()
	b.others(m)
	b.Texts, b.Principals, b.Objects, b.Rights, b.Sights, b.Subscriptions = b.texts.all, b.principals.all, b.objects.all, b.rights.all, b.sights.all, b.subscriptions.all
	return &b.model
}

// others adds what is beside the rows.
func (b *modelOf) others(m *access.Matrix) {
	for _, a := range m.Admins {
		b.Admins = append(b.Admins, admin{b.texts.of(a.Principal), b.place(a.Account, a.Region), a.ReadOnly})
	}
	for _, w := range m.Bypasses {
		b.Bypasses = append(b.Bypasses, bypass{
			b.texts.of(w.Principal), b.place(w.Account, w.Region), b.texts.of(w.Location), b.texts.of(w.Domain), ofAll(b.texts, w.Tables),
			ofAll(b.texts, w.Products), ofAll(b.texts, w.Levels), ofAll(b.texts, w.Can), ofAll(b.texts, w.Path), w.Certain,
		})
	}
	for _, g := range m.Grantors {
		b.Grantors = append(b.Grantors, grant{
			b.texts.of(g.Principal), b.place(g.Account, g.Region), b.texts.of(g.Domain), b.texts.of(g.Product), b.texts.of(g.Table),
			b.texts.of(g.What), ofAll(b.texts, g.Path), g.Certain,
		})
	}
}

// levelsOf returns the levels of the ontology and what else columns have, untagged last.
func levelsOf(m *access.Matrix, tables []access.TaggedTable) []string {
	var out, others []string
	for _, level := range ontology.Sensitivities() {
		out = append(out, string(level))
	}
	add := func(level ontology.Sensitivity) {
		if text := string(level); level != access.Untagged && !slices.Contains(out, text) && !slices.Contains(others, text) {
			others = append(others, text)
		}
	}
	for _, r := range m.Rows {
		for _, l := range r.Levels {
			add(l.Sensitivity)
		}
	}
	for _, t := range tables {
		for _, c := range t.Columns {
			add(c.Sensitivity)
		}
	}
	slices.Sort(others)
	return append(append(out, others...), string(access.Untagged))
}

func (b *modelOf) place(account, region string) [2]int {
	return [2]int{b.texts.of(account), b.texts.of(region)}
}

func (b *modelOf) row(r access.Row) {
	b.Rows.Principal = append(b.Rows.Principal, b.principals.of(r.Principal, func() int { return b.texts.of(r.Principal) }))
	number := b.object(r)
	b.Rows.Object = append(b.Rows.Object, number)
	b.Rows.Rights = append(b.Rows.Rights, b.rights.of(fmt.Sprint(r.Rights), func() []int {
		out := make([]int, len(r.Rights))
		for i, right := range r.Rights {
			if out[i] = b.texts.of(string(right.Permission)); right.Grantable {
				out[i] = -1 - out[i]
			}
		}
		return out
	}))
	b.Rows.Sight = append(b.Rows.Sight, b.sight(number, r.Columns))
	inherited := -1
	if r.Inherited != "" {
		inherited = b.texts.of(string(r.Inherited))
	}
	b.Rows.Inherited = append(b.Rows.Inherited, inherited)
	var readFor, subscriptions []int
	if len(r.ReadFor) > 0 {
		readFor = ofAll(b.texts, r.ReadFor)
	}
	for _, s := range r.Subscriptions {
		subscriptions = append(subscriptions, b.subscriptions.of(fmt.Sprintf("%q", []string{s.Name, s.Purpose, s.Approver, s.LastDay}), func() [4]int {
			return [4]int{b.texts.of(s.Name), b.texts.of(s.Purpose), b.texts.of(s.Approver), b.texts.of(s.LastDay)}
		}))
	}
	b.Rows.ReadFor, b.Rows.Subscriptions = append(b.Rows.ReadFor, readFor), append(b.Rows.Subscriptions, subscriptions)
	otherwise := 0
	if r.AlsoOtherwise {
		otherwise = 1
	}
	b.Rows.Otherwise = append(b.Rows.Otherwise, otherwise)
}

func objectKey(kind access.Kind, account, region, database, table, object string) string {
	return fmt.Sprintf("%q", []string{string(kind), account, region, database, table, object})
}

// object numbers what a row is about, with all its columns.
func (b *modelOf) object(r access.Row) int {
	key := objectKey(r.Kind, r.Account, r.Region, r.Database, r.Table, r.Object)
	number := b.objects.of(key, func() object {
		b.columns = append(b.columns, map[string]int{})
		return object{
			Kind: b.texts.of(string(r.Kind)), Place: b.place(r.Account, r.Region), Domain: b.texts.of(r.Domain), Zone: b.texts.of(r.Zone),
			Product: b.texts.of(r.Product), Table: [2]int{b.texts.of(r.Database), b.texts.of(r.Table)}, Name: b.texts.of(r.Name()),
		}
	})
	o := &b.objects.all[number]
	if r.Kind == access.OnTable && o.Levels == nil {
		o.Levels = make([]int, len(b.Levels))
		for _, c := range b.tables[key].Columns {
			b.column(number, c.Name, c.Type, c.Sensitivity)
		}
	}
	for _, l := range r.Levels {
		i := slices.Index(b.Levels, string(l.Sensitivity))
		o.Levels[i] = max(o.Levels[i], l.Total)
	}
	for _, c := range r.Columns {
		b.column(number, c.Name, c.Type, c.Sensitivity)
	}
	return number
}

// column adds a column to an object that does not have it.
func (b *modelOf) column(object int, name, glueType string, level ontology.Sensitivity) {
	if _, known := b.columns[object][name]; !known {
		o := &b.objects.all[object]
		b.columns[object][name] = len(o.Columns)
		o.Columns = append(o.Columns, [3]int{b.texts.of(name), b.texts.of(glueType), b.texts.of(string(level))})
	}
}

// sight numbers which columns of an object are seen.
func (b *modelOf) sight(object int, columns []access.ColumnAccess) int {
	if len(columns) == 0 {
		return -1
	}
	var out sight
	group := map[string]int{}
	numbers := map[int][]int{} // of the columns of each group
	for _, c := range columns {
		key := fmt.Sprintf("%q %t", c.Rows, c.Grantable)
		g, known := group[key]
		if !known {
			g = len(out)
			group[key] = g
			out = append(out, sightGroup{Rows: ofAll(b.texts, c.Rows), Grantable: c.Grantable})
		}
		numbers[g] = append(numbers[g], b.columns[object][c.Name])
	}
	for g := range out {
		out[g].Columns = ranges(numbers[g])
	}
	return numberOf(b.sights, out)
}

// ranges returns numbers as first and count, one after another.
func ranges(numbers []int) []int {
	slices.SortFunc(numbers, cmp.Compare)
	var out []int
	for i, n := range numbers {
		if i > 0 && n == numbers[i-1]+1 {
			out[len(out)-1]++
		} else {
			out = append(out, n, 1)
		}
	}
	return out
}
