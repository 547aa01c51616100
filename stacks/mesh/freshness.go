package mesh

import (
	"math"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// FreshnessPlan is the workflow of a domain that measures how old the newest data of its
// products is, and tells of those that are older than promised.
type FreshnessPlan struct {
	Role         string // name of the workflow's role
	RoleARN      string // ARN of Role
	WorkGroup    string // where it queries the snapshots of tables; "" where it watches none
	StateMachine string // its name

	Products []FreshProductPlan // those that promise how old their data is, sorted by name
}

// FreshProductPlan is a product with the age that its newest data may have.
type FreshProductPlan struct {
	Product string // name of the product
	Minutes int    // how old its newest data may be

	StateMachineARNs []string         `json:",omitempty"` // of the jobs that make its tables, sorted
	Tables           []WatchedTable   `json:",omitempty"` // Iceberg tables that others fill, sorted
	Folders          []s3uri.Location `json:",omitempty"` // of other tables of the lake, sorted
}

// WatchedTable is a table whose snapshots are looked at.
type WatchedTable struct {
	Database string // name of the Glue database
	Table    string // name of the table
}

// frequencyMargin is how much of a promised interval is left to what makes the data: a job
// that runs every day ends a little later on some days.
const frequencyMargin = 0.25

// promisedAge is how many minutes old the newest data of a product may be; 0 where
// nothing is promised. The strictest promise counts.
func promisedAge(promised contract.SLA) int {
	age := promised.Freshness.Duration().Minutes()
	if often := promised.Frequency.Duration().Minutes() * (1 + frequencyMargin); often > 0 && (age == 0 || often < age) {
		age = often
	}
	return int(math.Ceil(age))
}

// freshness plans the workflow of a domain; nil where nothing that is promised can be
// watched. The product of image series is left out: its tables are filled by events.
func (l *lake) freshness(products []ProductPlan, series string) *FreshnessPlan {
	n := l.names
	name := n.Role(l.domain, "freshness")
	out := &FreshnessPlan{Role: naming.Shorten(name, maxRole), StateMachine: naming.Shorten(name, maxStateMachine)}
	out.RoleARN = n.RoleARN(out.Role)
	byName := map[string]*FreshProductPlan{}
	for _, p := range products {
		if p.Name == series {
			continue
		}
		watched := byName[p.Name]
		if watched == nil {
			watched = &FreshProductPlan{Product: p.Name}
			byName[p.Name] = watched
		}
		for _, job := range p.makers() {
			watched.StateMachineARNs = append(watched.StateMachineARNs, job.StateMachineARN)
		}
		for _, t := range p.Tables {
			watched.Minutes = promisedAge(t.Contract.SLA)
			switch {
			case t.isMade() || t.Table.View != nil || l.zoneOf(t.Location) == "":
			case t.Table.Format == contract.FormatIceberg:
				watched.Tables = append(watched.Tables, WatchedTable{t.Database, t.Table.Name})
			default:
				watched.Folders = append(watched.Folders, s3uri.Parse(t.Location))
			}
		}
	}
	for _, p := range byName {
		if p.Minutes == 0 || len(p.StateMachineARNs)+len(p.Tables)+len(p.Folders) == 0 {
			continue
		}
		p.StateMachineARNs = sortedOnce(p.StateMachineARNs)
		slices.SortFunc(p.Tables, func(a, b WatchedTable) int {
			return strings.Compare(a.Database+"."+a.Table, b.Database+"."+b.Table)
		})
		slices.SortFunc(p.Folders, func(a, b s3uri.Location) int { return strings.Compare(a.URI(), b.URI()) })
		if len(p.Tables) > 0 {
			out.WorkGroup = n.JobWorkGroup(l.domain, "freshness")
		}
		out.Products = append(out.Products, *p)
	}
	if len(out.Products) == 0 {
		return nil
	}
	slices.SortFunc(out.Products, func(a, b FreshProductPlan) int { return strings.Compare(a.Product, b.Product) })
	return out
}

// grants are what the workflow's role needs of Lake Formation: Athena shows the snapshots of
// a table to who may read it.
func (f *FreshnessPlan) grants() []lf.Grant {
	if f == nil {
		return nil
	}
	var grants []lf.Grant
	for _, p := range f.Products {
		for _, t := range p.Tables {
			grants = append(grants, lf.Grant{Resource: lf.Database(t.Database), Permissions: []lf.Permission{lf.Describe}})
			grants = append(grants, lf.ReadTable(t.Database, t.Table)...)
		}
	}
	return lf.GrantTo(f.RoleARN, grants...)
}

// admitTo lets the role list the folders that it watches.
func (f *FreshnessPlan) admitTo(files *FilesPlan, l *lake) {
	if f == nil {
		return
	}
	for _, p := range f.Products {
		for _, folder := range p.Folders {
			files.admit(f.RoleARN, l.zoneOf(folder.URI()))
		}
	}
}

// Resources is how many resources the workflow takes, with the alarm of each product.
func (f *FreshnessPlan) Resources() int {
	if f == nil {
		return 0
	}
	n := jobResources - 1 + len(f.Products) // it looks at no other execution
	if f.WorkGroup == "" {
		n--
	}
	return n
}

// noteUnwatched finds promises about the age of data that nothing watches.
func (c *findings) noteUnwatched(p product, series string) {
	if promisedAge(p.contract.SLA) == 0 {
		return
	}
	if series == p.contract.Name {
		c.inContract(p, "slaProperties", "a promise of how old the newest data is, for tables that events of the image store fill", "a promise that can be watched",
			"nothing, if failures are enough: an alarm tells of those, and nothing tells a day without studies from one that lost them")
		return
	}
	for i, t := range p.contract.Tables {
		if t.View == nil && (t.Location != "" || len(t.Locations) > 0) {
			c.inContract(p, tablePath(t, i), "a promise of how old the newest data is, for a table outside the lake", "tables of the lake, whose files can be listed",
				"ask who publishes the files for a notice: nothing here watches them")
		}
	}
}
