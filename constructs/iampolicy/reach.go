package iampolicy

import (
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// Ability is what can be done to objects.
type Ability string

// The abilities, in their order.
const (
	Read   Ability = "read"
	Write  Ability = "write"
	Delete Ability = "delete"

	// Decrypt is what a key lets an outsider do with objects that nothing else lets it read:
	// who gets the bytes otherwise can read them.
	Decrypt Ability = "decrypt"
)

// actions are those that give an ability, and the call of KMS that it needs.
var actions = []struct {
	Ability
	calls []string
	key   string
}{
	{Read, []string{"s3:getobject", "s3:getobjectversion"}, "kms:decrypt"},
	{Write, []string{"s3:putobject"}, "kms:generatedatakey"},
	{Delete, []string{"s3:deleteobject", "s3:deleteobjectversion"}, ""},
}

var objectActions = func() []string {
	var out []string
	for _, a := range actions {
		out = append(out, a.calls...)
	}
	return out
}()

// Reach is what a principal can do to objects, and by what.
type Reach struct {
	// Principal is an ARN, an account, a service or "*"; of a policy that the templates give
	// to nobody it is "whoever is given" and its place.
	Principal string
	Can       []Ability // in the order of the constants
	Path      []string  // policies and statements
	Certain   bool      // nothing unknown decides it
}

// Reaches returns what principals can do to the objects of a location of S3, sorted by
// principal. The account is that of the bucket when the templates do not have the bucket.
//
// Who is not in the templates is there as far as a bucket policy names it: by an Allow, or
// as an exception of a Deny for everybody else. Where there is no such Deny, the account
// stands for all that its policies of IAM, which are not in the templates, let in.
func (p *Policies) Reaches(location, account string) []Reach {
	location = p.same.Replace(location)
	bucket := p.Buckets[bucketOf(location)]
	known := bucket != nil
	if !known {
		bucket = &Bucket{Name: bucketOf(location), Account: account}
	}
	at := place{p, bucket, known, s3uri.Parse(location).ARN(partitionOf(location)) + "/*"}
	var out []Reach
	callers := p.callers(bucket)
	for _, name := range slices.Sorted(maps.Keys(callers)) {
		out = append(out, at.reach(name, callers[name])...)
	}
	out = append(out, at.outsiders()...)
	out = append(out, at.decrypters(out)...)
	slices.SortStableFunc(out, func(a, b Reach) int { return strings.Compare(a.Principal, b.Principal) })
	return out
}

func partitionOf(arn string) string {
	parts := strings.SplitN(arn, ":", 3)
	if len(parts) == 3 {
		return parts[1]
	}
	return "aws"
}

// callers are who may reach something of a bucket, nil where their own policies are not in
// the templates.
func (p *Policies) callers(b *Bucket) map[string]*Principal {
	out := map[string]*Principal{}
	for _, holders := range [][]*Principal{p.byBucket[b.Name], p.anywhere} {
		for _, h := range holders {
			out[p.nameOf(h)] = h
		}
	}
	for _, policy := range b.Policies {
		for _, s := range policy.Statements {
			if s.Deny {
				continue
			}
			named := s.Principals
			if len(s.NotPrincipals) > 0 {
				named = []string{"*"}
			}
			for _, name := range named {
				if name == b.Account && name != "" {
					continue // whose policies of IAM decide
				}
				out[name] = p.Principals[name]
			}
		}
	}
	return out
}

func (p *Policies) nameOf(h *Principal) string {
	if h.ARN == "" {
		return "whoever is given " + h.Policies[0].Place
	}
	return h.ARN
}

// place is a location, and the bucket that it is in.
type place struct {
	*Policies
	bucket  *Bucket
	known   bool // the bucket is in the templates
	objects string
}

func (at place) caller(name string, holder *Principal) caller {
	switch {
	case holder != nil:
		return caller{arn: holder.ARN, account: holder.Account}
	case name == "*":
		if at.bucket.Closed {
			return caller{account: at.bucket.Account}
		}
		return caller{arn: name}
	case strings.Contains(name, ".amazonaws.com") && !strings.HasPrefix(name, "arn:"):
		return caller{arn: name, service: true}
	case accountOf(name) != "":
		return caller{arn: name, account: accountOf(name)}
	}
	return caller{account: name}
}

// reach works out what one caller can do: first what is certain, then what may be.
func (at place) reach(name string, holder *Principal) []Reach {
	who := at.caller(name, holder)
	principal := name
	if name == "*" && who.account != "" {
		principal = who.account
	}
	both := []Reach{{Principal: principal, Certain: true}, {Principal: principal}}
	for _, a := range actions {
		best := at.best(a.calls, a.key, who, holder)
		if best.decision == No {
			continue
		}
		out := &both[Yes-best.decision]
		out.Can = append(out.Can, a.Ability)
		for _, step := range best.path {
			if !slices.Contains(out.Path, step) {
				out.Path = append(out.Path, step)
			}
		}
	}
	return slices.DeleteFunc(both, func(r Reach) bool { return len(r.Can) == 0 })
}

// best is the best way of a caller to make one of some calls, with the call of KMS that
// these need.
func (at place) best(calls []string, key string, who caller, holder *Principal) way {
	best := way{}
	for _, call := range calls {
		r := request{action: call, resource: at.objects, who: who, account: at.bucket.Account, region: at.bucket.Region, object: at.objects, made: at.Principals}
		w := decide(r, holder, at.bucket.Policies, at.known)
		if w.decision > No && !at.known {
			w = way{Maybe, append(slices.Clone(w.path), "as far as the bucket's policy, which is not in the templates, lets it")}
		}
		if w.decision > No && key != "" {
			w = at.withKey(w, key, who, holder)
		}
		if w.decision > No && (best.decision == No || w.better(best)) {
			best = w
		}
	}
	return best
}

// withKey adds what the key of the bucket asks for.
func (at place) withKey(w way, call string, who caller, holder *Principal) way {
	if at.bucket.Key == "" {
		return w
	}
	key := at.Keys[at.bucket.Key]
	if key == nil {
		return way{min(w.decision, Maybe), append(slices.Clone(w.path), "as far as the policy of the bucket's key, which is not in the templates, lets it")}
	}
	r := request{action: call, resource: key.ARN, who: who, account: key.Account, region: at.bucket.Region, object: at.objects, aliases: key.Aliases, made: at.Principals}
	by := decide(r, holder, []*Policy{key.Policy}, true)
	if by.decision == No && holder == nil && !who.service && key.delegatesTo(who.account) {
		by = way{Maybe, []string{"as far as its own policies, which are not in the templates, let it use the key"}}
	}
	return way{min(w.decision, by.decision), append(slices.Clone(w.path), by.path...)}
}

// delegatesTo reports whether the policy of a key lets an account's policies decide.
func (k *Key) delegatesTo(account string) bool {
	return slices.ContainsFunc(k.Policy.Statements, func(s Statement) bool {
		return !s.Deny && s.names(caller{account: account}) == byAccount
	})
}

// outsiders are those of the bucket's account whose policies are not in the templates: whom
// a Deny for everybody else names, or the account when there is none.
func (at place) outsiders() []Reach {
	const outside = "its own policies are not in the templates"
	if !at.known {
		return []Reach{{Principal: at.bucket.Account, Can: []Ability{Read, Write, Delete}, Path: []string{"neither the bucket's policy nor all policies of IAM are in the templates"}}}
	}
	somebody := caller{arn: "arn:" + partitionOf(at.objects) + ":iam::" + at.bucket.Account + ":role/-", account: at.bucket.Account}
	r := request{action: objectActions[0], resource: at.objects, who: somebody, account: at.bucket.Account, region: at.bucket.Region, object: at.objects, made: at.Principals}
	for _, policy := range at.bucket.Policies {
		for _, s := range policy.Statements {
			if !s.Deny || s.names(r.who) == otherwise {
				continue
			}
			if d, _ := s.denies(r, at.objects); policy.capped(d) != Yes {
				continue
			}
			var out []Reach
			for _, name := range s.exceptions() {
				if h := at.Principals[name]; h == nil || !h.Made {
					out = append(out, Reach{Principal: name, Can: []Ability{Read, Write, Delete}, Path: []string{label(policy, s, nil) + " leaves it out", outside}})
				}
			}
			return out
		}
	}
	return []Reach{{Principal: at.bucket.Account, Can: []Ability{Read, Write, Delete}, Path: []string{"no policy of the bucket denies those whom policies of IAM let in, and not all of these are in the templates"}}}
}

// decrypters are those of other accounts whom the policy of a key lets decrypt the objects
// and who do not reach them otherwise. Where the bucket is not in the templates, any of
// their keys may be its key.
func (at place) decrypters(others []Reach) []Reach {
	var out []Reach
	seen := map[*Key]bool{}
	for _, name := range slices.Sorted(maps.Keys(at.Keys)) {
		key := at.Keys[name]
		if seen[key] || at.known && at.bucket.Key != name {
			continue
		}
		seen[key] = true
		for _, s := range key.Policy.Statements {
			for _, principal := range at.outside(s, key.Account) {
				reached := func(r Reach) bool {
					return r.Principal == principal && (slices.Contains(r.Can, Read) || slices.Contains(r.Can, Decrypt))
				}
				if slices.ContainsFunc(others, reached) || slices.ContainsFunc(out, reached) {
					continue
				}
				who := at.caller(principal, at.Principals[principal])
				if principal == "*" {
					who = caller{arn: principal, account: "another"}
				}
				r := request{action: "kms:decrypt", resource: key.ARN, who: who, account: key.Account, region: at.bucket.Region, object: at.objects, aliases: key.Aliases, made: at.Principals}
				w := decide(r, at.Principals[principal], []*Policy{key.Policy}, true)
				if w.decision == No {
					continue
				}
				found := Reach{Principal: principal, Can: []Ability{Decrypt}, Path: append(slices.Clone(w.path), "the bucket lets it read nothing"), Certain: w.decision == Yes}
				if !at.known {
					found.Path, found.Certain = append(slices.Clone(w.path), "as far as this is the key of the bucket, which is not in the templates"), false
				}
				out = append(out, found)
			}
		}
	}
	return out
}

// outside are those of other accounts, or everybody, whom a statement allows something.
func (at place) outside(s Statement, account string) []string {
	named := s.Principals
	if len(s.NotPrincipals) > 0 {
		named = []string{"*"}
	}
	return slices.DeleteFunc(slices.Clone(named), func(name string) bool {
		of, service := accountOf(name), strings.Contains(name, ".amazonaws.com")
		if holder := at.Principals[name]; holder != nil {
			of = holder.Account
		}
		return s.Deny || service || name == account || of == account
	})
}

// exceptions are the ARNs that a Deny leaves out.
func (s Statement) exceptions() []string {
	out := slices.Clone(s.NotPrincipals)
	for _, c := range s.Conditions {
		if strings.EqualFold(c.Key, "aws:PrincipalArn") && strings.Contains(strings.ToLower(c.Operator), "not") {
			out = append(out, c.Values...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Permission is that a principal's own policies let it make a call.
type Permission struct {
	Principal *Principal // who is permitted
	Name      string     // its ARN, or "whoever is given" and the place of a policy
	Path      []string   // policies and statements
	Certain   bool       // nothing unknown decides it
}

// Permitted returns those whose own policies let them make a call on some of the resources
// that a pattern means, sorted by name. The policies of a bucket, where the pattern is its
// ARN, may deny it.
func (p *Policies) Permitted(action, resource string) []Permission {
	action, resource = strings.ToLower(action), p.same.Replace(resource)
	var theirs []*Policy
	if bucket := p.Buckets[bucketOf(resource)]; bucket != nil {
		theirs = bucket.Policies
	}
	var out []Permission
	for _, name := range slices.Sorted(maps.Keys(p.Principals)) {
		h := p.Principals[name]
		if !slices.ContainsFunc(h.Policies, func(policy *Policy) bool {
			return slices.ContainsFunc(policy.Statements, func(s Statement) bool { return !s.Deny && s.onAction(action) })
		}) {
			continue
		}
		r := request{action: action, resource: resource, who: caller{arn: h.ARN, account: h.Account}, account: h.Account, made: p.Principals}
		if w := decide(r, h, theirs, false); w.decision > No { // what else the resource asks for is not decided here
			out = append(out, Permission{h, p.nameOf(h), w.path, w.decision == Yes})
		}
	}
	return out
}
