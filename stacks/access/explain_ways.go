package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/opendata/registry"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// open returns the paths on which IAM decides.
func (x *Explainer) open(q question) []Path {
	var out []Path
	accounts := accountNumber.FindAllString(q.principal, -1)
	for _, group := range q.in.openTo {
		if group == q.principal || !includes(group, accounts) {
			continue
		}
		whom := "whoever IAM lets in"
		if account, ofAccount := strings.CutSuffix(group, everyPrincipal); ofAccount {
			whom = "every principal of account " + account + " that IAM lets in"
		}
		for _, s := range q.effects(group) {
			if columns, gives := s.shows(q); gives {
				p := x.path(q, s, columns)
				p.Way, p.Certain = Open, false
				p.Steps = slices.Insert(p.Steps, 0, Step{StepOpen, group + " stands for " + whom})
				out = append(out, p)
			}
		}
	}
	say := func(certain bool, format string, args ...any) {
		out = append(out, Path{Way: Open, Certain: certain, Steps: []Step{{StepOpen, fmt.Sprintf(format, args...)}, {StepTable, q.target(nil)}}})
	}
	if slices.Contains(q.in.UnknownDefaults, q.tableName()) {
		say(false, "it starts with the account's default permissions, which no template sets; in an account as AWS makes it %s then has all permissions", IAMAllowedPrincipals)
	}
	place, inS3 := s3uri.FromURI(q.table.Location)
	if !inS3 || unresolved(q.table.Location) {
		return out
	}
	if l := q.in.narrowest(q.table.Location); l.Hybrid {
		say(false, "%s is in hybrid access mode, and IAM decides for every principal that has not opted in", l.ARN)
	}
	switch {
	case len(registry.Hosted(place.Bucket)) > 0:
		say(true, "its publisher shows the files of %s to everybody", q.table.Location)
	case !q.in.registered(q.table.Location):
		say(false, "%s is in no registered location, and IAM decides who reads the files", q.table.Location)
	}
	return out
}

// around returns the paths past Lake Formation that let somebody read: the principal itself,
// and others that it is one of.
func (x *Explainer) around(q question, others ...string) []Path {
	var out []Path
	account := accountOfPrincipal(q.principal)
	holders := []string{q.principal}
	for _, other := range others {
		if other != "" && other != q.principal {
			holders = append(holders, other)
		}
	}
	for _, holder := range holders {
		for _, b := range x.bypasses[holder] {
			reads := slices.Contains(b.Can, CanRead) || slices.Contains(b.Can, CanGet)
			if !reads || b.Roles > 0 || b.Account != q.in.Account || b.Region != q.in.Region || !slices.Contains(b.Tables, q.tableName()) {
				continue
			}
			p := Path{Way: Around, Certain: b.Certain && holder == q.principal}
			if holder == account && holder != q.principal {
				p.Steps = append(p.Steps, Step{StepPolicy, "account " + account + " decides which of its principals it lets in"})
			}
			for _, text := range b.Path {
				kind := StepPolicy
				if slices.Contains(b.Can, CanGet) {
					kind = StepGrant
				}
				p.Steps = append(p.Steps, Step{kind, text})
			}
			what := "reads the files"
			if slices.Contains(b.Can, CanGet) {
				what = "may make a table of its own over the files"
			}
			p.Steps = append(p.Steps, Step{StepTable, fmt.Sprintf("%s of %s in %s%s", what, q.tableName(), s3uri.Scheme, s3uri.Parse(b.Location).Path())})
			out = append(out, p)
		}
	}
	return append(out, x.results(q)...)
}

// as returns the paths of the roles that the principal may become.
func (x *Explainer) as(q question) []Path {
	var out []Path
	account := accountOfPrincipal(q.principal)
	seen := map[string]bool{q.principal: true}
	for i, start := range []string{q.principal, account, "*"} {
		if start == "" || i > 0 && start == q.principal {
			continue
		}
		for _, c := range chains(x.assumptions, start) {
			if seen[c.role] {
				continue
			}
			seen[c.role] = true
			var roles []Step
			if start == account && start != q.principal {
				roles = append(roles, Step{StepRole, "account " + account + " decides which of its principals it lets become others"})
			}
			for _, text := range c.steps {
				roles = append(roles, Step{StepRole, text})
			}
			for _, p := range x.pathsOf(q, c.role) {
				p.Way, p.Certain = As, p.Certain && c.certain && (start != account || start == q.principal)
				p.Steps = append(slices.Clone(roles), p.Steps...)
				out = append(out, p)
			}
		}
	}
	return out
}

// pathsOf are the paths of another principal, which IAM does not decide.
func (x *Explainer) pathsOf(q question, principal string) []Path {
	q.principal = principal
	of := &Explanation{}
	x.granted(q, of)
	return slices.Concat(of.Paths, x.around(q), x.canGrant(q))
}

// results returns the Athena workgroups whose results and history the principal reads
// together with others who see what is asked for.
func (x *Explainer) results(q question) []Path {
	var out []Path
	for _, c := range x.state.Catalogs {
		for _, w := range c.WorkGroups {
			if !slices.Contains(w.Readers, q.principal) {
				continue
			}
			var seers []string
			for _, r := range w.Readers {
				if r != q.principal && q.shows(x.row(q, r)) {
					seers = append(seers, r)
				}
			}
			if len(seers) > 0 {
				out = append(out, Path{Way: Around, Steps: []Step{
					{StepPolicy, fmt.Sprintf("reads the results and the history of Athena workgroup %s of %s, in which %s may query it", w.Name, c.Key(), shortNames(seers))},
					{StepTable, q.target(nil)},
				}})
			}
		}
	}
	return out
}

// canGrant returns the paths on which the principal gives access, also to itself.
func (x *Explainer) canGrant(q question) []Path {
	var out []Path
	add := func(certain bool, steps ...Step) {
		out = append(out, Path{Way: CanGrant, Certain: certain, Steps: append(steps, Step{StepTable, q.target(nil)})})
	}
	for _, g := range x.grantors[q.principal] {
		if g.Account != q.in.Account || g.Region != q.in.Region || g.Domain+g.Product+g.Table != "" || !q.gives(g) {
			continue
		}
		var steps []Step
		for _, text := range g.Path {
			kind := StepPolicy
			if text == g.Path[0] && strings.HasPrefix(text, "administrator") {
				kind, text = StepAdministrator, "is "+text
			}
			steps = append(steps, Step{kind, text})
		}
		steps[len(steps)-1].Text += "; can give " + g.What
		add(g.Certain, steps...)
	}
	for _, r := range x.tagRows[q.principal] {
		key, _, _ := strings.Cut(r.Object, "=")
		if r.Account == q.in.Account && r.Region == q.in.Region && r.Can(lakeformation.Associate) && q.grantedBy(key) {
			add(true, Step{StepGrant, fmt.Sprintf("%s is granted ASSOCIATE on %s, and may put the tag on what a grant to itself asks for", Short(q.principal), r.Name())})
		}
	}
	return out
}

// gives reports whether what somebody can give is about the table: all but the files of
// another bucket.
func (q question) gives(g Grantor) bool {
	_, bucket, ofFiles := strings.Cut(g.What, "files of "+s3uri.Scheme)
	bucket, _, _ = strings.Cut(bucket, ",")
	return len(g.Path) > 0 && (strings.HasPrefix(g.What, "any policy") || strings.HasPrefix(g.What, "everything") || ofFiles && bucket == s3uri.Parse(q.table.Location).Bucket)
}

// grantedBy reports whether the principal is granted something by a tag of a key that does
// not reach what is asked for.
func (q question) grantedBy(key string) bool {
	return slices.ContainsFunc(q.in.grants[q.principal], func(i int) bool {
		r := q.in.counted[i].Resource
		return r.Kind == lakeformation.KindTagPolicy && r.PolicyType == lakeformation.Tables &&
			slices.ContainsFunc(r.Expression, func(c lakeformation.Condition) bool {
				return c.Key == key && !slices.ContainsFunc(q.in.tags.column(q.table.Database, q.table.Name, q.column)[key], func(v string) bool { return slices.Contains(c.Values, v) })
			})
	})
}
