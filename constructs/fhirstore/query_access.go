package fhirstore

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// TableCatalog is which catalog grants on a store's tables name. Public
// examples contradict each other, so it is a choice.
type TableCatalog string

// Catalogs for grants on tables.
const (
	// TargetCatalog names HealthLake's own catalog and database, which the
	// resource link points to.
	TargetCatalog TableCatalog = "target"
	// OwnCatalog names the account's catalog and the link as the database.
	OwnCatalog TableCatalog = "own"
)

// QueryAccessProps configures a QueryAccess.
type QueryAccessProps struct {
	// Store whose tables are opened. Required.
	Store *FhirStore

	// Principals that may query every table of the store: at least one. They are
	// not administrators of Lake Formation.
	Principals []governance.Principal

	// TableCatalog is which catalog the grants on tables name.
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
)

func (p *QueryAccessProps) withDefaults() QueryAccessProps {
	out := QueryAccessProps{}
	if p != nil {
		out = *p
	}
	out.Principals = slices.Clone(out.Principals)
	if out.TableCatalog == "" {
		out.TableCatalog = TargetCatalog
	}
	if out.ParameterPrefix == nil && out.Store != nil {
		out.ParameterPrefix = jsii.String("/fhirstore/" + out.Store.name)
	}
	return out
}

func (p *QueryAccessProps) problems() problem.List {
	var list problem.List
	checkStore(&list, p.Store)
	if len(p.Principals) == 0 {
		list.Addf("Principals", "none", "who may query the tables", "name at least one principal")
	}
	for i, principal := range p.Principals {
		if _, err := principal.Identifier(); err != nil {
			list.Addf(fmt.Sprintf("Principals[%d]", i), err.Error(), "a principal that Lake Formation takes", "correct it")
		}
	}
	if p.TableCatalog != TargetCatalog && p.TableCatalog != OwnCatalog {
		list.Addf("TableCatalog", fmt.Sprintf("%q", p.TableCatalog), fmt.Sprintf("%s or %s", TargetCatalog, OwnCatalog), "leave it out")
	}
	if p.ParameterPrefix != nil && !parameterPrefix.MatchString(*p.ParameterPrefix) {
		list.Addf("ParameterPrefix", fmt.Sprintf("%q", *p.ParameterPrefix), "a path of letters, digits and any of _.- that starts with a slash", `set it like "/riverside/fhir"`)
	}
	return list
}

// QueryAccess is the workflow that opens a store's tables to queries.
type QueryAccess struct {
	constructs.Construct

	machine *workflow.Machine
	topic   awssns.ITopic
	prefix  string
}

// NewQueryAccess makes a workflow that waits until the store is ACTIVE, finds
// the resource link that HealthLake made for it, grants each principal DESCRIBE
// on the link and SELECT and DESCRIBE on all tables, and writes the names to SSM
// parameters for later stacks:
//
//	<prefix>/link      the link, which queries name as their database
//	<prefix>/catalog   HealthLake's catalog, <prefix>/database its database there
//	<prefix>/endpoint  the URL of the FHIR API
//
// It runs when HealthLake reports the store active and after every deployment
// of the stack, which may have changed the principals. Running it again changes
// nothing, so a failed run is started again. It never takes a grant away: revoke
// those of a removed principal by hand.
//
// The role of the workflow must be a Lake Formation administrator: name it in
// governance.SettingsProps.Admins, and see QueryAccessProps.Role. Who is granted
// to stands in the metadata of the state machine, for those who review templates.
// The name of the link is not documented; it is
// recognised by a target in another catalog and the store's id in its name or its
// target's. Whether it can be shared with other accounts is unknown: publish a
// curated copy instead (see NewExport).
//
// It panics with every problem of the props at once.
// Source: "Querying HealthLake data with SQL"; rule 7.4. Nothing here was
// deployed to an account by this project.
func NewQueryAccess(scope constructs.Construct, id *string, props *QueryAccessProps) *QueryAccess {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems())

	a := &QueryAccess{prefix: *p.ParameterPrefix}
	constructs.NewConstruct_Override(a, scope, id)
	a.topic = topicOf(a, p.AlarmTopic, p.Store)
	stack := awscdk.Stack_Of(a)
	a.machine = workflow.NewMachine(a, "Machine", &workflow.MachineProps{
		Definition:  p.definition(*stack.Account()),
		Description: "Opens the tables of a FHIR store to queries",
		Key:         p.Store.key,
		Role:        p.Role,
		Statements: []awsiam.PolicyStatement{
			p.Store.allow("DescribeFHIRDatastore"),
			workflow.Allow([]string{glueARN(stack, "catalog"), glueARN(stack, "database/*"), glueARN(stack, "table/*")},
				"glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables"),
			workflow.Allow([]string{"*"}, "lakeformation:GrantPermissions"),
			workflow.Allow([]string{parameterARN(stack, a.prefix)}, "ssm:PutParameter"),
		},
		Wildcards: "The link and the tables have names that HealthLake chooses after the deployment; Lake Formation grants take no resource in IAM.",
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
	a.machine.Alarms(a.topic, "Opening the tables of the FHIR store "+p.Store.name)
	a.machine.Cfn().AddMetadata(jsii.String(readersMetadata), map[string]any{"store": p.Store.name, "principals": p.identifiers()})
	return a
}

// readersMetadata is where the state machine says in the template who will be
// granted what no template can grant, for those who review it.
const readersMetadata = "lakemesh:fhirReaders"

// topicOf is the caller's topic, or a new one.
func topicOf(scope constructs.Construct, topic awssns.ITopic, store *FhirStore) awssns.ITopic {
	if topic != nil {
		return topic
	}
	return workflow.NewTopic(scope, "Alarms", store.key)
}

func glueARN(stack awscdk.Stack, resource string) string {
	return "arn:" + *stack.Partition() + ":glue:" + *stack.Region() + ":" + *stack.Account() + ":" + resource
}

func parameterARN(stack awscdk.Stack, prefix string) string {
	return "arn:" + *stack.Partition() + ":ssm:" + *stack.Region() + ":" + *stack.Account() + ":parameter" + prefix + "/*"
}

// ParameterName is the name of one of the SSM parameters: link, catalog,
// database or endpoint.
func (a *QueryAccess) ParameterName(what string) string { return a.prefix + "/" + what }

// Role is the role of the workflow, which must be a Lake Formation administrator.
func (a *QueryAccess) Role() awsiam.IRole { return a.machine.Role() }

// Alarms is the topic that hears of failures.
func (a *QueryAccess) Alarms() awssns.ITopic { return a.topic }

// GrantStart lets the grantee start the workflow and redrive failed runs.
func (a *QueryAccess) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	return a.machine.GrantStart(grantee)
}

// Cfn is the state machine.
func (a *QueryAccess) Cfn() awsstepfunctions.CfnStateMachine { return a.machine.Cfn() }
