package contract

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// PersonIndex says which records of several sources are one person, from the contract's
// custom property "personIndex". Package personindex writes the SQL that finds them and
// gives each person a random token.
type PersonIndex struct {
	// Sources are the tables with the records: 1 to 20.
	Sources []PersonSource
	// Rules link two records, the surest first: 1 to 20. Records that rules link, one after
	// another, are one person.
	Rules []PersonRule
	// Never are the attributes in which two records of one person do not differ, sorted. Where
	// both have a value and the two do not match, no rule links the records.
	Never []PersonMatch `json:",omitempty"`
}

// PersonSource is a table with records of persons. Several rows of one record, such as the
// addresses that it had, count together.
type PersonSource struct {
	// Name is what the index calls the source, such as the domain: lower case letters, digits,
	// - and _.
	Name string
	// From is the table. Its domain subscribes the domain of the index to it.
	From Reference
	// Record is the column that identifies a record in its domain.
	Record string
	// OptedOut is a boolean column; records with true in it are left out of the index. "" is none.
	OptedOut string `json:",omitempty"`
	// Attributes are the columns with what the rules compare, sorted by attribute.
	Attributes []PersonAttribute
}

// PersonAttribute is a column of a source with an attribute.
type PersonAttribute struct {
	Attribute string // one of PersonAttributes, or the name of an identifier
	Column    string // name of the column
}

// PersonRule links two records that match in all of its attributes. A value that is missing
// matches nothing.
type PersonRule struct {
	Name string        // what people call the rule; it stands in the table persons
	Same []PersonMatch // sorted by attribute
}

// PersonMatch compares an attribute of two records.
type PersonMatch struct {
	Attribute string     // one of PersonAttributes, or the name of an identifier
	How       Comparison // in which way
	N         int        `json:",omitempty"` // of ComparedFirst, ComparedLast and ComparedDistance
}

// Comparison is a way to compare two values.
type Comparison string

// The comparisons. All but ComparedExact work on the normal form of a value: of names and sex the
// letters, of telephone numbers the digits, of dates year-month-day, of e-mail addresses the
// text without blanks around it, of postcodes and identifiers the letters and digits; letters are
// in lower case and without accents.
const (
	ComparedExact      Comparison = "exact"      // the values are equal but for blanks around them
	ComparedNormalized Comparison = "normalized" // the normal forms are equal
	ComparedSound      Comparison = "sound"      // names have the same Soundex code
	ComparedYear       Comparison = "year"       // dates are in one year
	ComparedFirst      Comparison = "first"      // the first N characters of the normal forms are equal
	ComparedLast       Comparison = "last"       // the last N characters of the normal forms are equal
	ComparedDistance   Comparison = "distance"   // the normal forms differ by at most N edits: Levenshtein's distance
)

// Comparisons returns all comparisons.
func Comparisons() []Comparison {
	return []Comparison{ComparedExact, ComparedNormalized, ComparedSound, ComparedYear, ComparedFirst, ComparedLast, ComparedDistance}
}

// The attributes that every source may have, beside identifiers.
const (
	PersonGiven     = "given"     // given name
	PersonFamily    = "family"    // family name
	PersonSuffix    = "suffix"    // what follows a name: Jr, Sr, III
	PersonBirthDate = "birthDate" // date, or a text that begins with year-month-day
	PersonSex       = "sex"       // a code
	PersonPostcode  = "postcode"  // postcode
	PersonPhone     = "phone"     // telephone number
	PersonEmail     = "email"     // e-mail address
)

// PersonAttributes returns the attributes that every source may have, beside identifiers.
func PersonAttributes() []string {
	return []string{PersonGiven, PersonFamily, PersonSuffix, PersonBirthDate, PersonSex, PersonPostcode, PersonPhone, PersonEmail}
}

// Compared are the attributes that the rules and Never compare, each once, sorted.
func (p *PersonIndex) Compared() []string {
	var out []string
	for _, r := range p.Rules {
		for _, m := range r.Same {
			out = append(out, m.Attribute)
		}
	}
	for _, m := range p.Never {
		out = append(out, m.Attribute)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Column is the column of the source with an attribute; "" where it has none.
func (s PersonSource) Column(attribute string) string {
	for _, a := range s.Attributes {
		if a.Attribute == attribute {
			return a.Column
		}
	}
	return ""
}

// Columns are those that the index reads of the source, each once, sorted.
func (s PersonSource) Columns() []string {
	out := []string{s.Record}
	if s.OptedOut != "" {
		out = append(out, s.OptedOut)
	}
	for _, a := range s.Attributes {
		out = append(out, a.Column)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// The tables of a person index.
const (
	// PersonsTable has a row for each record of each source, with the token of its person.
	PersonsTable = "persons"
	// TokensTable has a row for each token that records of a source have or had, with the one
	// that now stands for it. Nothing in it identifies anybody.
	TokensTable = "tokens"

	// The work of the job, which nobody else reads.

	PersonRecordsTable     = "person_records"     // what rules compare, in its normal form
	PersonLinksTable       = "person_links"       // records that are one person, with the rule that says so
	PersonGroupsTable      = "person_groups"      // records by what they are linked to
	PersonAssignmentsTable = "person_assignments" // the token of each group
)

// PersonIndexTables are the tables of a product with a person index, of which the first has the
// definition. A contract that is loaded with a custom property "personIndex" has them; add them to
// the Tables of one that is written in Go.
func PersonIndexTables(index *PersonIndex) []Table {
	phi := func(name, description string) Column {
		return Column{Name: name, Type: "string", Description: description, Classification: string(ontology.PHI), Sensitivity: ontology.PHI, Identifier: ontology.OtherUniqueID}
	}
	plain := func(name, kind, description string) Column {
		return Column{Name: name, Type: kind, Description: description, Classification: string(ontology.Deidentified), Sensitivity: ontology.Deidentified}
	}
	key := func(position int, c Column) Column {
		c.PrimaryKey, c.Required = position, true
		return c
	}
	work := func(name, description string, columns ...Column) Table {
		return Table{Name: name, Description: description + " Work of the job, read by nothing else.", Format: FormatIceberg, Columns: columns}
	}
	records := work(PersonRecordsTable, "What rules compare of each record, in its normal form.", phi("record_key", "Source and record."))
	for _, name := range index.Compared() {
		records.Columns = append(records.Columns, phi(PersonColumn(name), "The attribute "+name+" in its normal form."))
		if index.ComparesExactly(name) {
			records.Columns = append(records.Columns, phi(PersonColumnAsWritten(name), "The attribute "+name+" as the source has it."))
		}
	}
	return []Table{
		{
			Name: PersonsTable, Title: "Persons", Format: FormatIceberg, PersonIndex: index,
			Description: "The token of the person of each record. It leads from tokens to patients and never leaves its domain; a source reads the rows of its own records.",
			Columns: []Column{
				key(1, plain("source", "string", "The source of the record.")),
				key(2, phi("record", "The record, as its source identifies it.")),
				plain("token", "string", "The token of its person: random, derived from nothing."),
				plain("rule", "string", "The surest rule that links the record to another of the person; null for a record alone."),
				plain("since", "timestamp", "When the record was given the token."),
			},
		},
		{
			Name: TokensTable, Title: "Tokens", Format: FormatIceberg,
			Description: "What stands for each token that a record of a source has or had.",
			Columns: []Column{
				key(1, plain("source", "string", "The source whose records have or had the token.")),
				key(2, plain("token", "string", "The token.")),
				plain("current", "string", "The token that stands for it now: itself, or that of the person it was merged into, or, after a split, one of several; null when the source has no record of it any more."),
				plain("status", "string", "current, merged, split or retired."),
				plain("since", "timestamp", "When a record of the source first had the token."),
			},
		},
		records,
		work(PersonLinksTable, "Pairs of records that are one person.",
			phi("record_a", "Source and record."), phi("record_b", "Source and record."), plain("rule_number", "int", "Which rule links them, counted from 1.")),
		work(PersonGroupsTable, "Every record, with the first of those that it is linked to.",
			phi("record_key", "Source and record."), plain("of_source", "string", "The source."), phi("of_record", "The record."), phi("group_key", "The first record of its group.")),
		work(PersonAssignmentsTable, "The token of each group.",
			phi("group_key", "The first record of the group."), plain("group_token", "string", "The token of its person.")),
	}
}

// ComparesExactly reports whether something compares an attribute as it is written.
func (p *PersonIndex) ComparesExactly(attribute string) bool {
	exact := func(m PersonMatch) bool { return m.Attribute == attribute && m.How == ComparedExact }
	return slices.ContainsFunc(p.Never, exact) || slices.ContainsFunc(p.Rules, func(r PersonRule) bool { return slices.ContainsFunc(r.Same, exact) })
}

// PersonColumn is the column of PersonRecordsTable with the normal form of an attribute.
func PersonColumn(attribute string) string {
	switch {
	case attribute == PersonBirthDate:
		return "birth_date"
	case slices.Contains(PersonAttributes(), attribute):
		return attribute
	default:
		return "id_" + attribute
	}
}

// PersonColumnAsWritten is the column of PersonRecordsTable with an attribute as the source has it,
// where something compares it so.
func PersonColumnAsWritten(attribute string) string { return PersonColumn(attribute) + "_as_written" }
