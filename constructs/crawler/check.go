package crawler

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

var (
	crawlerName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)
	roleName    = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	tablePrefix = regexp.MustCompile(`^[a-z0-9_]{1,128}$`)
	accountID   = regexp.MustCompile(`^\d{12}$`)
)

func checkText(list *problem.List, path string, value *string, pattern *regexp.Regexp, expected string) {
	if value != nil && !cdkx.HoldsToken(*value) && !pattern.MatchString(*value) {
		list.Addf(path, cdkx.Quote(*value), expected, "change it")
	}
}

func oneOf[T ~string](list *problem.List, path string, value T, allowed ...T) {
	if !slices.Contains(allowed, value) {
		list.Addf(path, cdkx.Quote(value), fmt.Sprintf("one of %v", allowed), "use one of the constants")
	}
}

// wholeNumber checks a number that is set; most 0 is no upper limit.
func wholeNumber(list *problem.List, path string, value *float64, least, most float64) {
	cdkx.CheckWhole(list, path, value, "", least, most, "change it")
}

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func required(list *problem.List, path string, value *string) {
	if cdkx.Value(value, "") == "" {
		list.Addf(path, "nothing", "a value", "set it")
	}
}

func checkGlobs(list *problem.List, path string, patterns []string) {
	for i, pattern := range patterns {
		required(list, index(path+".Exclusions", i), &pattern)
	}
}
