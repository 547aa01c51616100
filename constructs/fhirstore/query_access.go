package fhirstore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// TableCatalog is which catalog grants on a store's tables name first. Public
// examples contradict each other: where Lake Formation denies a grant in one catalog,
// the workflow makes it in the other.
type TableCatalog string

// Catalogs for grants on tables.
const (
	// TargetCatalog names HealthLake's own catalog and database, which the
	// resource link points to.
	TargetCatalog TableCatalog = "target"
	// OwnCatalog names the account's catalog and the workflow's link as the database.
	OwnCatalog TableCatalog = "own"
)

// QueryAccessProps configures a QueryAccess.
type QueryAccessProps struct {
	// Store whose tables are opened. Required.
	Store IFhirStore

	// Principals that may query every table of the store. They are not
	// administrators of Lake Formation. Who is not among them is taken off.
	// Default: none, so nobody may.
	Principals []governance.Principal

	// DatabaseName is the database that queries name, a resource link which the
	// workflow makes: lower case letters, digits and underscores, at most 255. With
	// another name the old link and its grants stay and are removed by hand.
	// Default: the name of the store in lower case, with underscores for hyphens.
	DatabaseName *string

	// TableCatalog is which catalog the grants on tables name first.
	// Default: TargetCatalog.
	TableCatalog TableCatalog

	// ParameterPrefix starts the names of the SSM parameters that the workflow
	// writes: link, catalog, database and endpoint.
	// Default: /fhirstore/ and the name of the store.
	ParameterPrefix *string

	// Role is an administrator of Lake Formation that Step Functions assumes for
	// this account; what the workflow calls is added to it. Make it beside the Lake
	// Formation settings: those take no administrator that does not exist yet.
	// Default: a new role, which you name in settings that are deployed later.
	Role awsiam.IRole

	// AlarmTopic hears of failures.
	// Default: a new topic, encrypted with the store's key.
	AlarmTopic awssns.ITopic
}

var (
	parameterPrefix = regexp.MustCompile(`^(/[A-Za-z0-9_.-]+){1,13}$`)
	databaseName    = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)
)

func (p *QueryAccessProps) withDefaults() QueryAccessProps {
	out := cdkx.Value(p, QueryAccessProps{})
	out.Principals = slices.Clone(out.Principals)
	if out.TableCatalog == "" {
		out.TableCatalog = TargetCatalog
	}
	if cdkx.Missing(out.Store) {
		return out
	}
	name := *out.Store.DatastoreName()
	if out.DatabaseName == nil {
		out.DatabaseName = jsii.String(strings.ReplaceAll(strings.ToLower(name), "-", "_"))
	}
	if out.ParameterPrefix == nil {
		out.ParameterPrefix = jsii.String("/fhirstore/" + name)
	}
	return out
}

func (p *QueryAccessProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	datastore.HealthLake().CheckStore(&list, scope, p.Store)
	for i, principal := range p.Principals {
		_, err := principal.Identifier()
		for _, found := range problem.Of(err) {
			list.Addf(fmt.Sprintf("Principals[%d]", i), found.Got, found.Expected, found.Fix)
		}
	}
	if p.DatabaseName != nil && !databaseName.MatchString(*p.DatabaseName) {
		list.Addf("DatabaseName", cdkx.Quote(*p.DatabaseName), "a plain text of 1 to 255 lower case letters, digits and underscores", `set it like "riverside_fhir"`)
	}
	cdkx.RegistryOf(scope).CheckTaken(&list, "DatabaseName", "database", p.DatabaseName)
	if p.TableCatalog != TargetCatalog && p.TableCatalog != OwnCatalog {
		list.Addf("TableCatalog", fmt.Sprintf("%q", p.TableCatalog), fmt.Sprintf("%s or %s", TargetCatalog, OwnCatalog), "leave it out")
	}
	if p.ParameterPrefix != nil && !parameterPrefix.MatchString(*p.ParameterPrefix) {
		list.Addf("ParameterPrefix", cdkx.Quote(*p.ParameterPrefix), "a path of letters, digits and any of _.- that starts with a slash", `set it like "/riverside/fhir"`)
	}
	return list
}

// QueryAccess is the workflow that opens a store's tables to queries, and closes
// them to those who leave.
type QueryAccess struct {
	constructs.Construct

	machine  *workflow.Machine
	topic    awssns.ITopic
	prefix   string
	database string
}

// NewQueryAccess makes a workflow that waits until the store is ACTIVE and finds
// the database that HealthLake made for it. It makes a resource link to that
// database under a name that is known beforehand, grants each principal DESCRIBE
// on the link and SELECT and DESCRIBE on all tables, in HealthLake's catalog or, where
// Lake Formation denies that, in the account's own, and writes the names to SSM
// parameters for later stacks:
//
//	<prefix>/link      the link, which queries name as their database
//	<prefix>/catalog   HealthLake's catalog, <prefix>/database its database there
//	<prefix>/endpoint  the URL of the FHIR API
//
// The link is the workflow's alone. Whoever else has permissions on it loses them,
// and SELECT and DESCRIBE on all tables in both catalogs: principals who left the list, grants that
// were made by hand, IAM_ALLOWED_PRINCIPALS. What was granted by hand on single
// tables or on HealthLake's own link stays, as does what Lake Formation refuses to
// revoke, such as a grant with a condition. When the store was replaced everybody is
// taken off the old one's tables and the link is made anew; a link of that name to
// something else is replaced alike. A database of that name which is no link fails
// the run and is left alone. The link stays when the stack goes.
//
// It runs when HealthLake reports the store active and after every deployment
// of the stack, which may have changed the principals. Running it again changes
// nothing, so a failed run is started again.
//
// The role of the workflow must be a Lake Formation administrator: name it in
// governance.SettingsProps.Admins, and see QueryAccessProps.Role. Who is granted
// to stands in the metadata of the state machine, for those who review templates.
// HealthLake makes a link too, whose name is not documented; it is recognised by a
// target in another catalog and the store's id in its name or its target's. That an
// account may make a second link to that database, and query through it, is
// unproven. Whether the tables can be shared with other accounts is unknown:
// publish a curated copy instead (see NewExport).
//
// It panics with every problem of the props at once.
// Sources: "Querying HealthLake data with SQL", "Creating resource links"; rules
// 5.5 and 7.4. Nothing here was deployed to an account by this project.
func NewQueryAccess(scope constructs.Construct, id *string, props *QueryAccessProps) *QueryAccess {
	p := props.withDefaults()
	list := p.problems(scope)
	for i, principal := range p.Principals {
		if identifier, err := principal.Identifier(); err == nil {
			cdkx.CheckPartition(&list, scope, fmt.Sprintf("Principals[%d]", i), cdkx.Value(identifier, ""))
		}
	}
	cdkx.Check(scope, id, list)

	a := &QueryAccess{prefix: *p.ParameterPrefix, database: *p.DatabaseName}
	cdkx.Add(a, scope, id)
	cdkx.RegistryOf(a).Claim("database", p.DatabaseName, a)
	a.topic = workflow.AlarmTopic(a, p.AlarmTopic, p.Store.Key())
	stack := cdkx.StackOf(a)
	a.machine = workflow.NewMachine(a, "Machine", &workflow.MachineProps{
		Definition:  p.definition(*cdkx.Account(stack)),
		Description: "Opens the tables of a FHIR store to queries",
		Key:         p.Store.Key(),
		Role:        p.Role,
		Statements:  a.statements(p.Store),
		Wildcards:   "HealthLake's link and the tables have names that HealthLake chooses after the deployment, and deleting the workflow's own link takes what a database may hold; Lake Formation grants take no resource in IAM.",
	})
	a.machine.On("Active", "Opens the tables when the FHIR store becomes active", map[string]any{
		"source": []any{"aws.healthlake"}, "detail-type": []any{"Data Store Active"},
		"detail": map[string]any{"datastoreId": []any{p.Store.DatastoreID()}},
	})
	a.machine.On("Deployed", "Opens the tables after each deployment of this stack", map[string]any{
		"source": []any{"aws.cloudformation"}, "detail-type": []any{"CloudFormation Stack Status Change"},
		"detail": map[string]any{
			"stack-id":       []any{stack.StackId()},
			"status-details": map[string]any{"status": []any{"CREATE_COMPLETE", "UPDATE_COMPLETE"}},
		},
	})
	a.machine.Alarms(a.topic, "Opening the tables of the FHIR store "+*p.Store.DatastoreName())
	a.machine.Cfn().AddMetadata(jsii.String(template.FhirReadersMetadata), map[string]any{"store": p.Store.DatastoreName(), "database": a.database, "principals": p.identifiers()})
	return a
}

// NewQueryAccessRole makes a role for QueryAccessProps.Role under a fixed name, beside
// the Lake Formation settings that name it as an administrator: Lake Formation takes
// no administrator that does not exist, and every later deployment fails when one is
// deleted (rule 1.5). So it outlives the stores. A role that stayed and is needed again
// is deleted by hand first.
func NewQueryAccessRole(scope constructs.Construct, id, roleName *string) awsiam.Role {
	cdkx.Check(scope, id, nil)
	role := awsiam.NewRole(scope, id, &awsiam.RoleProps{
		RoleName:    roleName,
		Description: jsii.String("Opens the tables of a FHIR store, which takes an administrator of Lake Formation"),
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), &awsiam.ServicePrincipalOpts{Conditions: &map[string]any{
			"StringEquals": map[string]any{"aws:SourceAccount": cdkx.Account(scope)},
		}}),
	})
	role.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE)
	return role
}

// statements are what the calls of the workflow need. To delete a database takes
// permission on what it may hold, also where it is a link.
// Source: "Specifying AWS Glue resource ARNs".
func (a *QueryAccess) statements(store IFhirStore) []awsiam.PolicyStatement {
	stack := cdkx.StackOf(a)
	catalog, link := glueARN(stack, "catalog"), glueARN(stack, "database/"+a.database)
	return []awsiam.PolicyStatement{
		allow(store, "DescribeFHIRDatastore"),
		workflow.Allow([]string{catalog, glueARN(stack, "database/*"), glueARN(stack, "table/*")},
			"glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables"),
		workflow.Allow([]string{catalog, link}, "glue:CreateDatabase"),
		workflow.Allow([]string{catalog, link, glueARN(stack, "table/"+a.database+"/*"), glueARN(stack, "userDefinedFunction/"+a.database+"/*")},
			"glue:DeleteDatabase"),
		workflow.Allow([]string{"*"}, "lakeformation:GrantPermissions", "lakeformation:ListPermissions", "lakeformation:RevokePermissions"),
		workflow.Allow([]string{parameterARN(stack, a.prefix)}, "ssm:PutParameter"),
	}
}

func glueARN(stack awscdk.Stack, resource string) string {
	return "arn:" + *cdkx.Partition(stack) + ":glue:" + *cdkx.Region(stack) + ":" + *cdkx.Account(stack) + ":" + resource
}

func parameterARN(stack awscdk.Stack, prefix string) string {
	return "arn:" + *cdkx.Partition(stack) + ":ssm:" + *cdkx.Region(stack) + ":" + *cdkx.Account(stack) + ":parameter" + prefix + "/*"
}

// ParameterName is the name of one of the SSM parameters: link, catalog,
// database or endpoint.
func (a *QueryAccess) ParameterName(parameter string) *string {
	return jsii.String(a.prefix + "/" + parameter)
}

// DatabaseName is the database that queries name: the workflow's own link, which
// is there once it has run.
func (a *QueryAccess) DatabaseName() *string { return jsii.String(a.database) }

// Role is the role of the workflow, which must be a Lake Formation administrator.
func (a *QueryAccess) Role() awsiam.IRole { return a.machine.Role() }

// Alarms is the topic that hears of failures.
func (a *QueryAccess) Alarms() awssns.ITopic { return a.topic }

// GrantStart lets the grantee start the workflow and redrive failed runs.
func (a *QueryAccess) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(a, "grantee", grantee, aGrantee)
	return a.machine.GrantStart(grantee)
}

// Cfn is the state machine.
func (a *QueryAccess) Cfn() awsstepfunctions.CfnStateMachine { return a.machine.Cfn() }
