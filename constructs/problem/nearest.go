package problem

import "strings"

// Nearest returns the known word that the word is most likely a misspelling of,
// for a "did you mean" in Fix, and whether there is one. Case does not count;
// of equally near words the first wins.
func Nearest(word string, known []string) (string, bool) {
	const longest = 64
	folded := []rune(strings.ToLower(word))
	if len(folded) == 0 || len(folded) > longest {
		return "", false
	}
	best, bestDistance := "", max(1, len(folded)/3)+1
	for _, k := range known {
		candidate := []rune(strings.ToLower(k))
		if len(candidate) > longest {
			continue
		}
		if d := distance(folded, candidate); d < bestDistance && d < len(candidate) {
			best, bestDistance = k, d
		}
	}
	return best, best != ""
}

// distance counts the insertions, removals, replacements and swaps of
// neighbours that turn a into b.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
