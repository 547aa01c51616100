package catalogue

import "github.com/lakemesh/lakemesh/constructs/ontology"

// Product is a data product as its contract, its plan and its grants tell it; of a lake
// without contracts, a product of the LF-Tags or else a database.
type Product struct {
	Domain      string               `json:"domain,omitempty"`      // that publishes it; "" when nothing tells
	Name        string               `json:"name"`                  // of the product
	Version     string               `json:"version,omitempty"`     // of the contract
	Status      string               `json:"status,omitempty"`      // proposed, draft, active, deprecated or retired
	Owner       string               `json:"owner,omitempty"`       // who answers for it
	Team        []string             `json:"team,omitempty"`        // with roles, in the order of the contract
	Purpose     string               `json:"purpose,omitempty"`     // what the data is for
	Usage       string               `json:"usage,omitempty"`       // how it is meant to be used
	Limitations string               `json:"limitations,omitempty"` // what it is not for, and what is not allowed
	Tags        []string             `json:"tags,omitempty"`        // those of the contract
	LFTags      []string             `json:"lfTags,omitempty"`      // of the whole product, as key: value
	Level       ontology.Sensitivity `json:"level,omitempty"`       // the most sensitive data that it may hold
	Zone        ontology.Zone        `json:"zone,omitempty"`        // of the lake
	Account     string               `json:"account"`               // where its tables are
	Region      string               `json:"region"`                // where its tables are
	Promises    []string             `json:"promises,omitempty"`    // of the owner, in sentences
	Tables      []Table              `json:"tables"`                // sorted by name
	Readers     []Reader             `json:"readers,omitempty"`     // subscriptions, sorted
}

// Table is a table of a product.
type Table struct {
	Database    string   `json:"database"`              // in the Glue catalog
	Name        string   `json:"name"`                  // in the Glue catalog
	Title       string   `json:"title,omitempty"`       // what people call it
	Description string   `json:"description,omitempty"` // in words
	Format      string   `json:"format,omitempty"`      // of its files; view for one without any
	How         string   `json:"how,omitempty"`         // how it gets its rows, in words
	Kept        string   `json:"kept,omitempty"`        // how long rows are kept, in a sentence
	From        []Source `json:"from,omitempty"`        // what it is made of
	// Unfollowed are what of its query could not be followed, so that From may not be all.
	Unfollowed []string `json:"unfollowed,omitempty"`
	Columns    []Column `json:"columns"`           // in the order of the table
	Rules      []Rule   `json:"rules,omitempty"`   // of its quality
	Queries    []Query  `json:"queries,omitempty"` // to begin with
}

// Source is a table that another is made of.
type Source struct {
	Name    string `json:"name"`              // domain.product.table
	Product string `json:"product,omitempty"` // domain.product, where it is one of the catalogue
	Columns int    `json:"columns,omitempty"` // that are read; 0 where rows are only counted, or nobody knows
	Purpose string `json:"purpose,omitempty"` // of the subscription by which it is read
	Until   string `json:"until,omitempty"`   // last day of it, YYYY-MM-DD
}

// Column is a column of a table.
type Column struct {
	Name        string               `json:"name"`                  // in the Glue catalog
	Type        string               `json:"type"`                  // Glue's
	Level       ontology.Sensitivity `json:"level,omitempty"`       // or untagged; "" when nothing tells
	Classified  string               `json:"classified,omitempty"`  // the contract's word for the level, where it is another one
	Description string               `json:"description,omitempty"` // in words
	Identifier  ontology.Identifier  `json:"identifier,omitempty"`  // the Safe Harbor identifier that it holds
	Key         int                  `json:"key,omitempty"`         // position in the primary key from 1
	Partition   int                  `json:"partition,omitempty"`   // position in the partition key from 1
	Required    bool                 `json:"required,omitempty"`    // it has a value in every row
	Unique      bool                 `json:"unique,omitempty"`      // no two rows have the same value
	Values      []string             `json:"values,omitempty"`      // that it may have; none is any
	// Examples are of the contract. Those of phi columns are left out: they could be real.
	Examples []string `json:"examples,omitempty"`
	From     []string `json:"from,omitempty"`   // columns that it is made of, as domain.product.table.column
	Method   string   `json:"method,omitempty"` // by which it is de-identified
}

// Rule is a quality rule in words.
type Rule struct {
	Column    string `json:"column,omitempty"`    // with the way to a field in it; "" for the whole table
	Text      string `json:"text"`                // what it is for in the words of the contract, else what it checks
	Check     string `json:"check,omitempty"`     // what it checks, where Text does not say it
	Severity  string `json:"severity,omitempty"`  // in the words of the contract
	Dimension string `json:"dimension,omitempty"` // in the words of the contract
	// Unmeasured says why nothing measures the rule; "" for one that is measured.
	Unmeasured string `json:"unmeasured,omitempty"`
}

// Reader is a subscription to a product.
type Reader struct {
	Domain     string                 `json:"domain"`            // that reads
	Principals []string               `json:"principals"`        // as the mesh names them, sorted
	Levels     []ontology.Sensitivity `json:"levels"`            // that are shown
	Columns    []string               `json:"columns,omitempty"` // that are shown of these levels; none is every one but Except
	Except     []string               `json:"except,omitempty"`  // that are not shown
	Rows       string                 `json:"rows,omitempty"`    // condition of the rows that are shown; "" is every row
	Tags       []string               `json:"tags,omitempty"`    // that columns have to have, as key: values
	Purpose    string                 `json:"purpose"`           // what the data is used for
	Approver   string                 `json:"approver"`          // who agreed
	Until      string                 `json:"until"`             // last day, YYYY-MM-DD
	Ended      bool                   `json:"ended,omitempty"`   // on the day of the plan
}

// Query is a query to begin with, in Athena's dialect.
type Query struct {
	Title string `json:"title"` // what it shows, or the name that the mesh has it under
	SQL   string `json:"sql"`   // runs as it is
}
