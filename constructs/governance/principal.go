package governance

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// Principal is who a grant is for.
type Principal struct {
	identifier *string
	key        string // stable where the identifier is only known at deployment
	err        error
	role       awsiam.IRole // where the identifier is only known at deployment
}

// PrincipalOf names a principal by its Lake Formation identifier: an IAM role or
// user, an account, an organization or unit, a SAML or Identity Center group.
// A form that Lake Formation does not take is reported by the grant that uses it.
func PrincipalOf(identifier string) Principal {
	p := Principal{identifier: jsii.String(identifier), key: identifier}
	if !cdkx.IsToken(identifier) {
		_, p.err = lakeformation.ParsePrincipal(identifier)
	}
	return p
}

// RolePrincipal is an IAM role of the app. A role of another account or region
// that has no ARN before deployment is reported by the grant that uses it: give
// it a name, and use PrincipalOf with the ARN written out (rule 5.6).
func RolePrincipal(role awsiam.IRole) Principal {
	arn := *role.RoleArn()
	if cdkx.IsToken(arn) {
		return Principal{identifier: role.RoleArn(), key: *role.Node().Path(), role: role}
	}
	return PrincipalOf(arn)
}

// foreignTo is the error of a principal whose ARN is known only in another
// account or region than that of the ledger.
func (p Principal) foreignTo(ledger *Permissions) error {
	switch {
	case p.role != nil:
		return foreign(ledger, p.role)
	case p.identifier != nil:
		return foreignToken(ledger, *p.identifier)
	}
	return nil
}

// short is the last part of the key, for construct ids.
func (p Principal) short() string {
	return p.key[strings.LastIndexAny(p.key, "/:")+1:]
}

// Identifier is what Lake Formation knows the principal by, for grants that
// CloudFormation cannot make and a workflow does; an error for a form that Lake
// Formation does not take.
func (p Principal) Identifier() (*string, error) { return p.identifier, p.err }
