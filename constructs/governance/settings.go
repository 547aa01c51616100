package governance

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// SettingsProps configures Settings. The zero value makes the deployment role
// the only administrator that is added.
type SettingsProps struct {
	// Admins are ARNs of IAM roles and users that administer Lake Formation beside
	// the deployment role. They must live longer than this stack: an administrator
	// that was deleted makes every later deployment fail (rule 1.5).
	// Default: none.
	Admins []string

	// DeploymentRoleARN is the role CloudFormation works with. It must be an
	// administrator, or databases cannot be created (rule 1.4). Required where the
	// stack's synthesizer names no such role, because CloudFormation works with the
	// credentials of the command line: LegacyStackSynthesizer and
	// CliCredentialsStackSynthesizer.
	// Default: the execution role of the stack's synthesizer, which cdk bootstrap
	// makes; with its qualifier or the role that the synthesizer was given.
	DeploymentRoleARN *string

	// ReplaceAdmins makes the list of administrators complete: whoever is not in it
	// stops being one.
	// Default: false, administrators are added to those the account has (rule 1.2).
	ReplaceAdmins *bool

	// AllowFullTableAccess lets Lake Formation lend credentials for whole tables to engines
	// that do not filter rows and columns: jobs of Spark with code of their own, which fine-grained access
	// refuses (rule 13.11). Whoever reads all of a table, and has lakeformation:GetDataAccess, may
	// then ask for credentials for its files; nobody reaches more than Lake Formation grants.
	// Default: false.
	AllowFullTableAccess *bool

	// CrossAccountVersion is the version of Lake Formation's sharing: "4" or "5".
	// Default: "4".
	CrossAccountVersion *string
}

// Settings is Lake Formation's configuration of one account and region.
type Settings struct {
	constructs.Construct

	admins   []string // every administrator that the props name, and the deployment role
	resource awslakeformation.CfnDataLakeSettings
}

// maxAdmins is the service's limit of data lake administrators (rule 1.8).
const maxAdmins = 30

// NewSettings writes the Lake Formation settings of the stack's account and
// region: administrators, the version of cross-account sharing, and empty
// default permissions, so that what is created from now on is governed by
// grants and not by IAM_ALLOWED_PRINCIPALS.
//
// There is one Settings per account and region: a second one in the same app is
// an error, because the two would overwrite each other (rule 1.1). The resource
// is retained, because deleting it would remove the administrators. Whether
// CloudFormation really clears default permissions that an account already has
// is an open question (rule 1.3): check with "aws lakeformation
// get-data-lake-settings" after the first deployment.
//
// It panics with every problem of the props at once.
func NewSettings(scope constructs.Construct, id *string, props *SettingsProps) *Settings {
	p := cdkx.Value(props, SettingsProps{})
	problems := p.problems()
	home := order.Of(scope)
	if home != nil {
		if others := around(home).settings; len(others) > 0 {
			problems.Addf("Settings", "a second one for "+home.Environment(), "one per account and region",
				"use the one at "+*others[0].Node().Path())
		}
		for i, admin := range p.Admins {
			cdkx.CheckPartitionIn(&problems, home.Region, fmt.Sprintf("Admins[%d]", i), home.Identify(admin).Text)
		}
		cdkx.CheckPartitionIn(&problems, home.Region, "DeploymentRoleARN", home.Identify(cdkx.Value(p.DeploymentRoleARN, "")).Text)
	}
	cdkx.Check(scope, id, problems)

	s := &Settings{}
	cdkx.Add(s, scope, id)
	s.admins = append([]string{p.deploymentRole(s)}, cdkx.Ascending(p.Admins)...)
	s.resource = cdkx.Make[awslakeformation.CfnDataLakeSettings](s, "Resource", &awslakeformation.CfnDataLakeSettingsProps{
		Admins:                           s.administrators(),
		CreateDatabaseDefaultPermissions: &[]any{},
		CreateTableDefaultPermissions:    &[]any{},
		MutationType:                     jsii.String(p.mutation()),
		Parameters:                       map[string]any{"CROSS_ACCOUNT_VERSION": cdkx.Value(p.CrossAccountVersion, "4")},
	}, cdkx.Retained)
	if cdkx.Value(p.AllowFullTableAccess, false) {
		s.resource.SetAllowFullTableExternalDataAccess(true)
	}
	home.Add(&order.Node{Resource: s.resource, Names: []order.Name{order.Settings()}})
	around(home).settings = append(around(home).settings, s)
	return s
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (s *Settings) Cfn() awslakeformation.CfnDataLakeSettings { return s.resource }

func (p *SettingsProps) problems() problem.List {
	var list problem.List
	seen := map[string]bool{}
	for i, admin := range p.Admins {
		path := fmt.Sprintf("Admins[%d]", i)
		if seen[admin] {
			list.Addf(path, fmt.Sprintf("%q again", admin), "each administrator once", "remove it")
		}
		seen[admin] = true
		if cdkx.HoldsToken(admin) {
			continue
		}
		principal, err := lakeformation.ParsePrincipal(admin)
		if err != nil || (principal.Kind != lakeformation.IAMRole && principal.Kind != lakeformation.IAMUser) {
			list.Addf(path, fmt.Sprintf("%q", admin), "the ARN of an IAM role or user", "write arn:aws:iam::<account>:role/<name>")
		}
	}
	if n := len(p.Admins) + 1; n > maxAdmins {
		list.Addf("Admins", fmt.Sprintf("%d with the deployment role", n), fmt.Sprintf("at most %d", maxAdmins), "let people assume one administrator role")
	}
	if v := cdkx.Value(p.CrossAccountVersion, "4"); v != "4" && v != "5" {
		list.Addf("CrossAccountVersion", fmt.Sprintf("%q", v), `"4" or "5"`, "leave it out")
	}
	return list
}

func (p *SettingsProps) mutation() string {
	if cdkx.Value(p.ReplaceAdmins, false) {
		return "REPLACE"
	}
	return "APPEND"
}

// administrators are the admins as CloudFormation takes them; the placeholders in
// the name of the deployment role are resolved there.
func (s *Settings) administrators() *[]any {
	out := make([]any, len(s.admins))
	for i, arn := range s.admins {
		identifier := jsii.String(arn)
		if strings.Contains(arn, "${AWS::") {
			identifier = awscdk.Fn_Sub(identifier, nil)
		}
		out[i] = &awslakeformation.CfnDataLakeSettings_DataLakePrincipalProperty{DataLakePrincipalIdentifier: identifier}
	}
	return &out
}

// deploymentRole returns the synthesizer's execution role. It names the
// partition, and in stacks without an environment also account and region, as
// ${AWS::…}, which only Fn::Sub resolves (rule 1.4).
func (p *SettingsProps) deploymentRole(s *Settings) string {
	if p.DeploymentRoleARN != nil {
		return *p.DeploymentRoleARN
	}
	role := cdkx.ExecutionRole(cdkx.StackOf(s))
	if role == "" {
		var list problem.List
		list.Addf("DeploymentRoleARN", "nothing, and the stack's synthesizer names no execution role", "the ARN of the role that CloudFormation works with", "set DeploymentRoleARN")
		cdkx.Fail(s, list.Err())
	}
	return role
}
