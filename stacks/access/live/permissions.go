package live

import (
	"fmt"

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
// it is of a kind that cannot be evaluated. Their names are folded and sorted by
// access.State.Normalize.
func (r *run) resource(in *lftypes.Resource) (lf.Resource, error) {
	switch {
	case in.Database != nil:
		return lf.Database(aws.ToString(in.Database.Name)).In(aws.ToString(in.Database.CatalogId)), nil
	case in.Table != nil:
		name := aws.ToString(in.Table.Name)
		if in.Table.TableWildcard != nil {
			name = lf.AllTables
		}
		return lf.Table(aws.ToString(in.Table.DatabaseName), name).In(aws.ToString(in.Table.CatalogId)), nil
	case in.TableWithColumns != nil:
		t := in.TableWithColumns
		out := lf.Columns(aws.ToString(t.DatabaseName), aws.ToString(t.Name), t.ColumnNames...).In(aws.ToString(t.CatalogId))
		if t.ColumnWildcard != nil {
			out.Excluded = t.ColumnWildcard.ExcludedColumnNames
			if len(out.Excluded) == 0 {
				out.Columns = []string{lf.AllColumns}
			}
		}
		return out, nil
	case in.DataCellsFilter != nil:
		f := in.DataCellsFilter
		return lf.DataCells(aws.ToString(f.DatabaseName), aws.ToString(f.TableName), aws.ToString(f.Name)).In(aws.ToString(f.TableCatalogId)), nil
	case in.DataLocation != nil:
		return lf.Location(aws.ToString(in.DataLocation.ResourceArn)).In(aws.ToString(in.DataLocation.CatalogId)), nil
	case in.LFTag != nil:
		return lf.TagValues(aws.ToString(in.LFTag.TagKey), in.LFTag.TagValues...).In(aws.ToString(in.LFTag.CatalogId)), nil
	case in.LFTagPolicy != nil:
		return r.policy(in.LFTagPolicy)
	case in.Catalog != nil:
		return lf.Resource{Kind: lf.KindCatalog}, nil
	}
	return lf.Resource{}, nil
}

// policy returns an LF-Tag policy, with a saved expression spelt out.
func (r *run) policy(p *lftypes.LFTagPolicyResource) (lf.Resource, error) {
	conditions := conditionsOf(p.Expression)
	if name := aws.ToString(p.ExpressionName); name != "" && len(conditions) == 0 {
		saved, known := r.saved[name]
		if !known {
			out, err := r.LakeFormation.GetLFTagExpression(r.ctx, &lakeformation.GetLFTagExpressionInput{
				CatalogId: p.CatalogId, Name: p.ExpressionName,
			})
			if err != nil {
				return lf.Resource{}, fmt.Errorf("LF-Tag expression %s: %w", name, err)
			}
			saved = conditionsOf(out.Expression)
			r.saved[name] = saved
		}
		conditions = saved
	}
	return lf.TagPolicy(lf.PolicyType(p.ResourceType), conditions...).In(aws.ToString(p.CatalogId)), nil
}
