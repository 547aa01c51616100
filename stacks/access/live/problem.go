package live

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
)

// Part is a part of what an account holds.
type Part string

// The parts, each read by calls of its own.
const (
	Everything  Part = "everything"
	Settings    Part = "administrators and default permissions"
	Locations   Part = "registered locations"
	OptIns      Part = "opt-ins of hybrid access mode"
	Tags        Part = "LF-Tags"
	Catalogs    Part = "catalogs beside the default one"
	Databases   Part = "databases"
	Tables      Part = "tables"
	Assigned    Part = "assigned LF-Tags"
	Filters     Part = "data cells filters"
	Permissions Part = "permissions"
	NameOfStack Part = "names that the deployment gave, by which the templates mean what they name"
)

// ErrNotAdministrator says that Lake Formation leaves out of its answers what the caller
// may not see, without a sign of it.
var ErrNotAdministrator = errors.New("the caller is no data lake administrator")

// Problem is a call that failed, and what is not known for it.
type Problem struct {
	Account string   // 12 digits
	Region  string   // such as us-east-1
	Call    string   // such as lakeformation:ListPermissions
	Part    Part     // that is not known
	About   []string // databases, or database.table, that it is not known of, sorted; none is all
	Err     error    // the first, where several calls failed alike
}

// maxNamed is how many of what a call failed for are named.
const maxNamed = 5

// Error says what was called where, what came of it, what is missing, and what is not
// known for it.
func (p Problem) Error() string {
	text := p.Account + "/" + p.Region + ": "
	if p.Call != "" {
		text += p.Call + ": "
	}
	text += p.Err.Error()
	if fix := p.fix(); fix != "" {
		text += "; fix: " + fix
	}
	if what := p.subject(); what != "" {
		text += "; not known: " + what
	}
	return text
}

// subject is what is not known.
func (p Problem) subject() string {
	text := string(p.Part)
	if len(p.About) > 0 {
		named := p.About[:min(maxNamed, len(p.About))]
		text += " of " + strings.Join(named, ", ")
		if more := len(p.About) - len(named); more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
	}
	return text
}

// Unwrap returns what came of the call.
func (p Problem) Unwrap() error { return p.Err }

// fix returns what is missing, as far as the error tells.
func (p Problem) fix() string {
	var api smithy.APIError
	if !errors.As(p.Err, &api) {
		return ""
	}
	switch code := api.ErrorCode(); {
	case strings.Contains(api.ErrorMessage(), "Lake Formation permission"):
		return "make the caller a read-only administrator of the data lake"
	case p.Call == assumeRole:
		return "the role must be there and trust the caller, and a policy of the caller must allow it sts:AssumeRole on the role"
	case strings.HasPrefix(code, "AccessDenied") || strings.HasPrefix(code, "UnauthorizedOperation"):
		return "allow the caller " + p.Call + "; --print-policy prints all that it needs"
	case strings.HasPrefix(code, "ExpiredToken") || strings.HasPrefix(code, "InvalidClientTokenId") || code == "UnrecognizedClientException":
		return "the credentials have ended or are of another partition: get new ones"
	}
	return ""
}

func compareProblems(a, b Problem) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Call, b.Call),
		cmp.Compare(a.Part, b.Part), slices.Compare(a.About, b.About))
}

// code returns what tells errors of one call apart.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return err.Error()
}

// fail notes that a call failed; about is the database or table that it was about. What
// fails for many tables alike is one problem.
func (r *run) fail(call string, part Part, about string, err error) {
	if r.ctx.Err() != nil {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	key := failure{call, part, code(err)}
	p, again := r.failed[key]
	if !again {
		if r.failed == nil {
			r.failed = map[failure]*Problem{}
		}
		p = &Problem{Account: r.Account, Region: r.Region, Call: call, Part: part, Err: err}
		r.failed[key] = p
	}
	if about != "" {
		p.About = append(p.About, about)
	}
}

// failure is what a call failed with.
type failure struct {
	call string
	part Part
	code string
}

func (r *run) problems() []Problem {
	var out []Problem
	for _, p := range r.failed {
		slices.Sort(p.About)
		out = append(out, *p)
	}
	slices.SortFunc(out, compareProblems)
	return out
}

// gone reports whether an error says that what was listed a moment ago is there no more.
func gone(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "EntityNotFoundException"
}
