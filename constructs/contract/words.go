package contract

import "github.com/lakemesh/lakemesh/constructs/problem"

// suggest is the fix for a word that is none of the allowed ones.
func suggest(got string, allowed []string) string {
	return problem.DidYouMean(got, allowed, "write one of them")
}

// words are the values as texts.
func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// brief keeps messages readable.
func brief(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
