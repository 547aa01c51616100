package policy_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/test/golden"
)

const intro = `# Policy: rules over synthesized templates

One line holds any CDK app to these rules, also what escape hatches and other
libraries put into its templates:

` + "```go\npolicy.Use(app)\n```" + `

A finding fails the synthesis with the rule, the construct, what was found and
expected, and the fix. ` + "`CDK_VALIDATION=false`" + ` switches off the CDK's own
validator, which takes seconds, and not these rules, which take a fraction of one.
Under the CDK's command line the report is printed by it, and the command fails
before anything is deployed.

` + "`policy.RememberValid(app, folder)`" + ` lets that validator leave out the templates in which it
found nothing before: the same bytes, account, region, release of the CDK and day. What
it found something in is validated, and refused, every time. ` + "`lakemesh synth`" + ` keeps what
is valid in the user's cache folder.

[Guardrails](guardrails.md) judge who can see what in the same templates:
` + "`policy.Use(app, judge)`" + `.

Without the CDK, over what ` + "`cdk synth`" + ` wrote:

` + "```go\nfindings, err := rules.Check(\"cdk.out\")\n```" + `

The rules see all stacks of the app together, those of its stages and nested
stacks too. Stacks without a fixed account and region are judged one by one,
because nobody can say which of them share an environment. What only a deployment
tells, such as a parameter, is never guessed.

What breaks a rule on purpose says so, with a reason that an auditor reads: a resource
in its metadata; any other construct, with all that is below it, or a whole stack, in
the metadata of the template:

` + "```go\npolicy.Acknowledge(resource, policy.Acknowledgement{Rule: \"LakeMesh.LF43\", Reason: \"…\"})\npolicy.Acknowledge(construct, policy.Acknowledgement{Rule: \"LakeMesh.ST01\", Reason: \"…\"})\n```" + `

Acknowledge once per stack: an app or a stage is refused. An acknowledgement that no
finding needs any more is itself a finding.

The rules about data leave alone what the CDK makes for itself: the artifact stores of
pipelines, in every region that they deploy to, with their keys, and the buckets that
assets are staged in. A bucket that is registered with Lake Formation is a lake's all
the same. Handlers of custom resources, log retention and other functions of the CDK
break no rule.

Two mistakes are not for rules over one assembly. That a create-only property of a
deployed store changed shows beside the deployed template only: keep snapshots of the
templates (` + "`constructs/snapshot`" + ` says what a change replaces), and in a mesh the
contracts in ` + "`deployed`" + `, which ` + "`lakemesh validate`" + ` compares. And no reserved
concurrency is asked for or refused: whether an account has any to give is a quota of
that account.

What the rules say of deployments comes from AWS's documentation, resource schemas
and public issues; none of it was tried in a live account. The number behind a source, as in
(rule 1.1), is a row of [rules](rules.md), which also says what in this library keeps to it.

The CDK's own ` + "`Validations.acknowledge`" + ` holds for a whole app and does not reach
these rules.

This page is written from the rules by a test of the package; run it with
` + "`-update`" + ` after a change.
`

var groups = []struct{ prefix, title string }{
	{"LF0", "Lake Formation settings"}, {"LF1", "Grants"}, {"LF2", "Grants beside each other"}, {"LF3", "Data cells filters"},
	{"LF4", "Locations"}, {"LF5", "Order"}, {"LF6", "LF-Tags"}, {"LF7", "Resource links"},
	{"GL0", "Glue catalog"}, {"GL1", "Crawlers"}, {"ST", "Stateful resources"}, {"HL", "Health services"},
	{"SF", "State machines"}, {"AT", "Results of Athena"}, {"S3", "S3"}, {"XA", "Across stacks and accounts"}, {"AK", "Acknowledgements"},
}

func TestDocumentation(t *testing.T) {
	var out bytes.Buffer
	out.WriteString(intro)
	written := 0
	for _, g := range groups {
		fmt.Fprintf(&out, "\n## %s\n", g.title)
		for _, r := range rules.All() {
			if strings.HasPrefix(r.ID, "LakeMesh."+g.prefix) {
				written++
				fmt.Fprintf(&out, "\n### %s %s\n\n%s\n\n- Fix: %s.\n- Source: %s.\n", r.ID, r.Title, r.Why, r.Fix, r.Source)
			}
		}
	}
	if all := len(rules.All()); written != all {
		t.Errorf("%d of %d rules are in a group", written, all)
	}
	golden.Check(t, "../docs/policy.md", out.Bytes())
}
