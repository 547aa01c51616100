package governance

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Principal is who a grant is for. Make it with PrincipalFrom, RolePrincipal or
// PrincipalOf; the zero value is nobody, which the grant that uses it reports.
type Principal struct {
	identifier *string
	err        error
}

// PrincipalOf names a principal by its Lake Formation identifier: an IAM role or
// user, an account, an organization or unit, a SAML or Identity Center group. The
// identifier may be a token of the CDK, whole or in part.
// A form that Lake Formation does not take is reported by the grant that uses it.
func PrincipalOf(identifier string) Principal {
	p := Principal{identifier: jsii.String(identifier)}
	if !cdkx.HoldsToken(identifier) {
		p.err = checkIdentifier(identifier)
	}
	return p
}

// RolePrincipal is an IAM role, of the app or imported. A role of another account
// or region that has no ARN before deployment is reported by the grant that uses
// it, and so is none: give the role a name, and use PrincipalOf with the ARN
// written out (rule 5.6).
func RolePrincipal(role awsiam.IRole) Principal {
	if cdkx.Missing(role) {
		return refused("no role", "an IAM role", "pass a role; the Role() of an imported function is nil unless it was imported with its role")
	}
	return PrincipalOf(*cdkx.RoleARN(role))
}

// PrincipalFrom is the principal that the CDK grants to as well: a role or user of
// the app, an imported one, the role of a function or job, an account.
//
// Lake Formation knows no services, no federated users, no conditions and nobody
// in general. Such a principal, and an imported function whose role is not known,
// is reported by the grant that uses it.
func PrincipalFrom(grantee awsiam.IGrantable) Principal {
	if cdkx.Missing(grantee) {
		return refused("nothing", lakeformation.PrincipalForms, "pass a role, a user, a function or a job")
	}
	principal := grantee.GrantPrincipal()
	if cdkx.Missing(principal) {
		return refused(described(grantee)+", which has no principal", lakeformation.PrincipalForms, "pass its role")
	}
	switch known := principal.(type) {
	case awsiam.ServicePrincipal:
		return refused("the service "+*known.Service(), lakeformation.PrincipalForms, "grant to the role that the service works with")
	case awsiam.AccountPrincipal: // and AccountRootPrincipal
		return PrincipalOf(fmt.Sprint(known.AccountId()))
	case awsiam.IRole:
		return RolePrincipal(known)
	case awsiam.IUser:
		return PrincipalOf(*known.UserArn())
	}
	fragment, known := inPolicies(principal)
	if !known {
		return refused(described(grantee)+", whose role the app does not know", "a role", "import it with its role, by its attributes")
	}
	return fromPolicy(grantee, fragment)
}

// inPolicies is how policies name a principal. The CDK throws where it does not
// know: the principal of a function that was imported without its role.
func inPolicies(principal awsiam.IPrincipal) (fragment awsiam.PrincipalPolicyFragment, known bool) {
	defer func() { known = recover() == nil }()
	return principal.PolicyFragment(), true
}

// fromPolicy reads the principal as policies name it.
func fromPolicy(grantee awsiam.IGrantable, fragment awsiam.PrincipalPolicyFragment) Principal {
	named := *fragment.PrincipalJson()
	if conditions := fragment.Conditions(); conditions != nil && len(*conditions) > 0 {
		return refused(described(grantee)+" under the conditions "+strings.Join(slices.Sorted(maps.Keys(*conditions)), ", "),
			"a principal without conditions", "grant to the role, the account or the organization itself; its ARN in PrincipalOf")
	}
	arns := named["AWS"]
	if len(named) != 1 || arns == nil || len(*arns) != 1 || *(*arns)[0] == "*" {
		return refused(described(grantee)+", in policies "+spelled(named), lakeformation.PrincipalForms,
			"grant to the role that works for it; to several principals one by one")
	}
	return PrincipalOf(*(*arns)[0])
}

// spelled is a principal as policies write it.
func spelled(named map[string]*[]*string) string {
	var out []string
	for _, kind := range slices.Sorted(maps.Keys(named)) {
		for _, name := range *named[kind] {
			text := *name
			if cdkx.HoldsToken(text) {
				text = "a value known only at deployment"
			}
			out = append(out, kind+" "+text)
		}
	}
	return strings.Join(out, ", ")
}

// described names what was passed: by its place where it has one.
func described(grantee awsiam.IGrantable) string {
	if construct, ok := grantee.(constructs.IConstruct); ok {
		return *construct.Node().Path()
	}
	return "a principal"
}

// refused is a principal that no grant takes.
func refused(got, expected, fix string) Principal {
	var list problem.List
	list.Addf("Principal", got, expected, fix)
	return Principal{err: list.Err()}
}

func checkIdentifier(identifier string) error {
	if _, err := lakeformation.ParsePrincipal(identifier); err != nil {
		got, fix := fmt.Sprintf("%q", identifier), "write the identifier as Lake Formation takes it"
		if strings.EqualFold(identifier, "Everyone") || identifier == "IAM_ALLOWED_PRINCIPALS" {
			got, fix = identifier+", which switches Lake Formation off for the resource", "name a role, a group or an account"
		}
		return refused(got, lakeformation.PrincipalForms, fix).err
	}
	return nil
}

// problem is what keeps the principal from being granted to.
func (p Principal) problem() error {
	if p.identifier == nil && p.err == nil {
		return refused("nothing", lakeformation.PrincipalForms, "make it with PrincipalFrom, RolePrincipal or PrincipalOf").err
	}
	return p.err
}

// Identifier is what Lake Formation knows the principal by, for grants that
// CloudFormation cannot make and a workflow does; an error for nobody and for a
// form that Lake Formation does not take.
func (p Principal) Identifier() (*string, error) { return p.identifier, p.problem() }
