package governance_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func glueRole(scope awscdk.Stack, id string, name *string) awsiam.Role {
	return awsiam.NewRole(scope, jsii.String(id), &awsiam.RoleProps{
		RoleName: name, AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
	})
}

func function(stack awscdk.Stack) awslambda.Function {
	return awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_PYTHON_3_13(), Handler: jsii.String("index.handler"), Code: awslambda.Code_FromInline(jsii.String("def handler(e, c): pass")),
	})
}

// What the CDK grants to is granted to in Lake Formation under the identifier
// that Lake Formation takes.
func TestPrincipalFromWhatTheCDKGrantsTo(t *testing.T) {
	for name, test := range map[string]struct {
		grantee func(awscdk.Stack) awsiam.IGrantable
		want    string
	}{
		"role": {func(s awscdk.Stack) awsiam.IGrantable { return glueRole(s, "Job", nil) }, `{"Fn::GetAtt":["Job…","Arn"]}`},
		"imported role": {func(s awscdk.Stack) awsiam.IGrantable {
			return awsiam.Role_FromRoleArn(s, jsii.String("Job"), jsii.String(analyst), nil)
		}, `"` + analyst + `"`},
		"immutable role": {func(s awscdk.Stack) awsiam.IGrantable {
			return awsiam.Role_FromRoleArn(s, jsii.String("Job"), jsii.String(analyst), &awsiam.FromRoleArnOptions{Mutable: jsii.Bool(false)})
		}, `"` + analyst + `"`},
		"user": {func(s awscdk.Stack) awsiam.IGrantable { return awsiam.NewUser(s, jsii.String("Jo"), nil) }, `{"Fn::GetAtt":["Jo…","Arn"]}`},
		"imported user": {func(s awscdk.Stack) awsiam.IGrantable {
			return awsiam.User_FromUserArn(s, jsii.String("Jo"), jsii.String("arn:aws:iam::111111111111:user/jo"))
		}, `"arn:aws:iam::111111111111:user/jo"`},
		"function": {func(s awscdk.Stack) awsiam.IGrantable { return function(s) }, `{"Fn::GetAtt":["FunctionServiceRole…","Arn"]}`},
		"lazy role": {func(s awscdk.Stack) awsiam.IGrantable {
			return awsiam.NewLazyRole(s, jsii.String("Later"), &awsiam.LazyRoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil)})
		}, `{"Fn::GetAtt":["Later…","Arn"]}`},
		"ARN":         {func(awscdk.Stack) awsiam.IGrantable { return awsiam.NewArnPrincipal(jsii.String(analyst)) }, `"` + analyst + `"`},
		"account":     {func(awscdk.Stack) awsiam.IGrantable { return awsiam.NewAccountPrincipal(partner) }, `"` + partner + `"`},
		"own account": {func(awscdk.Stack) awsiam.IGrantable { return awsiam.NewAccountRootPrincipal() }, `"` + cdktest.Account + `"`},
		"with a tag": {func(awscdk.Stack) awsiam.IGrantable {
			return awsiam.NewArnPrincipal(jsii.String(analyst)).WithSessionTags()
		}, `"` + analyst + `"`},
		"principal of": {func(s awscdk.Stack) awsiam.IGrantable { return glueRole(s, "Job", nil).GrantPrincipal() }, `{"Fn::GetAtt":["Job…","Arn"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack()
			governance.PermissionsOf(stack).Grant(governance.PrincipalFrom(test.grantee(stack)), lakeformation.Database("lab"), describe(), nil)
			got := cdktest.Of(t, stack).One(t, grantType, "LakeFormationGrants").JSON("Principal.DataLakePrincipalIdentifier")
			before, after, cut := strings.Cut(test.want, "…")
			if got != test.want && (!cut || !strings.HasPrefix(got, before) || !strings.HasSuffix(got, after)) {
				t.Errorf("granted to %s, want %s", got, test.want)
			}
		})
	}
}

func TestRefusedPrincipals(t *testing.T) {
	stack := cdktest.Stack()
	imported := awslambda.Function_FromFunctionArn(stack, jsii.String("Imported"), jsii.String("arn:aws:lambda:us-east-1:111111111111:function:etl"))
	var noRole awsiam.IRole
	const forms = "; expected " + lakeformation.PrincipalForms + "; fix: "
	for name, test := range map[string]struct {
		principal governance.Principal
		text      string
	}{
		"zero":              {governance.Principal{}, "nothing" + forms + "make it with PrincipalFrom, RolePrincipal or PrincipalOf"},
		"empty":             {governance.PrincipalOf(""), `""` + forms + "write the identifier as Lake Formation takes it"},
		"nil role":          {governance.RolePrincipal(noRole), "no role; expected an IAM role; fix: pass a role; the Role() of an imported function is nil unless it was imported with its role"},
		"role of imported":  {governance.RolePrincipal(imported.Role()), "no role; expected an IAM role; fix: pass a role; the Role() of an imported function is nil unless it was imported with its role"},
		"nil":               {governance.PrincipalFrom(nil), "nothing" + forms + "pass a role, a user, a function or a job"},
		"imported function": {governance.PrincipalFrom(imported), "Test/Imported, whose role the app does not know; expected a role; fix: import it with its role, by its attributes"},
		"service":           {governance.PrincipalFrom(awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil)), "the service glue.amazonaws.com" + forms + "grant to the role that the service works with"},
		"anybody":           {governance.PrincipalFrom(awsiam.NewAnyPrincipal()), "a principal, in policies AWS *" + forms + "grant to the role that works for it; to several principals one by one"},
		"several": {
			governance.PrincipalFrom(awsiam.NewCompositePrincipal(awsiam.NewArnPrincipal(jsii.String(analyst)), awsiam.NewArnPrincipal(jsii.String(writer)))),
			"a principal, in policies AWS " + analyst + ", AWS " + writer + forms + "grant to the role that works for it; to several principals one by one",
		},
		"organization": {
			governance.PrincipalFrom(awsiam.NewOrganizationPrincipal(jsii.String("o-abcdefghij"))),
			"a principal under the conditions StringEquals; expected a principal without conditions; fix: grant to the role, the account or the organization itself; its ARN in PrincipalOf",
		},
		"group": {
			governance.PrincipalFrom(awsiam.Group_FromGroupArn(stack, jsii.String("Group"), jsii.String("arn:aws:iam::111111111111:group/analysts"))),
			`"arn:aws:iam::111111111111:group/analysts"` + forms + "write the identifier as Lake Formation takes it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			grants := governance.PermissionsOf(stack)
			cdktest.Same(t, cdktest.Panic(t, func() { grants.Grant(test.principal, lakeformation.Database("lab"), describe(), nil) }),
				"Test/LakeFormationGrants: Principal: got "+test.text)
			if _, err := test.principal.Identifier(); err == nil {
				t.Error("Identifier reports nothing")
			}
		})
	}
}

func TestImportedLocation(t *testing.T) {
	stack := cdktest.Stack()
	place := governance.LocationFromArn(stack, jsii.String("Place"), jsii.String("arn:aws:s3:::lab/results"))
	if scope, ok := place.(constructs.Construct); ok {
		usableAsScope(t, scope)
	} else {
		t.Error("an imported location is no scope")
	}
	cdktest.Same(t, *place.ARN(), "arn:aws:s3:::lab/results")
	place.GrantAccess(governance.PrincipalOf(writer))
	cdktest.Of(t, stack).One(t, grantType, "LakeFormationGrants").Want(t, map[string]string{
		"Permissions": `["DATA_LOCATION_ACCESS"]`,
		"Resource":    `{"DataLocation":{"CatalogId":"111111111111","ResourceArn":"arn:aws:s3:::lab/results"}}`,
	})
	cdktest.Same(t, cdktest.Panic(t, func() { governance.LocationFromArn(stack, jsii.String("URI"), jsii.String("s3://lab")) }),
		`Test/URI: arn: got "s3://lab"; expected arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix; fix: pass the bucket's ARN, not its URI`)
}
