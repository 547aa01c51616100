package lakeformation_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func TestParsePrincipal(t *testing.T) {
	const account = "111111111111"
	for _, test := range []struct {
		identifier string
		kind       lakeformation.PrincipalKind
		account    string
	}{
		{"111111111111", lakeformation.Account, account},
		{"111111111111:IAMPrincipals", lakeformation.AllIAMPrincipals, account},
		{"arn:aws:iam::111111111111:role/Analyst", lakeformation.IAMRole, account},
		{"arn:aws-us-gov:iam::111111111111:role/Analyst", lakeformation.IAMRole, account},
		{"arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Read_0123456789abcdef", lakeformation.IAMRole, account},
		{"arn:aws:iam::111111111111:user/teams/lab/zoe@example.org", lakeformation.IAMUser, account},
		{"arn:aws:iam::111111111111:saml-provider/Corp:group/Lab Analysts", lakeformation.SAMLGroup, account},
		{"arn:aws:iam::111111111111:saml-provider/Corp:user/zoe", lakeformation.SAMLGroup, account},
		{"arn:aws:organizations::111111111111:organization/o-abcdefghij", lakeformation.Organization, account},
		{"arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-ab12-cdefghij", lakeformation.OrganizationalUnit, account},
		{"arn:aws:identitystore:::group/12345678-1234-1234-1234-123456789012", lakeformation.IdentityCenterGroup, ""},
		{"arn:aws:identitystore:::user/1234567890-12345678-1234-1234-1234-123456789012", lakeformation.IdentityCenterGroup, ""},
	} {
		got, err := lakeformation.ParsePrincipal(test.identifier)
		if err != nil || got.Kind != test.kind || got.Account != test.account || got.String() != test.identifier {
			t.Errorf("%s: got %+v, %v; want a %s of %q", test.identifier, got, err, test.kind, test.account)
		}
	}
}

func TestRefusedPrincipals(t *testing.T) {
	for identifier, reason := range map[string]string{
		"IAM_ALLOWED_PRINCIPALS":         "switches Lake Formation off",
		"Everyone":                       "switches Lake Formation off",
		"EVERYONE":                       "switches Lake Formation off",
		"":                               "is not a Lake Formation principal",
		"Analyst":                        "is not a Lake Formation principal",
		"*":                              "is not a Lake Formation principal",
		"11111111111":                    "is not a Lake Formation principal", // one digit short
		"1111111111111":                  "is not a Lake Formation principal",
		"111111111111:iamprincipals":     "is not a Lake Formation principal",
		"arn:aws:iam::111111111111:root": "is not a Lake Formation principal",
		"arn:aws:iam::111111111111:group/Analysts":                   "is not a Lake Formation principal",
		"arn:aws:iam::111111111111:role/":                            "is not a Lake Formation principal",
		"arn:aws:iam::111111111111:role/*":                           "is not a Lake Formation principal",
		"arn:aws:iam:::role/Analyst":                                 "is not a Lake Formation principal",
		"arn:aws:sts::111111111111:assumed-role/Analyst/zoe":         "is not a Lake Formation principal",
		"arn:aws:iam::111111111111:saml-provider/Corp":               "is not a Lake Formation principal",
		"arn:aws:organizations::111111111111:ou/o-abcdefghij":        "is not a Lake Formation principal",
		"arn:aws:iam::111111111111:role/Analyst\n":                   "is not a Lake Formation principal",
		"arn:aws:iam::111111111111:role/" + strings.Repeat("a", 513): "is not a Lake Formation principal",
	} {
		if got, err := lakeformation.ParsePrincipal(identifier); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: got %+v, %v; want an error saying that it %s", identifier, got, err, reason)
		}
	}
}
