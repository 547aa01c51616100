package access

import (
	"cmp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// TaggedTable is a table of a catalog with what its LF-Tags say of it.
type TaggedTable struct {
	Account       string         // of the catalog
	Region        string         // of the catalog
	Domain        string         // by its LF-Tags, as Product; "" when they do not say it
	Product       string         // data product
	Database      string         // of the table
	Name          string         // of the table
	Location      string         // s3:// URI; "" when it has none
	Columns       []TaggedColumn // and partition keys, as the catalog has them
	PartitionKeys int            // how many of the columns, the last ones, are partition keys
}

// TaggedColumn is a column or partition key with its level.
type TaggedColumn struct {
	Column

	Sensitivity ontology.Sensitivity // or Untagged
}

// Key returns "database.table".
func (t TaggedTable) Key() string { return t.Database + "." + t.Name }

// TaggedTables are the tables of a normalized state that are no resource links, sorted by
// account, region and name.
func (s *State) TaggedTables() []TaggedTable {
	var out []TaggedTable
	for i := range s.Catalogs {
		e := newEvaluation(&s.Catalogs[i])
		for _, t := range e.Tables {
			if t.Target != "" {
				continue
			}
			tagged := TaggedTable{
				Account: e.Account, Region: e.Region, Database: t.Database, Name: t.Name, Location: t.Location, PartitionKeys: len(t.PartitionKeys),
			}
			tagged.Domain, tagged.Product = e.tags.table(t.Database, t.Name).owner()
			for _, c := range e.columns[t.Key()] {
				tagged.Columns = append(tagged.Columns, TaggedColumn{c.Column, c.tags.sensitivity()})
			}
			out = append(out, tagged)
		}
	}
	slices.SortStableFunc(out, func(a, b TaggedTable) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Key(), b.Key()))
	})
	return out
}
