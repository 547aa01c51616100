package fhirstore

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/template"
)

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
		AssumedBy:   workflow.OnBehalf(scope, "states.amazonaws.com", nil),
	})
	role.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE)
	return role
}

// statements are what the calls of the workflow need. To delete a database takes
// permission on what it may hold, also where it is a link.
// Source: "Specifying AWS Glue resource ARNs".
func (a *QueryAccess) statements(store IFhirStore) []awsiam.PolicyStatement {
	catalog, link := cdkx.ARN(a, "glue", "catalog"), cdkx.ARN(a, "glue", "database/"+a.database)
	return []awsiam.PolicyStatement{
		allow(store.DatastoreARN(), "DescribeFHIRDatastore"),
		workflow.Allow([]string{catalog, cdkx.ARN(a, "glue", "database/*"), cdkx.ARN(a, "glue", "table/*")},
			"glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables"),
		workflow.Allow([]string{catalog, link}, "glue:CreateDatabase"),
		workflow.Allow([]string{catalog, link, cdkx.ARN(a, "glue", "table/"+a.database+"/*"), cdkx.ARN(a, "glue", "userDefinedFunction/"+a.database+"/*")},
			"glue:DeleteDatabase"),
		workflow.Allow([]string{"*"}, "lakeformation:GrantPermissions", "lakeformation:ListPermissions", "lakeformation:RevokePermissions"),
		workflow.Allow([]string{cdkx.ARN(a, "ssm", "parameter"+a.prefix+"/*")}, "ssm:PutParameter"),
	}
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
