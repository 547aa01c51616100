package storage

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// AllowDestroyContext is the context key that an app sets to true, in cdk.json
// or with --context, for lakes that may be destroyed: the second of the two keys
// that AllowDestroy needs.
const AllowDestroyContext = cdkx.AllowDestroyContext

// destroyProblems are those of the two keys: one of them alone is a mistake.
func destroyProblems(scope constructs.Construct, prop bool, zones zoneSet) problem.List {
	var list problem.List
	if cdkx.Missing(scope) {
		return list
	}
	context, err := destroyContext(scope)
	switch {
	case err != "":
		list.Addf("AllowDestroy", fmt.Sprintf("context %s: %s", AllowDestroyContext, err), "the context to be true or false", "correct the context")
	case prop && !context:
		list.Addf("AllowDestroy", "true without the context "+AllowDestroyContext, "both or neither",
			"set the context "+AllowDestroyContext+" to true where data may be destroyed, or leave AllowDestroy out")
	case !prop && context:
		list.Addf("AllowDestroy", "false with the context "+AllowDestroyContext, "both or neither",
			"set AllowDestroy to true on the lakes of this app, or remove the context")
	}
	for _, zone := range ontology.Zones() {
		if prop && zones[zone].ObjectLock != nil {
			list.Addf("AllowDestroy", "true beside "+zoneID(zone)+".ObjectLock", "one of the two",
				"leave AllowDestroy out: what is locked cannot be destroyed")
		}
	}
	return list
}

func destroyContext(scope constructs.Construct) (on bool, unknown string) {
	var b batch.Batch
	asked := b.Call(b.Get(scope, "node"), "tryGetContext", AllowDestroyContext)
	b.Send(asked)
	switch value := batch.Value[any](&b, asked).(type) {
	case nil:
		return false, ""
	case bool:
		return value, ""
	case string: // from the command line
		if value == "true" || value == "false" {
			return value == "true", ""
		}
		return false, cdkx.Quote(value)
	default:
		return false, fmt.Sprint(value)
	}
}

// removal is what happens to buckets and keys when the stack goes. Nothing ever
// empties a bucket: CloudFormation refuses to delete one that holds objects
// (rule 8.3).
func removal(destroy bool) awscdk.RemovalPolicy {
	if destroy {
		return awscdk.RemovalPolicy_DESTROY
	}
	return awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE
}

// keep guards a bucket or key against whatever would delete it; one that goes with
// its stack on purpose it makes known to the rules of package policy.
func keep(registry *cdkx.Registry, owner constructs.Construct, made constructs.IConstruct, destroy bool) {
	cdkx.Note(made, owner)
	if !destroy {
		registry.Guard(owner, made)
		return
	}
	policy.Acknowledge(cdkx.L1(made), policy.Acknowledgement{
		Rule:   "LakeMesh.ST01",
		Reason: "AllowDestroy and the context " + AllowDestroyContext + " both say that this lake may be destroyed.",
	})
}
