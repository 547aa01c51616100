package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Acknowledgement names a rule that a resource breaks on purpose, with the reason
// an auditor reads.
type Acknowledgement struct {
	Rule   string // such as LakeMesh.LF42
	Reason string
}

// Acknowledge records in the resource's metadata that it breaks rules on purpose.
// Later calls add to earlier ones. An acknowledgement that matches no finding is
// itself a finding. It panics on an unknown rule and on an empty reason.
func Acknowledge(resource awscdk.CfnResource, acknowledgements ...Acknowledgement) {
	var problems problem.List
	recorded, _ := resource.GetMetadata(jsii.String(rules.Metadata)).([]any)
	for i, a := range acknowledgements {
		path := fmt.Sprintf("acknowledgements[%d]", i)
		if !slices.ContainsFunc(rules.All(), func(r rules.Rule) bool { return r.ID == a.Rule }) {
			problems.Addf(path+".Rule", fmt.Sprintf("%q", a.Rule), "the id of a rule", "see rules.All")
		}
		if strings.TrimSpace(a.Reason) == "" {
			problems.Addf(path+".Reason", "nothing", "a reason that an auditor would accept", "write why the rule does not fit here")
		}
		recorded = append(recorded, map[string]any{"id": a.Rule, "reason": a.Reason})
	}
	cdkx.Fail(resource, problems.Err())
	resource.AddMetadata(jsii.String(rules.Metadata), recorded)
}
