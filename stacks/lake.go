package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// A store has a stack of its own, because it takes half an hour to make and must
// never be replaced; the jobs of products stand with these. They know the lake of their domain
// by planned names; only the ARN of the key is not planned, and travels through an SSM
// parameter (rule 9.7).

// addKeyParameter writes down the ARN of the domain's key for stacks beside this
// one, and lets the services that Spark goes through use it.
func (s *DomainStack) addKeyParameter() {
	if s.plan.Variants != nil {
		s.storage.AllowSparkJobs()
	}
	awsssm.NewStringParameter(s, jsii.String("KeyParameter"), &awsssm.StringParameterProps{
		ParameterName: jsii.String(s.plan.KeyParameter),
		Description:   jsii.String(fmt.Sprintf("The key of the domain %s", s.plan.Name)),
		StringValue:   s.storage.Key().KeyArn(),
	})
}

// nameRole gives a role beneath a construct its planned name: the bucket policies of
// the domain's stack admit it by name, as they cannot refer to a later stack.
func nameRole(name string, from constructs.IConstruct, path ...string) {
	for _, id := range path {
		from = from.Node().FindChild(jsii.String(id))
	}
	resourceOf(from).AddPropertyOverride(jsii.String("RoleName"), name)
}

// newLake is what a stack beside the domain's own knows of its lake.
func newLake(scope awscdk.Stack, plan *mesh.DomainPlan) storage.ILakeStorage {
	return storage.LakeStorageFromAttributes(scope, jsii.String("Lake"), &storage.LakeStorageAttributes{
		BucketNames: storage.NewBucketNames(plan.Buckets, plan.Logs),
		KeyARN:      awsssm.StringParameter_ValueForStringParameter(scope, jsii.String(plan.KeyParameter), nil),
	})
}

// newKey is the key of the domain, for a stack that needs no more of its lake.
func newKey(scope awscdk.Stack, plan *mesh.DomainPlan) awskms.IKey {
	return awskms.Key_FromKeyArn(scope, jsii.String("Key"), awsssm.StringParameter_ValueForStringParameter(scope, jsii.String(plan.KeyParameter), nil))
}
