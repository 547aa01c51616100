package catalogue

import (
	"cmp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// FromState is what templates alone, or an account, tell of any lake: a product is what the
// LF-Tags call one, else a database. Its readers are those who may select of it by who can
// see what; nil is nobody. The state is normalized.
func FromState(state *access.State, sees *access.Matrix) []Product {
	state.Normalize()
	r := &reader{seen: seenColumns(sees)}
	out := []Product{}
	at := map[[4]string]int{}
	of := map[[4]string]int{} // product of a table, by account, region, database and name
	for _, t := range state.TaggedTables() {
		name := cmp.Or(t.Product, t.Database)
		key := [4]string{t.Account, t.Region, t.Domain, name}
		n, known := at[key]
		if !known {
			n = len(out)
			at[key] = n
			out = append(out, Product{Domain: t.Domain, Name: name, Account: t.Account, Region: t.Region})
		}
		of[[4]string{t.Account, t.Region, t.Database, t.Name}] = n
		out[n].Tables = append(out[n].Tables, r.stateTable(t))
	}
	for i := range out {
		for _, t := range out[i].Tables {
			for _, c := range t.Columns {
				out[i].Level = mostSensitive(out[i].Level, c.Level)
			}
		}
	}
	if sees != nil {
		addReaders(out, of, sees.Rows)
	}
	slices.SortStableFunc(out, compare)
	return out
}

// mostSensitive is the higher of two levels; untagged is the highest.
func mostSensitive(a, b ontology.Sensitivity) ontology.Sensitivity {
	if a == "" || a.Compare(b) < 0 {
		return b
	}
	return a
}

func (r *reader) stateTable(t access.TaggedTable) Table {
	out := Table{Database: t.Database, Name: t.Name, Columns: []Column{}}
	asContract := contract.Table{Name: t.Name}
	if t.Location != "" {
		out.How = "files at " + t.Location
	}
	for i, c := range t.Columns {
		column := Column{Name: c.Name, Type: c.Type, Level: c.Sensitivity}
		if first := len(t.Columns) - t.PartitionKeys; i >= first {
			column.Partition = i - first + 1
		}
		out.Columns = append(out.Columns, column)
		level := c.Sensitivity
		if level == access.Untagged {
			level = ontology.PHI
		}
		asContract.Columns = append(asContract.Columns, contract.Column{Name: c.Name, Sensitivity: level})
	}
	out.Queries = r.queries(&asContract, t.Database)
	return out
}

// addReaders adds who may select of tables.
func addReaders(products []Product, of map[[4]string]int, rows []access.Row) {
	for _, row := range rows {
		n, known := of[[4]string{row.Account, row.Region, row.Database, row.Table}]
		if !known || row.Kind != access.OnTable || !row.Can(lakeformation.Select) {
			continue
		}
		p := &products[n]
		who := access.Short(row.Principal)
		i := slices.IndexFunc(p.Readers, func(r Reader) bool { return r.Principals[0] == who })
		if i < 0 {
			i = len(p.Readers)
			p.Readers = append(p.Readers, Reader{Principals: []string{who}, Levels: []ontology.Sensitivity{}})
			if len(row.Subscriptions) == 1 {
				s := row.Subscriptions[0]
				p.Readers[i].Purpose, p.Readers[i].Approver, p.Readers[i].Until = s.Purpose, s.Approver, s.LastDay
			}
		}
		r := &p.Readers[i]
		for _, l := range row.Levels {
			if l.Seen > 0 && !slices.Contains(r.Levels, l.Sensitivity) {
				r.Levels = append(r.Levels, l.Sensitivity)
			}
		}
		for _, c := range row.Columns {
			if r.Rows == "" {
				r.Rows = c.Rows.String()
			}
		}
	}
	for i := range products {
		for j := range products[i].Readers {
			slices.SortFunc(products[i].Readers[j].Levels, ontology.Sensitivity.Compare)
		}
	}
}
