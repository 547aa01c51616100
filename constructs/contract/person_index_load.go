package contract

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// The keys of the custom property personIndex.
const (
	keySources     = "sources"
	keyRules       = "rules"
	keyNever       = "never"
	keySource      = "source"
	keyRecord      = "record"
	keyOptedOut    = "optedOut"
	keyIdentifiers = "identifiers"
	keyRule        = "rule"
	keySame        = "same"
)

// What a person index takes.
const (
	maxPersonSources = 20
	maxPersonRules   = 20
	maxDistance      = 3
)

// personIndex reads the custom property of a contract, and adds the tables of the index.
func (b *builder) personIndex(c *Contract, custom odcs.CustomProperties) {
	p := b.find(custom, "", customPersonIndex)
	if p == nil {
		return
	}
	at := problem.Key(p.Path, "value")
	mapping := b.mapping(p.Value, at, keySources, keyRules, keyNever)
	if mapping == nil {
		return
	}
	index := &PersonIndex{Never: b.matches(mapping[keyNever], problem.Key(at, keyNever))}
	for i, value := range b.list(mapping[keySources], problem.Key(at, keySources)) {
		index.Sources = append(index.Sources, b.personSource(value, problem.Index(problem.Key(at, keySources), i)))
	}
	for i, value := range b.list(mapping[keyRules], problem.Key(at, keyRules)) {
		path := problem.Index(problem.Key(at, keyRules), i)
		if rule := b.mapping(value, path, keyRule, keySame); rule != nil {
			r := PersonRule{Same: b.matches(rule[keySame], problem.Key(path, keySame))}
			if rule[keyRule] != nil {
				r.Name = b.scalar(rule[keyRule], problem.Key(path, keyRule))
			}
			index.Rules = append(index.Rules, r)
		}
	}
	for _, t := range PersonIndexTables(index) {
		t.Path = at
		c.Tables = append(c.Tables, t)
	}
}

func (b *builder) personSource(value any, at string) PersonSource {
	keys := append([]string{keySource, keyFrom, keyRecord, keyOptedOut, keyIdentifiers}, PersonAttributes()...)
	mapping := b.mapping(value, at, keys...)
	text := func(key string) string {
		if mapping[key] == nil {
			return ""
		}
		return b.scalar(mapping[key], problem.Key(at, key))
	}
	out := PersonSource{Name: text(keySource), From: ParseReference(text(keyFrom)), Record: text(keyRecord), OptedOut: text(keyOptedOut)}
	for _, attribute := range PersonAttributes() {
		if column := text(attribute); column != "" {
			out.Attributes = append(out.Attributes, PersonAttribute{attribute, column})
		}
	}
	if value, given := mapping[keyIdentifiers]; given {
		path := problem.Key(at, keyIdentifiers)
		identifiers, ok := value.(map[string]any)
		if !ok {
			b.shape(path, value, "names of identifiers with their columns", "write for example {ssn: social_security_number}")
		}
		for _, name := range slices.Sorted(maps.Keys(identifiers)) {
			out.Attributes = append(out.Attributes, PersonAttribute{name, b.scalar(identifiers[name], problem.Key(path, name))})
		}
	}
	slices.SortStableFunc(out.Attributes, func(a, b PersonAttribute) int { return cmp.Compare(a.Attribute, b.Attribute) })
	return out
}

// matches reads attributes with how they are compared.
func (b *builder) matches(value any, at string) []PersonMatch {
	if value == nil {
		return nil
	}
	mapping, ok := value.(map[string]any)
	if !ok {
		b.shape(at, value, "attributes with how they are compared", "write for example {family: normalized, birthDate: exact}")
		return nil
	}
	var out []PersonMatch
	for _, attribute := range slices.Sorted(maps.Keys(mapping)) {
		path := problem.Key(at, attribute)
		how, number, several := strings.Cut(b.scalar(mapping[attribute], path), " ")
		m := PersonMatch{Attribute: attribute, How: Comparison(how)}
		if several {
			n, err := strconv.Atoi(number)
			if err != nil || n < 1 {
				b.shape(path, how+" "+number, "a comparison and a whole number, such as first 5", "correct it")
			}
			m.N = n
		}
		out = append(out, m)
	}
	return out
}

// mapping reads a mapping of the keys; nil is none.
func (b *builder) mapping(value any, at string, keys ...string) map[string]any {
	mapping, ok := value.(map[string]any)
	if !ok {
		b.shape(at, value, "the keys "+strings.Join(keys, ", "), "write them as a mapping")
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(mapping)) {
		if !slices.Contains(keys, key) {
			b.problem(problem.Key(at, key), fmt.Sprintf("the unknown key %q", key), problem.OneOf(keys), problem.DidYouMean(key, keys, "remove it"))
		}
	}
	return mapping
}

// list reads a list; what is missing is an empty one, which is checked later.
func (b *builder) list(value any, at string) []any {
	list, ok := value.([]any)
	if !ok && value != nil {
		b.shape(at, value, "a list", "write one entry a line, each with a - before it")
	}
	return list
}

var (
	personName     = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)
	identifierName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	columnName     = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)
	personFrom     = regexp.MustCompile(`^([a-z0-9-]+\.)?[a-z0-9_]+\.[a-z0-9_]+$`)
)

// personIndex checks the person index of a product.
func (k *checker) personIndex(c *Contract) {
	i := slices.IndexFunc(c.Tables, func(t Table) bool { return t.PersonIndex != nil })
	if i < 0 {
		return
	}
	index, at := c.Tables[i].PersonIndex, k.at("", customPersonIndex)
	if c.Sensitivity != "" && c.Sensitivity != ontology.PHI {
		k.list.Addf(at, "a person index in a product that is declared "+string(c.Sensitivity), "a product that is "+string(ontology.PHI), "declare it so, or leave the sensitivity out")
	}
	if c.Parts > 1 {
		k.list.Addf(at, fmt.Sprintf("a person index in a product of %d parts", c.Parts), "a product in one stack", "leave parts out")
	}
	k.count(problem.Key(at, keySources), len(index.Sources), maxPersonSources, "sources", "add the tables with the records")
	k.count(problem.Key(at, keyRules), len(index.Rules), maxPersonRules, "rules", "say when two records are one person")
	known := map[string]bool{} // attributes that a source has
	names := map[string]bool{}
	for i, s := range index.Sources {
		path := problem.Index(problem.Key(at, keySources), i)
		k.personSource(s, path)
		if names[s.Name] && s.Name != "" {
			k.list.Addf(problem.Key(path, keySource), fmt.Sprintf("%q again", s.Name), "a name of its own for each source", "rename one of the two")
		}
		names[s.Name] = true
		for _, a := range s.Attributes {
			known[a.Attribute] = true
		}
	}
	rules := map[string]bool{}
	for i, r := range index.Rules {
		path := problem.Index(problem.Key(at, keyRules), i)
		switch {
		case strings.TrimSpace(r.Name) == "":
			k.list.Addf(problem.Key(path, keyRule), "nothing", "a name, which people read beside the token", "write for example rule: name and birth date")
		case rules[r.Name]:
			k.list.Addf(problem.Key(path, keyRule), fmt.Sprintf("%q again", r.Name), "a name of its own for each rule", "rename one of the two")
		}
		rules[r.Name] = true
		k.matches(r.Same, problem.Key(path, keySame), known)
		if len(r.Same) > 0 && !slices.ContainsFunc(r.Same, func(m PersonMatch) bool { return m.How != ComparedDistance }) {
			k.list.Addf(problem.Key(path, keySame), "no attribute that is equal", "at least one compared otherwise than by distance", "add one: without it each record would be compared with all others")
		}
	}
	k.matches(index.Never, problem.Key(at, keyNever), known)
}

func (k *checker) count(at string, n, most int, noun, fix string) {
	if n < 1 || n > most {
		k.list.Addf(at, fmt.Sprintf("%d %s", n, noun), fmt.Sprintf("1 to %d", most), fix)
	}
}

func (k *checker) personSource(s PersonSource, path string) {
	if !personName.MatchString(s.Name) {
		k.list.Addf(problem.Key(path, keySource), fmt.Sprintf("%q", s.Name), "lower case letters, digits, - and _", "name the source, for example by its domain")
	}
	if !personFrom.MatchString(s.From.Name()) {
		k.list.Addf(problem.Key(path, keyFrom), fmt.Sprintf("%q", s.From.Name()), "product.table, or domain.product.table of another domain", "name the table with the records")
	}
	column := func(key, name string) {
		if !columnName.MatchString(name) {
			k.list.Addf(problem.Key(path, key), fmt.Sprintf("%q", name), "a column of "+s.From.Name(), "name the column as the catalog does")
		}
	}
	column(keyRecord, s.Record)
	if s.OptedOut != "" {
		column(keyOptedOut, s.OptedOut)
	}
	if len(s.Attributes) == 0 {
		k.list.Addf(path, "no attribute", "columns that the rules compare", "write for example family: family_name")
	}
	for _, a := range s.Attributes {
		switch {
		case slices.Contains(PersonAttributes(), a.Attribute):
			column(a.Attribute, a.Column)
		case !identifierName.MatchString(a.Attribute):
			k.list.Addf(problem.Key(path, keyIdentifiers), fmt.Sprintf("the identifier %q", a.Attribute), "lower case letters, digits and _", "rename it")
		default:
			column(problem.Key(keyIdentifiers, a.Attribute), a.Column)
		}
	}
}

// matches checks what is compared; known are the attributes that a source has.
func (k *checker) matches(all []PersonMatch, at string, known map[string]bool) {
	if len(all) == 0 && !strings.HasSuffix(at, "."+keyNever) {
		k.list.Addf(at, "nothing", "attributes with how they are compared", "write for example {family: normalized, birthDate: exact}")
	}
	for _, m := range all {
		path := problem.Key(at, m.Attribute)
		if !known[m.Attribute] {
			names := slices.Sorted(maps.Keys(known))
			k.list.Addf(path, fmt.Sprintf("the attribute %q, which no source has", m.Attribute), problem.OneOf(names), problem.DidYouMean(m.Attribute, names, "add its column to the sources"))
		}
		numbered := m.How == ComparedFirst || m.How == ComparedLast || m.How == ComparedDistance
		isName := m.Attribute == PersonGiven || m.Attribute == PersonFamily
		switch {
		case !slices.Contains(Comparisons(), m.How):
			k.list.Addf(path, fmt.Sprintf("the comparison %q", m.How), problem.OneOf(words(Comparisons())), suggest(string(m.How), words(Comparisons())))
		case numbered && m.N < 1:
			k.list.Addf(path, string(m.How)+" without a number", "a whole number from 1", fmt.Sprintf("write for example %s 1", m.How))
		case !numbered && m.N != 0:
			k.list.Addf(path, fmt.Sprintf("%s %d", m.How, m.N), string(m.How), "remove the number")
		case m.How == ComparedDistance && m.N > maxDistance:
			k.list.Addf(path, fmt.Sprintf("a distance of %d", m.N), fmt.Sprintf("1 to %d", maxDistance), "write less: everything is alike from afar")
		case m.How == ComparedSound && !isName:
			k.list.Addf(path, "the sound of "+m.Attribute, "the sound of given or family", "compare it otherwise")
		case m.How == ComparedYear && m.Attribute != PersonBirthDate:
			k.list.Addf(path, "the year of "+m.Attribute, "the year of birthDate", "compare it otherwise")
		}
	}
}
