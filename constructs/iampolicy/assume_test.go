package iampolicy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// trusting is the role Job with statements of its trust policy.
func trusting(statements ...string) string {
	return `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Job", "AssumeRolePolicyDocument": {"Statement": [` + strings.Join(statements, ", ") + `]}}}`
}

// trust is a statement of a trust policy.
func trust(effect, principal, more string) string {
	return fmt.Sprintf(`{"Effect": %q, "Principal": %s, "Action": "sts:AssumeRole"%s}`, effect, principal, more)
}

func TestAssumptions(t *testing.T) {
	user := func(name, resource string) string {
		return fmt.Sprintf(`%q: {"Type": "AWS::IAM::User", "Properties": {"UserName": %[1]q, "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [%s]}}]}}`,
			name, statement("Allow", "sts:AssumeRole", resource, ""))
	}
	const (
		root, anybody = `{"AWS": "arn:aws:iam::111111111111:root"}`, `"*"`
		job, other    = "arn:aws:iam::111111111111:role/Job", `{"AWS": "arn:aws:iam::222222222222:role/Other"}`
		hub           = `{"Federated": "arn:aws:iam::111111111111:oidc-provider/token.example.org"}`
	)
	web := strings.Replace(trust("Allow", hub, condition("StringEquals", "token.example.org:sub", "repo:a")), "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", 1)
	for name, c := range map[string]struct {
		resources []string
		want      []string
	}{
		"a service is nobody":                     {[]string{trusting(trust("Allow", `{"Service": "glue.amazonaws.com"}`, ""))}, nil},
		"by name":                                 {[]string{trusting(trust("Allow", other, ""))}, []string{"Other"}},
		"an account and whom it permits":          {[]string{trusting(trust("Allow", root, "")), user("ann", job), user("ben", job+"x")}, []string{"111111111111", "ann"}},
		"permission without trust":                {[]string{trusting(trust("Allow", other, "")), user("ann", job)}, []string{"Other"}},
		"another account":                         {[]string{trusting(trust("Allow", `{"AWS": "222222222222"}`, ""))}, []string{"222222222222"}},
		"everybody":                               {[]string{trusting(trust("Allow", anybody, ""))}, []string{"*"}},
		"everybody of an organization":            {[]string{trusting(trust("Allow", anybody, condition("StringEquals", "aws:PrincipalOrgID", "o-1")))}, []string{"* (maybe)"}},
		"with an external id":                     {[]string{trusting(trust("Allow", other, condition("StringEquals", "sts:ExternalId", "x")))}, []string{"Other (maybe)"}},
		"denied":                                  {[]string{trusting(trust("Allow", other, ""), trust("Deny", other, ""))}, nil},
		"perhaps denied":                          {[]string{trusting(trust("Allow", other, ""), trust("Deny", anybody, condition("Bool", "aws:MultiFactorAuthPresent", "false")))}, []string{"Other (maybe)"}},
		"an identity provider":                    {[]string{trusting(web)}, []string{"token.example.org"}},
		"an identity provider, and a condition":   {[]string{trusting(strings.Replace(web, "token.example.org:sub", "aws:SourceIp", 1))}, []string{"token.example.org (maybe)"}},
		"a role whose trust is not in a template": {[]string{user("ann", "arn:aws:iam::111111111111:role/Elsewhere")}, []string{"ann (maybe)"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, a := range iampolicy.Of([]*template.Stack{stack(t, c.resources...)}).Assumptions("arn:aws:iam::111111111111:role/Elsewhere", job) {
				line := a.Principal[strings.LastIndex(a.Principal, "/")+1:]
				if !a.Certain {
					line += " (maybe)"
				}
				if len(a.Path) == 0 || !strings.Contains(a.Role, ":role/") && !strings.Contains(a.Role, ".Role") {
					t.Errorf("%s becomes %q by %q", line, a.Role, a.Path)
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
