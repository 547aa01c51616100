package rules

import (
	"slices"
	"strings"
)

// Rule is one thing that every template of an app must keep to.
type Rule struct {
	ID     string // stable, such as LakeMesh.LF01
	Title  string // what must hold
	Why    string // what happens otherwise
	Fix    string // what to do about a finding
	Source string // where AWS says so

	check func(*app, reporter)
}

// reporter takes a finding: the resource, the property that is wrong ("" for the
// whole resource), what is there and what should be.
type reporter func(o *object, property, found, expected string)

// each checks every resource of the types by itself.
func each(check func(o *object, report reporter), types ...string) func(*app, reporter) {
	return func(a *app, report reporter) {
		for _, kind := range types {
			for _, o := range a.byType[kind] {
				check(o, report)
			}
		}
	}
}

// prefix stands before every id, so that the ids of several packs can be told apart.
const prefix = "LakeMesh."

// All returns every rule, by id.
func All() []Rule {
	all := slices.Concat(
		settingsRules(), grantRules(), shapeRules(), principalRules(), filterRules(), locationRules(), orderRules(),
		tagRules(), linkRules(), catalogRules(), crawlerRules(), retentionRules(), healthRules(), workflowRules(), storageRules(), notificationRules(),
		sharingRules(), partitionRules(), resultRules(),
		acknowledgementRules(),
	)
	for i := range all {
		all[i].ID = prefix + all[i].ID
	}
	slices.SortFunc(all, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return all
}
