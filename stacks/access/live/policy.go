package live

import (
	"fmt"
	"strings"
)

// namesCall is the call of Names.
const namesCall = "cloudformation:ListStackResources"

// Policy is a policy document of IAM.
type Policy struct {
	Version   string      // of the language of policies
	Statement []Statement // each an Allow
}

// Statement is one statement of a Policy.
type Statement struct {
	Sid      string   // its name
	Effect   string   // always Allow
	Action   []string // sorted
	Resource []string // patterns of ARNs
}

// PolicyFor returns what the role or user that reads needs to be allowed: the calls of
// Calls, and of Names where that is called too, and nothing else, in every account and
// region of a partition. Lake Formation knows no narrower resources.
//
// It is half of what is needed: Lake Formation shows everything to its administrators
// alone, so the reader has to be a read-only one in each account.
func PolicyFor(partition string, names bool) Policy {
	var catalog, lake []string
	for _, call := range Calls() {
		if strings.HasPrefix(call, "glue:") {
			catalog = append(catalog, call)
		} else {
			lake = append(lake, call)
		}
	}
	of := func(what string) string { return fmt.Sprintf("arn:%s:glue:*:*:%s", partition, what) }
	out := Policy{Version: "2012-10-17", Statement: []Statement{
		{Sid: "ReadCatalog", Effect: "Allow", Action: catalog, Resource: []string{of("catalog"), of("catalog/*"), of("database/*"), of("table/*/*")}},
		{Sid: "ReadLakeFormation", Effect: "Allow", Action: lake, Resource: []string{"*"}},
	}}
	if names {
		out.Statement = append(out.Statement, Statement{
			Sid: "ReadNames", Effect: "Allow", Action: []string{namesCall}, Resource: []string{fmt.Sprintf("arn:%s:cloudformation:*:*:stack/*", partition)},
		})
	}
	return out
}

// AssumePolicy returns what the caller needs to be allowed to assume the role of readers in
// some accounts.
func AssumePolicy(role string, places []Place) Policy {
	var roles []string
	for _, p := range places {
		arn := p.RoleARN(role)
		if len(roles) == 0 || roles[len(roles)-1] != arn {
			roles = append(roles, arn)
		}
	}
	return Policy{Version: "2012-10-17", Statement: []Statement{{Sid: "AssumeReader", Effect: "Allow", Action: []string{assumeRole}, Resource: roles}}}
}
