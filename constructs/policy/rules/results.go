package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/queryresults"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

func resultRules() []Rule {
	const page = `"Considerations and limitations for querying data registered with Lake Formation"`
	return []Rule{{
		ID:     "AT01",
		Title:  "Who shares a workgroup of Athena has the same rights",
		Why:    "Lake Formation does not govern what a query has returned: whoever reads results or history of a workgroup sees what all others in it have read.",
		Fix:    "give each set of equal rights a workgroup and a place for results of its own, and jobs one apart from people",
		Source: page + " (rule 13.1)",
		check:  checkSharedResults,
	}, {
		ID:     "AT02",
		Title:  "Workgroups keep results apart",
		Why:    "In one place of S3 who may read the results of one workgroup reads those of the other.",
		Fix:    "give each a prefix of its own, or let Athena keep the results (ManagedQueryResultsConfiguration)",
		Source: page + ", \"Managed query results\" (rule 13.1)",
		check:  checkPlacesOfResults,
	}, {
		ID:     "AT03",
		Title:  "The settings of a workgroup hold for everybody in it",
		Why:    "Without enforcement each caller chooses where results go and whether they are encrypted.",
		Fix:    "set EnforceWorkGroupConfiguration: true",
		Source: `"Override client-side settings" (rule 10.1)`,
		check: each(func(o *object, report reporter) {
			if text(o.props, "WorkGroupConfiguration.EnforceWorkGroupConfiguration") == "false" {
				report(o, "WorkGroupConfiguration.EnforceWorkGroupConfiguration", "false", "true")
			}
		}, typeWorkGroup),
	}}
}

func checkSharedResults(a *app, report reporter) {
	if len(a.byType[typeWorkGroup]) == 0 {
		return
	}
	rights := a.rightsByPrincipal()
	for _, w := range queryresults.Of(a.stacks) {
		o := a.objectOf(w)
		if o == nil || len(w.Readers) < 2 {
			continue
		}
		first := w.Readers[0]
		for _, other := range w.Readers[1:] {
			if rights[first] != rights[other] {
				report(o, "", fmt.Sprintf("results and history that %s and %s read, who are granted different things", first, other), "principals with the same grants")
				break
			}
		}
	}
}

func (a *app) objectOf(w queryresults.WorkGroup) *object {
	i := slices.IndexFunc(a.byType[typeWorkGroup], func(o *object) bool { return o.stack == w.Stack && o.id == w.ID })
	if i < 0 {
		return nil
	}
	return a.byType[typeWorkGroup][i]
}

// rightsByPrincipal are the grants of each principal that let it read, as one text.
func (a *app) rightsByPrincipal() map[string]string {
	all := map[string][]string{}
	for _, o := range a.byType[typeGrant] {
		r, ok := o.granted()
		if ok && slices.ContainsFunc(o.permissions("Permissions"), func(p lakeformation.Permission) bool { return p == lakeformation.Select || p == "ALL" }) {
			all[o.principal()] = append(all[o.principal()], r.Key())
		}
	}
	out := map[string]string{}
	for principal, keys := range all {
		slices.Sort(keys)
		out[principal] = strings.Join(slices.Compact(keys), "\n")
	}
	return out
}

func checkPlacesOfResults(a *app, report reporter) {
	all := queryresults.Of(a.stacks)
	for i, w := range all {
		for _, other := range all[:i] {
			if w.Location == "" || other.Location == "" || !s3uri.Parse(w.Location).Overlaps(s3uri.Parse(other.Location)) {
				continue
			}
			if o := a.objectOf(w); o != nil {
				report(o, "WorkGroupConfiguration.ResultConfiguration.OutputLocation", w.Location+" beside "+other.Location+" of "+other.Stack.Path(other.ID), "places that do not overlap")
			}
		}
	}
}
