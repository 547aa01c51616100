package lakeformation

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// MaxFilters is how many data cells filters of one table a principal can be
// granted (rule 4.3). The other limit of that rule, filters in one grant, cannot
// be reached: a CloudFormation grant names one filter.
const MaxFilters = 100

// DataCellsFilter is a data cells filter: the rows that an expression selects and the
// columns that are listed (rule 4.1).
type DataCellsFilter struct {
	Catalog  string   // 12-digit account of the table's catalog; "" is the account it is used in
	Database string   // of the table
	Table    string   // that is filtered
	Name     string   // of the filter; it ends in the hash of the content
	Rows     string   // "" is every row
	Columns  []string // empty is every column but Excluded
	Excluded []string // columns that are left out
}

// Resource returns the filter as something that SELECT is granted on.
func (f DataCellsFilter) Resource() Resource {
	return DataCells(f.Database, f.Table, f.Name).In(f.Catalog)
}

// Named returns the filter under the name <prefix>_<hash>, where the hash covers
// everything else of it. Every property of a filter is create-only and its name
// is part of its identity: a name that follows the content lets CloudFormation
// create the new filter before it removes the old one (rule 4.2).
func (f DataCellsFilter) Named(prefix string) DataCellsFilter {
	f.Columns, f.Excluded = sorted(f.Columns), sorted(f.Excluded)
	content := strings.Join([]string{
		f.Catalog, f.Database, f.Table, f.Rows,
		strings.Join(f.Columns, ","), strings.Join(f.Excluded, ","),
	}, "\n")
	sum := sha256.Sum256([]byte(content))
	f.Name = prefix + "_" + hex.EncodeToString(sum[:4])
	return f
}

// IsNamed reports whether the name is one that Named gave for just this content.
// A filter that was changed after it was named is not.
func (f DataCellsFilter) IsNamed() bool {
	i := strings.LastIndex(f.Name, "_")
	return i > 0 && f.Named(f.Name[:i]).Name == f.Name
}
