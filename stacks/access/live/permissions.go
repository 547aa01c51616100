package live

import (
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	lftypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

const callOfExpression = "lakeformation:GetLFTagExpression"

// permissions reads every grant. The API answers per resource: SELECT on a table
// comes back as SELECT on all its columns, beside the table's other permissions.
func (r *run) permissions() {
	pages := lakeformation.NewListPermissionsPaginator(r.LakeFormation, &lakeformation.ListPermissionsInput{CatalogId: &r.Account})
	err := each(r.ctx, pages, func(page *lakeformation.ListPermissionsOutput) {
		for _, p := range page.PrincipalResourcePermissions {
			r.grant(p)
		}
	})
	if err != nil {
		r.fail("lakeformation:ListPermissions", Permissions, "", err)
		r.catalog.Grants = nil
	}
}

func (r *run) grant(p lftypes.PrincipalResourcePermissions) {
	if p.Principal == nil || p.Resource == nil {
		return
	}
	principal := aws.ToString(p.Principal.DataLakePrincipalIdentifier)
	resource, err := r.resource(p.Resource)
	if err != nil {
		r.fail(callOfExpression, Permissions, "", fmt.Errorf("grant to %s: %w", principal, err))
		return
	}
	if resource.Kind == "" {
		r.unresolved(principal, "a kind of resource that is not evaluated; the grant is left out")
		return
	}
	if c := p.Condition; c != nil && aws.ToString(c.Expression) != "" {
		r.unresolved(principal+" on "+resource.Key(), "counted as if its condition always held: "+aws.ToString(c.Expression))
	}
	r.catalog.Grants = append(r.catalog.Grants, lf.Grant{
		Principal:   principal,
		Resource:    resource,
		Permissions: permissionsOf(p.Permissions),
		Grantable:   permissionsOf(p.PermissionsWithGrantOption),
	})
}

func (r *run) unresolved(grant, reason string) {
	r.state.Unresolved = append(r.state.Unresolved, access.Unresolved{
		Place: r.Account + "/" + r.Region, Text: "grant to " + grant, Reason: reason,
	})
}

// resource returns the one member of the union that is set, or no resource when
// it is of a kind that cannot be evaluated. The API names all as CloudFormation does.
// Names are folded and sorted by access.State.Normalize.
func (r *run) resource(in *lftypes.Resource) (lf.Resource, error) {
	data, err := json.Marshal(in)
	if err != nil {
		return lf.Resource{}, err
	}
	var union map[string]any
	if err := json.Unmarshal(data, &union); err != nil {
		return lf.Resource{}, err
	}
	out, _ := lf.FromCloudFormation(membersOf(union))
	if p := in.LFTagPolicy; p != nil && len(p.Expression) == 0 && aws.ToString(p.ExpressionName) != "" {
		saved, err := r.savedExpression(p)
		return lf.TagPolicy(out.PolicyType, saved...).In(out.Catalog), err
	}
	return out, nil
}

// savedExpression returns the conditions of the saved expression that a policy names.
func (r *run) savedExpression(p *lftypes.LFTagPolicyResource) ([]lf.Condition, error) {
	name := aws.ToString(p.CatalogId) + " " + *p.ExpressionName
	if saved, known := r.saved[name]; known {
		return saved, nil
	}
	out, err := r.LakeFormation.GetLFTagExpression(r.ctx, &lakeformation.GetLFTagExpressionInput{
		CatalogId: p.CatalogId, Name: p.ExpressionName,
	})
	if err != nil {
		return nil, fmt.Errorf("LF-Tag expression %s: %w", *p.ExpressionName, err)
	}
	if r.saved == nil {
		r.saved = map[string][]lf.Condition{}
	}
	r.saved[name] = conditionsIn(out.Expression)
	return r.saved[name], nil
}
