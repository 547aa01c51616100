package cdkx

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/schedule"
)

var folderPrefix = regexp.MustCompile(`^([A-Za-z0-9._=-]+/)+$`)

// IsFolder reports whether a prefix of S3 is that of a folder: of letters, digits and
// any of ._=-, with a slash behind each part.
func IsFolder(prefix string) bool { return folderPrefix.MatchString(prefix) }

// CheckName reports a required name that is missing, not plain or malformed;
// expected says in words what the pattern takes. Names of what must never be
// replaced are plain strings: a token could change them.
func CheckName(list *problem.List, path string, name *string, pattern *regexp.Regexp, expected string) {
	switch {
	case name == nil:
		list.Addf(path, "nothing", expected, "set "+path)
	case HoldsToken(*name):
		list.Addf(path, "a value known only at deployment", "a plain string", "pass the name itself: it must never change")
	case !pattern.MatchString(*name):
		list.Addf(path, fmt.Sprintf("%q", *name), expected, "correct it")
	}
}

// Path is where a construct stands within its Stage, or in an app without Stages: what
// may stand in a template, which is the same in every Stage.
func Path(scope constructs.IConstruct) string {
	path := PathOf(scope)
	stage := StageOf(StackOf(scope))
	if stage == nil {
		return path
	}
	return strings.TrimPrefix(path, PathOf(stage)+"/")
}

// CheckSchedule reports a schedule that Glue does not take; one that is missing, or known
// only at deployment, is not looked at.
func CheckSchedule(list *problem.List, path string, expression *string) {
	if expression == nil || HoldsToken(*expression) {
		return
	}
	if err := schedule.Check(*expression); err != nil {
		list.Addf(path, fmt.Sprintf("%q: %s", *expression, strings.ReplaceAll(err.Error(), "\n", ", ")),
			"a six-field cron", `write it like "cron(15 2 ? * SUN *)"`)
	}
}

// UniqueNameIn has a batch find the UniqueName of a construct.
func UniqueNameIn(b *batch.Batch, scope constructs.IConstruct) batch.Step {
	return shortenedIn(b, scope, longest)
}

const longest = 200 // characters

// UniqueName is a name of at most 200 characters that no other construct of the app has.
func UniqueName(scope constructs.IConstruct) string {
	return Shortened(scope, longest)
}

// Shortened is a name of at most a number of characters that no other construct of the app has.
func Shortened(scope constructs.IConstruct, most int) string {
	var b batch.Batch
	name := shortenedIn(&b, scope, most)
	b.Send(name)
	return batch.Value[string](&b, name)
}

func shortenedIn(b *batch.Batch, scope constructs.IConstruct, most int) batch.Step {
	return batch.Static[awscdk.Names](b, "uniqueResourceName", scope, map[string]any{"maxLength": most, "separator": "-"})
}
