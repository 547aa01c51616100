package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// DomainStack is a domain's lake: storage, databases, registered locations, the roles its
// jobs and optimizers run as, and its Athena workgroups. Its tables stand in the stacks of
// its products.
type DomainStack struct {
	awscdk.Stack

	mesh       *mesh.Plan
	plan       *mesh.DomainPlan
	subscriber mesh.ConsumerPlan
	storage    *storage.LakeStorage
	workGroup  *query.WorkGroup
	readers    map[string]*query.WorkGroup // by the name of the principal
	jobRole    awsiam.Role
	grants     *governance.Permissions
	crawlers   []*crawler.Crawler

	optimizer *catalog.OptimizerRole // nil without Iceberg tables, and where Glue has no optimizers

	principals map[string][]awscdk.CfnResource // what a grant to the ARN waits for
	granted    map[string][]*governance.Grant  // the grants to the ARN
	databases  map[string]*catalog.Database    // by name
	locations  map[string]awscdk.CfnResource   // by ARN

	products map[string]*ProductStack // by name

	alarms    *monitoring.AlarmTopic // of all stacks of the domain
	freshness *monitoring.Freshness  // nil where no product promises how old its data is
	keys      awss3.Bucket           // of the de-identification key; nil without one
	makeKey   *query.Job             // likewise
	evaluator awsiam.Role            // of quality rules; nil without any
	evolution *query.SchemaEvolution // nil where no deployed contract is kept
}

// Storage is the domain's key and buckets.
func (s *DomainStack) Storage() *storage.LakeStorage { return s.storage }

// WorkGroup is where the role of the domain's jobs queries.
func (s *DomainStack) WorkGroup() *query.WorkGroup { return s.workGroup }

// ReaderWorkGroup is where a principal of the mesh queries for the domain, nil for
// one that does not.
func (s *DomainStack) ReaderWorkGroup(principal string) *query.WorkGroup { return s.readers[principal] }

// JobRole is the role that the domain's jobs run as, the only writer of its tables.
func (s *DomainStack) JobRole() awsiam.Role { return s.jobRole }

// Permissions are the Lake Formation grants of the stack.
func (s *DomainStack) Permissions() *governance.Permissions { return s.grants }

// addGrants enters what the domain's own roles may do into the stack's Permissions.
func (s *DomainStack) addGrants() {
	s.grants = governance.NewPermissions(s, jsii.String("Grants"))
	for _, grant := range s.plan.Grants {
		made := s.grants.Grant(governance.PrincipalOf(grant.Principal), grant.Resource, grant.Permissions, &governance.GrantOptions{
			After: s.principals[grant.Principal],
		})
		s.granted[grant.Principal] = append(s.granted[grant.Principal], made)
	}
}
