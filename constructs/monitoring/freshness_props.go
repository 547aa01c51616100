package monitoring

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// FreshnessProps configures a Freshness.
type FreshnessProps struct {
	// Mesh is the name of the mesh, the first dimension of the metric. Required.
	Mesh *string

	// Domain is the name of the domain that publishes the products, the second dimension.
	// Required.
	Domain *string

	// Products are those that are watched, each once: at least one. Required.
	Products []FreshProduct

	// WorkGroup is where the snapshots of Iceberg tables are queried.
	// Required with Tables, and not used without.
	WorkGroup query.IWorkGroup

	// Key encrypts the logs of the workflow. Required.
	Key awskms.IKey

	// Schedule is when the ages are measured, a six-field cron in UTC. Leave it at least
	// twice in three hours: the alarms expect an age in each.
	// Default: every hour, "cron(40 * * * ? *)".
	Schedule *string

	// StateMachineName fixes the name of the workflow.
	// Default: CloudFormation generates it.
	StateMachineName *string

	// RoleName fixes the name of the workflow's role.
	// Default: CloudFormation generates it.
	RoleName *string

	// AlarmTopic hears of products that are late, and of measurements that failed.
	// Default: a new topic, encrypted with Key.
	AlarmTopic awssns.ITopic
}

// FreshProduct is a product with the age that its newest data may have. It is as old as
// the oldest of what is listed here, so list what fills each of its tables.
type FreshProduct struct {
	// Name of the product, the third dimension of the metric. Required.
	Name *string

	// Minutes is how old the newest data may be, more than zero. Required.
	Minutes *float64

	// StateMachineARNs are the workflows that fill tables of the product, of this account
	// and region: data is as old as the last execution that succeeded.
	StateMachineARNs []string

	// Tables are Iceberg tables that others fill: data is as old as the last snapshot that
	// added records. Compaction adds none.
	Tables []catalog.ITable

	// Folders have the files of tables that are no Iceberg tables: data is as old as the
	// newest object. All objects are listed, a thousand times 400 at most.
	Folders []storage.S3Location
}

func (p *FreshProduct) sources() int { return len(p.StateMachineARNs) + len(p.Tables) + len(p.Folders) }

// plainName is what may be the value of a dimension and stand in an expression.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,255}$`)

const plainNames = "1 to 255 letters, digits, dots, hyphens and underscores"

// maxTables is how many tables one query says the ages of: a page of its result.
const maxTables = 500

func (p *FreshnessProps) problems() problem.List {
	var list problem.List
	for _, required := range []struct {
		path  string
		value *string
	}{{"Mesh", p.Mesh}, {"Domain", p.Domain}} {
		cdkx.CheckName(&list, required.path, required.value, plainName, plainNames)
	}
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a key", "set Key to the key of the data that is watched")
	}
	if len(p.Products) == 0 {
		list.Addf("Products", "nothing", "at least one product", "list the products that promise something")
	}
	tables, names := 0, map[string]int{}
	for i := range p.Products {
		p.Products[i].check(&list, fmt.Sprintf("Products[%d]", i))
		tables += len(p.Products[i].Tables)
		name := cdkx.Value(p.Products[i].Name, "")
		if first, twice := names[name]; twice && name != "" {
			list.Addf(fmt.Sprintf("Products[%d].Name", i), fmt.Sprintf("%q, which Products[%d] has too", name, first), "each product once", "join the two")
		}
		names[name] = i
	}
	switch {
	case tables > maxTables:
		list.Addf("Products", fmt.Sprintf("%d tables", tables), fmt.Sprintf("at most %d, which one query asks for", maxTables), "watch some of the products with another Freshness")
	case tables > 0 && cdkx.Missing(p.WorkGroup):
		list.Addf("WorkGroup", "nothing", "a workgroup, where the snapshots of tables are queried", "set WorkGroup")
	}
	cdkx.CheckSchedule(&list, "Schedule", p.Schedule)
	return list
}

func (p *FreshProduct) check(list *problem.List, path string) {
	cdkx.CheckName(list, path+".Name", p.Name, plainName, plainNames)
	if m := cdkx.Value(p.Minutes, 0); m <= 0 {
		list.Addf(path+".Minutes", fmt.Sprint(m), "more than zero", "set it to how old the newest data may be")
	}
	if p.sources() == 0 {
		list.Addf(path, "nothing to look at", "StateMachineARNs, Tables or Folders", "list what fills the tables of the product")
	}
	for i, t := range p.Tables {
		if cdkx.Missing(t) {
			list.Addf(fmt.Sprintf("%s.Tables[%d]", path, i), "nothing", "a table", "take it out")
		}
	}
	for i, f := range p.Folders {
		if cdkx.Missing(f.Bucket) || !cdkx.IsFolder(cdkx.Value(f.Prefix, "")) {
			list.Addf(fmt.Sprintf("%s.Folders[%d]", path, i), fmt.Sprintf("the folder %q", cdkx.Value(f.Prefix, "")), `a bucket, and a folder that ends in "/"`, "set Bucket and Prefix")
		}
	}
}

func (p *FreshnessProps) withDefaults() FreshnessProps {
	out := cdkx.Value(p, FreshnessProps{})
	out.Products = slices.Clone(out.Products)
	return out
}
