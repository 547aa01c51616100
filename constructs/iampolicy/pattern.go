package iampolicy

import (
	"regexp"
	"strings"
)

// Matches reports whether a text is what a pattern of IAM means: * is any characters, ? is
// one.
func Matches(pattern, text string) bool { return Covers(pattern, text) }

// Covers reports whether a pattern takes everything that another one takes.
func Covers(pattern, other string) bool {
	p, o := 0, 0
	star, back := -1, 0
	for o < len(other) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, back = p, o
			p++
		case p < len(pattern) && other[o] != '*' && (pattern[p] == other[o] || pattern[p] == '?'):
			p++
			o++
		case star >= 0:
			back++
			p, o = star+1, back
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// Overlap reports whether some text is what both patterns mean.
func Overlap(a, b string) bool {
	plain := min(plainPrefix(a), plainPrefix(b))
	if a[:plain] != b[:plain] {
		return false
	}
	a, b = a[plain:], b[plain:]
	// reach[j] says that what is read of a overlaps the first j of b.
	reach := make([]bool, len(b)+1)
	reach[0] = true
	for j := 0; j < len(b) && b[j] == '*'; j++ {
		reach[j+1] = true
	}
	for i := range len(a) {
		next := make([]bool, len(b)+1)
		next[0] = reach[0] && a[i] == '*'
		for j := range len(b) {
			switch {
			case a[i] == '*':
				next[j+1] = reach[j+1] || next[j] || reach[j]
			case b[j] == '*':
				next[j+1] = next[j] || reach[j+1] || reach[j]
			default:
				next[j+1] = reach[j] && (a[i] == b[j] || a[i] == '?' || b[j] == '?')
			}
		}
		reach = next
	}
	return reach[len(b)]
}

// plainPrefix is how many characters come before the first wildcard.
func plainPrefix(pattern string) int {
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		return i
	}
	return len(pattern)
}

// variable is a policy variable, which stands for something of the caller.
var variable = regexp.MustCompile(`\$\{(aws|s3|kms|saml|iam|www|graph|cognito[a-z-]*):?[^{}]*\}`)

// widened is a pattern of what a statement allows, with any text for a policy variable.
func widened(pattern string) string {
	if !strings.Contains(pattern, "${") {
		return pattern
	}
	return variable.ReplaceAllString(pattern, "*")
}
