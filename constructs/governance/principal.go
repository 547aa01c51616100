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

// RolePrincipal is an IAM role of the app.
func RolePrincipal(role awsiam.IRole) Principal {
	arn := *role.RoleArn()
	if cdkx.IsToken(arn) {
		return Principal{identifier: role.RoleArn(), key: *role.Node().Path()}
	}
	return PrincipalOf(arn)
}

// short is the last part of the key, for construct ids.
func (p Principal) short() string {
	return p.key[strings.LastIndexAny(p.key, "/:")+1:]
}

// Identifier is what Lake Formation knows the principal by, for grants that
// CloudFormation cannot make and a workflow does; an error for a form that Lake
// Formation does not take.
func (p Principal) Identifier() (*string, error) { return p.identifier, p.err }
