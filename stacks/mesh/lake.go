package mesh

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// DatabasePlan is one Glue database.
type DatabasePlan struct {
	Name        string        // name of the database
	Zone        ontology.Zone // the zone that it is for
	Description string        // what the zone holds, in words
	Location    string        // s3:// URI of the zone
}

// TablePlan is one Glue table.
type TablePlan struct {
	Product  string             // name of the product
	Database string             // name of the Glue database
	Zone     ontology.Zone      // the zone of the product
	Location string             // s3:// URI, ends in "/"; "" for a view
	Contract *contract.Contract // the contract of the product, resolved
	Table    contract.Table     // the table of the contract, resolved
	Deployed *contract.Table    // an Iceberg table as it was first deployed; nil for a new one
}

// reference is how queries and messages call the table: product.table.
func (t TablePlan) reference() string { return t.Product + "." + t.Table.Name }

// qualified is how Athena calls the table: database.table.
func (t TablePlan) qualified() string { return t.Database + "." + t.Table.Name }

// optimized reports whether optimizers work on the table: Iceberg in the domain's own
// lake. What stands outside is read only.
func (t TablePlan) optimized() bool {
	return t.Table.Format == contract.FormatIceberg && t.Table.Location == ""
}

// LocationPlan is one S3 location that is registered with Lake Formation.
type LocationPlan struct {
	ARN      string        // arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix
	Zone     ontology.Zone // "" for data outside the domain's lake
	ReadOnly bool          // true outside the domain's lake
	// HybridAccess is why IAM still decides there for whoever is not opted in to Lake
	// Formation; "" where it does not.
	HybridAccess string `json:",omitempty"`
}

// lake is what the jobs and stores of a domain work with: its zones and the tables in
// them.
type lake struct {
	domain    string
	names     naming.Names
	buckets   map[ontology.Zone]string
	databases []DatabasePlan // sorted by name
	tables    []TablePlan    // sorted by database and name
	locations []LocationPlan // sorted by ARN

	path     string // of the products of the domain, in the mesh
	problems *problem.List
}

// newLake plans the zones of a domain.
func newLake(domain string, n naming.Names) *lake {
	out := &lake{domain: domain, names: n, buckets: map[ontology.Zone]string{}}
	for _, zone := range ontology.Zones() {
		bucket := n.Bucket(domain, string(zone))
		out.buckets[zone] = bucket
		out.databases = append(out.databases, DatabasePlan{
			Name:        n.Database(domain, zone),
			Zone:        zone,
			Description: zone.DataOf(domain),
			Location:    s3uri.Location{Bucket: bucket}.URI(),
		})
	}
	slices.SortFunc(out.databases, func(a, b DatabasePlan) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// environment is where the domain stands.
func (l *lake) environment() Environment {
	return Environment{Account: l.names.Account, Region: l.names.Region}
}

// planTables plans the tables of a stage from resolved contracts, and the locations
// that the domain registers with Lake Formation: each zone's bucket whole, and, to be
// read only, each place outside the lake once (rule 3.3).
func (l *lake) planTables(contracts []*contract.Contract, kept copies, hybrid map[string]string, stage string, stages []string) {
	for zone, bucket := range l.buckets {
		l.locations = append(l.locations, LocationPlan{ARN: l.names.S3ARN(bucket), Zone: zone})
	}
	for _, c := range contracts {
		for i := range c.Tables {
			c.Tables[i].Location, _ = c.Tables[i].LocationIn(stage, stages) // validated
			c.Tables[i].Locations = nil
		}
		for _, t := range c.Tables {
			location := t.Location
			if location != "" {
				place := cmp.Or(t.Registered, location)
				l.locations = append(l.locations, LocationPlan{ARN: l.names.S3ARN(place), ReadOnly: true, HybridAccess: reasonOf(hybrid, place)})
			} else if t.View == nil {
				location = tableLocation(l.buckets[c.Zone], c, t)
			}
			l.tables = append(l.tables, TablePlan{
				Product:  c.Name,
				Database: l.names.Database(l.domain, c.Zone),
				Zone:     c.Zone,
				Location: location,
				Contract: c,
				Table:    t,
				Deployed: kept.firstDeployed(c.Name, t),
			})
		}
	}
	sortTables(l.tables)
	slices.SortFunc(l.locations, func(a, b LocationPlan) int { return strings.Compare(a.ARN, b.ARN) })
	l.locations = slices.Compact(l.locations)
}

func sortTables(tables []TablePlan) {
	slices.SortFunc(tables, func(a, b TablePlan) int {
		return cmp.Or(strings.Compare(a.Database, b.Database), strings.Compare(a.Table.Name, b.Table.Name))
	})
}

// tableLocation is a table's own prefix in a bucket of the lake.
func tableLocation(bucket string, c *contract.Contract, t contract.Table) string {
	return s3uri.Location{Bucket: bucket, Prefix: c.Name + "/" + t.Name}.URI()
}

// zoneOf is the zone whose bucket has an s3:// location; "" outside the lake.
func (l *lake) zoneOf(location string) ontology.Zone {
	for zone, bucket := range l.buckets {
		if s3uri.Parse(location).Bucket == bucket {
			return zone
		}
	}
	return ""
}

// writeLocation lets a role write where an s3:// location is, in the lake.
func (l *lake) writeLocation(role, location string) []lf.Grant {
	bucket, inLake := l.buckets[l.zoneOf(location)]
	if !inLake {
		return nil
	}
	return lf.GrantTo(role, lf.UseLocation(l.names.S3ARN(bucket)))
}

// optimizedZones are the zones with tables that optimizers work on, sorted.
func (l *lake) optimizedZones() []ontology.Zone {
	var out []ontology.Zone
	for _, t := range l.tables {
		if t.optimized() {
			out = append(out, t.Zone)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// indexOf is where a table stands, by product and name; -1 is nowhere.
func indexOf(tables []TablePlan, product, name string) int {
	return slices.IndexFunc(tables, func(t TablePlan) bool { return t.Product == product && t.Table.Name == name })
}

// refuse notes why a statement for a table could not be made.
func (l *lake) refuse(err error) {
	for _, found := range problem.Of(err) {
		found.Path = l.path
		l.problems.Add(found)
	}
}
