package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/stacks"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/starter"
)

// readyPrograms are the ready meshes, as lakemesh init writes them, in their stage dev.
func readyPrograms() []program {
	var out []program
	for _, ready := range starter.Meshes() {
		out = append(out, program{Name: "ready-" + ready.Name, props: recommended, build: func(app awscdk.App) {
			files, err := starter.FS(ready.Name)
			if err != nil {
				panic(err)
			}
			definition, err := mesh.LoadFS(files, starter.MeshFile)
			if err != nil {
				panic(err)
			}
			plan, err := definition.Plan("dev")
			if err != nil {
				panic(err)
			}
			judge, err := definition.Judge(plan)
			if err != nil {
				panic(err)
			}
			policy.Use(app, judge)
			stacks.Build(app, plan)
		}})
	}
	return out
}

func recommended() *awscdk.AppProps {
	context := flags.Recommended()
	return &awscdk.AppProps{Context: &context}
}
