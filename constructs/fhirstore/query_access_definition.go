package fhirstore

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

const (
	// How often and how long the workflow looks for the link of an active store.
	linkWaitSeconds = 300
	linkTries       = 12

	storePollSeconds = 60
)

// definition is the workflow of QueryAccess in the given account.
func (p *QueryAccessProps) definition(account string) workflow.Definition {
	id := *p.Store.DatastoreID()
	return workflow.Definition{
		Comment: "Waits for a FHIR store, names its tables and keeps their grants", StartAt: "Begin",
		TimeoutSeconds: workflow.MaxPolls * storePollSeconds,
		States: workflow.States{
			"Begin":   workflow.Pass(map[string]any{"tries": 0}).Next("DescribeStore"),
			"NoStore": workflow.Fail("NoStore", "The FHIR store was not created or is being deleted"),
		}.Add(
			workflow.Poll("Store", storePollSeconds,
				workflow.Call("healthlake", "describeFHIRDatastore", map[string]any{"DatastoreId": id}).Result("$.store"),
				"$.store.DatastoreProperties.DatastoreStatus",
				workflow.Outcome{Status: "ACTIVE", Next: "FirstPage"},
				// An update that failed, of NLP or of analytics, leaves tables and their readers.
				workflow.Outcome{Status: "UPDATE_FAILED", Next: "FirstPage"},
				workflow.Outcome{Status: "CREATE_FAILED", Next: "NoStore"},
				workflow.Outcome{Status: "DELETING", Next: "NoStore"},
				workflow.Outcome{Status: "DELETED", Next: "NoStore"}),
			findLink(id, account),
			p.linkStates(),
			p.takeBackStates(account),
			p.grantStates(account),
			p.parameterStates(),
		),
	}
}

// findLink pages through the databases until one is a link to a database of
// another catalog and carries the store's id in its name or in its target's; it
// ends in HasLink, with the link at $.target.
func findLink(id, account string) workflow.States {
	const size = 20 // an execution's data is limited to 256 KB, and a database may have much to say of itself
	page := func(parameters map[string]any) workflow.State {
		return workflow.Call("glue", "getDatabases", parameters).Result("$.page").Next("KeepLinks")
	}
	mine := "*" + id + "*"
	return workflow.States{
		"FirstPage": page(map[string]any{"MaxResults": size}),
		"NextPage":  page(map[string]any{"MaxResults": size, "NextToken.$": "$.page.NextToken"}),
		"KeepLinks": workflow.Pass(map[string]any{"all.$": "$.page.DatabaseList[?(@.TargetDatabase)]"}).Result("$.links").Next("MatchLinks"),
		"MatchLinks": workflow.Each("$.links.all", "IsOfStore", workflow.States{
			"IsOfStore": workflow.Choice("Other", workflow.All(
				workflow.Not(workflow.When("$.TargetDatabase.CatalogId", "StringEquals", account)),
				workflow.Any(workflow.When("$.Name", "StringMatches", mine), workflow.When("$.TargetDatabase.DatabaseName", "StringMatches", mine)),
			).Then("Link")),
			"Link":  workflow.Pass(map[string]any{"link.$": "$.Name", "catalog.$": "$.TargetDatabase.CatalogId", "database.$": "$.TargetDatabase.DatabaseName"}).End(),
			"Other": workflow.Pass(map[string]any{}).End(),
		}).Result("$.matches").Next("KeepMatches"),
		"KeepMatches": workflow.Pass(map[string]any{"all.$": "$.matches[?(@.link)]"}).Result("$.found").Next("HasLink"),
		"HasLink": workflow.Choice("CountTry",
			workflow.When("$.found.all[0]", "IsPresent", true).Then("TakeLink"),
			workflow.When("$.page.NextToken", "IsPresent", true).Then("NextPage")),
		"CountTry": workflow.Pass(map[string]any{"tries.$": "States.MathAdd($.tries, 1)"}).Next("MayTryAgain"),
		"MayTryAgain": workflow.Choice("WaitForLink",
			workflow.When("$.tries", "NumericGreaterThanEquals", linkTries).Then("NoLink")),
		"WaitForLink": workflow.Wait(linkWaitSeconds).Next("DescribeStore"),
		"NoLink": workflow.Fail("NoLink", fmt.Sprintf("HealthLake made no resource link for the store within %d minutes: was the role that created it a Lake Formation administrator?",
			linkTries*linkWaitSeconds/60)),
		"TakeLink": workflow.Pass(map[string]any{
			"target.$": "$.found.all[0]", "endpoint.$": "$.store.DatastoreProperties.DatastoreEndpoint",
		}).Next("GetLink"),
	}
}

// grantStates grants the principals one after another: Lake Formation fails on
// grants made in parallel (rule 2.5).
func (p *QueryAccessProps) grantStates(account string) workflow.States {
	grant := func(resource map[string]any, permissions ...string) workflow.State {
		return oneByOne("grantPermissions", map[string]any{
			"Principal": map[string]any{"DataLakePrincipalIdentifier.$": "$.principal"}, "Resource": resource, "Permissions": permissions,
		}).Discard()
	}
	first, other := p.tables(account, "$.target.catalog", "$.target.database")
	return workflow.States{
		"ListPrincipals": workflow.Pass(map[string]any{"all": p.identifiers()}).Result("$.principals").Next("GrantEach"),
		"GrantEach": workflow.Each("$.principals.all", "GrantLink", workflow.States{
			"GrantLink":      grant(p.link(account), "DESCRIBE").Next("GrantTables"),
			"GrantTables":    grant(first, "DESCRIBE", "SELECT").Expect("GrantOtherwise", accessDenied).End(),
			"GrantOtherwise": grant(other, "DESCRIBE", "SELECT").End(),
		}).With("ItemSelector", map[string]any{"principal.$": "$$.Map.Item.Value", "target.$": "$.target"}).Discard().Next("WriteLink"),
	}
}

// link is the workflow's own link, as Lake Formation names it.
func (p *QueryAccessProps) link(account string) map[string]any {
	return map[string]any{"Database": map[string]any{"CatalogId": account, "Name": *p.DatabaseName}}
}

// accessDenied is what Lake Formation answers to a grant in the wrong catalog.
const accessDenied = "LakeFormation.AccessDeniedException"

// tables are all tables of the database at two paths, as Lake Formation names them:
// in the catalog that is tried first, and in the other one.
func (p *QueryAccessProps) tables(account, catalog, database string) (first, other map[string]any) {
	first = map[string]any{"Table": map[string]any{"CatalogId.$": catalog, "DatabaseName.$": database, "TableWildcard": map[string]any{}}}
	other = map[string]any{"Table": map[string]any{"CatalogId": account, "DatabaseName": *p.DatabaseName, "TableWildcard": map[string]any{}}}
	if p.TableCatalog == OwnCatalog {
		return other, first
	}
	return first, other
}

// oneByOne is a call that waits while Lake Formation works on another change.
func oneByOne(action string, parameters map[string]any) workflow.State {
	return workflow.Call("lakeformation", action, parameters).
		Retry(workflow.Retrier{Errors: []string{"LakeFormation.ConcurrentModificationException"}, Seconds: 5, Rate: 1.5, Most: 60, Attempts: 20})
}

// parameterStates write what later stacks need to know.
func (p *QueryAccessProps) parameterStates() workflow.States {
	put := func(what, field, value string) workflow.State {
		return workflow.Call("ssm", "putParameter", map[string]any{
			"Name": *p.ParameterPrefix + "/" + what, field: value, "Type": "String", "Overwrite": true,
		}).Discard()
	}
	return workflow.States{
		"WriteLink":     put("link", "Value", *p.DatabaseName).Next("WriteCatalog"),
		"WriteCatalog":  put("catalog", "Value.$", "$.target.catalog").Next("WriteDatabase"),
		"WriteDatabase": put("database", "Value.$", "$.target.database").Next("WriteEndpoint"),
		"WriteEndpoint": put("endpoint", "Value.$", "$.endpoint").Next("Open"),
		"Open":          workflow.Succeed(),
	}
}

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
