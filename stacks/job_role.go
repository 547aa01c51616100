package stacks

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/query"
)

// addJobRole makes the role that the domain's Glue jobs run as, and notes it as a
// principal of the stack's grants.
func (s *DomainStack) addJobRole() {
	role, policy := query.NewJobRole(s, jsii.String("PipelineRole"), &query.JobRoleProps{
		Owner:           jsii.String("the domain " + s.plan.Name),
		Lake:            s.storage,
		WorkGroup:       s.workGroup,
		DatabasePrefix:  jsii.String(strings.ReplaceAll(s.mesh.Mesh, "-", "_") + "_"),
		ForeignCatalogs: s.foreignCatalogs(),
		RoleName:        jsii.String(s.plan.JobRole),
	})
	s.jobRole = role
	s.principals[s.plan.JobRoleARN] = []awscdk.CfnResource{l1(role), l1(policy)}
}

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

// l1 is the CloudFormation resource behind a construct of the CDK.
func l1(construct constructs.IConstruct) awscdk.CfnResource {
	resource, ok := construct.Node().DefaultChild().(awscdk.CfnResource)
	if !ok {
		panic(fmt.Errorf("%s: no CloudFormation resource behind it", *construct.Node().Path()))
	}
	return resource
}
