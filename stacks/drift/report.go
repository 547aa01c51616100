package drift

import (
	"cmp"
	"slices"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// Kind is what was done by hand.
type Kind string

// The kinds, as they are sorted: what opens most comes first.
const (
	Opened        Kind = "opened"        // open to whoever IAM lets in, now or when it is made
	Administrator Kind = "administrator" // one more or fewer of the data lake
	Granted       Kind = "granted"       // somebody holds a permission that no template grants
	Revoked       Kind = "revoked"       // somebody does not hold what a template grants
	NotEnded      Kind = "not-ended"     // a grant of subscriptions that have ended is still there
	Tagged        Kind = "tagged"        // LF-Tags were put on something, changed or taken away
	Filter        Kind = "filter"        // a data cells filter is another, new or gone
	Location      Kind = "location"      // registered in another way, newly, or not any more
	Catalog       Kind = "catalog"       // a database, table, column or LF-Tag is another, new or gone
)

// Kinds returns every kind, as they are sorted.
func Kinds() []Kind {
	return []Kind{Opened, Administrator, Granted, Revoked, NotEnded, Tagged, Filter, Location, Catalog}
}

// Report is what differs between accounts and the templates that were deployed to them.
type Report struct {
	Findings []Finding `json:"findings"` // sorted by catalog, kind and subject
	// Rights are what somebody gains or loses by no one finding, in words.
	Rights []string `json:"rights"`
	Notes  []string `json:"notes"`  // what is not compared, and why
	Unread []string `json:"unread"` // calls that failed, with what is not known for it
	Places []string `json:"places"` // account/region that were asked for
}

// Finding is one thing that is not as the templates say.
type Finding struct {
	Kind      Kind   `json:"kind"`                // what was done
	Catalog   string `json:"catalog"`             // account/region
	Subject   string `json:"subject"`             // what it was done to
	Principal string `json:"principal,omitempty"` // of grants and administrators, as Lake Formation takes it
	Expected  string `json:"expected"`            // what the templates say; "" for nothing
	Found     string `json:"found"`               // what the account holds; "" for nothing
	Text      string `json:"text"`                // a sentence without a full stop
	// Rights are who gains (+), loses (-) or sees other rows of (~) what by it, in words.
	// What several findings lead to together stands at each.
	Rights []string `json:"rights,omitempty"`
}

// Empty reports whether nothing differs. Report.Unread may still say that not all is known.
func (r *Report) Empty() bool { return len(r.Findings) == 0 && len(r.Rights) == 0 }

func (r *Report) sort() {
	slices.SortFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Catalog, b.Catalog), cmp.Compare(slices.Index(Kinds(), a.Kind), slices.Index(Kinds(), b.Kind)),
			cmp.Compare(access.Short(a.Principal), access.Short(b.Principal)), cmp.Compare(a.Principal, b.Principal),
			cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Text, b.Text),
		)
	})
	slices.Sort(r.Rights)
	slices.Sort(r.Notes)
	r.Notes = slices.Compact(r.Notes)
}
