package governance

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// ResourceLinkProps configures a ResourceLink. All values are plain strings:
// what another account makes is known by its name, never by a token (rule 5.6).
type ResourceLinkProps struct {
	// Name of the link in the catalog of the stack: lower case letters, digits and
	// underscores, at most 255 (rule 6.5). Required.
	Name *string

	// TargetAccount is the 12-digit account whose catalog holds the database. Required.
	TargetAccount *string

	// TargetDatabase is the name of the database there. Required.
	TargetDatabase *string

	// TargetRegion is the region of the database.
	// Default: the region of the stack.
	TargetRegion *string
}

// ResourceLink is a name in the own catalog for a database of another account or
// region. Engines such as Athena query shared tables through it.
type ResourceLink struct {
	constructs.Construct

	name     string
	target   lakeformation.Resource
	distant  bool // the target stands in another region
	resource awsglue.CfnDatabase
}

// NewResourceLink makes a database that holds nothing but the pointer at its
// target (rule 5.5); it is deleted with the stack, since it has no data.
//
// A link opens nothing by itself. A reader needs DESCRIBE on the link, which
// GrantDescribe gives, and the real permissions on the target in the catalog of
// the account that owns it. The owner may grant those to the reader directly;
// where it shared the database with this account, with the right to pass it on,
// GrantRead passes it on. Tables are never granted through a link.
//
// Across regions the link stands in the region of the reader and the target's
// permissions are granted in the region of the target: make a stack there for
// them. Sharing invitations are accepted in the target's region as well. Queries
// then read the data where it is; nothing is copied, and transfer between regions
// is charged. Partitions (aws, aws-cn, aws-us-gov) cannot be crossed.
//
// It panics with every problem of the props at once. That CloudFormation makes
// the link is documented by AWS and not proven by this project.
// Sources: "Creating resource links", "Granting resource link permissions",
// "Accessing tables across Regions"; rules 5.5 and 5.6.
func NewResourceLink(scope constructs.Construct, id *string, props *ResourceLinkProps) *ResourceLink {
	p := cdkx.Value(props, ResourceLinkProps{})
	if cdkx.Missing(scope) {
		cdkx.Check(scope, id, p.problems(nil))
	}
	stack, registry := cdkx.StackOf(scope), cdkx.RegistryOf(scope)
	if p.TargetRegion == nil {
		p.TargetRegion = cdkx.Region(stack)
	}
	problems := p.problems(stack)
	registry.CheckTaken(&problems, "Name", "database", p.Name)
	cdkx.Check(scope, id, problems)

	l := &ResourceLink{
		name:    *p.Name,
		target:  lakeformation.Database(*p.TargetDatabase).In(*p.TargetAccount),
		distant: *p.TargetRegion != *cdkx.Region(stack),
	}
	cdkx.Add(l, scope, id)
	registry.Claim("database", p.Name, l)
	l.resource = awsglue.NewCfnDatabase(l, jsii.String("Resource"), &awsglue.CfnDatabaseProps{
		CatalogId: cdkx.Account(stack),
		DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{
			Name: p.Name,
			TargetDatabase: &awsglue.CfnDatabase_DatabaseIdentifierProperty{
				CatalogId: p.TargetAccount, DatabaseName: p.TargetDatabase, Region: p.TargetRegion,
			},
		},
	})
	home := order.Of(l)
	home.Add(&order.Node{Resource: l.resource, Names: []order.Name{order.Database(l.name)}, Governed: true})
	s := around(home)
	s.links[l.name] = append(s.links[l.name], l)
	return l
}

// DatabaseName is the name of the link, as queries write it.
func (l *ResourceLink) DatabaseName() *string { return jsii.String(l.name) }

// Resource is the link as something Lake Formation grants DESCRIBE and DROP on.
func (l *ResourceLink) Resource() lakeformation.Resource { return lakeformation.Database(l.name) }

// Target is the database that the link points at, in the catalog of its account.
func (l *ResourceLink) Target() lakeformation.Resource { return l.target }

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (l *ResourceLink) Cfn() awsglue.CfnDatabase { return l.resource }

// GrantDescribe lets the principal see the link, and nothing of what it points at.
func (l *ResourceLink) GrantDescribe(principal Principal) *Grant {
	return PermissionsOf(l).Grant(principal, l.Resource(), []lakeformation.Permission{lakeformation.Describe}, l.after())
}

// GrantRead lets the principal see the link and read tables of its target, every
// one when none is named: DESCRIBE on link and target database, DESCRIBE and
// SELECT on the target's tables, the latter two in the catalog of the target's
// account. The owner must have shared them with this account, with the right to
// pass them on.
//
// It panics for a target in another region, whose permissions are granted there.
func (l *ResourceLink) GrantRead(principal Principal, tables ...string) *Grant {
	if l.distant {
		cdkx.Fail(l, fmt.Errorf("got a grant on the target %s of another region; expected only GrantDescribe on the link; fix: grant on the target with PermissionsOf a stack in its region", l.target.Key()))
	}
	if len(tables) == 0 {
		tables = []string{lakeformation.AllTables}
	}
	grants := PermissionsOf(l)
	out := l.GrantDescribe(principal).Combine(
		grants.Grant(principal, l.target, []lakeformation.Permission{lakeformation.Describe}, l.after()))
	for _, table := range cdkx.Ascending(tables) {
		out = out.Combine(grants.Grant(principal, lakeformation.Table(l.target.Database, table).In(l.target.Catalog),
			[]lakeformation.Permission{lakeformation.Describe, lakeformation.Select}, l.after()))
	}
	return out
}

func (l *ResourceLink) after() *GrantOptions {
	return &GrantOptions{After: []awscdk.CfnResource{l.resource}}
}

var (
	databaseName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)
	accountID    = regexp.MustCompile(`^\d{12}$`)
	regionName   = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
)

func (p *ResourceLinkProps) problems(stack awscdk.Stack) problem.List {
	var list problem.List
	checkPlain(&list, "Name", p.Name, databaseName, "1 to 255 lower case letters, digits and underscores")
	checkPlain(&list, "TargetDatabase", p.TargetDatabase, databaseName, "1 to 255 lower case letters, digits and underscores")
	checkPlain(&list, "TargetAccount", p.TargetAccount, accountID, "12 digits")
	if stack == nil {
		return list
	}
	here := *cdkx.Region(stack)
	if *p.TargetRegion != here {
		checkPlain(&list, "TargetRegion", p.TargetRegion, regionName, "the name of a region, like eu-west-1")
	}
	if !cdkx.HoldsToken(here) && !cdkx.HoldsToken(*p.TargetRegion) && template.PartitionOf(*p.TargetRegion).Name != template.PartitionOf(here).Name {
		list.Addf("TargetRegion", fmt.Sprintf("%q, in the partition %s", *p.TargetRegion, template.PartitionOf(*p.TargetRegion).Name), "a region of "+template.PartitionOf(here).Name, "copy the data; nothing is shared between partitions")
	}
	if cdkx.Value(p.TargetAccount, "") == *cdkx.Account(stack) && *p.TargetRegion == here && cdkx.Value(p.TargetDatabase, "") == cdkx.Value(p.Name, "") {
		list.Addf("Name", fmt.Sprintf("%q, the name of the target in the same catalog", cdkx.Value(p.Name, "")), "another name, or a target elsewhere", "query the database itself")
	}
	return list
}

func checkPlain(list *problem.List, path string, value *string, form *regexp.Regexp, expected string) {
	switch {
	case value == nil || *value == "":
		list.Addf(path, "nothing", expected, "set "+path)
	case cdkx.HoldsToken(*value):
		list.Addf(path, "a value known only at deployment", "a plain string: "+expected, "write it out; accounts know each other's resources by name only")
	case !form.MatchString(*value):
		list.Addf(path, fmt.Sprintf("%q", *value), expected, "correct "+path)
	}
}
