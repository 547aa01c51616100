package access

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Explanation is why a principal sees a table or one column of it, or why it does not.
type Explanation struct {
	Principal string `json:"principal"`        // as Lake Formation takes it
	Account   string `json:"account"`          // of the catalog
	Region    string `json:"region"`           // of the catalog
	Table     string `json:"table"`            // as database.table
	Column    string `json:"column,omitempty"` // "" asks for the whole table
	// Sensitivity is the level of the column; "" of a whole table, and where columns are
	// not known.
	Sensitivity ontology.Sensitivity `json:"sensitivity,omitempty"`
	// Sees says that the rows of the matrix show the principal the column, or any column of
	// the table. Of a table whose columns are not known, it is that it holds SELECT.
	Sees    bool          `json:"sees"`
	Columns []string      `json:"columns,omitempty"` // of a whole table: those that are seen
	Rows    RowConditions `json:"rows,omitempty"`    // that are seen of the column
	// ReadFor are the products that the principal makes of the table, as Row.ReadFor.
	ReadFor []string `json:"readFor,omitempty"`
	// Paths are all ways to it, those that Lake Formation grants first.
	Paths []Path `json:"paths"`
	// Missing is what is near and does not give it, of a whole table all of it.
	Missing []Path `json:"missing"`
	// Unknown is what was not read and may bear on it.
	Unknown []string `json:"unknown"`
}

// Answer returns the answer in a sentence without its full stop: "yes"; "in part", of a
// whole table; or "no grant shows it", with what else may lead there.
func (e *Explanation) Answer() string {
	switch {
	case e.Sees && e.Column == "" && len(e.Missing) > 0:
		return "in part"
	case e.Sees:
		return "yes"
	}
	var but []string
	for _, way := range []struct {
		way            Way
		certain, maybe string
	}{
		{Open, "everybody may read it", "IAM may let it in"},
		{Around, "there is a way around Lake Formation", "there may be a way around Lake Formation"},
		{As, "it can become somebody who sees it", "it may be able to become somebody who sees it"},
		{CanGrant, "it can give itself access", "it may be able to give itself access"},
	} {
		is := func(certain bool) bool {
			return slices.ContainsFunc(e.Paths, func(p Path) bool { return p.Way == way.way && (p.Certain || !certain) })
		}
		if is(true) {
			but = append(but, way.certain)
		} else if is(false) {
			but = append(but, way.maybe)
		}
	}
	if len(but) == 0 {
		return "no grant shows it"
	}
	return "no grant shows it, but " + strings.Join(but, ", and ")
}

// Way is how a path leads to a table.
type Way string

// The ways, as paths are sorted.
const (
	Granted  Way = "granted"  // Lake Formation grants it to the principal: what the rows of the matrix say
	Open     Way = "open"     // IAM decides, for the principal and others
	Around   Way = "around"   // to the files, past Lake Formation
	As       Way = "as"       // as another principal, which it may become
	CanGrant Way = "canGrant" // it can give access, also to itself
)

// Path is one way from a principal to a table, or one that falls short of it.
type Path struct {
	Way   Way    `json:"way"`   // how it leads there; "" of one that falls short
	Steps []Step `json:"steps"` // from the principal to the table
	// Columns are those that it is about, where a whole table is asked for.
	Columns []string `json:"columns,omitempty"`
	// Rows are the conditions of the rows that it shows; none is every row.
	Rows RowConditions `json:"rows,omitempty"`
	// Subscriptions are those that it is granted for.
	Subscriptions []Subscription `json:"subscriptions,omitempty"`
	// Certain says that nothing unknown stands in the way.
	Certain bool `json:"certain"`
}

// StepKind is what a step of a path is about.
type StepKind string

// The kinds of steps.
const (
	StepGrant         StepKind = "grant"         // of Lake Formation
	StepTag           StepKind = "tag"           // an LF-Tag, and where it is inherited from
	StepTable         StepKind = "table"         // the table or column itself
	StepFilter        StepKind = "filter"        // a data cells filter
	StepShare         StepKind = "share"         // between accounts
	StepLink          StepKind = "link"          // a resource link
	StepRole          StepKind = "role"          // that the principal becomes
	StepPolicy        StepKind = "policy"        // of IAM, of a bucket or of a key
	StepAdministrator StepKind = "administrator" // of Lake Formation
	StepOpen          StepKind = "open"          // what IAM decides
)

// Step is one step of a path, as a sentence.
type Step struct {
	Kind StepKind `json:"kind"` // what it is about
	Text string   `json:"text"` // without a full stop
}
