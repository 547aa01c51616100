package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// WorkGroupAttributes says which workgroup is meant.
type WorkGroupAttributes struct {
	// WorkGroupName is the name of the workgroup. Required.
	WorkGroupName *string

	// Key encrypts the results. Without it nobody is let use a key, and a Job has
	// none for its logs.
	// Default: not known.
	Key awskms.IKey

	// Results is the bucket of the results, which are below a folder of the
	// workgroup's name.
	// Default: Athena keeps the results.
	Results awss3.IBucket
}

// WorkGroupFromName refers to a workgroup that another stack owns, whose results
// Athena keeps, encrypted with a key of its own. It makes and changes nothing.
//
// It panics on a name that is none.
func WorkGroupFromName(scope constructs.Construct, id, name *string) IWorkGroup {
	return WorkGroupFromAttributes(scope, id, &WorkGroupAttributes{WorkGroupName: name})
}

// WorkGroupFromAttributes refers to a workgroup that another stack owns. It makes
// and changes nothing: let the stack depend on the owner's.
//
// It panics with every problem of the attributes at once.
func WorkGroupFromAttributes(scope constructs.Construct, id *string, attributes *WorkGroupAttributes) IWorkGroup {
	a := cdkx.Value(attributes, WorkGroupAttributes{})
	var list problem.List
	cdkx.CheckName(&list, "WorkGroupName", a.WorkGroupName, workGroupName, workGroupNameRule)
	if !cdkx.Missing(a.Key) {
		cdkx.CheckPartition(&list, scope, "Key", *cdkx.KeyARN(a.Key))
	}
	cdkx.Check(scope, id, list)

	w := &WorkGroup{name: *a.WorkGroupName, results: present(a.Results)}
	if !cdkx.Missing(a.Key) {
		w.key = a.Key
	}
	cdkx.Add(w, scope, id)
	return w
}
