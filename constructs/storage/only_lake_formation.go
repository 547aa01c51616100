package storage

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// LakeFormationAccess closes the objects of a lake to everybody but those who are
// named: whoever queries, reads through Lake Formation, with the role of the
// registered location. A policy such as AmazonS3ReadOnlyAccess that somebody attaches
// by hand opens nothing then.
//
// What is denied is to list, read, write and delete objects, also through AWS services
// that act on behalf of a caller. Not denied are AWS services that act on their own
// (log delivery, inventory), the role that deploys the stack, because Glue writes the
// first metadata of an Iceberg table for it, and replication and malware scans of the
// lake. Configuring the buckets is not concerned, so that nobody locks himself out.
//
// Name the roles of registered locations, of jobs, crawlers and deliveries that read
// or write files themselves, of AWS Backup, Macie and the like. What a role is let do
// is still for IAM to say.
//
// Source: "AWS global condition context keys" (aws:PrincipalArn is the role's ARN in
// every session of it), "Underlying data access control" in the Lake Formation guide.
// That the sessions which Lake Formation vends carry the ARN of the location's role is
// inferred from it, and not tried in an account by this project.
type LakeFormationAccess struct {
	// BreakGlassARNs are the administrators who repair files by hand: IAM roles, users,
	// or an account's root. At least one; a * stands for any characters of a name; tokens
	// are taken. Required.
	BreakGlassARNs []string

	// RoleARNs are roles and users that read and write objects of every zone themselves,
	// beside those that AdmitRole, GrantRead and GrantReadWrite name; written as
	// BreakGlassARNs.
	// Default: none.
	RoleARNs []string

	// ZoneRoleARNs are those of single zones.
	// Default: none.
	ZoneRoleARNs map[ontology.Zone][]string
}

var (
	principalARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)/[\w+=,.@/*-]+)$`)
	everyName    = regexp.MustCompile(`:(role|user)/[*/]+$`)
)

// lists are the ARNs with the paths of their fields, in a fixed order.
func (a *LakeFormationAccess) lists() []arnList {
	if a == nil {
		return nil
	}
	out := []arnList{{"OnlyLakeFormation.BreakGlassARNs", a.BreakGlassARNs}, {"OnlyLakeFormation.RoleARNs", a.RoleARNs}}
	for _, zone := range slices.Sorted(maps.Keys(a.ZoneRoleARNs)) {
		out = append(out, arnList{fmt.Sprintf("OnlyLakeFormation.ZoneRoleARNs[%s]", zone), a.ZoneRoleARNs[zone]})
	}
	return out
}

type arnList struct {
	path string
	arns []string
}

func (a *LakeFormationAccess) problems(scope constructs.Construct) problem.List {
	var list problem.List
	if a == nil {
		return nil
	}
	if len(a.BreakGlassARNs) == 0 {
		list.Addf("OnlyLakeFormation.BreakGlassARNs", "none", "at least one administrator", "name who repairs files by hand, such as a role that is assumed in an emergency")
	}
	for zone := range a.ZoneRoleARNs {
		if !zone.Valid() {
			list.Addf("OnlyLakeFormation.ZoneRoleARNs", cdkx.Quote(zone), fmt.Sprintf("one of %v", ontology.Zones()), "name a zone")
		}
	}
	for _, l := range a.lists() {
		for i, arn := range l.arns {
			path := fmt.Sprintf("%s[%d]", l.path, i)
			switch {
			case cdkx.HoldsToken(arn):
			case !principalARN.MatchString(arn):
				list.Addf(path, cdkx.Quote(arn), "the ARN of an IAM role or user, or of an account's root", "correct it")
			case everyName.MatchString(arn):
				list.Addf(path, cdkx.Quote(arn), "a name, or a part of one: this admits everybody", "name the roles, or leave OnlyLakeFormation out")
			default:
				cdkx.CheckPartition(&list, scope, path, arn)
			}
		}
	}
	return list
}

// size is how many characters the ARNs add to the policy of one bucket at most.
func (a *LakeFormationAccess) size() int {
	if a == nil {
		return 0
	}
	length := func(arns []string) (n int) {
		for _, arn := range arns {
			n += len(arn) + len(`"",`)
		}
		return n
	}
	most := 0
	for _, arns := range a.ZoneRoleARNs {
		most = max(most, length(arns))
	}
	return length(a.BreakGlassARNs) + length(a.RoleARNs) + most
}

// admission is who reaches the objects of one bucket.
type admission struct {
	statement awsiam.PolicyStatement
	arns      []*string
}

const notAdmitted = "ArnNotLike"

// admissions are those of a batch, with the steps that make their statements.
type admissions struct {
	made  []*admission
	steps []batch.Step
}

// send sends the batch, and notes the statements.
func (a *admissions) send(b *batch.Batch) {
	b.Send(a.steps...)
	for i, m := range a.made {
		m.statement = batch.Value[awsiam.PolicyStatement](b, a.steps[i])
	}
}

// deny closes a bucket; own are roles that the lake makes itself.
func (a *LakeFormationAccess) deny(b *batch.Batch, admitted *admissions, bucket awss3.Bucket, zone ontology.Zone, own []*string) *admission {
	if a == nil {
		return nil
	}
	arns := slices.Concat(a.BreakGlassARNs, a.RoleARNs, a.ZoneRoleARNs[zone])
	slices.Sort(arns)
	out := &admission{arns: append(*cdkx.Strings(slices.Compact(arns)), own...)}
	if role := deploymentRole(bucket); role != nil {
		out.arns = append(out.arns, role)
	}
	admitted.made = append(admitted.made, out)
	admitted.steps = append(admitted.steps, denyData(b, bucket, "DenyAllButLakeFormation", map[string]any{
		notAdmitted:    map[string]any{"aws:PrincipalArn": out.arns},
		"BoolIfExists": map[string]any{"aws:PrincipalIsAWSService": "false"},
	}))
	return out
}

// DenyOthers closes a bucket that is no zone of a lake, such as one with objects that
// only a job reads. It panics with every problem of the access at once.
func (a *LakeFormationAccess) DenyOthers(bucket awss3.Bucket) {
	if list := a.problems(bucket); len(list) > 0 {
		cdkx.Fail(bucket, list.Err())
	}
	var b batch.Batch
	a.deny(&b, &admissions{}, bucket, "", nil)
	b.Send()
}

// admit adds a principal; the condition is written anew with all of them.
func (m *admission) admit(arn *string) {
	if m == nil || slices.ContainsFunc(m.arns, func(have *string) bool { return *have == *arn }) {
		return
	}
	m.arns = append(m.arns, arn)
	m.statement.AddCondition(jsii.String(notAdmitted), map[string]any{"aws:PrincipalArn": m.arns})
}

// deploymentRole is the role that CloudFormation deploys a stack with, nil where the
// synthesizer names none.
func deploymentRole(scope constructs.Construct) *string {
	stack := cdkx.StackOf(scope)
	return cdkx.Once(stack, "deployment role", func() *string {
		arn := cdkx.ExecutionRole(stack)
		switch {
		case arn == "":
			return nil
		case strings.Contains(arn, "${AWS::"):
			return cdkx.Once(cdkx.RootOf(stack), "substituted "+arn, func() *string { return awscdk.Fn_Sub(&arn, nil) })
		}
		return &arn
	})
}
