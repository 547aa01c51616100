package assembly_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// guarded is a lake of one bucket without a name, with a table in it, a role that Lake
// Formation takes, a job, an administrator and two policies.
const guarded = `
	"Lake": {"Type": "AWS::S3::Bucket", "Properties": {}},
	"Guard": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Lake"}, "PolicyDocument": {"Statement": [
		{"Sid": "Others", "Effect": "Deny", "Principal": "*", "Action": ["s3:GetObject*", "s3:PutObject", "s3:DeleteObject*"], "Resource": {"Fn::Sub": "${Lake.Arn}/*"},
			"Condition": {"ArnNotLike": {"aws:PrincipalArn": [{"Fn::GetAtt": ["Taken", "Arn"]}, {"Fn::GetAtt": ["Job", "Arn"]}, "arn:aws:iam::111111111111:role/Old"]}}}]}}},
	"Place": {"Type": "AWS::LakeFormation::Resource", "Properties": {"ResourceArn": {"Fn::GetAtt": ["Lake", "Arn"]}, "RoleArn": {"Fn::GetAtt": ["Taken", "Arn"]}}},
	"Taken": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]}},
	"Job": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Job"}},
	"Admin": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Admin", "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}},
	"Keeper": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Keeper"}},
	"Settings": {"Type": "AWS::LakeFormation::DataLakeSettings", "Properties": {"Admins": [{"DataLakePrincipalIdentifier": {"Fn::GetAtt": ["Admin", "Arn"]}}, {"DataLakePrincipalIdentifier": {"Fn::GetAtt": ["Keeper", "Arn"]}}]}},
	"Read": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [{"Ref": "Job"}], "PolicyDocument": {"Statement": [{"Sid": "In", "Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Lake.Arn}/in/*"}}]}}}`

func aroundOf(t *testing.T, resources string) *access.Matrix {
	t.Helper()
	state, err := assembly.Read(appOf(t, "aws://111111111111/us-east-1", resources))
	if err != nil {
		t.Fatal(err)
	}
	return state.Evaluate()
}

func TestWaysAroundInTemplates(t *testing.T) {
	var got []string
	for _, b := range aroundOf(t, guarded).Bypasses {
		got = append(got, fmt.Sprint(access.Short(b.Principal), " ", b.Can, " ", b.Certain, ": ", strings.Join(b.Path, "; ")))
	}
	want := []string{
		"${S.Taken.Arn} [read write delete] true: the role that Lake Formation itself takes here; AmazonS3FullAccess (statement 1)",
		"Admin [read] false: Admin may become role Job: AdministratorAccess (statement 1); as far as the role's trust policy, which is not in the templates, lets it; S/Read (statement In)",
		"Admin [read write delete] false: Admin may become role Old: AdministratorAccess (statement 1); as far as the role's trust policy, which is not in the templates, lets it; S/Guard (statement Others) leaves it out; its own policies are not in the templates",
		"Job [read] true: S/Read (statement In)",
		"Old [read write delete] false: S/Guard (statement Others) leaves it out; its own policies are not in the templates",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// An administrator of IAM is kept from the files by the bucket's policy, and can change it.
func TestGrantorsInTemplates(t *testing.T) {
	var got []string
	for _, g := range aroundOf(t, guarded).Grantors {
		got = append(got, fmt.Sprint(access.Short(g.Principal), " ", g.What, " ", g.Certain, ": ", strings.Join(g.Path, "; ")))
	}
	want := []string{
		"${S.Taken.Arn} files of s3://${S.Lake}, by changing the bucket's policy true: s3:PutBucketPolicy; AmazonS3FullAccess (statement 1)",
		"Admin any policy of IAM to a role true: iam:PutRolePolicy; AdministratorAccess (statement 1)",
		"Admin any policy of IAM to a user true: iam:PutUserPolicy; AdministratorAccess (statement 1)",
		"Admin any policy of IAM, by changing one true: iam:CreatePolicyVersion; AdministratorAccess (statement 1)",
		"Admin everything in the catalog true: administrator of Lake Formation; lakeformation:GrantPermissions; AdministratorAccess (statement 1)",
		"Admin everything in the catalog, by making itself an administrator of Lake Formation true: lakeformation:PutDataLakeSettings; AdministratorAccess (statement 1)",
		"Admin files of registered locations to whoever IAM lets in, by hybrid access mode true: lakeformation:UpdateResource; AdministratorAccess (statement 1)",
		"Admin files of registered locations to whoever IAM lets in, by taking them from Lake Formation true: lakeformation:DeregisterResource; AdministratorAccess (statement 1)",
		"Admin files of s3://${S.Lake}, by changing the bucket's policy true: s3:PutBucketPolicy; AdministratorAccess (statement 1)",
		"Admin what any role has, by letting itself take it true: iam:UpdateAssumeRolePolicy; AdministratorAccess (statement 1)",
		"Keeper everything in the catalog false: administrator of Lake Formation; but no policy of the templates allows it lakeformation:GrantPermissions",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What a policy of AWS that is not known allows is said to be left out, where there is data.
func TestUnknownPoliciesAreNoted(t *testing.T) {
	unknown := strings.ReplaceAll(guarded, "AdministratorAccess", "DataScientist")
	if notes := strings.Join(aroundOf(t, unknown).Notes, "\n"); !strings.Contains(notes, "what AWS's policy DataScientist allows is not known here") {
		t.Errorf("got %s", notes)
	}
}

// Open data is everybody's, and no policy of an account changes that.
func TestOpenDataIsEverybodys(t *testing.T) {
	m := aroundOf(t, `"Place": {"Type": "AWS::LakeFormation::Resource", "Properties": {"ResourceArn": "arn:aws:s3:::open-targets-public-data-releases/platform", "RoleArn": "arn:aws:iam::111111111111:role/Taken"}}`)
	if len(m.Bypasses) != 1 || m.Bypasses[0].Principal != "*" || !m.Bypasses[0].Certain {
		t.Errorf("got %+v", m.Bypasses)
	}
}
