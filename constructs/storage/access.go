package storage

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// VPCEndpointAccess lets objects be listed, read, written and deleted through
// given VPC endpoints only. Nobody can lock himself out with it: configuring the
// buckets, and so CloudFormation, is not concerned, nor are AWS services
// that act on their own (log delivery) or on behalf of a caller (Athena by
// forward access sessions), nor replication and malware scans of the lake.
//
// Queries through Lake Formation read with the role of the registered location
// and from AWS's network: name that role in ExceptRoleARNs, or they are denied
// (inferred from how credentials are vended, not tried in a live account).
//
// Source: "Controlling access from VPC endpoints with bucket policies", "AWS
// global condition context keys".
type VPCEndpointAccess struct {
	// EndpointIDs are the gateway or interface endpoints for S3, such as
	// vpce-0a1b2c3d4e5f60718. At least one; tokens are taken.
	EndpointIDs []string

	// ExceptRoleARNs are IAM roles that need no endpoint: of pipelines outside the
	// VPC, of registered locations. A * stands for any characters of a role's name;
	// tokens are taken.
	// Default: none.
	ExceptRoleARNs []string
}

var (
	endpointID     = regexp.MustCompile(`^vpce-[0-9a-f]{8}([0-9a-f]{9})?$`)
	roleARN        = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/*-]+$`)
	organizationID = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`) // "Organization": Id
)

func (a *VPCEndpointAccess) problems(scope constructs.Construct) problem.List {
	var list problem.List
	if a == nil {
		return nil
	}
	if len(a.EndpointIDs) == 0 {
		list.Addf("OnlyVPCEndpoints.EndpointIDs", "none", "at least one endpoint", "name one: without, nobody reads the lake")
	}
	for _, ids := range []struct {
		path, expected string
		values         []string
		pattern        *regexp.Regexp
	}{
		{"OnlyVPCEndpoints.EndpointIDs", "vpce- and 8 or 17 hexadecimal digits", a.EndpointIDs, endpointID},
		{"OnlyVPCEndpoints.ExceptRoleARNs", "the ARN of an IAM role", a.ExceptRoleARNs, roleARN},
	} {
		for i, value := range ids.values {
			path := fmt.Sprintf("%s[%d]", ids.path, i)
			if !cdkx.HoldsToken(value) && !ids.pattern.MatchString(value) {
				list.Addf(path, cdkx.Quote(value), ids.expected, "correct it")
			}
			cdkx.CheckPartition(&list, scope, path, value)
		}
	}
	return list
}

func organizationProblems(id *string) problem.List {
	var list problem.List
	if id != nil && !cdkx.HoldsToken(*id) && !organizationID.MatchString(*id) {
		list.Addf("OnlyOrganizationID", cdkx.Quote(*id), "o- and 10 to 32 lower case letters and digits", "copy it from AWS Organizations")
	}
	return list
}

// dataActions are those that touch objects or their names. What configures a
// bucket is left out, so that a wrong condition can always be deployed away.
func dataActions() *[]*string {
	return jsii.Strings("s3:AbortMultipartUpload", "s3:BypassGovernanceRetention", "s3:DeleteObject*", "s3:GetObject*",
		"s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:ListMultipartUploadParts",
		"s3:PutObject*", "s3:RestoreObject")
}

// only denies data to who comes from elsewhere. own are the roles of the lake.
func (a *VPCEndpointAccess) only(b *batch.Batch, bucket awss3.Bucket, own []*string) {
	if a == nil {
		return
	}
	conditions := map[string]any{
		"StringNotEquals": map[string]any{"aws:SourceVpce": *cdkx.Strings(a.EndpointIDs)},
		"BoolIfExists":    map[string]any{"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"},
	}
	if except := append(*cdkx.Strings(a.ExceptRoleARNs), own...); len(except) > 0 {
		conditions["ArnNotLikeIfExists"] = map[string]any{"aws:PrincipalArn": except}
	}
	denyData(b, bucket, "DenyOtherNetworks", conditions)
}

func onlyOrganization(b *batch.Batch, bucket awss3.Bucket, id *string) {
	if id == nil {
		return
	}
	denyData(b, bucket, "DenyOtherOrganizations", map[string]any{
		"StringNotEquals": map[string]any{"aws:PrincipalOrgID": id},
		"BoolIfExists":    map[string]any{"aws:PrincipalIsAWSService": "false"},
	})
}

func denyData(b *batch.Batch, bucket awss3.Bucket, sid string, conditions map[string]any) batch.Step {
	statement := batch.Static[awsiam.PolicyStatement](b, "fromJson", map[string]any{
		"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": dataActions(),
		"Resource": []any{cdkx.BucketARN(bucket), cdkx.ObjectsARN(bucket)}, "Condition": conditions,
	})
	b.Call(bucket, "addToResourcePolicy", statement)
	return statement
}

func allow(resources []*string, conditions map[string]any, actions ...string) awsiam.PolicyStatement {
	props := &awsiam.PolicyStatementProps{Actions: cdkx.Strings(actions), Resources: &resources}
	if conditions != nil {
		props.Conditions = &conditions
	}
	return awsiam.NewPolicyStatement(props)
}
