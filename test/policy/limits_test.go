package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/validators/assembly"
)

// CloudFormation's limits of a template ("CloudFormation quotas").
const (
	maxResources = 500
	maxSize      = 1 << 20
)

// ownFunction is the path of the one function of the mesh. It works for the image
// store of a domain and takes no part in deployments.
const ownFunction = "-images/Metadata/Function/Resource"

// excesses are the limits that templates exceed, and the resources that run code
// of ours while a stack is deployed: the mesh is CloudFormation and nothing else.
func excesses(templates []assembly.Template) []string {
	var out []string
	for _, t := range templates {
		if n := len(t.Resources); n >= maxResources {
			out = append(out, fmt.Sprintf("%s: %d resources, CloudFormation takes %d", t.File, n, maxResources))
		}
		if t.Size >= maxSize {
			out = append(out, fmt.Sprintf("%s: %d bytes, CloudFormation takes %d", t.File, t.Size, maxSize))
		}
		for _, id := range t.IDs() {
			kind := t.Resources[id].Type
			if kind == "AWS::Lambda::Function" && strings.HasSuffix(t.Paths[id], ownFunction) {
				continue
			}
			if kind == "AWS::Lambda::Function" || kind == "AWS::CloudFormation::CustomResource" || strings.HasPrefix(kind, "Custom::") {
				out = append(out, fmt.Sprintf("%s: %s is a %s", t.File, id, kind))
			}
		}
	}
	return out
}

func TestSampleKeepsToCloudFormation(t *testing.T) {
	expect(t, excesses(sampleMesh(t).Templates))
}

func TestExcessesAreFound(t *testing.T) {
	crowded := assembly.Template{File: "crowded", Size: maxSize, Resources: map[string]assembly.Resource{}}
	for i := range maxResources - 3 {
		crowded.Resources[fmt.Sprint("Bucket", i)] = assembly.Resource{Type: "AWS::S3::Bucket"}
	}
	crowded.Resources["Function"] = assembly.Resource{Type: "AWS::Lambda::Function"}
	crowded.Resources["Old"] = assembly.Resource{Type: "AWS::CloudFormation::CustomResource"}
	crowded.Resources["Custom"] = assembly.Resource{Type: "Custom::S3AutoDeleteObjects"}
	expectSome(t, excesses([]assembly.Template{crowded}),
		"crowded: 500 resources", "crowded: 1048576 bytes",
		"Function is a AWS::Lambda::Function", "Old is a AWS::CloudFormation::CustomResource", "Custom is a Custom::S3AutoDeleteObjects")
}
