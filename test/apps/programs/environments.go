package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// foundation is a stack that configures Lake Formation, with a lake and a job.
func foundation(stack awscdk.Stack, name string) {
	governance.NewSettings(stack, jsii.String("Settings"), nil)
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	location := curated(stack, "Location", lake)
	group := query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{Name: jsii.String(name), Key: lake.Key(), AccessLogs: lake.Logs()})
	job := query.NewJob(stack, jsii.String("Job"), &query.JobProps{WorkGroup: group, Description: jsii.String("Says one"), Statements: []string{"SELECT 1"}})
	db := database(stack, "Db", name)
	db.GrantCreateTable(governance.RolePrincipal(job.Role()))
	location.GrantAccess(governance.RolePrincipal(job.Role()))
}

// lakeside is a mesh of one domain with one product.
func lakeside(account string) *mesh.Plan {
	labs := &contract.Contract{
		APIVersion: "v3.1.0", ID: "labs", Name: "labs", Version: "1.0.0", Status: "active", Owner: "lab@example.org", Zone: ontology.Curated,
		Tables: []contract.Table{{Name: "labs", Format: contract.FormatIceberg, Columns: []contract.Column{
			{Name: "loinc_code", Type: "string", Classification: "public", Sensitivity: ontology.Public},
		}}},
	}
	definition := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages:  map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": account}}},
		Domains: []mesh.Domain{{Name: "lab", Account: "lake", Owner: "lab@example.org", Contracts: []*contract.Contract{labs}}},
	}
	if err := definition.Validate(); err != nil {
		panic(err)
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		panic(err)
	}
	return plan
}

func synthesizer(of func() awscdk.IReusableStackSynthesizer) func() *awscdk.AppProps {
	return func() *awscdk.AppProps { return &awscdk.AppProps{DefaultStackSynthesizer: of()} }
}

// environmentPrograms are deployed in ways and to places of their own.
func environmentPrograms() []program {
	return []program{
		{
			Name: "synthesizer-with-a-qualifier",
			props: synthesizer(func() awscdk.IReusableStackSynthesizer {
				return awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{Qualifier: jsii.String("myqual")})
			}),
			build: func(app awscdk.App) {
				foundation(fixed(app, "Foundation", "210000000070", "us-east-1"), "qualifier")
			},
		},
		{
			Name: "synthesizer-with-own-roles",
			props: synthesizer(func() awscdk.IReusableStackSynthesizer {
				return awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{
					CloudFormationExecutionRole: jsii.String("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deployer"),
					DeployRoleArn:               jsii.String("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deploy-starter"),
				})
			}),
			build: func(app awscdk.App) {
				foundation(agnostic(app, "Foundation"), "own_roles")
			},
		},
		{
			Name: "mesh-under-a-qualifier",
			props: synthesizer(func() awscdk.IReusableStackSynthesizer {
				return awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{Qualifier: jsii.String("myqual")})
			}),
			build: func(app awscdk.App) {
				stacks.Build(app, lakeside("210000000074"))
				storage.NewLakeStorage(fixed(app, "Beside", "210000000074", "us-east-1"), jsii.String("Lake"), nil)
			},
		},
		{
			Name: "synthesizer-of-one-stack",
			build: func(app awscdk.App) {
				foundation(awscdk.NewStack(app, jsii.String("Foundation"), &awscdk.StackProps{
					Env:         &awscdk.Environment{Account: jsii.String("210000000071"), Region: jsii.String("us-east-1")},
					Synthesizer: awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{Qualifier: jsii.String("stackqual")}),
				}), "one_stack")
			},
		},
		{
			Name: "qualifier-by-context",
			build: func(app awscdk.App) {
				app.Node().SetContext(jsii.String("@aws-cdk/core:bootstrapQualifier"), "contextq")
				foundation(agnostic(app, "Foundation"), "context_qualifier")
			},
		},
		{
			Name: "bootstrapless",
			build: func(app awscdk.App) {
				stack := awscdk.NewStack(app, jsii.String("Foundation"), &awscdk.StackProps{
					Synthesizer: awscdk.NewBootstraplessSynthesizer(&awscdk.BootstraplessSynthesizerProps{
						CloudFormationExecutionRoleArn: jsii.String("arn:aws:iam::111111111111:role/deployer"),
						DeployRoleArn:                  jsii.String("arn:aws:iam::111111111111:role/deploy-starter"),
					}),
				})
				foundation(stack, "bootstrapless")
			},
		},
		{
			Name: "legacy-synthesizer",
			build: func(app awscdk.App) {
				stack := awscdk.NewStack(app, jsii.String("Foundation"), &awscdk.StackProps{Synthesizer: awscdk.NewLegacyStackSynthesizer()})
				governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{DeploymentRoleARN: jsii.String("arn:aws:iam::111111111111:role/deployer")})
				newHospital(stack, "Hospital", "legacy")
			},
		},
		{
			Name: "cli-credentials",
			build: func(app awscdk.App) {
				stack := awscdk.NewStack(app, jsii.String("Foundation"), &awscdk.StackProps{Synthesizer: awscdk.NewCliCredentialsStackSynthesizer(nil)})
				governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{DeploymentRoleARN: jsii.String("arn:aws:iam::111111111111:role/deployer")})
				newHospital(stack, "Hospital", "cli_credentials")
			},
		},
		{
			Name:       "gov-region",
			build:      func(app awscdk.App) { foundation(fixed(app, "Gov", "210000000072", "us-gov-west-1"), "gov") },
			Undeployed: "the local AWS answers as the partition aws",
		},
		{
			Name:       "china-region",
			build:      func(app awscdk.App) { foundation(fixed(app, "China", "210000000073", "cn-north-1"), "china") },
			Undeployed: "the local AWS answers as the partition aws",
		},
		{
			Name:  "no-environment-at-all",
			build: func(app awscdk.App) { foundation(agnostic(app, "Foundation"), "anywhere") },
		},
	}
}
