package storage_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const iamRole = "arn:aws:iam::111111111111:role/"

// onlyLakeFormation closes a lake to all but what a lake usually needs.
func onlyLakeFormation() *storage.LakeFormationAccess {
	return &storage.LakeFormationAccess{
		BreakGlassARNs: []string{iamRole + "BreakGlass", "arn:aws:iam::111111111111:root"},
		RoleARNs:       []string{iamRole + "lab-job-*"},
		ZoneRoleARNs:   map[ontology.Zone][]string{ontology.Raw: {iamRole + "Deliveries"}},
	}
}

func newRole(stack awscdk.Stack, id string) awsiam.Role {
	return awsiam.NewRole(stack, jsii.String(id), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
}

// Whoever holds AmazonS3ReadOnlyAccess reads nothing, directly or through a service;
// those who are named, and services that act on their own, are not concerned.
func TestOnlyLakeFormationReachesObjects(t *testing.T) {
	stack := cdktest.Stack()
	props := guarded()
	props.OnlyLakeFormation = onlyLakeFormation()
	made := storage.NewLakeStorage(stack, jsii.String("Lake"), props)
	made.AdmitRole(newRole(stack, "Location"))
	made.GrantRead(ontology.Curated, newRole(stack, "Reader"))
	made.GrantReadWrite(ontology.Raw, awsiam.Role_FromRoleArn(stack, jsii.String("Writer"), jsii.String(iamRole+"Writer"), nil))
	template := cdktest.Of(t, stack)
	of := func(id string) string { return arn(template.One(t, "AWS::IAM::Role", id)) }

	const sid = "DenyAllButLakeFormation"
	who := func(arn string) request {
		return request{"aws:PrincipalArn": arn, "aws:PrincipalIsAWSService": "false"}
	}
	for _, zone := range []string{"LakeRaw", "LakeCurated", "LakeAnalytics"} {
		policy := template.One(t, policyType, zone)
		for name, r := range map[string]request{
			"an analyst":                            who(iamRole + "Analyst"),
			"an analyst through a service":          who(iamRole + "Analyst").with(request{"aws:ViaAWSService": "true"}),
			"a user":                                who("arn:aws:iam::111111111111:user/bob"),
			"a role of another account":             who("arn:aws:iam::222222222222:role/BreakGlass"),
			"a role with a longer name":             who(iamRole + "BreakGlass2"),
			"nobody that is known, without a name":  {},
			"a role of that name below a path":      who(iamRole + "team/Deliveries"),
			"somebody whose session has that name":  who("arn:aws:sts::111111111111:assumed-role/Analyst/BreakGlass"),
			"the role that publishes assets of CDK": who(iamRole + "cdk-hnb659fds-file-publishing-role-111111111111-us-east-1"),
		} {
			checkSid(t, policy, sid, name, r, true)
		}
		for name, r := range map[string]request{
			"the location's role":           who(of("Location")),
			"a job":                         who(iamRole + "lab-job-nightly"),
			"break glass":                   who(iamRole + "BreakGlass"),
			"the account's root":            who("arn:aws:iam::111111111111:root"),
			"a service that acts by itself": {"aws:PrincipalIsAWSService": "true"},
		} {
			checkSid(t, policy, sid, name, r, false)
		}
		checkSid(t, policy, sid, "deliveries", who(iamRole+"Deliveries"), zone != "LakeRaw")
		checkSid(t, policy, sid, "the scan", who(of("LakeScanRole")), zone != "LakeRaw")
		checkSid(t, policy, sid, "a reader by IAM", who(of("Reader")), zone != "LakeCurated")
		checkSid(t, policy, sid, "a writer by IAM", who(iamRole+"Writer"), zone != "LakeRaw")
	}
	contains(t, template.One(t, policyType, "LakeRaw"), "PolicyDocument", ":role/cdk-hnb659fds-cfn-exec-role-111111111111-us-east-1")
}

// What closes a bucket can be deployed away.
func TestOnlyLakeFormationLocksNobodyOut(t *testing.T) {
	template := lake(t, &storage.LakeStorageProps{OnlyLakeFormation: onlyLakeFormation()})
	for _, s := range statementsOf(t, template.One(t, policyType, "LakeRaw")) {
		if s.Sid != "DenyAllButLakeFormation" {
			continue
		}
		for _, action := range s.Action {
			for _, configuring := range []string{"s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration"} {
				if like(action, configuring) {
					t.Errorf("%s is denied by %s", configuring, action)
				}
			}
		}
	}
}

// By default IAM says who reads objects, and nothing is admitted.
func TestWithoutOnlyLakeFormation(t *testing.T) {
	stack := cdktest.Stack()
	made := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	made.AdmitRole(newRole(stack, "Location"))
	if policy := cdktest.Of(t, stack).One(t, policyType, "LakeRaw").JSON("PolicyDocument"); strings.Contains(policy, "DenyAllButLakeFormation") {
		t.Error(policy)
	}
}

// A role of another stack would make the stacks refer to each other.
func TestRolesOfOtherStacksAreNamed(t *testing.T) {
	stack := cdktest.Stack()
	other := awscdk.NewStack(awscdk.App_Of(stack), jsii.String("Other"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String("us-east-1")}})
	made := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{OnlyLakeFormation: onlyLakeFormation()})
	made.GrantRead(ontology.Raw, newRole(other, "Job"))
	if err := synthesize(stack); err != nil {
		t.Error(err)
	}
	warned := false
	for _, entry := range *made.Node().Metadata() {
		text, _ := entry.Data.(string)
		warned = warned || strings.Contains(text, "Other/Job stands in another stack than the lake")
	}
	if !warned {
		t.Error("nobody says that the policy denies the job")
	}
}

func TestOtherBucketsAreClosedToo(t *testing.T) {
	stack := cdktest.Stack()
	onlyLakeFormation().DenyOthers(awss3.NewBucket(stack, jsii.String("Keys"), nil))
	policy := cdktest.Of(t, stack).One(t, policyType, "Keys")
	checkSid(t, policy, "DenyAllButLakeFormation", "an analyst", request{"aws:PrincipalArn": iamRole + "Analyst"}, true)
	checkSid(t, policy, "DenyAllButLakeFormation", "deliveries", request{"aws:PrincipalArn": iamRole + "Deliveries"}, true)
	checkSid(t, policy, "DenyAllButLakeFormation", "break glass", request{"aws:PrincipalArn": iamRole + "BreakGlass"}, false)
}

func TestOnlyLakeFormationProblems(t *testing.T) {
	stack := cdktest.Stack()
	long := &storage.LakeFormationAccess{BreakGlassARNs: []string{iamRole + "BreakGlass"}}
	for range 200 {
		long.RoleARNs = append(long.RoleARNs, iamRole+strings.Repeat("x", 64))
	}
	for want, access := range map[string]*storage.LakeFormationAccess{
		`OnlyLakeFormation.BreakGlassARNs: got none; expected at least one administrator; fix: name who repairs files by hand, such as a role that is assumed in an emergency`: {},
		`OnlyLakeFormation.BreakGlassARNs[0]: got "arn:aws:iam::111111111111:role/*"; expected a name, or a part of one: this admits everybody; fix: name the roles, or leave OnlyLakeFormation out
OnlyLakeFormation.RoleARNs[0]: got "Job"; expected the ARN of an IAM role or user, or of an account's root; fix: correct it
OnlyLakeFormation.ZoneRoleARNs: got "gold"; expected one of [raw curated analytics]; fix: name a zone`: {
			BreakGlassARNs: []string{iamRole + "*"}, RoleARNs: []string{"Job"}, ZoneRoleARNs: map[ontology.Zone][]string{"gold": nil},
		},
		`OnlyLakeFormation: got 19644 characters; expected at most 12000, because a bucket policy holds 20 KB; fix: name fewer, or use a * for several roles`: long,
	} {
		got := cdktest.Panic(t, func() {
			storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{OnlyLakeFormation: access})
		})
		if got != "Test/Lake: "+want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	}
}
