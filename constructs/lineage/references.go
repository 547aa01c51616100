package lineage

import (
	"regexp"
	"unicode/utf8"
)

// references are the places in a query, in characters from 0, where a reference in
// braces stood, and its text with the braces.
type references map[int]string

// As contract.Reference writes them.
var reference = regexp.MustCompile(`\{(?:[a-z0-9-]+\.)?[A-Za-z0-9_]+\.[a-z0-9_]+\}`)

// quoteReferences puts each reference in quotes instead of braces: that makes it one
// name of SQL, and leaves every line and column as it was.
func quoteReferences(sql string) (string, references) {
	found := reference.FindAllStringIndex(sql, -1)
	out, refs := []byte(sql), references{}
	position, read := 0, 0
	for _, f := range found {
		position += utf8.RuneCountInString(sql[read:f[0]])
		read = f[0]
		refs[position] = sql[f[0]:f[1]]
		out[f[0]], out[f[1]-1] = '"', '"'
	}
	return string(out), refs
}
