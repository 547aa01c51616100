package assembly

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

func (r *reader) grant(res template.Resource, place string) string {
	return r.grantOf(decode[grantProperties](r, res, place), place)
}

// legacyGrant reads AWS::LakeFormation::Permissions, which has other names for the same
// properties.
func (r *reader) legacyGrant(res template.Resource, place string) string {
	p := decode[legacyGrantProperties](r, res, place)
	return r.grantOf(grantProperties{
		Principal:                  p.DataLakePrincipal,
		Resource:                   fromLegacy(p.Resource),
		Permissions:                p.Permissions,
		PermissionsWithGrantOption: p.PermissionsWithGrantOption,
	}, place)
}

// fromLegacy gives the members of a legacy resource the names that
// AWS::LakeFormation::PrincipalPermissions has for them.
func fromLegacy(resource any) any {
	members, isObject := resource.(map[string]any)
	if !isObject {
		return resource
	}
	out := map[string]any{}
	for name, value := range members {
		if location, isLocation := value.(map[string]any); isLocation && name == "DataLocationResource" {
			value = map[string]any{"CatalogId": location["CatalogId"], "ResourceArn": location["S3Resource"]}
		}
		out[strings.TrimSuffix(name, "Resource")] = value
	}
	return out
}

// grantOf adds a grant and returns who gets what by it.
func (r *reader) grantOf(p grantProperties, place string) string {
	principal := p.Principal.DataLakePrincipalIdentifier
	if principal == "" {
		principal = r.Marker(r.stack.Name+"."+lastWord(place)+".Principal", place+".Principal", "no principal could be read")
	}
	target, ok := r.resource(p.Resource, place)
	if !ok {
		what := fmt.Sprintf("%v to %s", p.Permissions, principal)
		r.OnUnresolved(access.Unresolved{Place: place, Text: what, Reason: "on what could not be read"})
		return what
	}
	target.Location = r.ofBucket(target.Location)
	home := r.home("") // on another account's catalog it is a cascaded grant of this account
	if target.Catalog != "" && template.IsUnresolved(r.stack.Account) && target.Catalog != r.stack.Account {
		home = r.home(target.Catalog) // which may be the account that the stack is deployed in
		r.OnUnresolved(access.Unresolved{Place: place, Text: target.Catalog, Reason: "may or may not be the catalog of the account that the stack is deployed in"})
	}
	principal = oneSpelling(principal)
	g := lakeformation.Grant{
		Principal:   principal,
		Resource:    target.In(cmp.Or(target.Catalog, p.Catalog, home.Account)),
		Permissions: p.Permissions,
		Grantable:   p.PermissionsWithGrantOption,
	}
	home.Grants = append(home.Grants, g)
	what := fmt.Sprintf("%v to %s on %s", g.Permissions, principal, g.Resource.Key())
	if template.IsDynamic(what) {
		r.OnUnresolved(access.Unresolved{Place: place, Text: what, Reason: "whatever CloudFormation finds there when it deploys the stack"})
	}
	return what
}

var arnOfBucket = regexp.MustCompile(`^\$\{([^{}]+)\.Arn\}(/.*)?$`)

// ofBucket writes the ARN of a place in a bucket without a fixed name as s3:// URIs of that
// bucket have it: with the marker of its name.
func (r *reader) ofBucket(arn string) string {
	return arnOfBucket.ReplaceAllString(arn, "arn:"+template.PartitionOf(r.stack.Region).Name+":s3:::$${$1}$2")
}

// oneSpelling writes the ARN of an IAM identity as it is written by hand, where the stack
// does not know its partition.
func oneSpelling(principal string) string {
	if rest, isIdentity := strings.CutPrefix(principal, "arn:${AWS::Partition}:iam:"); isIdentity {
		return "arn:aws:iam:" + rest
	}
	return principal
}
