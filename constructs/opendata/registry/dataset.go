package registry

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// Status is what the Registry of Open Data on AWS says of the place of a data set.
type Status string

// The statuses of a data set, on the day that its StatusSource names.
const (
	Open      Status = "open"      // the publisher hosts it
	Withdrawn Status = "withdrawn" // the publisher hosts it no longer
	Unlisted  Status = "unlisted"  // the registry does not have it
)

// Dataset is one open data set.
type Dataset struct {
	ID          string  `strict:"required" yaml:"id"`                 // name of the data set, and of its product
	Title       string  `strict:"required" yaml:"title"`              // name of the data set in words
	Description string  `strict:"required" yaml:"description"`        // what it holds, in a sentence
	Usage       string  `yaml:"usage"`                                // what a query has to know
	Assembly    string  `strict:"enum=GRCh37|GRCh38" yaml:"assembly"` // genome that positions are of; "" where there are none
	Version     string  `yaml:"version"`                              // release of the publisher that the layout is of; "" where it has none
	Licence     Licence `strict:"required" yaml:"licence"`            // what it may be used for

	Registry     string `yaml:"registry"`                                              // page of the Registry of Open Data; "" where it has none
	Status       Status `strict:"required,enum=open|withdrawn|unlisted" yaml:"status"` // who hosts it
	StatusSource string `strict:"required" yaml:"statusSource"`                        // where and when the status was read
	Location     string `yaml:"location"`                                              // s3://bucket/prefix/ of the tables, as published; "" where they have none
	Region       string `yaml:"region"`                                                // of that bucket
	Format       Format `strict:"enum=parquet|orc|csv" yaml:"format"`                  // of tables that do not say their own
	LeftOut      string `yaml:"leftOut"`                                               // what is missing here, and why
	// SchemaSources are the public files that the columns were read in.
	SchemaSources []string `strict:"nonempty" yaml:"schemaSources"`
	Tables        []Table  `strict:"nonempty" yaml:"tables"` // none where no folder is a table
	// Files are places of the publisher with files that are no tables, for jobs that bring
	// them into the lake.
	Files []Files `strict:"nonempty" yaml:"files"`
}

// Format is how the files of tables are written.
type Format = contract.Format

// Licence is what a data set may be used for.
type Licence struct {
	Name     string `strict:"required" yaml:"name"`     // short name
	URL      string `strict:"required" yaml:"url"`      // page with the terms
	Citation string `strict:"required" yaml:"citation"` // how to cite the data
}

// Table is one table of a data set. Its files are below Location, in a folder of its name.
type Table struct {
	Name        string      `strict:"required" yaml:"name"`               // name of the table, and of its folder
	Description string      `strict:"required" yaml:"description"`        // what a row is
	Format      Format      `strict:"enum=parquet|orc|csv" yaml:"format"` // "" is that of the data set
	Delimiter   string      `yaml:"delimiter"`                            // between values of CSV, whose files start with a line of names
	Partitions  []Partition `strict:"nonempty" yaml:"partitions"`         // keys of the partitions, in their order
	Template    string      `yaml:"template"`                             // folder of a partition, with ${key}; "" is key=value/
	Columns     []Column    `strict:"required,nonempty" yaml:"columns"`   // in the order of the files, but the keys
	LeftOut     string      `yaml:"leftOut"`                              // columns that are missing here, and why
}

// Partition is a key of the partitions of a table, whose values are projected.
type Partition struct {
	Name     string   `strict:"required" yaml:"name"`   // name of the key
	Type     string   `strict:"required" yaml:"type"`   // of the Glue catalog
	Values   []string `strict:"nonempty" yaml:"values"` // every value that there may be
	Injected bool     `yaml:"injected"`                 // a query has to name the value
}

// Column is one column, as the catalog calls it: in lower case, otherwise as in the files.
type Column struct {
	Name string // as the catalog has it
	Type string // of the Glue catalog
}

// Files is a place of files that are no tables.
type Files struct {
	Location    string `strict:"required" yaml:"location"`              // s3://bucket/prefix/
	Region      string `strict:"required" yaml:"region"`                // of the bucket
	Format      string `strict:"required,enum=vcf|files" yaml:"format"` // vcf, or files of several formats
	Description string `strict:"required" yaml:"description"`           // what the files are called and hold
}

// DecodeStrict reads a column written as "name type".
func (c *Column) DecodeStrict(n strictyaml.Node) {
	var found bool
	c.Name, c.Type, found = strings.Cut(n.Text(), " ")
	if !found || c.Name == "" || c.Type == "" {
		n.Report(n.Describe(), "a name and a type", "write for example: pos int")
	}
}

// Table is the table of that name, or nil.
func (d *Dataset) Table(name string) *Table {
	if i := slices.IndexFunc(d.Tables, func(t Table) bool { return t.Name == name }); i >= 0 {
		return &d.Tables[i]
	}
	return nil
}

// TableNames are the names of the tables, in the order of the catalogue.
func (d *Dataset) TableNames() []string {
	var out []string
	for _, t := range d.Tables {
		out = append(out, t.Name)
	}
	return out
}
