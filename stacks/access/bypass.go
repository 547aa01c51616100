package access

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// Ability is what a way around Lake Formation lets its holder do.
type Ability string

// The abilities, as they are sorted.
const (
	CanRead   Ability = "read"   // the bytes themselves
	CanWrite  Ability = "write"  // objects
	CanDelete Ability = "delete" // objects
	// CanDecrypt is that a key lets somebody of another account read the bytes that it gets
	// by some other way, which the policy of the bucket is not.
	CanDecrypt Ability = "decrypt"
	CanGet     Ability = "get" // the right to read, by making a table over the files
)

// Bypass is a way to the files of a registered location that the grants of its tables do
// not tell.
type Bypass struct {
	// Principal is an ARN or, where an account decides for itself whom it lets, the account.
	Principal string `json:"principal"`
	Account   string `json:"account"`  // of the catalog that registers the location
	Region    string `json:"region"`   // of the catalog that registers the location
	Location  string `json:"location"` // ARN of the place in S3
	Domain    string `json:"domain"`   // whose tables lie there; "" when not one, as Zone
	Zone      string `json:"zone"`     // raw, curated or analytics
	// Tables are those whose files are reached, as database.table. With none, there are
	// only files that no table of the catalog shows.
	Tables   []string               `json:"tables,omitempty"`
	Products []string               `json:"products,omitempty"` // of the tables, as domain.product
	Levels   []ontology.Sensitivity `json:"levels,omitempty"`   // of the tables' columns, from public to Untagged
	Can      []Ability              `json:"can"`                // in the order of the constants
	Path     []string               `json:"path"`               // grants, or policies and statements, one after another
	// Roles is how many steps of the path, from its start, are roles that the principal becomes.
	Roles int `json:"roles,omitempty"`
	// Certain says that nothing unknown stands in the way, such as a condition of a
	// statement or a policy that is not in the templates.
	Certain bool `json:"certain"`
}

// createDatabase is a permission on a catalog, which this library never grants.
const createDatabase lakeformation.Permission = "CREATE_DATABASE"

// making is how a principal makes tables, and where.
type making struct {
	by     map[string]bool   // grants that let it make tables
	places map[string]string // the grant that lets it, by ARN of the location
}

// makers are the principals that may make a table over files of a catalog: with
// CREATE_TABLE on a database, or ALTER on a table that they read, or CREATE_DATABASE, and
// with DATA_LOCATION_ACCESS on the files or a database whose location they are in.
// Source: "Underlying data access control", "Creating a database".
func (e *evaluation) makers(rows []Row) map[string]*making {
	out := map[string]*making{}
	of := func(principal string) *making {
		if out[principal] == nil {
			out[principal] = &making{map[string]bool{}, map[string]string{}}
		}
		return out[principal]
	}
	for _, r := range rows {
		switch {
		case r.Kind == OnDatabase && r.Can(lakeformation.CreateTable) && r.Object == "":
			how := "CREATE_TABLE on " + r.Database
			of(r.Principal).by[how] = true
			if place, known := e.placeOf(r.Database); known {
				of(r.Principal).places[place] = how + ", whose tables may lie anywhere in its location"
			}
		case r.Kind == OnTable && r.Can(lakeformation.Alter) && r.Can(lakeformation.Select):
			of(r.Principal).by["a table that it may ALTER, and so point elsewhere, and read"] = true
		case r.Kind == OnCatalog && (r.Can(createDatabase) || r.Can(all)):
			of(r.Principal).by["CREATE_DATABASE, and so CREATE_TABLE in a database of its own"] = true
		}
	}
	for _, r := range rows {
		if r.Kind == OnLocation && r.Can(lakeformation.DataLocationAccess) {
			of(r.Principal).places[r.Object] = "DATA_LOCATION_ACCESS on " + r.Name()
		}
	}
	return out
}

// placeOf is the ARN of the registered location of a database.
func (e *evaluation) placeOf(database string) (string, bool) {
	i := slices.IndexFunc(e.Databases, func(d Database) bool { return d.Name == database })
	if i < 0 || e.Databases[i].Location == "" || !e.registered(e.Databases[i].Location) {
		return "", false
	}
	return s3uri.Parse(e.Databases[i].Location).ARN(template.PartitionOf(e.Region).Name), true
}

// bypasses returns the ways around Lake Formation to the files of the catalog: those that
// policies open, and those of who makes a table over the files of others.
func (e *evaluation) bypasses(rows []Row) []Bypass {
	out := slices.Clone(e.Bypasses)
	files := e.files()
	makers, whole := e.makers(rows), wholeTables(rows)
	for _, principal := range slices.Sorted(maps.Keys(makers)) {
		m := makers[principal]
		if len(m.by) == 0 {
			continue
		}
		for _, place := range slices.Sorted(maps.Keys(m.places)) {
			tables := files.tablesIn(place)
			others := slices.ContainsFunc(tables, func(t Table) bool { return !whole[joinKey(principal, t.Key())] })
			if len(tables) > 0 && !others {
				continue // it sees all of them anyway
			}
			path := slices.Sorted(maps.Keys(m.by))[:1]
			if m.places[place] != path[0] {
				path = append(path, m.places[place])
			}
			out = append(out, Bypass{Principal: principal, Location: place, Can: []Ability{CanGet}, Path: path, Certain: !unresolved(place) && !unresolved(principal)})
		}
	}
	described := map[string]Bypass{} // by location
	for i := range out {
		of, known := described[out[i].Location]
		if !known {
			of = e.describe(out[i].Location, files)
			described[out[i].Location] = of
		}
		b := &out[i]
		b.Account, b.Region, b.Domain, b.Zone, b.Tables, b.Products, b.Levels = e.Account, e.Region, of.Domain, of.Zone, of.Tables, of.Products, of.Levels
	}
	return out
}

// wholeTables are the tables that a principal reads in every column and row, by principal
// and table.
func wholeTables(rows []Row) map[string]bool {
	out := map[string]bool{}
	for _, r := range rows {
		all := r.Kind == OnTable && len(r.Columns) > 0 && !slices.ContainsFunc(r.Columns, func(c ColumnAccess) bool { return len(c.Rows) > 0 })
		for _, l := range r.Levels {
			all = all && l.Seen == l.Total
		}
		if all {
			out[joinKey(r.Principal, r.Database+"."+r.Table)] = true
		}
	}
	return out
}

// files are tables and databases by the bucket that they lie in.
type files struct {
	tables    map[string][]Table
	databases map[string][]Database
}

func (e *evaluation) files() files {
	out := files{map[string][]Table{}, map[string][]Database{}}
	for _, t := range e.Tables {
		if bucket := s3uri.Parse(t.Location).Bucket; bucket != "" && t.Target == "" {
			out.tables[bucket] = append(out.tables[bucket], t)
		}
	}
	for _, d := range e.Databases {
		if bucket := s3uri.Parse(d.Location).Bucket; bucket != "" {
			out.databases[bucket] = append(out.databases[bucket], d)
		}
	}
	return out
}

// tablesIn are the tables with files in a location, or around it.
func (f files) tablesIn(arn string) []Table {
	location := s3uri.Parse(arn)
	var out []Table
	for _, t := range f.tables[location.Bucket] {
		if location.Overlaps(s3uri.Parse(t.Location)) {
			out = append(out, t)
		}
	}
	return out
}

// describe says what the tables with files in a location are.
func (e *evaluation) describe(location string, f files) Bypass {
	var b Bypass
	var domains, zones []string
	levels := map[ontology.Sensitivity]bool{}
	for _, t := range f.tablesIn(location) {
		tags := e.tags.table(t.Database, t.Name)
		domain, product := tags.owner()
		b.Tables = append(b.Tables, t.Key())
		domains, zones = append(domains, domain), append(zones, tags.value(ontology.TagKeyZone))
		if product != "" {
			b.Products = append(b.Products, domain+"."+product)
		}
		for _, c := range e.columns[t.Key()] {
			levels[c.tags.sensitivity()] = true
		}
	}
	for _, d := range f.databases[s3uri.Parse(location).Bucket] {
		if within(d.Location, location) {
			owner, _ := e.tags.database(d.Name).owner()
			domains, zones = append(domains, owner), append(zones, e.tags.database(d.Name).value(ontology.TagKeyZone))
		}
	}
	b.Domain, b.Zone = commonValue(domains), commonValue(zones)
	b.Tables, b.Products = distinct(b.Tables), distinct(b.Products)
	b.Levels = slices.SortedFunc(maps.Keys(levels), compareLevels)
	return b
}

// choosesBypass reports whether a filter chooses a bypass. Files without a table may hold
// anything, and so are of every level, and those of several domains are of each.
func (f MatrixFilter) choosesBypass(b Bypass, known Known) bool {
	return contains(b.Principal, f.Principal) &&
		(f.Product == "" || slices.ContainsFunc(b.Products, func(p string) bool { return isNamed(f.Product, p) })) &&
		(f.Table == "" || slices.ContainsFunc(b.Tables, func(t string) bool { return isNamed(f.Table, t) })) &&
		(f.Domain == "" || b.Domain == "" || ofDomain(b.Domain, f.Domain)) &&
		(f.Column == "" || len(b.Tables) == 0 || slices.ContainsFunc(b.Tables, func(t string) bool { return known.maySee(f, t) })) &&
		(f.Sensitivity == "" || len(b.Levels) == 0 || slices.Contains(b.Levels, f.Sensitivity) || slices.Contains(b.Levels, Untagged))
}

// isNamed reports whether a full name, such as database.table, is what somebody asks for
// by it or by its last part.
func isNamed(asked, full string) bool {
	return asked == full || len(full) > len(asked) && full[len(full)-len(asked)-1:] == "."+asked
}

func compareBypasses(a, b Bypass) int {
	return cmp.Or(
		cmp.Compare(Short(a.Principal), Short(b.Principal)), cmp.Compare(a.Principal, b.Principal),
		cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Location, b.Location),
		slices.Compare(a.Can, b.Can), slices.Compare(a.Path, b.Path),
	)
}
