package fhirstore

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// holdersPage is how many permissions of the link are listed at once: an
// execution's data is limited to 256 KB.
const holdersPage = 100

// linkStates make the workflow's own link to the database at $.target, and end
// where permissions are taken back. A link to another database, of a store that
// was replaced, is dropped after everybody was taken off it. A database of that
// name which is no link is somebody's data and fails the run.
func (p *QueryAccessProps) linkStates() workflow.States {
	name := map[string]any{"Name": *p.DatabaseName}
	keep := func(who []string, moved bool) workflow.State {
		return workflow.Pass(map[string]any{
			"all": who, "moved": moved, "defaults": map[string]any{"PermissionsWithGrantOption": []string{}},
		}).Result("$.readers").Next("ListHolders")
	}
	return workflow.States{
		"GetLink": workflow.Call("glue", "getDatabase", name).Expect("MakeLink", "Glue.EntityNotFoundException").
			Result("$.own").Next("IsOwnLink"),
		"MakeLink": workflow.Call("glue", "createDatabase", map[string]any{"DatabaseInput": map[string]any{
			"Name":                          *p.DatabaseName,
			"TargetDatabase":                map[string]any{"CatalogId.$": "$.target.catalog", "DatabaseName.$": "$.target.database"},
			"CreateTableDefaultPermissions": []any{},
		}}).Expect("GetLink", "Glue.AlreadyExistsException").Discard().Next("GetLink"),
		"IsOwnLink": workflow.Choice("KeepNobody",
			workflow.When("$.own.Database.TargetDatabase", "IsPresent", false).Then("NameTaken"),
			workflow.All(
				workflow.When("$.own.Database.TargetDatabase.CatalogId", "StringEqualsPath", "$.target.catalog"),
				workflow.When("$.own.Database.TargetDatabase.DatabaseName", "StringEqualsPath", "$.target.database"),
			).Then("KeepReaders")),
		"NameTaken": workflow.Fail("NameTaken", fmt.Sprintf("The database %s exists and is no resource link: rename it, or give the tables of the FHIR store another DatabaseName", *p.DatabaseName)),

		"KeepReaders": keep(p.identifiers(), false),
		"KeepNobody":  keep([]string{}, true),
		"DropLink":    workflow.Call("glue", "deleteDatabase", name).Expect("MakeLink", "Glue.EntityNotFoundException").Discard().Next("MakeLink"),
	}
}

// takeBackStates take off the link whoever is neither at $.readers.all nor the
// role of the execution, which has permissions because it made the link. What a
// principal has on the tables goes first, so that a run that fails in between
// finds the principal on the link again. A page that lost somebody is listed
// again from the start: what a token stands for then is not documented.
func (p *QueryAccessProps) takeBackStates(account string) workflow.States {
	list := func(more map[string]any) workflow.State {
		parameters := map[string]any{"Resource": p.link(account), "MaxResults": holdersPage}
		for key, value := range more {
			parameters[key] = value
		}
		return workflow.Call("lakeformation", "listPermissions", parameters).Result("$.holders").Next("TakeBack")
	}
	revoke := func(resource, permissions map[string]any) workflow.State {
		parameters := map[string]any{"Principal.$": "$.held.Principal", "Resource": resource}
		for key, value := range permissions {
			parameters[key] = value
		}
		return oneByOne("revokePermissions", parameters).Discard()
	}
	first, other := p.tables(account, "$.tables.CatalogId", "$.tables.DatabaseName")
	// Nothing to revoke, and nothing left of the database of a store that was deleted.
	absent := []string{"LakeFormation.InvalidInputException", "LakeFormation.EntityNotFoundException"}
	nowhere := slices.Concat(absent, []string{accessDenied}) // a catalog that cannot be granted in holds no grant
	take := func(resource map[string]any, permission, next string) workflow.State {
		return revoke(resource, map[string]any{"Permissions": []string{permission}}).Expect(next, nowhere...).Next(next)
	}
	return workflow.States{
		"ListHolders": list(nil),
		"MoreHolders": list(map[string]any{"NextToken.$": "$.holders.NextToken"}),
		"TakeBack": workflow.Each("$.holders.PrincipalResourcePermissions", "Stays", workflow.States{
			"Stays": workflow.Choice("RevokeSelect",
				workflow.When("$.reader", "BooleanEquals", true).Then("Kept"),
				workflow.When("$.held.Principal.DataLakePrincipalIdentifier", "StringEqualsPath", "$.role").Then("Kept")),
			"RevokeSelect":        take(first, "SELECT", "RevokeDescribe"),
			"RevokeDescribe":      take(first, "DESCRIBE", "RevokeOtherSelect"),
			"RevokeOtherSelect":   take(other, "SELECT", "RevokeOtherDescribe"),
			"RevokeOtherDescribe": take(other, "DESCRIBE", "RevokeLink"),
			"RevokeLink": revoke(p.link(account), map[string]any{
				"Permissions.$": "$.held.Permissions", "PermissionsWithGrantOption.$": "$.held.PermissionsWithGrantOption",
			}).Expect("Kept", absent...).Next("Taken"),
			"Taken": workflow.Pass(map[string]any{"taken": true}).End(),
			"Kept":  workflow.Pass(map[string]any{}).End(),
		}).With("ItemSelector", map[string]any{
			"held.$":   "States.JsonMerge($.readers.defaults, $$.Map.Item.Value, false)",
			"reader.$": "States.ArrayContains($.readers.all, $$.Map.Item.Value.Principal.DataLakePrincipalIdentifier)",
			"role.$":   "$$.Execution.RoleArn",
			"tables.$": "$.own.Database.TargetDatabase",
		}).Result("$.outcomes").Next("KeepTaken"),
		"KeepTaken": workflow.Pass(map[string]any{"all.$": "$.outcomes[?(@.taken)]"}).Result("$.taken").Next("AreAllOff"),
		"AreAllOff": workflow.Choice("ListPrincipals",
			workflow.When("$.taken.all[0]", "IsPresent", true).Then("ListHolders"),
			workflow.When("$.holders.NextToken", "IsPresent", true).Then("MoreHolders"),
			workflow.When("$.readers.moved", "BooleanEquals", true).Then("DropLink")),
	}
}
