package guardrail

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/vm"

	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Judge judges matrices by guardrails. It is not for use by several goroutines at once.
type Judge struct {
	guardrails []compiled
	domains    []Domain
	day        string              // exceptions are in force until it; "" is the current one
	homes      map[string][]string // domains of principals that were asked for
	owners     map[string][]string // domains of databases that were asked for
}

// compiled is a guardrail that can be judged.
type compiled struct {
	Guardrail

	refuses string // in words
	program *vm.Program
	machine *vm.VM
}

// New makes a judge of guardrails. The domains say who belongs to whom: somebody whom none
// of them lists belongs to none.
//
// The error is a problem.List with everything that is wrong, with paths from [0] for the
// first guardrail.
func New(guardrails []Guardrail, domains ...Domain) (*Judge, error) {
	j := &Judge{domains: domains, homes: map[string][]string{}, owners: map[string][]string{}}
	problems := Validate(guardrails, domains...)
	for _, g := range guardrails {
		made := compiled{Guardrail: g, refuses: "what " + g.Refuse + " is true of", machine: &vm.VM{}}
		if b := named(g.Name); b.name != "" {
			made.Refuse, made.refuses, made.Fix = b.refuse, b.refuses, b.fix
		} else if made.Fix == "" {
			made.Fix = "take the access back"
		}
		var found problem.List
		made.program = compile(made.Refuse, "", domains, &found)
		j.guardrails = append(j.guardrails, made)
	}
	return j, problems.Err()
}

// At returns a judge that takes another day than the current one for today.
func (j *Judge) At(day time.Time) *Judge {
	out := *j
	out.day = day.Format(time.DateOnly)
	return &out
}

// Validate returns everything that is wrong with guardrails, with paths from [0] for the first.
func Validate(guardrails []Guardrail, domains ...Domain) problem.List {
	var list problem.List
	for i, g := range guardrails {
		path := problem.Index("", i)
		builtin := slices.Contains(Names(), g.Name)
		switch {
		case g.Name == "":
			list.Addf(problem.Key(path, "name"), "nothing", "the name of a guardrail", "name it")
		case slices.ContainsFunc(guardrails[:i], func(o Guardrail) bool { return o.Name == g.Name }):
			list.Addf(problem.Key(path, "name"), fmt.Sprintf("%q again", g.Name), "each guardrail once", "join the two")
		case !builtin && g.Refuse == "":
			list.Addf(problem.Key(path, "name"), fmt.Sprintf("%q", g.Name), problem.OneOf(Names())+", or a name of one's own with what it refuses", problem.DidYouMean(g.Name, Names(), "correct the name, or write refuse: with an expression"))
		case builtin && g.Refuse != "":
			list.Addf(problem.Key(path, "refuse"), fmt.Sprintf("an expression for %s", g.Name), "no expression, as the guardrail has its own", "take it out, or give the guardrail another name")
		}
		if builtin && g.Fix != "" {
			list.Addf(problem.Key(path, "fix"), fmt.Sprintf("a fix for %s", g.Name), "no fix, as the guardrail has its own", "take it out")
		}
		if !builtin && g.Refuse != "" {
			compile(g.Refuse, problem.Key(path, "refuse"), domains, &list)
		}
		uses := strings.Contains(g.Refuse, "known")
		switch {
		case g.Name == AdministratorsAreKnown && len(g.Known) == 0:
			list.Addf(problem.Key(path, "known"), "nothing", "the administrators that are known, as ARNs", "list them")
		case g.Name != AdministratorsAreKnown && !uses && len(g.Known) > 0:
			list.Addf(problem.Key(path, "known"), "a list", "none, as the guardrail does not ask who is known", "take it out")
		}
		for k, e := range g.Except {
			checkException(&list, problem.Index(problem.Key(path, "except"), k), e)
		}
	}
	return list
}

func checkException(list *problem.List, path string, e Exception) {
	if strings.Trim(e.Principal, "*: ") == "" {
		got := "nothing"
		if e.Principal != "" {
			got = fmt.Sprintf("%q, which is everybody", e.Principal)
		}
		list.Addf(problem.Key(path, "principal"), got, "whom the exception is for: an ARN, an account or the last part of an ARN; * stands for a part of it", "name the principal")
	}
	if strings.TrimSpace(e.Reason) == "" {
		list.Addf(problem.Key(path, "reason"), "nothing", "a reason that an auditor would accept", "write why it is let through")
	}
	if address, err := mail.ParseAddress(e.Steward); !e.Implied && (err != nil || address.Address != e.Steward) {
		got := "nothing"
		if e.Steward != "" {
			got = fmt.Sprintf("%q", e.Steward)
		}
		list.Addf(problem.Key(path, "steward"), got, "the e-mail address of the steward who lets it through", "write for example steward: privacy@example.org")
	}
	if _, err := time.Parse(time.DateOnly, e.Until); e.Until != "" && err != nil {
		list.Addf(problem.Key(path, "until"), fmt.Sprintf("%q", e.Until), "the last day, as YYYY-MM-DD", "write the day, or leave it out when there is no end")
	}
}

// Verdict is what a judge finds.
type Verdict struct {
	Violations []Violation `json:"violations,omitempty"` // by guardrail in their order, then as the matrix has them
	Unused     []Unused    `json:"unused,omitempty"`     // exceptions that let nothing through
}

// Violation is an access that a guardrail refuses.
type Violation struct {
	Guardrail string   `json:"guardrail"`         // name
	Principal string   `json:"principal"`         // as Lake Formation takes it, or an ARN
	Account   string   `json:"account"`           // of the catalog
	Region    string   `json:"region"`            // of the catalog
	Domain    string   `json:"domain"`            // whose data; "" when nothing says it
	Product   string   `json:"product,omitempty"` // data product; "" when it is about none
	Object    string   `json:"object"`            // table, files or what else it is about, in full
	Columns   []string `json:"columns,omitempty"` // that are seen; none when it is about no columns, or about those that are to come
	Levels    []string `json:"levels,omitempty"`  // of the columns or files
	Rights    []string `json:"rights"`            // permissions of Lake Formation; of files read, write, delete or get
	Way       string   `json:"way"`               // Access.Path
	Path      []string `json:"path"`              // the way, in words
	Certain   bool     `json:"certain"`           // nothing unknown stands in the way
	Ended     string   `json:"ended,omitempty"`   // last day of an exception that let it through; "" without one
	Refuses   string   `json:"refuses"`           // what the guardrail refuses, in words
	Fix       string   `json:"fix"`               // what to do
}

// mostNamed is how many columns a text names; the others it counts.
const mostNamed = 12

// Text says who does what, without the guardrail and the fix.
func (v Violation) Text() string {
	what := strings.Join(v.Rights, ", ")
	switch n := len(v.Columns); {
	case n > mostNamed:
		what += fmt.Sprintf(" on %s and %d more columns", strings.Join(v.Columns[:mostNamed], ", "), n-mostNamed)
	case n > 0:
		what += " on " + strings.Join(v.Columns, ", ")
	}
	if levels := slices.DeleteFunc(slices.Clone(v.Levels), func(l string) bool { return l == "" }); len(levels) > 0 {
		what += " (" + strings.Join(levels, ", ") + ")"
	}
	text := fmt.Sprintf("%s has %s of %s", access.Short(v.Principal), what, v.Object)
	if v.Domain != "" {
		text += " of domain " + v.Domain
	}
	text += " by " + strings.Join(v.Path, "; ")
	if !v.Certain {
		text += " (maybe)"
	}
	if v.Ended != "" {
		text += "; the exception for it ended on " + v.Ended
	}
	return text
}

// String returns "guardrail: who has what by which way; expected …; fix: …".
func (v Violation) String() string {
	return fmt.Sprintf("%s: %s; expected nothing of this: %s; fix: %s, or except it with a reason", v.Guardrail, v.Text(), v.Refuses, v.Fix)
}

// Unused is an exception that lets nothing through.
type Unused struct {
	Guardrail string    `json:"guardrail"` // name
	Index     int       `json:"index"`     // of the exception, from 0
	Exception Exception `json:"exception"` // itself
}

// String says which exception, and what to do.
func (u Unused) String() string {
	return fmt.Sprintf("%s: got an exception for %s that lets nothing through; expected exceptions that something needs; fix: take it out, or correct what it is for",
		u.Guardrail, u.Exception.Principal)
}

// Matrix judges who can see what.
func (j *Judge) Matrix(m *access.Matrix) Verdict {
	day := j.day
	if day == "" {
		day = time.Now().UTC().Format(time.DateOnly)
	}
	found := make([][]Violation, len(j.guardrails))
	at := make([]map[string]int, len(j.guardrails)) // places of violations, by what they are about
	used := make([][]bool, len(j.guardrails))
	for i, g := range j.guardrails {
		used[i], at[i] = make([]bool, len(g.Except)), map[string]int{}
	}
	j.accesses(m, func(a Access) {
		for i := range j.guardrails {
			g := &j.guardrails[i]
			if a.Known = slices.ContainsFunc(g.Known, func(known string) bool { return matchesPrincipal(known, a.Principal) }); !g.refusesAccess(&a) {
				continue
			}
			left, columns, ended := g.except(a, day, used[i])
			if !left {
				continue
			}
			key := strings.Join(append([]string{a.Principal, a.Account, a.Region, a.object, a.Path}, a.by...), "\x00")
			k, known := at[i][key]
			if !known {
				k, at[i][key] = len(found[i]), len(found[i])
				found[i] = append(found[i], Violation{
					Guardrail: g.Name, Principal: a.Principal, Account: a.Account, Region: a.Region, Domain: a.Domain, Product: a.Product,
					Object: a.object, Way: a.Path, Path: a.by, Certain: a.Certain, Refuses: g.refuses, Fix: g.Fix,
				})
			}
			v := &found[i][k]
			v.Columns, v.Rights = union(v.Columns, columns...), union(v.Rights, a.Right)
			if a.Level != "" {
				v.Levels = union(v.Levels, a.Level)
			}
			v.Ended = max(v.Ended, ended)
		}
	})
	var out Verdict
	for i, g := range j.guardrails {
		out.Violations = append(out.Violations, found[i]...)
		for k, e := range g.Except {
			if !used[i][k] && !e.Implied {
				out.Unused = append(out.Unused, Unused{g.Name, k, e})
			}
		}
	}
	return out
}

// union adds words that a list does not have.
func union(list []string, words ...string) []string {
	for _, word := range words {
		if !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// refusesAccess reports whether a guardrail refuses an access. What it cannot work out, it refuses.
func (g *compiled) refusesAccess(a *Access) bool {
	out, err := g.machine.Run(g.program, a)
	refused, isBool := out.(bool)
	return err != nil || !isBool || refused
}

// except reports whether something of an access is left after the exceptions, and which
// columns; and the last day of an exception that has ended. It marks those that are used.
func (g *compiled) except(a Access, day string, used []bool) (left bool, columns []string, ended string) {
	columns = slices.Clone(a.columns)
	left = true
	for i, e := range g.Except {
		if !e.isAbout(a) {
			continue
		}
		if e.Until != "" && e.Until < day {
			ended = max(ended, e.Until)
			used[i] = true // what it was for is a violation already
			continue
		}
		if len(e.Columns) == 0 {
			left, used[i] = false, true
			continue
		}
		for _, name := range e.Columns {
			used[i] = used[i] || slices.Contains(a.columns, name)
		}
		columns = slices.DeleteFunc(columns, func(name string) bool { return slices.Contains(e.Columns, name) })
		left = left && len(columns) > 0
	}
	return left, columns, ended
}

// isAbout reports whether an exception is about an access, but for its columns.
func (e Exception) isAbout(a Access) bool {
	return matchesPrincipal(e.Principal, a.Principal) &&
		(e.Domain == "" || e.Domain == a.Domain) &&
		(e.Table == "" || a.Database != "" && matches(e.Table, a.Database+"."+a.Table)) &&
		(len(e.Columns) == 0 || len(a.columns) > 0)
}
