package queryresults

import (
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// WorkGroup is an Athena workgroup of a template.
type WorkGroup struct {
	Stack    *template.Stack // that makes the workgroup
	ID       string          // logical id
	Name     string          // of the workgroup
	Location string          // s3:// URI of the results; "" where Athena keeps them

	// Readers are the ARNs of those whom a policy of the templates lets read results or
	// history, sorted.
	Readers []string
	// Unknown are the policies that let whoever they are attached to read results or
	// history, as stack and logical id, sorted.
	Unknown []string
}

// Of returns the workgroups of stacks that are deployed together, by stack and logical
// id. Policies are those of IAM: managed and inline, of roles, users and resources of
// their own. Statements that allow every action are left out, as administrators see
// everything; so are denials, which may only take readers away.
// Source: "Considerations and limitations for querying data registered with Lake
// Formation", "GetQueryResults".
func Of(stacks []*template.Stack) []WorkGroup {
	return OfPolicies(stacks, func() *iampolicy.Policies { return iampolicy.Of(stacks) })
}

// OfPolicies is Of for who has the policies of the stacks at hand. They are asked for only
// when there is a workgroup.
func OfPolicies(stacks []*template.Stack, policies func() *iampolicy.Policies) []WorkGroup {
	var out []WorkGroup
	for _, s := range stacks {
		for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
			if s.Resources[id].Type == "AWS::Athena::WorkGroup" {
				out = append(out, workGroup(s, id))
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	var all []policy
	for _, p := range policies().All {
		if of := policyOf(p); p.Stack != nil && len(of.statements) > 0 {
			all = append(all, of)
		}
	}
	for i := range out {
		for _, p := range all {
			if sameEnvironment(p.Stack, out[i].Stack) {
				out[i].add(p)
			}
		}
		slices.Sort(out[i].Readers)
		slices.Sort(out[i].Unknown)
		out[i].Readers, out[i].Unknown = slices.Compact(out[i].Readers), slices.Compact(out[i].Unknown)
	}
	return out
}

// sameEnvironment reports whether two stacks stand in one account and region; one that
// can go anywhere stands with its own nested stacks only.
func sameEnvironment(a, b *template.Stack) bool {
	if a.Fixed() && b.Fixed() {
		return a.Account == b.Account && a.Region == b.Region
	}
	return a.Root() == b.Root()
}

// add notes whom a policy lets read.
func (w *WorkGroup) add(p policy) {
	for _, s := range p.statements {
		if !s.reads(w) {
			continue
		}
		switch {
		case len(p.Attached) == 0 && len(s.only) == 0:
			w.Unknown = append(w.Unknown, p.Place)
		case len(p.Attached) == 0:
			w.Readers = append(w.Readers, s.only...)
		case len(s.only) == 0:
			w.Readers = append(w.Readers, p.Attached...)
		default:
			for _, arn := range p.Attached {
				if slices.ContainsFunc(s.only, func(pattern string) bool { return iampolicy.Matches(pattern, arn) }) {
					w.Readers = append(w.Readers, arn)
				}
			}
		}
	}
}

// revealing are the calls that return results, or texts of queries.
var revealing = []string{
	"athena:batchgetqueryexecution", "athena:getqueryexecution", "athena:getqueryresults", "athena:getqueryresultsstream",
}

// reads reports whether a statement allows to read results or history of a workgroup.
func (s statement) reads(w *WorkGroup) bool {
	allows := func(action string) bool {
		return slices.ContainsFunc(s.Actions, func(pattern string) bool { return pattern != "*" && iampolicy.Matches(pattern, action) })
	}
	if slices.ContainsFunc(revealing, allows) && slices.ContainsFunc(s.Resources, func(pattern string) bool { return iampolicy.Matches(lastPart(pattern, ":workgroup/"), w.Name) }) {
		return true
	}
	if w.Location == "" || !allows("s3:getobject") {
		return false
	}
	file := s3uri.Parse(w.Location).Path() + "/x"
	return slices.ContainsFunc(s.Resources, func(pattern string) bool { return iampolicy.Matches(lastPart(pattern, ":s3:::"), file) })
}

// lastPart is what follows a separator in an ARN: "*" of "*", "" of an ARN of something
// else.
func lastPart(arn, separator string) string {
	if arn == "*" {
		return arn
	}
	_, part, _ := strings.Cut(arn, separator)
	return part
}

func workGroup(s *template.Stack, id string) WorkGroup {
	properties := template.NewResolver(s).Value(s.Resources[id].Properties, s.Name+" "+id)
	return WorkGroup{
		Stack: s, ID: id, Name: template.Text(properties, "Name"),
		Location: template.Text(properties, "WorkGroupConfiguration.ResultConfiguration.OutputLocation"),
	}
}
