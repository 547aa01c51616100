package ending

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Subscription is an access that ends as a whole.
type Subscription struct {
	// Name is what the input of an execution calls it. Parts that are divided by slashes
	// may be left out from the end: "research" is all of "research/labs" and "research/visits".
	Name string

	// LastDay is the last day of the access, as YYYY-MM-DD, in UTC.
	LastDay string

	// Purpose is what the data is used for, and Approver who agreed: the access table names
	// them beside what is seen. Both are metadata of the template, and in no execution.
	// Default: the access table does not tell of the subscription.
	Purpose, Approver string
}

// Grant is a grant of the stack, with the subscriptions that it is for.
type Grant struct {
	lakeformation.Grant

	// Needs are the names of the subscriptions that need it: it is taken back when all of
	// them have ended. At least one.
	Needs []string
}

// WorkflowProps configures a Workflow.
type WorkflowProps struct {
	// Subscriptions are those that end: names that are not repeated. Those that have ended
	// may stay, and should while an older template could grant them again. Required.
	Subscriptions []Subscription

	// Grants are what the subscriptions need, in this account's Lake Formation. A resource
	// without a catalog is one of this account. A principal and resource may come several
	// times, with different permissions. Required.
	Grants []Grant

	// Role is that of NewRole, an administrator of Lake Formation. Required.
	Role awsiam.IRole

	// Key encrypts the logs, which are the record of what was taken back, the alarms and
	// the dead letters. Required. Its policy is extended where this app makes the key.
	Key awskms.IKey

	// Schedule is a six-field cron, in UTC: soon after midnight, when the last day is over.
	// Default: cron(10 0 * * ? *), ten minutes past midnight every day.
	Schedule *string

	// StateMachineName fixes the name of the state machine, for those who start it by hand.
	// Default: CloudFormation generates it.
	StateMachineName *string

	// AlarmTopic hears of failures.
	// Default: a new topic, encrypted with Key.
	AlarmTopic awssns.ITopic
}

const (
	defaultSchedule = "cron(10 0 * * ? *)"

	// maxRecord is how long the grants may be as JSON, in bytes: the data of an execution is
	// limited to 256 KB, and the subscriptions stand beside them.
	maxRecord = 200_000
)

func (p *WorkflowProps) withDefaults() WorkflowProps {
	out := cdkx.Value(p, WorkflowProps{})
	out.Subscriptions, out.Grants = slices.Clone(out.Subscriptions), slices.Clone(out.Grants)
	if out.Schedule == nil {
		schedule := defaultSchedule
		out.Schedule = &schedule
	}
	return out
}

func (p *WorkflowProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	names := map[string]bool{}
	if len(p.Subscriptions) == 0 {
		list.Addf("Subscriptions", "nothing", "at least one subscription", "make the workflow where something ends")
	}
	for i, s := range p.Subscriptions {
		path := fmt.Sprintf("Subscriptions[%d]", i)
		if s.Name == "" || names[s.Name] {
			list.Addf(path+".Name", fmt.Sprintf("%q", s.Name), "a name of its own", "name each subscription once")
		}
		names[s.Name] = true
		if _, err := time.Parse(time.DateOnly, s.LastDay); err != nil {
			list.Addf(path+".LastDay", fmt.Sprintf("%q", s.LastDay), "the last day of the access, as YYYY-MM-DD", "write for example 2030-06-30")
		}
	}
	if len(p.Grants) == 0 {
		list.Addf("Grants", "nothing", "what the subscriptions need", "pass the grants of the stack")
	}
	for i, g := range p.Grants {
		p.checkGrant(&list, scope, fmt.Sprintf("Grants[%d]", i), g, names)
	}
	if n := len(encoded(p.grants("111111111111"))); n > maxRecord {
		list.Addf("Grants", fmt.Sprintf("%d bytes as JSON", n), fmt.Sprintf("at most %d, as an execution's data is limited", maxRecord), "make several workflows, each with some of the subscriptions")
	}
	if cdkx.Missing(p.Role) {
		list.Addf("Role", "nothing", "the role of NewRole", "make one beside the settings of Lake Formation that name it as an administrator")
	}
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a KMS key", "set Key: the logs say who could read what")
	}
	cdkx.CheckSchedule(&list, "Schedule", p.Schedule)
	return list
}

func (p *WorkflowProps) checkGrant(list *problem.List, scope constructs.Construct, path string, g Grant, names map[string]bool) {
	if _, err := lakeformation.ParsePrincipal(g.Principal); err != nil {
		list.Addf(path+".Principal", fmt.Sprintf("%q", g.Principal), lakeformation.PrincipalForms, "write it as the grant does")
	}
	cdkx.CheckPartition(list, scope, path+".Principal", g.Principal)
	if err := g.Resource.Check(g.Permissions); err != nil {
		list.Addf(path, err.Error(), "permissions that the resource takes", "write them as the grant does")
	}
	if len(g.Needs) == 0 {
		list.Addf(path+".Needs", "nothing", "the subscriptions that need the grant", "name at least one")
	}
	for _, name := range g.Needs {
		if !names[name] {
			list.Addf(path+".Needs", fmt.Sprintf("%q", name), "the name of one of Subscriptions", "name the subscription, or take the name out")
		}
	}
}

// subscriptions are the record of what ends when, sorted by name.
func (p *WorkflowProps) subscriptions() []any {
	sorted := slices.SortedFunc(slices.Values(p.Subscriptions), func(a, b Subscription) int { return strings.Compare(a.Name, b.Name) })
	out := make([]any, len(sorted))
	for i, s := range sorted {
		out[i] = map[string]any{"name": s.Name, "last": s.LastDay}
	}
	return out
}

// told are the subscriptions that the access table names, sorted by name.
func (p *WorkflowProps) told() []any {
	var out []any
	for _, s := range slices.SortedFunc(slices.Values(p.Subscriptions), func(a, b Subscription) int { return strings.Compare(a.Name, b.Name) }) {
		if s.Purpose != "" || s.Approver != "" {
			out = append(out, map[string]any{"name": s.Name, "purpose": s.Purpose, "approver": s.Approver})
		}
	}
	return out
}

// grants are the record of what is taken back. Principals whose grants are otherwise the
// same stand together.
func (p *WorkflowProps) grants(account string) []any {
	records := map[string]map[string]any{}
	who := map[string][]string{}
	var order []string
	for _, g := range p.Grants {
		record := map[string]any{"resource": resource(g.Resource, account), "rights": rights(g), "needs": slices.Sorted(slices.Values(g.Needs))}
		key := encoded(record)
		if records[key] == nil {
			records[key] = record
			order = append(order, key)
		}
		if !slices.Contains(who[key], g.Principal) {
			who[key] = append(who[key], g.Principal)
		}
	}
	slices.Sort(order)
	out := make([]any, len(order))
	for i, key := range order {
		slices.Sort(who[key])
		records[key]["principals"] = who[key]
		out[i] = records[key]
	}
	return out
}

// rights are what is taken back by one call each.
func rights(g Grant) []any {
	var out []any
	for _, permission := range lakeformation.SortPermissions(slices.Clone(g.Permissions)) {
		passedOn := []string{}
		if slices.Contains(g.Grantable, permission) {
			passedOn = append(passedOn, string(permission))
		}
		out = append(out, map[string]any{"permissions": []string{string(permission)}, "passedOn": passedOn})
	}
	return out
}

// resource is a resource as Step Functions calls it: as the API does, in PascalCase.
func resource(r lakeformation.Resource, account string) map[string]any {
	if r.Catalog == "" {
		r = r.In(account)
	}
	out := r.ToCloudFormation()
	for _, member := range []lakeformation.Kind{lakeformation.KindTag, lakeformation.KindTagPolicy} {
		if value, is := out[string(member)]; is {
			delete(out, string(member))
			out[strings.Replace(string(member), "LF", "Lf", 1)] = value
		}
	}
	return out
}

func encoded(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("a record of maps, lists and texts: %w", err))
	}
	return string(text)
}
