package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// source says which mesh is meant.
type source struct {
	file string // path of a mesh file; "" is the embedded sample
}

func (s *source) load() (*mesh.Definition, error) {
	if s.file == "" {
		return mesh.LoadFS(sample.FS(), sample.MeshFile)
	}
	return mesh.Load(s.file)
}

// name is what messages call the mesh file.
func (s *source) name() string {
	if s.file == "" {
		return "the sample mesh riverside"
	}
	return s.file
}

// contextValue returns a text that the command line of the CDK gives with -c; "" without one.
func contextValue(app awscdk.App, key string) string {
	value, _ := app.Node().TryGetContext(jsii.String(key)).(string)
	return value
}
