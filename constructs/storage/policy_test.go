package storage_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

// request is the condition keys that S3 derives from a request; a header that was
// not sent is not among them.
type request map[string]string

func (r request) with(more request) request {
	out := maps.Clone(r)
	maps.Copy(out, more)
	return out
}

type statement struct {
	Sid       string
	Effect    string
	Action    actions
	Condition map[string]map[string]any
}

// actions are one or several.
type actions []string

func (a *actions) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		data = slices.Concat([]byte("["), data, []byte("]"))
	}
	return json.Unmarshal(data, (*[]string)(a))
}

func statementsOf(t *testing.T, policy cdktest.Resource) []statement {
	t.Helper()
	var out []statement
	if err := json.Unmarshal([]byte(policy.JSON("PolicyDocument.Statement")), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// denies returns the deny statements whose conditions the request meets: all of
// a statement's conditions together. All of them are about uploads.
func denies(t *testing.T, statements []statement, r request) []string {
	t.Helper()
	var out []string
	for _, s := range statements {
		if s.Effect == "Deny" && meets(t, s.Condition, r) {
			out = append(out, s.Sid+cdktest.Compact(s.Condition))
		}
	}
	return out
}

func meets(t *testing.T, conditions map[string]map[string]any, r request) bool {
	t.Helper()
	for operator, keys := range conditions {
		for key, value := range keys {
			if !holds(t, operator, key, value, r) {
				return false
			}
		}
	}
	return true
}

// holds evaluates one condition as IAM does: with the key absent, only a negated
// operator and a Null check for it are true.
func holds(t *testing.T, operator, key string, value any, r request) bool {
	t.Helper()
	got, present := r[key]
	var wanted []string
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	for _, one := range list {
		text, isText := one.(string)
		if !isText {
			text = cdktest.Compact(one) // a number, or an intrinsic function
		}
		wanted = append(wanted, text)
	}
	matches := slices.Contains(wanted, got)
	switch operator {
	case "Null":
		return wanted[0] == strconv.FormatBool(!present)
	case "StringNotEquals", "ArnNotLikeIfExists":
		return !present || !matches
	case "ArnNotLike":
		return !present || !slices.ContainsFunc(wanted, func(pattern string) bool { return like(pattern, got) })
	case "BoolIfExists":
		return !present || matches
	case "StringEquals", "Bool", "ForAnyValue:StringEquals":
		return present && matches
	case "NumericLessThan":
		return present && number(t, got) < number(t, wanted[0])
	}
	t.Fatalf("operator %s is not known here", operator)
	return false
}

// like reports whether a text matches a pattern, in which * stands for any characters.
func like(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$").MatchString(text)
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func retained(t *testing.T, r cdktest.Resource) {
	t.Helper()
	if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
		t.Errorf("%s: DeletionPolicy %q, UpdateReplacePolicy %q", r.ID, r.DeletionPolicy, r.UpdateReplacePolicy)
	}
}

func arn(r cdktest.Resource) string { return `{"Fn::GetAtt":["` + r.ID + `","Arn"]}` }

func quoted(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = strconv.Quote(s)
	}
	return out
}
