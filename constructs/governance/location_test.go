package governance_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/template"
)

const (
	registrationType  = "AWS::LakeFormation::Resource"
	managedPolicyType = "AWS::IAM::ManagedPolicy"
	roleType          = "AWS::IAM::Role"
	kmsKeyType        = "AWS::KMS::Key"
)

func TestLocationOfAPrefix(t *testing.T) {
	stack := cdktest.Stack()
	location := governance.NewLocation(stack, jsii.String("Place"), &governance.LocationProps{
		ARN: jsii.String("arn:aws:s3:::lab-curated/results/"),
		Key: awskms.NewKey(stack, jsii.String("Key"), nil),
	})
	usableAsScope(t, location)
	template := cdktest.Of(t, stack)
	role, policy, key := template.One(t, roleType, "Place"), template.One(t, managedPolicyType, "Place"), template.One(t, kmsKeyType, "Key")
	registration := template.One(t, registrationType, "Place")
	registration.Want(t, map[string]string{
		"ResourceArn":          `"arn:aws:s3:::lab-curated/results/"`,
		"RoleArn":              arn(role),
		"UseServiceLinkedRole": `false`,
		"HybridAccessEnabled":  `false`,
	})
	dependsOn(t, registration, policy.ID)
	role.Want(t, map[string]string{
		"AssumeRolePolicyDocument.Statement": `[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lakeformation.amazonaws.com"}}]`,
		"Policies":                           `null`,
		"ManagedPolicyArns":                  `null`,
		"RoleName":                           `null`,
	})
	// The role's whole power.
	policy.Want(t, map[string]string{
		"Roles": `[{"Ref":"` + role.ID + `"}]`,
		"PolicyDocument.Statement": `[` +
			`{"Action":["s3:DeleteObject","s3:GetObject","s3:PutObject"],"Effect":"Allow","Resource":"arn:aws:s3:::lab-curated/results/*"},` +
			`{"Action":"s3:ListBucket","Condition":{"StringLike":{"s3:prefix":["results","results/*"]}},"Effect":"Allow","Resource":"arn:aws:s3:::lab-curated"},` +
			`{"Action":["kms:Decrypt","kms:DescribeKey","kms:Encrypt","kms:GenerateDataKey*","kms:ReEncrypt*"],"Effect":"Allow","Resource":` + arn(key) + `}]`,
	})
	cdktest.Same(t, key.JSON("KeyPolicy.Statement.1"), `{"Action":["kms:Decrypt","kms:DescribeKey","kms:Encrypt","kms:GenerateDataKey*","kms:ReEncrypt*"],`+
		`"Effect":"Allow","Principal":{"AWS":`+arn(role)+`},"Resource":"*"}`)
	cdktest.Same(t, *location.ARN(), "arn:aws:s3:::lab-curated/results/")
	cdktest.Same(t, location.Resource().Key(), "DataLocation arn:aws:s3:::lab-curated/results/")
}

// A lake that others read by IAM is adopted in hybrid access mode, with a reason that the
// rules find.
func TestHybridLocation(t *testing.T) {
	stack := cdktest.Stack()
	governance.NewLocation(stack, jsii.String("Old"), &governance.LocationProps{
		ARN: jsii.String("arn:aws:s3:::old-lake/visits/"), HybridAccessReason: jsii.String("The old jobs read by IAM until 2027-03-31."),
	})
	registration := cdktest.Of(t, stack).One(t, registrationType, "Old")
	registration.Want(t, map[string]string{"HybridAccessEnabled": `true`, "UseServiceLinkedRole": `false`})
	if diff := cmp.Diff(map[string]any{template.AcknowledgementsMetadata: []any{map[string]any{
		"id": "LakeMesh.LF43", "reason": "The old jobs read by IAM until 2027-03-31.",
	}}}, registration.Metadata); diff != "" {
		t.Errorf("metadata (-want +got)\n%s", diff)
	}
	cdktest.Same(t, cdktest.Panic(t, func() {
		governance.NewLocation(cdktest.Stack(), jsii.String("Old"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::old-lake"), HybridAccessReason: jsii.String(" ")})
	}), `Test/Old: HybridAccessReason: got nothing; expected why IAM still decides for others, and until when; fix: write the reason, or leave it out to have no hybrid access`)
}

func TestReadOnlyLocationOfABucket(t *testing.T) {
	stack := cdktest.Stack()
	governance.NewLocation(stack, jsii.String("Place"), &governance.LocationProps{
		ARN:      jsii.String("arn:aws:s3:::1000genomes"),
		Key:      awskms.NewKey(stack, jsii.String("Key"), nil),
		ReadOnly: jsii.Bool(true),
	})
	template := cdktest.Of(t, stack)
	template.One(t, managedPolicyType, "Place").Want(t, map[string]string{
		"PolicyDocument.Statement": `[` +
			`{"Action":"s3:GetObject","Effect":"Allow","Resource":"arn:aws:s3:::1000genomes/*"},` +
			`{"Action":"s3:ListBucket","Effect":"Allow","Resource":"arn:aws:s3:::1000genomes"},` +
			`{"Action":["kms:Decrypt","kms:DescribeKey"],"Effect":"Allow","Resource":` + arn(template.One(t, kmsKeyType, "Key")) + `}]`,
	})
	template.One(t, kmsKeyType, "Key").Want(t, map[string]string{"KeyPolicy.Statement.1.Action": `["kms:Decrypt","kms:DescribeKey"]`})
}

func TestLocationsShareARoleAndAKey(t *testing.T) {
	stack := cdktest.Stack()
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	shared := governance.NewLocationRole(stack, jsii.String("Shared"), &governance.LocationRoleProps{RoleName: jsii.String("lab-locations")})
	usableAsScope(t, shared)
	for _, name := range []string{"raw", "curated"} {
		governance.NewLocation(stack, jsii.String("Shared-"+name), &governance.LocationProps{
			ARN: jsii.String("arn:aws:s3:::lab-" + name), Key: key, Role: shared,
		})
	}
	alone := governance.NewLocation(stack, jsii.String("Alone"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::lab-analytics"), Key: key})
	if alone.Role() == shared {
		t.Error("the location without a role shares another's")
	}

	template := cdktest.Of(t, stack)
	template.One(t, roleType, "Shared").Want(t, map[string]string{"RoleName": `"lab-locations"`})
	policy := template.One(t, managedPolicyType, "Shared")
	for _, name := range []string{"raw", "curated"} {
		registration := template.One(t, registrationType, "Shared"+name)
		registration.Want(t, map[string]string{"RoleArn": arn(template.One(t, roleType, "Shared"))})
		dependsOn(t, registration, policy.ID)
		if statements := policy.JSON("PolicyDocument.Statement"); !strings.Contains(statements, `"arn:aws:s3:::lab-`+name+`/*"`) {
			t.Errorf("the shared policy does not open lab-%s:\n%s", name, statements)
		}
	}
	// Both roles are in the key's policy, and no Sid stands there twice.
	statements := template.One(t, kmsKeyType, "Key").JSON("KeyPolicy.Statement")
	for _, id := range []string{"Shared", "Alone"} {
		if !strings.Contains(statements, arn(template.One(t, roleType, id))) {
			t.Errorf("the key does not admit the role %s:\n%s", id, statements)
		}
	}
	if strings.Contains(statements, `"Sid"`) {
		t.Errorf("a Sid that a second role would repeat:\n%s", statements)
	}
}

func TestLocationOfABucketInTheStack(t *testing.T) {
	stack := cdktest.Stack()
	bucket := awss3.NewBucket(stack, jsii.String("Bucket"), nil)
	governance.NewLocation(stack, jsii.String("Place"), &governance.LocationProps{ARN: bucket.BucketArn()})
	template := cdktest.Of(t, stack)
	made := arn(template.One(t, "AWS::S3::Bucket", "Bucket"))
	template.One(t, registrationType, "Place").Want(t, map[string]string{"ResourceArn": made})
	template.One(t, managedPolicyType, "Place").Want(t, map[string]string{
		"PolicyDocument.Statement": `[` +
			`{"Action":["s3:DeleteObject","s3:GetObject","s3:PutObject"],"Effect":"Allow","Resource":{"Fn::Join":["",[` + made + `,"/*"]]}},` +
			`{"Action":"s3:ListBucket","Effect":"Allow","Resource":` + made + `}]`,
	})
}

func TestLocationProblems(t *testing.T) {
	for given, text := range map[string]string{
		"":              "Test/Place: ARN: got nothing; expected the ARN of a bucket or prefix; fix: set ARN",
		"s3://lab-raw/": `Test/Place: ARN: got "s3://lab-raw/"; expected arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix; fix: pass the bucket's ARN, not its URI`,
	} {
		cdktest.Same(t, cdktest.Panic(t, func() {
			governance.NewLocation(cdktest.Stack(), jsii.String("Place"), &governance.LocationProps{ARN: jsii.String(given)})
		}), text)
	}
	cdktest.Same(t, cdktest.Panic(t, func() { governance.NewLocation(cdktest.Stack(), jsii.String("Place"), nil) }),
		"Test/Place: ARN: got nothing; expected the ARN of a bucket or prefix; fix: set ARN")
}

func arn(r cdktest.Resource) string { return `{"Fn::GetAtt":["` + r.ID + `","Arn"]}` }

// A lake in one stack and its locations in another make no cycle: the key's policy
// leaves a role of the other stack to IAM.
func TestLocationWithAKeyOfAnotherStack(t *testing.T) {
	app := awscdk.NewApp(nil)
	below, above := awscdk.NewStack(app, jsii.String("Below"), nil), awscdk.NewStack(app, jsii.String("Above"), nil)
	governance.NewLocation(above, jsii.String("Place"), &governance.LocationProps{
		ARN: jsii.String("arn:aws:s3:::lab-curated"), Key: awskms.NewKey(below, jsii.String("Key"), nil),
	})
	if statements := cdktest.Of(t, below).One(t, kmsKeyType, "Key").JSON("KeyPolicy.Statement"); strings.Contains(statements, "Fn::ImportValue") {
		t.Errorf("the key's policy refers to the other stack: %s", statements)
	}
	if policy := cdktest.Of(t, above).One(t, managedPolicyType, "Place").JSON("PolicyDocument.Statement"); !strings.Contains(policy, "kms:Decrypt") {
		t.Errorf("the role may not use the key: %s", policy)
	}
}
