package mesh

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// Subscription is a domain's governed access to a product of another domain.
//
// A limit that is written and empty is an error, and never the absence of a limit:
// an empty list or map that is not nil, and Rows of a blank text.
type Subscription struct {
	Consumer    string              `yaml:"consumer"`    // the domain that asks
	Principals  []string            `yaml:"principals"`  // names of Definition.Principals, or <domain>-pipeline
	Product     string              `yaml:"product"`     // <domain>.<product>
	Sensitivity []string            `yaml:"sensitivity"` // the levels whose columns are shown; default public
	Columns     []string            `yaml:"columns"`     // of the columns of these levels, the ones that are shown; default all
	Except      []string            `yaml:"except"`      // of the columns of these levels, the ones that are not shown; default none
	Rows        rowfilter.Condition `yaml:"-"`           // condition that keeps rows; default every row. A file writes it in SQL, or maps columns to values
	Tags        map[string][]string `yaml:"tags"`        // keys of the ontology and the values whose columns are shown; at most two keys
	Purpose     string              `yaml:"purpose"`     // what the data is used for
	Approver    string              `yaml:"approver"`    // who agreed on the side of the product, an e-mail address
	Expires     string              `yaml:"expires"`     // last day of the access, YYYY-MM-DD
	Share       string              `yaml:"share"`       // whom the producer grants to where accounts differ; default ShareAccount
}

// Whom a producer grants to when the consumer stands in another account. An ARN
// of an organizational unit may be named too. Where both stand in one account
// the principals are always granted to directly.
const (
	// ShareAccount grants to the consumer's account, which may pass on exactly that:
	// its own stacks grant to the principals. The default.
	ShareAccount = "account"
	// ShareOrganization grants to the organization of the stage instead, so that
	// every account of it may.
	ShareOrganization = "organization"
	// SharePrincipals grants to the principals themselves; the consumer's account
	// can pass on nothing.
	SharePrincipals = "principals"
)

// DecodeStrict reads a subscription of a mesh file, in which rows is a condition
// or a mapping of columns to the values that are kept.
func (s *Subscription) DecodeStrict(n strictyaml.Node) {
	type plain Subscription
	var file struct {
		plain
		Rows rowsOfFile `yaml:"rows"`
	}
	n.Decode(&file)
	*s = Subscription(file.plain)
	s.Rows = file.Rows.Condition
	refuseBlankLimits(n, "sensitivity", "columns", "except", "rows", "tags")
}

// wanted are the levels that a subscription asks for, the least sensitive first:
// public when it does not say.
func (s Subscription) wanted() []ontology.Sensitivity {
	if len(s.Sensitivity) == 0 {
		return []ontology.Sensitivity{ontology.Public}
	}
	var out []ontology.Sensitivity
	for _, word := range s.Sensitivity {
		if l, ok := ontology.ParseSensitivity(word); ok {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, ontology.Sensitivity.Compare)
	return slices.Compact(out)
}

// endedBefore reports whether the last day of the access was before a day. What
// has no valid end has not ended; Validate refuses it.
func (s Subscription) endedBefore(today time.Time) bool {
	last, err := time.Parse(time.DateOnly, s.Expires)
	return err == nil && last.Format(time.DateOnly) < today.Format(time.DateOnly)
}

// producer splits the product of a subscription at its first point.
func (s Subscription) producer() (domain, product string) {
	domain, product, _ = strings.Cut(s.Product, ".")
	return domain, product
}

// isBlank reports whether the rows are limited by a condition that says nothing.
func (s Subscription) isBlank() bool {
	return !s.Rows.IsZero() && strings.TrimSpace(s.Rows.Text()) == ""
}

// limited reports whether a subscription shows less than its levels and tags do.
func (s Subscription) limited() bool { return !s.Rows.IsZero() || len(s.Columns)+len(s.Except) > 0 }

// subscribedTags are the values of the ontology that a subscription narrows to,
// sorted by LF-Tag key.
func (o *ontologies) subscribedTags(s Subscription) []ontology.Tag {
	domain, _ := s.producer()
	known := o.of(domain)
	var out []ontology.Tag
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		if v, ok := known[key]; ok {
			out = append(out, ontology.Tag{Key: ontology.Key(o.mesh, v.tagKey), Values: slices.Sorted(slices.Values(s.Tags[key]))})
		}
	}
	slices.SortFunc(out, func(a, b ontology.Tag) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// SubscriptionPlan is one subscription, resolved.
type SubscriptionPlan struct {
	Name        string                 // consumer/domain.product/principals, the principals sorted and joined by commas
	Consumer    string                 // the domain that reads
	Producer    string                 // the domain whose product it is
	Product     string                 // name of the product
	Principals  []PrincipalPlan        // who reads, sorted by name
	Sensitivity []ontology.Sensitivity // the levels that are shown, the least sensitive first
	Columns     []string               `json:",omitempty"` // empty is every column of the levels but Except
	Except      []string               `json:",omitempty"` // columns that are not shown
	Rows        rowfilter.Condition    // which rows are shown; none is every row
	Tags        []ontology.Tag         // the values of the ontology whose columns are shown, sorted by key
	Purpose     string                 // what the data is used for
	Approver    string                 // e-mail address of who agreed
	Expires     string                 // last day of the access, YYYY-MM-DD
	Crosses     bool                   // the producer stands in another environment
	Recipient   string                 // whom the producer grants to where it does; "" is the principals

	Jobs []SubscribingJob `json:",omitempty"` // of the consumer's products, whose queries read by it; sorted by product
}

// SubscribingJob is a job that makes a product out of what a subscription shows. It sees the
// same as the principals.
type SubscribingJob struct {
	Product string // of the consumer, which the job makes
	RoleARN string // that the job runs as
}

// readBy enters the jobs of a domain that read by the subscription: those of the products
// whose queries read its product, where it is for the domain's jobs.
func (s *SubscriptionPlan) readBy(consumer *DomainPlan) {
	isJobs := func(p PrincipalPlan) bool { return p.Name == JobPrincipal(s.Consumer) }
	if !slices.ContainsFunc(s.Principals, isJobs) {
		return
	}
	for i := range consumer.Products {
		job := consumer.Products[i].Materialization
		if job != nil && job.readsProduct(s.Producer, s.Product) {
			s.Jobs = append(s.Jobs, SubscribingJob{consumer.Products[i].Name, job.RoleARN})
		}
	}
	slices.SortFunc(s.Jobs, func(a, b SubscribingJob) int { return strings.Compare(a.Product, b.Product) })
}

// planSubscription resolves one subscription.
func (p *site) planSubscription(s Subscription, o *ontologies) SubscriptionPlan {
	producer, product := s.producer()
	out := SubscriptionPlan{
		Name:        subscriptionName(s),
		Consumer:    s.Consumer,
		Producer:    producer,
		Product:     product,
		Principals:  p.named(s.Principals),
		Sensitivity: s.wanted(),
		Columns:     slices.Sorted(slices.Values(s.Columns)),
		Except:      slices.Sorted(slices.Values(s.Except)),
		Rows:        s.Rows,
		Tags:        o.subscribedTags(s),
		Purpose:     s.Purpose,
		Approver:    s.Approver,
		Expires:     s.Expires,
		Crosses:     p.environment(producer) != p.environment(s.Consumer),
	}
	if out.Crosses {
		out.Recipient = p.recipient(s)
	}
	return out
}

// compareSubscriptions orders subscriptions. No two of them give the same product
// to the same principal, so no two compare as equal.
func compareSubscriptions(a, b SubscriptionPlan) int {
	byName := func(x, y PrincipalPlan) int { return strings.Compare(x.Name, y.Name) }
	return cmp.Or(
		strings.Compare(a.Consumer, b.Consumer),
		strings.Compare(a.Producer, b.Producer),
		strings.Compare(a.Product, b.Product),
		slices.CompareFunc(a.Principals, b.Principals, byName),
	)
}

// recipient is whom the producer of a crossing subscription grants to; "" is its
// principals.
func (p *site) recipient(s Subscription) string {
	switch s.Share {
	case "", ShareAccount:
		return p.environment(s.Consumer).Account
	case SharePrincipals:
		return ""
	case ShareOrganization:
		return p.stages[p.stage].Sharing.Organization
	default:
		return s.Share // an organizational unit
	}
}

// isFiltered reports whether a subscription shows less than whole columns of its
// levels, which tags cannot say.
func (s SubscriptionPlan) isFiltered() bool { return !s.Rows.IsZero() || s.isNarrowed() }

func (s SubscriptionPlan) isNarrowed() bool { return len(s.Columns)+len(s.Except) > 0 }

// filterPrefix begins the names of a subscription's filters.
func filterPrefix(consumer, product string) string { return consumer + "_" + product }
