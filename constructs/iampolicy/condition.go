package iampolicy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Decision is an answer, as certain as templates let it be. The greater allows more.
type Decision int

// The answers.
const (
	No    Decision = iota
	Maybe          // something that the templates do not say decides it
	Yes
)

// request is one call as conditions see it.
type request struct {
	action   string // in lower case
	resource string // pattern of the ARNs that are asked for
	who      caller
	account  string   // of the resource, "" when it is not known
	region   string   // of the resource, "" when it is not known
	object   string   // pattern of the objects that a key is used for
	aliases  []string // of the key; none is not known

	made map[string]*Principal // of the templates, by ARN
}

// caller is who calls.
type caller struct {
	arn     string // "" is somebody who is not known
	account string // "" is not known
	service bool   // of AWS, arn is its name
}

// known is what a request says for the key of a condition.
type known struct {
	values []string
	state  keyState
}

type keyState int

const (
	unknown keyState = iota
	given            // with values
	absent           // the request has no such key
	chosen           // the caller chooses the value
)

// key returns what the request says for a key in lower case.
func (r request) key(name string) known {
	is := func(value string) known {
		if value == "" {
			return known{}
		}
		return known{[]string{value}, given}
	}
	switch name {
	case "aws:principalarn":
		if r.who.service {
			return known{state: absent}
		}
		return is(r.who.arn)
	case "aws:principalaccount", "kms:calleraccount":
		return is(r.who.account)
	case "aws:principalisawsservice":
		return is(map[bool]string{true: "true", false: "false"}[r.who.service])
	case "aws:securetransport":
		return is("true")
	case "aws:viaawsservice":
		return is("false")
	case "s3:resourceaccount", "aws:resourceaccount":
		return is(r.account)
	case "aws:requestedregion":
		return is(r.region)
	case "s3:tlsversion", "s3:authtype", "s3:signatureversion", "s3:signatureage":
		return known{state: chosen}
	case "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast":
		if r.who.service {
			return known{}
		}
		return known{state: absent}
	case "kms:resourcealiases":
		if len(r.aliases) > 0 {
			return known{r.aliases, given}
		}
		return known{}
	case "kms:viaservice":
		if r.region == "" {
			return known{}
		}
		host := "s3." + r.region + "."
		return known{[]string{host + template.CommonSuffix, host + template.PartitionOf(r.region).Suffix}, given}
	case "kms:encryptioncontext:aws:s3:arn":
		bucket, _, _ := strings.Cut(r.object, "/")
		return known{[]string{r.object, bucket}, given}
	}
	switch {
	case strings.HasPrefix(name, "kms:encryptioncontext:"):
		return known{state: absent} // objects have none but the one above
	case strings.HasPrefix(name, "s3:x-amz-"):
		return known{state: chosen}
	}
	return known{}
}

// holds decides a condition of a statement that denies or allows.
func (c Condition) holds(r request, deny bool) Decision {
	operator := strings.ToLower(c.Operator)
	operator, anyOrAll := strings.CutPrefix(strings.TrimPrefix(operator, "forallvalues:"), "foranyvalue:")
	operator, ifExists := strings.CutSuffix(operator, "ifexists")
	is := r.key(strings.ToLower(c.Key))
	if is.state == chosen {
		if deny {
			return No
		}
		return Yes
	}
	if is.state == unknown {
		return Maybe
	}
	negative := strings.Contains(operator, "not")
	switch operator {
	case "null":
		return sure(slices.Contains(c.Values, "true") == (is.state == absent))
	case "bool", "stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike",
		"stringnotequals", "stringnotlike", "stringnotequalsignorecase", "arnnotequals", "arnnotlike":
	default:
		return Maybe
	}
	if is.state == absent {
		return sure(negative || ifExists && !anyOrAll)
	}
	found := No
	for _, value := range c.Values {
		for _, have := range is.values {
			if r.made[value] == nil || value == have { // one of the templates is nobody else
				found = max(found, fits(operator, value, have))
			}
		}
	}
	if negative {
		return Yes - found
	}
	return found
}

// fits decides whether what a request says is the value of a condition.
func fits(operator, value, have string) Decision {
	if strings.HasSuffix(operator, "ignorecase") || operator == "bool" {
		value, have = strings.ToLower(value), strings.ToLower(have)
	}
	wild := strings.HasPrefix(operator, "arn") || strings.HasSuffix(operator, "like")
	switch {
	case value == have:
		return Yes
	case variable.MatchString(value):
		return Maybe
	case wild && Covers(value, have):
		return Yes
	case wild && strings.ContainsAny(have, "*") && Overlap(value, have):
		return Yes // some of the objects that are asked for
	case template.IsUnresolved(value), template.IsUnresolved(have) && wild && strings.ContainsAny(value, "*?"):
		return Maybe
	}
	return No
}

func sure(yes bool) Decision {
	if yes {
		return Yes
	}
	return No
}

// conditions decides whether all conditions of a statement hold, and names those keys that
// leave it open.
func (s Statement) conditions(r request) (Decision, []string) {
	out := Yes
	var open []string
	for _, c := range s.Conditions {
		d := c.holds(r, s.Deny)
		if d == No {
			return No, nil
		}
		if d == Maybe {
			open = append(open, cmp.Or(c.Key, c.Operator))
		}
		out = min(out, d)
	}
	return out, slices.Compact(open)
}
