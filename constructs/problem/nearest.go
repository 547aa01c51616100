package problem

import (
	"strings"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"
)

// OneOf says what is expected where a value is none of the known ones.
func OneOf[T ~string](known []T) string {
	words := make([]string, len(known))
	for i, k := range known {
		words[i] = string(k)
	}
	return "one of " + strings.Join(words, ", ")
}

// DidYouMean is the fix for a word that is none of the known ones: the nearest of
// them, or something else to do where none is near.
func DidYouMean(word string, known []string, otherwise string) string {
	if near, ok := Nearest(word, known); ok {
		return "did you mean " + near + "?"
	}
	return otherwise
}

// Nearest returns the known word that the word is most likely a misspelling of,
// for a "did you mean" in Fix, and whether there is one. Case does not count;
// of equally near words the first wins.
func Nearest(word string, known []string) (string, bool) {
	const longest = 64
	length := utf8.RuneCountInString(word)
	if length == 0 || length > longest {
		return "", false
	}
	nearest, least := "", max(1, length/3)+1
	for _, candidate := range known {
		size := utf8.RuneCountInString(candidate)
		if size > longest {
			continue
		}
		if d := edlib.OSADamerauLevenshteinDistance(strings.ToLower(word), strings.ToLower(candidate)); d < least && d < size {
			nearest, least = candidate, d
		}
	}
	return nearest, nearest != ""
}
