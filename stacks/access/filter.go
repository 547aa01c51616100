package access

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// MatrixFilter chooses rows; the zero value chooses all. Each field that is set must
// match.
type MatrixFilter struct {
	Principal string // part of the identifier, in any case
	Product   string // product or domain.product
	Table     string // table or database.table
	Domain    string // that the LF-Tags say
	// Column chooses rows that show it, or that let read what has no known columns yet: column,
	// table.column or database.table.column.
	Column string
	// Sensitivity chooses rows that show at least one column of the level. PHI chooses
	// those without a level too, and of levels that are none of the ontology.
	Sensitivity ontology.Sensitivity
}

// Filter returns what the filter chooses, and all notes. What
// is open to whoever IAM lets in, or to every principal of the account of a chosen one,
// is chosen with every principal.
//
// It is an error to ask for what is not there: the error lists what there is. That nobody
// is granted something that is there is an answer.
func (m *Matrix) Filter(f MatrixFilter) (*Matrix, error) {
	if problems := m.Known.check(f, m.openToAll(f)); len(problems) > 0 {
		return nil, problems
	}
	out := &Matrix{Notes: m.Notes, Caveats: m.Caveats, Question: f.String(), Known: m.Known}
	accounts := m.Known.accountsOf(f.Principal)
	for _, r := range m.Rows {
		if f.about(r) && (contains(r.Principal, f.Principal) || includes(r.Principal, accounts)) {
			out.Rows = append(out.Rows, r)
		}
	}
	for _, a := range m.Admins {
		if contains(a.Principal, f.Principal) {
			out.Admins = append(out.Admins, a)
		}
	}
	for _, b := range m.Bypasses {
		if f.choosesBypass(b, m.Known) {
			out.Bypasses = append(out.Bypasses, b)
		}
	}
	for _, g := range m.Grantors {
		if f.choosesGrantor(g, m.Known) {
			out.Grantors = append(out.Grantors, g)
		}
	}
	if groups := m.groupsBeside(out.Rows, f); len(groups) > 0 {
		out.Notes = distinct(append(slices.Clone(out.Notes), "who is in which group is not known; not shown is what is granted to "+strings.Join(groups, ", ")))
	}
	if f.Principal != "" && len(m.Known.named(f.Principal)) == 0 {
		out.Notes = distinct(append(slices.Clone(out.Notes),
			fmt.Sprintf("nobody is granted anything or administers under a name with %q; the rows are what everybody has whom IAM lets in; %s", f.Principal, m.Known.suggestPrincipal(f.Principal))))
	}
	return out, nil
}

// ofPeople are the kinds of principals that are people or groups of them, by a part of
// their identifiers; a role of IAM is in none of these groups.
var ofPeople = []string{":identitystore:", ":saml-provider/", ":quicksight:"}

// groupsBeside are the groups that are granted what is asked for, and not shown, where
// those who are asked for may be people in them.
func (m *Matrix) groupsBeside(shown []Row, f MatrixFilter) []string {
	var out []string
	for _, kind := range ofPeople {
		of := func(r Row) bool { return strings.Contains(r.Principal, kind) }
		if f.Principal == "" || !slices.ContainsFunc(shown, of) {
			continue
		}
		for _, r := range m.Rows {
			isGroup := strings.Contains(r.Principal, ":group/")
			if isGroup && of(r) && f.about(r) && !contains(r.Principal, f.Principal) {
				out = append(out, r.Principal)
			}
		}
	}
	return distinct(out)
}

// openToAll reports whether principals that nobody knows are let in to anything that the
// filter asks for.
func (m *Matrix) openToAll(f MatrixFilter) bool {
	accounts := m.Known.accountsOf(f.Principal)
	return slices.ContainsFunc(m.Rows, func(r Row) bool { return f.about(r) && includes(r.Principal, accounts) })
}

// about reports whether a row is about what is asked for, whoever it is granted to.
func (f MatrixFilter) about(r Row) bool {
	return (f.Product == "" || f.Product == r.Product || f.Product == r.Domain+"."+r.Product) &&
		(f.Table == "" || f.Table == r.Table || f.Table == r.Database+"."+r.Table || r.Table == lakeformation.AllTables && strings.HasPrefix(f.Table, r.Database+".")) &&
		(f.Domain == "" || ofDomain(r.Domain, f.Domain)) &&
		(f.Column == "" || f.showsColumn(r)) &&
		(f.Sensitivity == "" || r.Sees(f.Sensitivity))
}

// ofDomain reports whether a domain is among those that contradicting tags say.
func ofDomain(said, domain string) bool { return slices.Contains(strings.Split(said, ","), domain) }

// column takes the column that is asked for apart from the table before it.
func (f MatrixFilter) column() (table, column string) {
	if dot := strings.LastIndex(f.Column, "."); dot >= 0 {
		return f.Column[:dot], f.Column[dot+1:]
	}
	return "", f.Column
}

// showsColumn reports whether a row shows the column that is asked for.
func (f MatrixFilter) showsColumn(r Row) bool {
	table, column := f.column()
	if r.Kind != OnTable || !r.Can(lakeformation.Select) {
		return false
	}
	if r.Table == lakeformation.AllTables {
		return !strings.Contains(table, ".") || strings.HasPrefix(table, r.Database+".")
	}
	return (table == "" || isNamed(table, r.Name())) &&
		(len(r.Levels) == 0 && r.Object == "" || slices.ContainsFunc(r.Columns, func(c ColumnAccess) bool { return c.Name == fold(column) }))
}

// String returns what is asked for, in words.
func (f MatrixFilter) String() string {
	var parts []string
	for _, part := range []struct{ name, value string }{
		{"principal", f.Principal}, {"product", f.Product}, {"table", f.Table}, {"column", f.Column},
		{"domain", f.Domain}, {"sensitivity", string(f.Sensitivity)},
	} {
		if part.value != "" {
			parts = append(parts, part.name+" "+part.value)
		}
	}
	return strings.Join(parts, ", ")
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

var accountNumber = regexp.MustCompile(`\b\d{12}\b`)

// includes reports whether a principal is a group of all whom IAM lets in, of any account
// or of one of some accounts; nil is every account.
func includes(principal string, accounts []string) bool {
	account, ofAccount := strings.CutSuffix(principal, everyPrincipal)
	return principal == IAMAllowedPrincipals || ofAccount && (accounts == nil || slices.Contains(accounts, account))
}

// Sees reports whether the row shows at least one column of a sensitivity level. A column
// without a level, or of one that the ontology does not know, counts as PHI, and columns
// that are not known as of the level that they inherit.
func (r Row) Sees(sensitivity ontology.Sensitivity) bool {
	is := func(level ontology.Sensitivity) bool {
		return level == sensitivity || sensitivity == ontology.PHI && !level.Valid()
	}
	if r.Inherited != "" && r.Can(lakeformation.Select) {
		return is(r.Inherited)
	}
	return slices.ContainsFunc(r.Levels, func(l Level) bool { return l.Seen > 0 && is(l.Sensitivity) })
}

// Known is what a matrix can be asked for, sorted.
type Known struct {
	Principals []string               // that are granted something, administer or reach files another way
	Products   []string               // domain.product, or product where no domain is told
	Domains    []string               // by LF-Tags
	Tables     []string               // database.table
	Levels     []ontology.Sensitivity // of the ontology, of columns, and Untagged
	Columns    map[string][]string    // names in the table's order, by table; none where they are not known
}

// add adds what a catalog holds.
func (k *Known) add(e *evaluation) {
	for _, t := range e.Tables {
		if t.Target == "" {
			k.addRow(e.tableRow(t))
			if k.Columns == nil {
				k.Columns = map[string][]string{}
			}
			k.Columns[t.Key()] = included(t, nil, nil)
		}
		for _, c := range e.columns[t.Key()] {
			if level := c.tags.sensitivity(); !slices.Contains(k.Levels, level) {
				k.Levels = append(k.Levels, level)
			}
		}
	}
}

func (k *Known) addRow(r Row) {
	if r.Kind == OnTable {
		k.Tables = append(k.Tables, r.Name())
	}
	if r.Domain != "" {
		k.Domains = append(k.Domains, strings.Split(r.Domain, ",")...)
	}
	if r.Product != "" {
		k.Products = append(k.Products, strings.TrimPrefix(r.Domain+"."+r.Product, "."))
	}
}

// finish adds what the rows hold, and sorts.
func (k *Known) finish(m *Matrix) {
	type about struct{ database, table, product string }
	known, principals := map[about]bool{}, map[string]bool{}
	for i := range m.Rows {
		r := &m.Rows[i]
		if of := (about{r.Database, r.Table, r.Domain + "." + r.Product}); !known[of] {
			known[of] = true
			k.addRow(*r)
		}
		if !principals[r.Principal] {
			principals[r.Principal] = true
			k.Principals = append(k.Principals, r.Principal)
		}
	}
	for _, a := range m.Admins {
		k.Principals = append(k.Principals, a.Principal)
	}
	for _, b := range m.Bypasses {
		k.Principals = append(k.Principals, b.Principal)
	}
	for _, g := range m.Grantors {
		k.Principals = append(k.Principals, g.Principal)
	}
	k.Principals, k.Products, k.Domains, k.Tables = distinct(k.Principals), distinct(k.Products), distinct(k.Domains), distinct(k.Tables)
	k.Levels = append(k.Levels, append(ontology.Sensitivities(), Untagged)...)
	slices.SortFunc(k.Levels, compareLevels)
	k.Levels = slices.Compact(k.Levels)
}

// named returns the principals whose identifier holds a part.
func (k *Known) named(part string) []string {
	var out []string
	for _, p := range k.Principals {
		if contains(p, part) {
			out = append(out, p)
		}
	}
	return out
}

// accountsOf returns the accounts of the principals that a part of an identifier means;
// nil, which is every account, when it means none that is known.
func (k *Known) accountsOf(part string) []string {
	out := accountNumber.FindAllString(part, -1)
	for _, p := range k.named(part) {
		out = append(out, accountNumber.FindAllString(p, -1)...)
	}
	return out
}

// check returns a problem for each part of a filter that asks for what is not there. A
// name that nobody has is none where everybody is let in.
func (k *Known) check(f MatrixFilter, openToAll bool) problem.List {
	var problems problem.List
	ask := func(path, got string, known []string) {
		if got == "" || slices.ContainsFunc(known, func(name string) bool { return name == got || strings.HasSuffix(name, "."+got) }) {
			return
		}
		problems.Addf(path, fmt.Sprintf("%q, which is not there", got), list(known), problem.DidYouMean(got, withLastParts(known), "leave it out to see all"))
	}
	if f.Principal != "" && len(k.named(f.Principal)) == 0 && !openToAll {
		problems.Addf("principal", fmt.Sprintf("%q, which is in no name of those who are granted something or administer", f.Principal), list(k.Principals), k.suggestPrincipal(f.Principal))
	}
	ask("product", f.Product, k.Products)
	if database, _, qualified := strings.Cut(f.Table, "."); !qualified || !slices.Contains(k.Tables, database+"."+lakeformation.AllTables) {
		ask("table", f.Table, k.Tables)
	}
	ask("domain", f.Domain, k.Domains)
	if names, found := k.hasColumn(f); f.Column != "" && !found {
		_, column := f.column()
		problems.Addf("column", fmt.Sprintf("%q, which is not there", f.Column), list(names), problem.DidYouMean(column, names, "leave it out to see all"))
	}
	if f.Sensitivity != "" && !slices.Contains(k.Levels, f.Sensitivity) {
		problems.Addf("sensitivity", fmt.Sprintf("%q", f.Sensitivity), problem.OneOf(k.Levels), suggestLevel(f.Sensitivity, k.Levels))
	}
	return problems
}

// hasColumn reports whether the column that is asked for is there, or may be as its table's
// columns are not known, and returns which there are in the tables that are asked for.
func (k *Known) hasColumn(f MatrixFilter) ([]string, bool) {
	table, column := f.column()
	var names []string
	found := false
	for _, key := range k.Tables {
		database, _, _ := strings.Cut(key, ".")
		isAsked := func(name string) bool {
			return name == "" || isNamed(name, key) || key == database+"."+lakeformation.AllTables && strings.HasPrefix(name, database+".")
		}
		if !isAsked(table) || !isAsked(f.Table) {
			continue
		}
		columns := k.Columns[key]
		found = found || slices.Contains(columns, fold(column)) || len(columns) == 0 && table+f.Table != ""
		names = append(names, columns...)
	}
	return distinct(names), found
}

// maySee reports whether a table has the column that is asked for, or may have it.
func (k *Known) maySee(f MatrixFilter, key string) bool {
	table, column := f.column()
	columns := k.Columns[key]
	return (table == "" || isNamed(table, key)) && (len(columns) == 0 || slices.Contains(columns, fold(column)))
}

func (k *Known) suggestPrincipal(name string) string {
	short := make([]string, len(k.Principals))
	for i, p := range k.Principals {
		short[i] = Short(p)
	}
	return problem.DidYouMean(name[strings.LastIndex(name, "/")+1:], short, "leave it out to see all")
}

// suggestLevel returns a fix for a level that is none: people write it in other ways.
func suggestLevel(got ontology.Sensitivity, known []ontology.Sensitivity) string {
	if level, ok := ontology.ParseSensitivity(string(got)); ok {
		return "did you mean " + string(level) + "?"
	}
	words := make([]string, len(known))
	for i, level := range known {
		words[i] = string(level)
	}
	return problem.DidYouMean(string(got), words, "leave it out to see all")
}

// maxListed is how many names of what there is an error lists.
const maxListed = 20

// list returns names of what there is.
func list(known []string) string {
	switch {
	case len(known) == 0:
		return "nothing, as there is none"
	case len(known) > maxListed:
		return fmt.Sprintf("%s and %d more", problem.OneOf(known[:maxListed]), len(known)-maxListed)
	}
	return problem.OneOf(known)
}

// withLastParts returns names and what each is called after its last dot.
func withLastParts(names []string) []string {
	out := slices.Clone(names)
	for _, name := range names {
		out = append(out, name[strings.LastIndex(name, ".")+1:])
	}
	return out
}
