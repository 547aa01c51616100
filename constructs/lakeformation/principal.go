package lakeformation

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// PrincipalKind is the form of a Lake Formation principal.
type PrincipalKind string

// The forms of rule 2.8.
const (
	IAMRole             PrincipalKind = "IAM role"
	IAMUser             PrincipalKind = "IAM user"
	Account             PrincipalKind = "AWS account"
	Organization        PrincipalKind = "organization"
	OrganizationalUnit  PrincipalKind = "organizational unit"
	AllIAMPrincipals    PrincipalKind = "all IAM principals of an account"
	SAMLGroup           PrincipalKind = "SAML group or user"
	IdentityCenterGroup PrincipalKind = "IAM Identity Center group or user"
)

// Principal is a checked DataLakePrincipalIdentifier.
type Principal struct {
	Kind       PrincipalKind // which form the identifier has
	Identifier string        // as Lake Formation takes it
	Account    string        // the 12-digit account it belongs to; "" where the form names none
}

// String returns the identifier.
func (p Principal) String() string { return p.Identifier }

// principalForm is how the identifiers of a kind of principal are written.
type principalForm struct {
	kind    PrincipalKind
	pattern *regexp.Regexp // group 1, where there is one, is the account
}

// principalForms are compiled when the first principal is read: repeats of up to 512 are
// large, and every program that links this package would pay for them when it starts.
var principalForms = sync.OnceValue(func() []principalForm {
	return []principalForm{
		{Account, regexp.MustCompile(`^(\d{12})$`)},
		{AllIAMPrincipals, regexp.MustCompile(`^(\d{12}):IAMPrincipals$`)},
		{IAMRole, regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):role/[\w+=,.@/-]{1,512}$`)},
		{IAMUser, regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):user/[\w+=,.@/-]{1,512}$`)},
		{SAMLGroup, regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):saml-provider/[\w.-]{1,128}:(?:group|user)/.+$`)},
		{Organization, regexp.MustCompile(`^arn:aws[a-z-]*:organizations::(\d{12}):organization/o-[a-z0-9]{10,32}$`)},
		{OrganizationalUnit, regexp.MustCompile(`^arn:aws[a-z-]*:organizations::(\d{12}):ou/o-[a-z0-9]{10,32}/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$`)},
		{IdentityCenterGroup, regexp.MustCompile(`^arn:aws[a-z-]*:identitystore:::(?:group|user)/[0-9a-f-]{36,47}$`)},
	}
})

// PrincipalForms says in words what ParsePrincipal accepts.
const PrincipalForms = "an IAM role or user ARN, a 12-digit account, <account>:IAMPrincipals, an organization or OU ARN, <SAML provider ARN>:group/<name>, or an Identity Center group ARN"

// ParsePrincipal checks a DataLakePrincipalIdentifier. IAM_ALLOWED_PRINCIPALS is
// refused: it hands access back to IAM policies, and Lake Formation grants
// protect nothing (rules 1.3 and 2.8).
func ParsePrincipal(identifier string) (Principal, error) {
	if identifier == "IAM_ALLOWED_PRINCIPALS" || strings.EqualFold(identifier, "Everyone") {
		return Principal{}, fmt.Errorf("%s switches Lake Formation off for the resource; name a role, a group or an account", identifier)
	}
	for _, form := range principalForms() {
		if m := form.pattern.FindStringSubmatch(identifier); m != nil {
			p := Principal{Kind: form.kind, Identifier: identifier}
			if len(m) > 1 {
				p.Account = m[1]
			}
			return p, nil
		}
	}
	return Principal{}, fmt.Errorf("%q is not a Lake Formation principal: expected %s", identifier, PrincipalForms)
}
