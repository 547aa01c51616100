package cdkx

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// tokenText finds what the CDK puts for a value of a string or of a list of
// strings that is known only at deployment.
var tokenText = regexp.MustCompile(`[$#]\{Token\[[^\]]*\]\}`)

// HoldsToken reports whether a text is, in whole or in part, known only at
// deployment; it may be the element that stands for a list. It asks no jsii.
func HoldsToken(text string) bool {
	return strings.Contains(text, "{Token[") && tokenText.MatchString(text)
}

// Plain is a text as messages show it: tokens without the number that the CDK
// gives them in this process.
func Plain(text string) string { return tokenText.ReplaceAllString(text, "$${Token}") }

// Quote is Plain in quotes.
func Quote[T ~string](text T) string { return strconv.Quote(Plain(string(text))) }

// IsNumberToken reports whether the CDK put a number for one that is known only
// at deployment, such as the value of a CfnParameter: a double whose first 16
// bits are 0xFBFF (encoding.ts of the CDK). Printed it is -1.888e+289.
func IsNumberToken(n float64) bool { return math.Float64bits(n)>>48 == 0xFBFF }

// Number is a number as messages show it.
func Number(n float64) string {
	if IsNumberToken(n) {
		return "a number known only at deployment"
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// CheckWhole reports a number that is set and not whole, below least, or above
// most; most 0 is no upper limit. what says what is counted, such as "days"; it
// may be empty.
func CheckWhole(list *problem.List, path string, value *float64, what string, least, most float64, fix string) {
	if value == nil || !IsNumberToken(*value) && *value == math.Trunc(*value) && *value >= least && (most == 0 || *value <= most) {
		return
	}
	expected := "a whole number"
	if what != "" {
		expected += " of " + what
	}
	expected += " from " + Number(least)
	if most != 0 {
		expected += " to " + Number(most)
	}
	if IsNumberToken(*value) {
		fix = "pass the number itself: it is checked before deployment"
	}
	list.Addf(path, Number(*value), expected, fix)
}

// CheckLength reports a text that is longer than a service takes.
func CheckLength(list *problem.List, path string, value *string, most int) {
	if n := len(Value(value, "")); n > most && !HoldsToken(*value) {
		list.Addf(path, fmt.Sprintf("%d characters", n), fmt.Sprintf("at most %d", most), "shorten it")
	}
}
