package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/ending"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// SubscriptionStack is what one domain's principals may see of other domains:
// row and column filters, and grants.
type SubscriptionStack struct {
	awscdk.Stack

	grants *governance.Permissions
	ending *ending.Workflow
}

// Ending is the workflow that takes back what has ended; nil for a domain that subscribes
// to nothing.
func (s *SubscriptionStack) Ending() *ending.Workflow { return s.ending }

// Permissions are the Lake Formation grants of the stack.
func (s *SubscriptionStack) Permissions() *governance.Permissions { return permissionsOf(s, &s.grants) }

// permissionsOf are made at the first call where the plan grants nothing.
func permissionsOf(scope awscdk.Stack, grants **governance.Permissions) *governance.Permissions {
	if *grants == nil {
		*grants = governance.NewPermissions(scope, jsii.String("Grants"))
	}
	return *grants
}

func (b *builder) subscriptions(plan *mesh.ConsumerPlan) *SubscriptionStack {
	s := &SubscriptionStack{}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), b.domainProps(plan.StackName, plan.Domain, plan.Environment,
		fmt.Sprintf("What %s subscribes to in the data mesh %s", plan.Domain, b.plan.Mesh), false))
	s.AddStackDependency(b.domains[plan.Domain], jsii.String("roles come first"))
	for i := range plan.Subscriptions {
		subscription := &plan.Subscriptions[i]
		for _, job := range subscription.Jobs {
			b.afterProduct(s, plan.Domain, job.Product) // its role comes first
		}
		if subscription.Crosses {
			s.AddStackDependency(b.linked[plan.Environment], jsii.String("what is shared, and the links to it, come first"))
		} else {
			b.afterProduct(s, subscription.Producer, subscription.Product)
		}
	}
	s.ending = b.ending(s, plan.Domain, plan.Ending)
	s.grants = b.grants(s, plan.Filters, plan.Grants)
	return s
}

// ending makes the workflow that takes back what a stack of a domain grants.
func (b *builder) ending(scope awscdk.Stack, domain string, plan *mesh.EndingPlan) *ending.Workflow {
	if plan == nil {
		return nil
	}
	props := &ending.WorkflowProps{
		Role:             awsiam.Role_FromRoleName(scope, jsii.String("EndingRole"), jsii.String(plan.Role), nil),
		Key:              newKey(scope, b.domains[domain].plan),
		Schedule:         jsii.String(plan.Schedule),
		StateMachineName: jsii.String(plan.StateMachine),
		AlarmTopic:       newAlarmTopic(scope, b.domains[domain].plan),
	}
	for _, s := range plan.Subscriptions {
		props.Subscriptions = append(props.Subscriptions, ending.Subscription{Name: s.Name, LastDay: s.Expires, Purpose: s.Purpose, Approver: s.Approver})
	}
	for _, g := range plan.Grants {
		props.Grants = append(props.Grants, ending.Grant{Grant: g.Grant, Needs: g.Needs})
	}
	return ending.NewWorkflow(scope, jsii.String("Ending"), props)
}

// grants makes filters, and the Permissions with the grants; nil where there are none.
func (b *builder) grants(scope awscdk.Stack, filters []lakeformation.DataCellsFilter, grants []lakeformation.Grant) *governance.Permissions {
	made := map[string]awscdk.CfnResource{}
	for _, f := range filters {
		filter := governance.NewDataCellsFilter(scope, jsii.String("Filter-"+f.Database+"-"+f.Name), &governance.DataCellsFilterProps{Filter: &f})
		made[f.Resource().Key()] = filter.Cfn()
	}
	if len(filters)+len(grants) == 0 {
		keepEmptyStack(scope)
		return nil
	}
	permissions := governance.NewPermissions(scope, jsii.String("Grants"))
	for _, grant := range grants {
		options := &governance.GrantOptions{Grantable: len(grant.Grantable) > 0}
		if filter, here := made[grant.Resource.Key()]; here {
			options.After = []awscdk.CfnResource{filter}
		}
		permissions.Grant(governance.PrincipalOf(grant.Principal), grant.Resource, grant.Permissions, options)
	}
	return permissions
}

// ShareStack is what one domain grants to other accounts: row and column
// filters, and grants that the accounts pass on to their principals. Lake
// Formation makes the shares of AWS Resource Access Manager itself (rule 5.2). Jobs of
// other accounts that read of the domain get a role to look whether its own jobs have
// succeeded.
type ShareStack struct {
	awscdk.Stack

	grants *governance.Permissions
	ending *ending.Workflow
}

// Ending is the workflow that takes back what has ended; nil for a domain that shares nothing.
func (s *ShareStack) Ending() *ending.Workflow { return s.ending }

// Permissions are the Lake Formation grants of the stack.
func (s *ShareStack) Permissions() *governance.Permissions { return permissionsOf(s, &s.grants) }

func (b *builder) share(plan *mesh.SharePlan) *ShareStack {
	s := &ShareStack{}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), b.domainProps(plan.StackName, plan.Domain, plan.Environment,
		fmt.Sprintf("What %s shares with other accounts of the data mesh %s", plan.Domain, b.plan.Mesh), false))
	s.AddStackDependency(b.domains[plan.Domain], jsii.String("databases and their tags come first"))
	for _, consumer := range b.plan.Consumers {
		for _, subscription := range consumer.Subscriptions {
			if subscription.Crosses && subscription.Producer == plan.Domain {
				b.afterProduct(s, plan.Domain, subscription.Product)
				if subscription.Recipient == "" { // granted to directly
					for _, job := range subscription.Jobs {
						b.afterProduct(s, consumer.Domain, job.Product)
					}
				}
			}
		}
	}
	for _, consumer := range plan.Consumers {
		s.AddStackDependency(b.domains[consumer], jsii.String("roles come first"))
	}
	s.ending = b.ending(s, plan.Domain, plan.Ending)
	s.grants = b.grants(s, plan.Filters, plan.Grants)
	for _, readiness := range plan.Readiness {
		s.addReadiness(&readiness)
	}
	b.shares[plan.Domain] = s
	return s
}

// addReadiness lets jobs of another account look whether those of the domain have succeeded.
func (s *ShareStack) addReadiness(plan *mesh.ReadinessPlan) {
	props := &query.ReadinessRoleProps{RoleName: jsii.String(plan.Role), StateMachineARNs: plan.StateMachineARNs}
	for _, reader := range plan.Readers {
		props.Readers = append(props.Readers, query.ForeignRole{Account: jsii.String(plan.Environment.Account), RoleName: jsii.String(reader)})
	}
	query.NewReadinessRole(s, jsii.String("Readiness-"+plan.Consumer), props)
}

// LinkStack is the resource links of one environment: under the name that a
// database has at home, whoever was granted to finds it in this catalog.
type LinkStack struct {
	awscdk.Stack

	links []*governance.ResourceLink
}

// Links are the stack's resource links, sorted by name.
func (s *LinkStack) Links() []*governance.ResourceLink { return s.links }

func (b *builder) links(plan *mesh.LinksPlan) *LinkStack {
	s := &LinkStack{}
	awscdk.NewStack_Override(s, b.scope, jsii.String(plan.StackName), b.props(plan.StackName, plan.Environment,
		fmt.Sprintf("Links of the data mesh %s to databases of other accounts", b.plan.Mesh), false))
	b.after(s, plan.Environment)
	for _, link := range plan.Databases {
		s.AddStackDependency(b.shares[link.Producer], jsii.String("shares come before the links to them"))
		s.links = append(s.links, governance.NewResourceLink(s, jsii.String("Link-"+link.Name), &governance.ResourceLinkProps{
			Name:           jsii.String(link.Name),
			TargetAccount:  jsii.String(link.Target.Account),
			TargetDatabase: jsii.String(link.Database),
			TargetRegion:   jsii.String(link.Target.Region),
		}))
	}
	if len(plan.Databases) == 0 {
		keepEmptyStack(s)
	}
	b.linked[plan.Environment] = s
	return s
}
