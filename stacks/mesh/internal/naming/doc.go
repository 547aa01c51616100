// Package naming makes the name of everything that a mesh has. Names are functions of
// the definition alone, so that stacks and accounts agree on them without exports or
// tokens (rule 9.7).
package naming
