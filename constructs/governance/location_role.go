package governance

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// LocationRoleProps configures a LocationRole. The zero value is complete.
type LocationRoleProps struct {
	// RoleName fixes the name of the role, at most 64 characters.
	// Default: CloudFormation generates it.
	RoleName *string
}

// LocationRole is the role whose credentials Lake Formation hands to engines
// that read and write registered locations. It can do what its locations need
// and nothing else; locations add themselves.
type LocationRole struct {
	constructs.Construct

	role    awsiam.Role
	policy  awsiam.ManagedPolicy
	allowed map[keyUse]bool
}

// keyUse is how a location uses a key.
type keyUse struct {
	arn      string
	readOnly bool
}

// NewLocationRole makes a role that Lake Formation may assume, with a managed policy that Location fills (rule 3.2). A role of our
// own instead of the service-linked one can be bound by organization policies
// and serves encrypted locations (rule 3.1).
func NewLocationRole(scope constructs.Construct, id *string, props *LocationRoleProps) *LocationRole {
	p := cdkx.Value(props, LocationRoleProps{})
	cdkx.Check(scope, id, nil)

	r := &LocationRole{allowed: map[keyUse]bool{}}
	cdkx.Add(r, scope, id)
	var b batch.Batch
	role := cdkx.RoleIn(&b, r, "Role", &awsiam.RoleProps{
		RoleName:    p.RoleName,
		Description: jsii.String("Lake Formation reads and writes registered locations with this role"),
		AssumedBy:   cdkx.Service(r, "lakeformation.amazonaws.com"),
	})
	policy := cdkx.MakeIn[awsiam.ManagedPolicy](&b, r, "Policy", map[string]any{
		"description": "What Lake Formation may do with the registered locations",
		"roles":       []any{role.Step},
	}, cdkx.Behind(cdkx.Acknowledged(cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "The role serves every object below the registered locations; Lake Formation scopes each session down to the tables that were granted.",
	})))
	b.Send(append(role.Wanted(), policy.Wanted()...)...)
	r.role, r.policy = role.Made(&b), policy.Made(&b)
	return r
}

// Role is the IAM role.
func (r *LocationRole) Role() awsiam.Role { return r.role }

// Policy is the managed policy that says what the role may do.
func (r *LocationRole) Policy() awsiam.ManagedPolicy { return r.policy }

// allow adds what one location needs. arn is that of a bucket or of a prefix in it.
func (r *LocationRole) allow(b *batch.Batch, arn string, key awskms.IKey, readOnly bool) {
	objects := []string{"s3:GetObject"}
	if !readOnly {
		objects = append(objects, "s3:PutObject", "s3:DeleteObject")
	}
	statements := []*awsiam.PolicyStatementProps{
		{Actions: cdkx.Strings(objects), Resources: jsii.Strings(strings.TrimSuffix(arn, "/") + "/*")},
		r.list(arn),
	}
	if key != nil {
		if use := (keyUse{*cdkx.KeyARN(key), readOnly}); !r.allowed[use] {
			r.allowed[use] = true
			statements = append(statements, r.useKey(b, key, readOnly))
		}
	}
	for _, statement := range statements {
		b.Call(r.policy, "addStatements", batch.New[awsiam.PolicyStatement](b, statement))
	}
}

// list allows the location's part of the bucket's list. A token is a bucket's ARN as a
// whole.
func (r *LocationRole) list(arn string) *awsiam.PolicyStatementProps {
	location, _ := s3uri.FromARN(arn)
	bucket := strings.TrimSuffix(strings.TrimSuffix(arn, "/"), "/"+location.Prefix)
	props := &awsiam.PolicyStatementProps{Actions: jsii.Strings("s3:ListBucket"), Resources: jsii.Strings(bucket)}
	if prefixes := location.ListedPrefixes(); prefixes != nil {
		props.Conditions = &map[string]any{"StringLike": map[string]any{"s3:prefix": prefixes}}
	}
	return props
}

// useKey allows the key on both sides: an identity policy alone fails where the
// key's policy does not hand permissions over to IAM. The statement in the key's
// policy has no Sid, because a key may serve several roles and a Sid stands once
// in a policy. A key of another stack is left alone: its policy would refer to the
// role, and its stack depend on the one that depends on it. Keys of the CDK hand
// permissions over to IAM.
func (r *LocationRole) useKey(b *batch.Batch, key awskms.IKey, readOnly bool) *awsiam.PolicyStatementProps {
	actions := jsii.Strings("kms:Decrypt", "kms:DescribeKey")
	if !readOnly {
		actions = jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
	}
	if cdkx.SameStack(key, r) {
		cdkx.ToKeyPolicy(b, key, &awsiam.PolicyStatementProps{
			Actions:    actions,
			Principals: &[]awsiam.IPrincipal{r.role},
			Resources:  jsii.Strings("*"),
		})
	}
	return &awsiam.PolicyStatementProps{Actions: actions, Resources: &[]*string{cdkx.KeyARN(key)}}
}
