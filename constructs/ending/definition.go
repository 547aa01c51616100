package ending

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// The errors that an execution fails with. Start it again when the cause is mended; the
// next night does so in any case.
const (
	// NotAdministrator says that Lake Formation does not list the role as an administrator.
	NotAdministrator = "NotAdministrator"
	// UnknownSubscription says that the input asks for a subscription of another name.
	UnknownSubscription = "UnknownSubscription"
	// StillGranted says that not all could be taken back; the rest was.
	StillGranted = "StillGranted"
)

// timeoutSeconds is how long an execution may take: permissions are taken back one by one.
const timeoutSeconds = 6 * 60 * 60

// definition is the workflow in the given account.
func (p *WorkflowProps) definition(account string) workflow.Definition {
	return workflow.Definition{
		Comment: "Takes back what subscriptions gave that have ended", StartAt: "Begin", TimeoutSeconds: timeoutSeconds,
		States: p.chooseStates(account).Add(takeBackStates()),
	}
}

// A subscription in the input stands for all whose names are its own or go on behind it
// with a slash.
const isAsked = `function($name, $word) { $name = $word or $substring($name, 0, $length($word) + 1) = $word & "/" }`

// chooseStates find what has ended: subscriptions whose last day is over, as a new day has
// begun in UTC, and those that the input asks for. They end at the list $.due.
func (p *WorkflowProps) chooseStates(account string) workflow.States {
	return workflow.States{
		"Begin": workflow.Evaluate("lakeformation", "getDataLakeSettings", map[string]any{}, map[string]any{
			"administrator": `{% $states.context.Execution.RoleArn in $states.result.DataLakeSettings.DataLakeAdmins.DataLakePrincipalIdentifier %}`,
			"asked":         `{% [$filter([$states.input.subscriptions], function($w) { $w != null })] %}`,
			"today":         `{% $substring($states.context.Execution.StartTime, 0, 10) %}`,
		}).Next("IsAdministrator"),
		"IsAdministrator": workflow.Choice("NotAdministrator", workflow.When("$.administrator", "BooleanEquals", true).Then("Subscriptions")),
		"NotAdministrator": workflow.Fail(NotAdministrator,
			"The role of the workflow is no administrator of Lake Formation and can take back nothing: deploy the settings that name it, then start again"),
		"Subscriptions": workflow.Pass(map[string]any{"all": p.subscriptions()}).Result("$.known").Next("FindEnded"),
		"FindEnded": evaluated(map[string]any{
			"ended":   `{% ( $in := $states.input; $asked := ` + isAsked + `; [$filter($in.known.all, function($s) { $s.last < $in.today or $count($filter($in.asked, function($w) { $asked($s.name, $w) })) > 0 }).name] ) %}`,
			"unknown": `{% ( $in := $states.input; $asked := ` + isAsked + `; [$filter($in.asked, function($w) { $count($filter($in.known.all, function($s) { $asked($s.name, $w) })) = 0 })] ) %}`,
		}).Next("AreKnown"),
		"AreKnown": workflow.Choice("Grants", workflow.When("$.unknown[0]", "IsPresent", true).Then("UnknownSubscription")),
		"UnknownSubscription": workflow.Fail(UnknownSubscription,
			"The input asks for a subscription that the workflow does not know, and nothing was taken back: the state Subscriptions says their names"),
		"Grants": workflow.Pass(map[string]any{"all": p.grants(account)}).Result("$.grants").Next("FindDue"),
		"FindDue": evaluated(map[string]any{
			"ended": `{% $states.input.ended %}`,
			"due":   `{% ( $in := $states.input; [$filter($in.grants.all, function($g) { $count($filter($g.needs, function($n) { $not($n in $in.ended) })) = 0 })] ) %}`,
		}).Next("TakeBack"),
	}
}

// evaluated is a state that makes its output from expressions in JSONata.
func evaluated(output map[string]any) workflow.State {
	return workflow.State{"Type": "Pass", "QueryLanguage": "JSONata", "Output": output}
}

// Answers of Lake Formation. An administrator is denied what it cannot see: a resource
// that is gone, or that another account does not share any more.
const accessDenied = "LakeFormation.AccessDeniedException"

func absent() []string {
	return []string{"LakeFormation.InvalidInputException", "LakeFormation.EntityNotFoundException"}
}

// busy are answers that another attempt may change.
func busy() workflow.Retrier {
	return workflow.Retrier{Errors: []string{
		"LakeFormation.ConcurrentModificationException", "LakeFormation.ThrottledException", "LakeFormation.ThrottlingException",
		"LakeFormation.OperationTimeoutException", "LakeFormation.InternalServiceException",
	}, Seconds: 5, Rate: 1.5, Most: 60, Attempts: 20}
}

// takeBackStates take back $.due one permission after another: Lake Formation fails on
// changes made in parallel (rule 2.5), and takes back nothing where one of several
// permissions is not there. What cannot be taken back does not keep the rest.
func takeBackStates() workflow.States {
	outcome := func(result string) workflow.State { return workflow.Pass(map[string]any{"result": result}).End() }
	revoke := workflow.Call("lakeformation", "revokePermissions", map[string]any{
		"Principal": map[string]any{"DataLakePrincipalIdentifier.$": "$.principal"}, "Resource.$": "$.resource",
		"Permissions.$": "$.right.permissions", "PermissionsWithGrantOption.$": "$.right.passedOn",
	}).Retry(busy()).Expect("Gone", absent()...).Expect("WhyDenied", accessDenied).Catch("Failed", "States.ALL").Discard().Next("Revoked")
	rights := workflow.Each("$.grant.rights", "Revoke", workflow.States{
		"Revoke":    revoke,
		"WhyDenied": workflow.Choice("Gone", workflow.When("$.error.Cause", "StringMatches", "*is not authorized to perform*").Then("Failed")),
		"Revoked":   outcome("revoked"),
		"Gone":      outcome("gone"),
		"Failed":    outcome("failed"),
	}).With("ItemSelector", map[string]any{
		"resource.$": "$.grant.resource", "principal.$": "$.principal", "right.$": "$$.Map.Item.Value",
	}).End()
	principals := workflow.Each("$.grant.principals", "EachRight", workflow.States{"EachRight": rights}).
		With("ItemSelector", map[string]any{"grant.$": "$.grant", "principal.$": "$$.Map.Item.Value"}).End()
	count := func(result string) string {
		return fmt.Sprintf(`{%% $count($states.input.results.**[result = %q]) %%}`, result)
	}
	return workflow.States{
		"TakeBack": workflow.Each("$.due", "EachPrincipal", workflow.States{"EachPrincipal": principals}).
			With("ItemSelector", map[string]any{"grant.$": "$$.Map.Item.Value"}).Result("$.results").Next("Report"),
		"Report": evaluated(map[string]any{
			"ended": `{% $states.input.ended %}`, "revoked": count("revoked"), "gone": count("gone"), "failed": count("failed"),
		}).Next("IsAllTaken"),
		"IsAllTaken": workflow.Choice("Done", workflow.When("$.failed", "NumericGreaterThan", 0).Then("StillGranted")),
		"StillGranted": workflow.Fail(StillGranted,
			"Something that has ended is still granted: the states Failed say what, and what was answered; start again when that is mended"),
		"Done": workflow.Succeed(),
	}
}
