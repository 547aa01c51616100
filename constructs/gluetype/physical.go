package gluetype

import (
	"fmt"
	"strings"
)

// FromPhysical reads a type in the words of Athena, Iceberg, Glue, Spark, ANSI
// SQL, PostgreSQL, Oracle, SQL Server, Snowflake, BigQuery or MySQL and returns
// the type of the catalog that holds every value of it. Where databases mean
// different things by one word, of decides; Common is what most of them mean, and
// an error where a fraction or a time of day could be lost.
//
// With whole, a decimal without digits is a whole number. The error is an
// *UnmappedError.
func FromPhysical(s string, of Database, whole bool) (Physical, error) {
	r := reader{parser: parser{rest: strings.ToLower(strings.TrimSpace(s))}, of: of, whole: whole}
	t, err := r.read(0)
	if err != nil {
		return Physical{}, err
	}
	if r.skip(); r.rest != "" {
		return Physical{}, &UnmappedError{Reason: fmt.Sprintf("unexpected %q after the type", r.rest)}
	}
	r.found.Type = t
	return r.found, nil
}

func (r *reader) read(depth int) (Type, error) {
	if depth > maxDepth {
		return Type{}, &UnmappedError{Reason: fmt.Sprintf("it nests more than %d deep", maxDepth)}
	}
	words := r.words()
	if words == "" {
		return Type{}, &UnmappedError{Reason: "a type is missing"}
	}
	t, err := r.base(words, depth)
	if err != nil {
		return Type{}, err
	}
	for {
		array, err := r.arraySuffix()
		if err != nil {
			return Type{}, err
		}
		if !array {
			break
		}
		t = Type{Name: "array", Fields: []Field{{Type: t}}}
	}
	r.column()
	return t, nil
}

// base reads what follows the words of a type.
func (r *reader) base(words string, depth int) (Type, error) {
	name, isContainer := containers()[words]
	var closing string
	switch {
	case !isContainer:
		return r.scalar(words)
	case r.take("<"):
		closing = ">"
	case r.take("("):
		closing = ")"
	default:
		return Type{Name: name}, nil
	}
	t := Type{Name: name}
	seen := map[string]bool{}
	for {
		var f Field
		if name == "struct" {
			if f.Name = r.fieldName(); f.Name == "" {
				return Type{}, &UnmappedError{Reason: "a struct needs fields as name:type, of letters, digits and _"}
			}
			if seen[f.Name] {
				return Type{}, &UnmappedError{Reason: fmt.Sprintf("the struct has two fields %q", f.Name)}
			}
			seen[f.Name] = true
			r.take(":")
		}
		var err error
		if f.Type, err = r.read(depth + 1); err != nil {
			return Type{}, err
		}
		t.Fields = append(t.Fields, f)
		if !r.take(",") {
			break
		}
	}
	if !r.take(closing) {
		return Type{}, &UnmappedError{Reason: fmt.Sprintf("the %s of %s is missing", closing, words)}
	}
	if wrong := t.wrongInside(); wrong != "" {
		return Type{}, &UnmappedError{Reason: wrong}
	}
	return t, nil
}

// words reads the words that a type starts with, and stops before those that say
// something of the column: not null, comment.
func (r *reader) words() string {
	var out []string
	for {
		before := r.rest
		word := r.word()
		if word == "" || word == "comment" || word == "not" || word == "null" || word == "array" && len(out) > 0 {
			r.rest = before
			return strings.Join(out, " ")
		}
		if _, isContainer := containers()[word]; isContainer && len(out) == 0 {
			return word
		}
		out = append(out, word)
	}
}

// fieldName reads the name of a field, in quotes or without.
func (r *reader) fieldName() string {
	for _, quote := range []string{`"`, "`"} {
		if !r.take(quote) {
			continue
		}
		name, after, ok := strings.Cut(r.rest, quote)
		if !ok || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return ""
		}
		r.rest = after
		return name
	}
	return r.word()
}

// arraySuffix reads [], [3] or PostgreSQL's ARRAY behind the type of elements.
func (r *reader) arraySuffix() (bool, error) {
	if r.take("[") {
		_, after, ok := strings.Cut(r.rest, "]")
		if !ok {
			return false, &UnmappedError{Reason: "a ] is missing"}
		}
		r.rest = after
		return true, nil
	}
	before := r.rest
	if r.word() == "array" {
		return true, nil
	}
	r.rest = before
	return false, nil
}

// column leaves out what is said of a column behind its type.
func (r *reader) column() {
	for {
		before := r.rest
		switch r.word() {
		case "null":
			continue
		case "not":
			if r.word() == "null" {
				continue
			}
		case "comment":
			if r.take("'") {
				if _, after, ok := strings.Cut(r.rest, "'"); ok {
					r.rest = after
					continue
				}
			}
		}
		r.rest = before
		return
	}
}

// scalar reads the arguments of a type without an inside, and the words behind
// them: timestamp(6) with time zone.
func (r *reader) scalar(words string) (Type, error) {
	args, err := r.scalarArguments()
	if err != nil {
		return Type{}, err
	}
	if len(args) > 0 {
		if more := r.words(); more != "" {
			words += " " + more
		}
	}
	m, ok := mappingOf(words, r.of)
	if !ok {
		return Type{}, unknownType(words)
	}
	return m(r, words, args)
}

// scalarArguments reads "(10, 2)", "(max)", "(20 char)", ('a', 'b'), or nothing.
func (r *reader) scalarArguments() ([]string, error) {
	if !r.take("(") {
		return nil, nil
	}
	var args []string
	quoted, from := false, 0
	for i, c := range r.rest {
		switch {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == ',' || c == ')':
			args = append(args, strings.TrimSpace(r.rest[from:i]))
			from = i + 1
			if c == ')' {
				r.rest = r.rest[from:]
				return args, nil
			}
		}
	}
	return nil, &UnmappedError{Reason: "a ) is missing"}
}
