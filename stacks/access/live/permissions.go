package live

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	lftypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// permissions reads every grant. The API answers per resource: SELECT on a table
// comes back as SELECT on all its columns, beside the table's other permissions.
func (r *run) permissions() error {
	pages := lakeformation.NewListPermissionsPaginator(r.LakeFormation, &lakeformation.ListPermissionsInput{CatalogId: &r.Account})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.ctx)
		if err != nil {
			return err
		}
		for _, p := range page.PrincipalResourcePermissions {
			if err := r.grant(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) grant(p lftypes.PrincipalResourcePermissions) error {
	if p.Principal == nil || p.Resource == nil {
		return nil
	}
	principal := aws.ToString(p.Principal.DataLakePrincipalIdentifier)
	resource, err := r.resource(p.Resource)
	if err != nil {
		return fmt.Errorf("grant to %s: %w", principal, err)
	}
	if resource.Kind == "" {
		r.unresolved(principal, "a kind of resource that is not evaluated; the grant is left out")
		return nil
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
	return nil
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
	maps.DeleteFunc(union, func(_ string, member any) bool { return member == nil })
	out, _ := lf.FromCloudFormation(union)
	if p := in.LFTagPolicy; p != nil && len(p.Expression) == 0 && aws.ToString(p.ExpressionName) != "" {
		saved, err := r.savedExpression(p)
		return lf.TagPolicy(out.PolicyType, saved...).In(out.Catalog), err
	}
	return out, nil
}

// savedExpression returns the conditions of the saved expression that a policy names.
func (r *run) savedExpression(p *lftypes.LFTagPolicyResource) ([]lf.Condition, error) {
	name := *p.ExpressionName
	if saved, known := r.saved[name]; known {
		return saved, nil
	}
	out, err := r.LakeFormation.GetLFTagExpression(r.ctx, &lakeformation.GetLFTagExpressionInput{
		CatalogId: p.CatalogId, Name: p.ExpressionName,
	})
	if err != nil {
		return nil, fmt.Errorf("LF-Tag expression %s: %w", name, err)
	}
	for _, t := range out.Expression {
		r.saved[name] = append(r.saved[name], lf.Condition{Key: aws.ToString(t.TagKey), Values: t.TagValues})
	}
	return r.saved[name], nil
}
