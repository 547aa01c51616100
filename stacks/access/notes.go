package access

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/opendata/registry"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// noteAssociations notes tags that contradict each other and tags on what is
// not in the catalog.
func (e *evaluation) noteAssociations() {
	known := map[string]bool{}
	for _, d := range e.Databases {
		known[lakeformation.Database(d.Name).Key()] = true
	}
	for _, t := range e.Tables {
		known[lakeformation.Table(t.Database, t.Name).Key()] = true
		for _, c := range t.AllColumns() {
			known[lakeformation.Columns(t.Database, t.Name, c.Name).Key()] = true
		}
	}
	for _, a := range e.Associations {
		if key := a.Resource.In("").Key(); !known[key] {
			e.note("tags on something that is not in the catalog: %s", key)
		}
		for _, t := range a.Tags {
			if len(t.Values) > 1 {
				e.note("%s has several values of %s: %s; only one of them can be deployed, the matrix counts them all",
					a.Resource.In("").Key(), t.Key, strings.Join(t.Values, ", "))
			}
		}
	}
}

// noteDefaults notes that new databases or tables start open, and that whole tables are lent.
func (e *evaluation) noteDefaults() {
	for _, kind := range e.OpenByDefault {
		e.doubt("default permissions that open what is made later", "new %s start with permissions for %s: whoever IAM lets in sees them", kind, IAMAllowedPrincipals)
	}
	if len(e.UnknownDefaults) > 0 {
		e.doubt("default permissions of an account that no template sets",
			"start with the account's default permissions, which are not known, as no DataLakeSettings sets them; in an account as AWS makes it %s then has all permissions, so count as open to whoever IAM lets in: %s",
			IAMAllowedPrincipals, strings.Join(e.UnknownDefaults, ", "))
	}
	if e.FullTableAccess {
		e.note("Lake Formation lends credentials for whole tables here, as jobs of Spark with full table access need: who is granted all of a table may read its files, not through an engine of AWS only; nobody reaches more than the matrix says")
	}
}

// noteLocations notes tables whose files Lake Formation does not guard.
func (e *evaluation) noteLocations() {
	var outside []string
	for _, t := range e.Tables {
		if _, inS3 := s3uri.FromURI(t.Location); inS3 && !unresolved(t.Location) && !e.registered(t.Location) {
			outside = append(outside, t.Key())
		}
	}
	if len(outside) > 0 {
		e.doubt("tables outside every registered location", "outside every registered location, so Lake Formation guards only the metadata, and the files are open to whoever IAM lets in: %s",
			strings.Join(outside, ", "))
	}
}

// noteOpenData notes tables whose files their publishers show to everybody.
func (e *evaluation) noteOpenData() {
	var open []string
	for _, t := range e.Tables {
		if place, inS3 := s3uri.FromURI(t.Location); inS3 && len(registry.Hosted(place.Bucket)) > 0 {
			open = append(open, t.Key())
		}
	}
	if len(open) > 0 {
		e.note("open data, whose files everybody may read where they are: what is granted says only who finds the tables in this catalog: %s",
			strings.Join(open, ", "))
	}
}

// readFhirStores adds who will read the tables of FHIR stores, and notes where: which
// tables there are is known only when the store is active.
func (e *evaluation) readFhirStores() {
	permissions := []lakeformation.Permission{lakeformation.Describe, lakeformation.Select}
	for _, s := range e.FhirStores {
		if len(s.Readers) == 0 {
			e.note("FHIR store %s has no readers: whoever has permissions on database %s loses them", s.Name, s.Database)
			continue
		}
		for _, reader := range s.Readers {
			h := e.hold(lakeformation.Grant{Principal: reader}, e.tableRow(Table{Database: s.Database, Name: lakeformation.AllTables}))
			h.on.Domain = cmp.Or(h.on.Domain, s.Domain)
			h.on.Inherited = ontology.PHI // what a FHIR store holds is about patients
			h.give(permissions, nil)
		}
		e.note("readers of FHIR store %s get SELECT and DESCRIBE on all its tables when it is active, through database %s: %s", s.Name, s.Database, shortNames(s.Readers))
	}
}

// SharedResults are the results and the history of an Athena workgroup that several read who
// see different things, or that somebody reads whom nobody knows.
type SharedResults struct {
	Account   string   // of the workgroup
	Region    string   // of the workgroup
	WorkGroup string   // name
	Readers   []string // ARNs; policies, where it is not known whom they are attached to
	Certain   bool     // the readers are known
}

// Why says what is wrong with it.
func (s SharedResults) Why() string {
	if !s.Certain {
		return fmt.Sprintf("results and history of workgroup %s are read by whoever is given %s, which the templates do not say", s.WorkGroup, strings.Join(s.Readers, ", "))
	}
	return fmt.Sprintf("results and history of workgroup %s are shared by principals that see different things, and so each sees what the others read: %s", s.WorkGroup, shortNames(s.Readers))
}

// sharedResults are the workgroups that principals share who see different things,
// and those with readers that nobody knows. What a principal sees in other accounts
// counts too.
func sharedResults(state *State, rows []Row) []SharedResults {
	seen := map[string][]string{}
	for _, c := range state.Catalogs {
		for _, w := range c.WorkGroups {
			for _, reader := range w.Readers {
				seen[reader] = nil
			}
		}
	}
	for _, r := range rows {
		if _, reads := seen[r.Principal]; reads && len(r.Columns) > 0 {
			seen[r.Principal] = append(seen[r.Principal], sightOf(r))
		}
	}
	all := map[string]string{}
	for principal, sights := range seen {
		slices.Sort(sights)
		all[principal] = strings.Join(sights, "\n")
	}
	var out []SharedResults
	for _, c := range state.Catalogs {
		for _, w := range c.WorkGroups {
			if different(w.Readers, all) {
				out = append(out, SharedResults{Account: c.Account, Region: c.Region, WorkGroup: w.Name, Readers: w.Readers, Certain: true})
			}
			if len(w.Unknown) > 0 {
				out = append(out, SharedResults{Account: c.Account, Region: c.Region, WorkGroup: w.Name, Readers: w.Unknown})
			}
		}
	}
	return out
}

func different(readers []string, sees map[string]string) bool {
	return slices.ContainsFunc(readers, func(r string) bool { return sees[r] != sees[readers[0]] })
}

// sightOf returns what a row lets its principal see.
func sightOf(r Row) string {
	parts := []string{r.Account, r.Region, r.Database, r.Table}
	for _, c := range r.Columns {
		parts = append(parts, c.Name+"="+strings.Join(c.Rows, " or "))
	}
	return joinKey(parts...)
}
