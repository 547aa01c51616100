package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
)

// principalPrograms grant to whoever an app knows.
func principalPrograms() []program {
	return []program{
		{Name: "user-of-the-app", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "user_lab")
			user := awsiam.NewUser(stack, jsii.String("Ada"), nil)
			db.GrantDescribe(governance.PrincipalOf(*user.UserArn()))
			table(stack, "Results", db, "results").GrantRead(governance.PrincipalFrom(user))
		}, Undeployed: "the local AWS makes no users"},
		{Name: "principal-by-parameter", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			who := awscdk.NewCfnParameter(stack, jsii.String("Who"), &awscdk.CfnParameterProps{Default: analyst})
			database(stack, "Db", "parameter_lab").GrantDescribe(governance.PrincipalOf(*who.ValueAsString()))
		}},
		{Name: "principal-by-import-value", Findings: betweenStacks, build: func(app awscdk.App) {
			people, lab := agnostic(app, "People"), agnostic(app, "Lab")
			awscdk.NewCfnOutput(people, jsii.String("JobArn"), &awscdk.CfnOutputProps{Value: role(people, "Job").RoleArn(), ExportName: jsii.String("people-job")})
			lab.Node().AddDependency(people)
			database(lab, "Db", "import_value").GrantDescribe(governance.PrincipalOf(*awscdk.Fn_ImportValue(jsii.String("people-job"))))
		}},
		{Name: "principal-by-ssm-parameter", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			arn := awsssm.StringParameter_ValueForStringParameter(stack, jsii.String("/lab/reader"), nil)
			database(stack, "Db", "ssm_lab").GrantDescribe(governance.PrincipalOf(*arn))
		}, Undeployed: "the parameter is made outside of the app"},
		{Name: "everyone-the-cdk-grants-to", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "everyone_lab")
			function := awslambda.NewFunction(stack, jsii.String("Function"), &awslambda.FunctionProps{
				Runtime: awslambda.Runtime_PYTHON_3_13(), Handler: jsii.String("index.handler"), Code: awslambda.Code_FromInline(jsii.String("def handler(event, context): pass")),
			})
			for _, grantee := range []awsiam.IGrantable{
				role(stack, "Role"), function,
				awsiam.Role_FromRoleArn(stack, jsii.String("Imported"), jsii.String(analyst), nil),
				awsiam.Role_FromRoleName(stack, jsii.String("Named"), jsii.String("Auditor"), nil),
				awsiam.User_FromUserName(stack, jsii.String("NamedUser"), jsii.String("ada")),
				awsiam.NewArnPrincipal(jsii.String("arn:aws:iam::111111111111:role/ByPrincipal")),
				awsiam.NewAccountPrincipal(jsii.String("444444444444")),
			} {
				db.GrantDescribe(governance.PrincipalFrom(grantee))
			}
		}},
		{Name: "one-role-imported-twice", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "imported_twice")
			for _, id := range []string{"A", "B"} {
				db.GrantDescribe(governance.RolePrincipal(awsiam.Role_FromRoleName(stack, jsii.String(id), jsii.String("Analyst"), nil)))
			}
		}},
		{Name: "one-role-reached-two-ways", build: func(app awscdk.App) {
			stack := fixed(app, "Lab", "210000000050", "us-east-1")
			db := database(stack, "Db", "two_ways")
			db.GrantDescribe(governance.PrincipalOf("arn:aws:iam::210000000050:role/Analyst"))
			db.GrantDescribe(governance.RolePrincipal(awsiam.Role_FromRoleName(stack, jsii.String("Analyst"), jsii.String("Analyst"), nil)))
			db.GrantCreateTable(governance.PrincipalFrom(awsiam.Role_FromRoleArn(stack, jsii.String("Again"), jsii.String("arn:aws:iam::210000000050:role/Analyst"), nil)))
		}},
		{Name: "role-with-a-fixed-name", Findings: betweenStacks, build: func(app awscdk.App) {
			people, lab := fixed(app, "People", "210000000051", "us-east-1"), fixed(app, "Lab", "210000000051", "us-east-1")
			named := awsiam.NewRole(people, jsii.String("Job"), &awsiam.RoleProps{
				RoleName: jsii.String("lab-job"), AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
			})
			database(lab, "Db", "fixed_name").GrantDescribe(governance.RolePrincipal(named))
		}},
	}
}
