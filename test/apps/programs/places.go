package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// hospital is a construct of an importer that holds constructs of ours.
type hospital struct {
	constructs.Construct
	lake *storage.LakeStorage
}

func newHospital(scope constructs.Construct, id, name string) *hospital {
	h := &hospital{}
	constructs.NewConstruct_Override(h, scope, jsii.String(id))
	h.lake = storage.NewLakeStorage(h, jsii.String("Lake"), nil)
	db := database(h, "Db", name)
	job := governance.RolePrincipal(role(h, "Job"))
	curated(h, "Location", h.lake).GrantAccess(job)
	db.GrantCreateTable(job)
	table(h, "Results", db, "results").GrantReadWrite(job)
	return h
}

// Name keeps the type a construct of its own for jsii.
func (h *hospital) Name() string { return *h.Node().Id() }

// release is a stack as a pipeline deploys it: under a fixed name, in a Stage.
func release(app awscdk.App, stage string) {
	stack := awscdk.NewStack(awscdk.NewStage(app, jsii.String(stage), nil), jsii.String("Lab"), &awscdk.StackProps{StackName: jsii.String("lab-released")})
	newHospital(stack, "Hospital", "released")
}

// stamp is an aspect of an importer, written in Go.
type stamp struct{}

func (*stamp) Visit(node constructs.IConstruct) {
	if resource, ok := node.(awscdk.CfnResource); ok {
		resource.AddMetadata(jsii.String("Release"), jsii.String("2026-11"))
	}
}

// placePrograms put constructs into Stages, nested stacks and scopes of others.
func placePrograms() []program {
	return []program{
		{Name: "own-construct-around-ours", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			newHospital(stack, "East", "own_construct_east")
			newHospital(constructs.NewConstruct(stack, jsii.String("Deep")), "West", "own_construct_west")
		}},
		{Name: "stage-alpha", build: func(app awscdk.App) { release(app, "Alpha") }},
		{Name: "stage-beta", build: func(app awscdk.App) { release(app, "Beta") }},
		{Name: "two-stages-without-environment", build: func(app awscdk.App) {
			for _, name := range []string{"Beta", "Prod"} {
				stage := awscdk.NewStage(app, jsii.String(name), nil)
				foundation := agnostic(stage, "Foundation")
				governance.NewSettings(foundation, jsii.String("Settings"), nil)
				newHospital(agnostic(stage, "Lab"), "Hospital", "staged_lab")
			}
		}, Undeployed: "both stages are meant for accounts of their own"},
		{Name: "two-stages-in-two-accounts", build: func(app awscdk.App) {
			policy.Use(app)
			for _, account := range []string{"210000000060", "210000000061"} {
				stage := awscdk.NewStage(app, jsii.String("Account"+account), &awscdk.StageProps{
					Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String("us-east-1")},
				})
				stack := agnostic(stage, "Lab")
				governance.NewSettings(stack, jsii.String("Settings"), nil)
				newHospital(stack, "Hospital", "lab")
			}
		}},
		{Name: "two-regions-of-one-account", build: func(app awscdk.App) {
			for _, region := range []string{"us-east-1", "eu-west-1"} {
				stack := fixed(app, "Lab-"+region, "210000000062", region)
				governance.NewSettings(stack, jsii.String("Settings"), nil)
				newHospital(stack, "Hospital", "lab")
			}
		}},
		{Name: "nested-stack", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			db := database(stack, "Db", "nested_lab")
			nested := awscdk.NewNestedStack(stack, jsii.String("Etl"), nil)
			table(nested, "Results", db, "results").GrantReadWrite(governance.RolePrincipal(role(nested, "Job")))
			db.GrantDescribe(governance.RolePrincipal(role(stack, "Reader")))
		}, Undeployed: "the local AWS has no nested stacks"},
		{Name: "lake-in-a-nested-stack", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			nested := awscdk.NewNestedStack(stack, jsii.String("Storage"), nil)
			lake := storage.NewLakeStorage(nested, jsii.String("Lake"), nil)
			curated(stack, "Location", lake).GrantAccess(governance.RolePrincipal(role(stack, "Job")))
		}, Undeployed: "the local AWS has no nested stacks"},
		{Name: "stack-in-a-stack", Findings: betweenStacks, build: func(app awscdk.App) {
			outer := agnostic(app, "Outer")
			inner := agnostic(outer, "Inner")
			db := database(outer, "Db", "stack_in_stack")
			table(inner, "Results", db, "results").GrantRead(governance.RolePrincipal(role(inner, "Reader")))
		}},
		{Name: "aspect-of-the-importer", build: func(app awscdk.App) {
			newHospital(agnostic(app, "Lab"), "Hospital", "aspect_lab")
			awscdk.Aspects_Of(app).Add(&stamp{}, nil)
		}},
		{Name: "topic-that-waits-for-a-construct", build: func(app awscdk.App) {
			stack := agnostic(app, "Lab")
			h := newHospital(stack, "Hospital", "waiting_topic")
			topic := awssns.NewTopic(stack, jsii.String("News"), nil)
			topic.Node().AddDependency(h)
			h.lake.Key().GrantEncryptDecrypt(role(stack, "Writer"))
		}},
	}
}
