package live

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	lftypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"golang.org/x/sync/errgroup"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// run is one reading of one account and region.
type run struct {
	Reader
	ctx      context.Context
	state    *access.State
	catalog  *access.Catalog
	creators map[string]string
	saved    map[string][]lf.Condition // LF-Tag expressions by name

	mutex  sync.Mutex
	failed map[failure]*Problem
}

// paginator is what the SDK makes for a listing.
type paginator[Page, Options any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*Options)) (*Page, error)
}

// each calls take for every page of a listing.
func each[Page, Options any](ctx context.Context, pages paginator[Page, Options], take func(*Page)) error {
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		take(page)
	}
	return nil
}

// atOnce calls do for every index below n, several at the same time.
func (r *run) atOnce(n int, do func(i int)) {
	var group errgroup.Group
	group.SetLimit(maxCalls)
	for i := range n {
		if r.ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			do(i)
			return nil
		})
	}
	_ = group.Wait() // failures are noted where they happen
}

func (r *run) caller() string {
	out, err := r.Identity.GetCallerIdentity(r.ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		r.fail("sts:GetCallerIdentity", "", "", err)
		return ""
	}
	return aws.ToString(out.Arn)
}

func (r *run) settings(caller string) {
	const call = "lakeformation:GetDataLakeSettings"
	out, err := r.LakeFormation.GetDataLakeSettings(r.ctx, &lakeformation.GetDataLakeSettingsInput{CatalogId: &r.Account})
	if err != nil {
		r.fail(call, Settings, "", err)
		return
	}
	s := out.DataLakeSettings
	if s == nil {
		s = &lftypes.DataLakeSettings{}
	}
	r.catalog.Admins = principals(s.DataLakeAdmins)
	r.catalog.ReadOnlyAdmins = principals(s.ReadOnlyAdmins)
	r.catalog.FullTableAccess = aws.ToBool(s.AllowFullTableExternalDataAccess)
	if aws.ToBool(s.AllowExternalDataFiltering) {
		r.catalog.ExternalFiltering = access.FilteringBy(principals(s.ExternalDataFilteringAllowList))
	}
	if len(s.CreateDatabaseDefaultPermissions) > 0 {
		r.catalog.OpenByDefault = append(r.catalog.OpenByDefault, "databases")
	}
	if len(s.CreateTableDefaultPermissions) > 0 {
		r.catalog.OpenByDefault = append(r.catalog.OpenByDefault, "tables")
	}
	if caller != "" && !slices.ContainsFunc(slices.Concat(r.catalog.Admins, r.catalog.ReadOnlyAdmins), func(admin string) bool { return SamePrincipal(admin, caller) }) {
		r.fail(call, Everything, "", fmt.Errorf("%w, and %s is not one of the read-only ones either, so Lake Formation leaves out what it may not see without a sign; fix: make it a read-only administrator, as --print-policy says", ErrNotAdministrator, caller))
	}
}

func principals(in []lftypes.DataLakePrincipal) []string {
	out := make([]string, len(in))
	for i, p := range in {
		out[i] = aws.ToString(p.DataLakePrincipalIdentifier)
	}
	return out
}

func (r *run) locations() {
	pages := lakeformation.NewListResourcesPaginator(r.LakeFormation, &lakeformation.ListResourcesInput{})
	err := each(r.ctx, pages, func(page *lakeformation.ListResourcesOutput) {
		for _, l := range page.ResourceInfoList {
			r.catalog.Locations = append(r.catalog.Locations, access.Location{
				ARN: aws.ToString(l.ResourceArn), Role: ownRole(aws.ToString(l.RoleArn)), Hybrid: aws.ToBool(l.HybridAccessEnabled),
			})
		}
	})
	if err != nil {
		r.fail("lakeformation:ListResources", Locations, "", err)
		r.catalog.Locations = nil
	}
}

// optIns reads who has opted in where IAM decides for all others.
func (r *run) optIns() {
	pages := lakeformation.NewListLakeFormationOptInsPaginator(r.LakeFormation, &lakeformation.ListLakeFormationOptInsInput{})
	err := each(r.ctx, pages, func(page *lakeformation.ListLakeFormationOptInsOutput) {
		for _, o := range page.LakeFormationOptInsInfoList {
			if o.Principal == nil || o.Resource == nil {
				continue
			}
			principal := aws.ToString(o.Principal.DataLakePrincipalIdentifier)
			resource, err := r.resource(o.Resource)
			if err != nil {
				r.fail(callOfExpression, OptIns, "", err)
			}
			r.catalog.OptIns = append(r.catalog.OptIns, access.OptIn{Principal: principal, Resource: resource})
		}
	})
	if err != nil {
		r.fail("lakeformation:ListLakeFormationOptIns", OptIns, "", err)
		return
	}
	r.catalog.OptInsKnown = true
}

func (r *run) tags() {
	pages := lakeformation.NewListLFTagsPaginator(r.LakeFormation, &lakeformation.ListLFTagsInput{CatalogId: &r.Account})
	err := each(r.ctx, pages, func(page *lakeformation.ListLFTagsOutput) {
		for _, t := range page.LFTags {
			r.catalog.Tags = append(r.catalog.Tags, ontology.Tag{Key: aws.ToString(t.TagKey), Values: t.TagValues})
		}
	})
	if err != nil {
		r.fail("lakeformation:ListLFTags", Tags, "", err)
		r.catalog.Tags = nil
	}
}

// catalogs says which catalogs there are beside the default one: they are not read.
func (r *run) catalogs() {
	in := &glue.GetCatalogsInput{ParentCatalogId: &r.Account, Recursive: true}
	for {
		page, err := r.Glue.GetCatalogs(r.ctx, in)
		if err != nil {
			r.fail("glue:GetCatalogs", Catalogs, "", err)
			return
		}
		for _, c := range page.CatalogList {
			if id := aws.ToString(c.CatalogId); id != "" && id != r.Account {
				r.state.Unresolved = append(r.state.Unresolved, access.Unresolved{
					Place: r.catalog.Key(), Text: "catalog " + id, Reason: "only the default catalog of an account is read",
				})
			}
		}
		if aws.ToString(page.NextToken) == "" {
			return
		}
		in.NextToken = page.NextToken
	}
}

// found is a database, or a table, and what hangs on it.
type found struct {
	database, table string
	gone            bool
	tables          []gluetypes.Table
	associations    []lf.TagAssociation
	filters         []lf.DataCellsFilter
}

// databases reads databases, their tables, and what hangs on both. The tables of a resource
// link are those of its target, which belong to another catalog: they are left out.
func (r *run) databases() {
	var databases []*found
	pages := glue.NewGetDatabasesPaginator(r.Glue, &glue.GetDatabasesInput{CatalogId: &r.Account})
	err := each(r.ctx, pages, func(page *glue.GetDatabasesOutput) {
		for _, d := range page.DatabaseList {
			if id := aws.ToString(d.CatalogId); id != "" && id != r.Account {
				continue
			}
			database := access.Database{Name: aws.ToString(d.Name), Location: aws.ToString(d.LocationUri)}
			if t := d.TargetDatabase; t != nil {
				database.Target = aws.ToString(t.CatalogId) + "/" + aws.ToString(t.DatabaseName)
			}
			r.catalog.Databases = append(r.catalog.Databases, database)
			if database.Target == "" {
				databases = append(databases, &found{database: database.Name})
			}
		}
	})
	if err != nil {
		r.fail("glue:GetDatabases", Databases, "", err)
		r.catalog.Databases = nil
		return
	}
	r.atOnce(len(databases), func(i int) { r.database(databases[i]) })
	var tables []*found
	for _, d := range databases {
		if d.gone {
			r.catalog.Databases = slices.DeleteFunc(r.catalog.Databases, func(o access.Database) bool { return o.Name == d.database })
			continue
		}
		for _, t := range d.tables {
			table := tableOf(d.database, t)
			r.catalog.Tables = append(r.catalog.Tables, table)
			if by := aws.ToString(t.CreatedBy); by != "" {
				r.creators[r.catalog.Key()+" "+table.Key()] = by
			}
			if table.Target == "" {
				tables = append(tables, &found{database: d.database, table: table.Name})
			}
		}
	}
	r.atOnce(len(tables), func(i int) { r.table(tables[i]) })
	for _, f := range slices.Concat(databases, tables) {
		r.catalog.Associations = append(r.catalog.Associations, f.associations...)
		r.catalog.Filters = append(r.catalog.Filters, f.filters...)
		if f.gone && f.table != "" {
			r.catalog.Tables = slices.DeleteFunc(r.catalog.Tables, func(t access.Table) bool { return t.Database == f.database && t.Name == f.table })
		}
	}
}

// database reads the LF-Tags of a database and lists its tables.
func (r *run) database(d *found) {
	out, err := r.tagsOf(&lftypes.Resource{Database: &lftypes.DatabaseResource{CatalogId: &r.Account, Name: &d.database}})
	switch {
	case err == nil:
		d.associate(lf.Database(d.database), out.LFTagOnDatabase)
	case gone(err):
		d.gone = true
		return
	default:
		r.fail("lakeformation:GetResourceLFTags", Assigned, d.database, err)
	}
	pages := glue.NewGetTablesPaginator(r.Glue, &glue.GetTablesInput{CatalogId: &r.Account, DatabaseName: &d.database})
	err = each(r.ctx, pages, func(page *glue.GetTablesOutput) { d.tables = append(d.tables, page.TableList...) })
	switch {
	case err == nil:
	case gone(err):
		d.gone = true
	default:
		r.fail("glue:GetTables", Tables, d.database, err)
		d.tables = nil
	}
}

// table reads what hangs on a table.
func (r *run) table(t *found) {
	name := t.database + "." + t.table
	named := &lftypes.TableResource{CatalogId: &r.Account, DatabaseName: &t.database, Name: &t.table}
	out, err := r.tagsOf(&lftypes.Resource{Table: named})
	switch {
	case err == nil:
		t.associate(lf.Table(t.database, t.table), out.LFTagsOnTable)
		for _, c := range out.LFTagsOnColumns {
			t.associate(lf.Columns(t.database, t.table, aws.ToString(c.Name)), c.LFTags)
		}
	case gone(err):
		t.gone = true
		return
	default:
		r.fail("lakeformation:GetResourceLFTags", Assigned, name, err)
	}
	pages := lakeformation.NewListDataCellsFilterPaginator(r.LakeFormation, &lakeformation.ListDataCellsFilterInput{Table: named})
	err = each(r.ctx, pages, func(page *lakeformation.ListDataCellsFilterOutput) {
		for _, f := range page.DataCellsFilters {
			t.filters = append(t.filters, filterOf(f))
		}
	})
	switch {
	case err == nil:
	case gone(err):
		t.gone, t.associations, t.filters = true, nil, nil
	default:
		r.fail("lakeformation:ListDataCellsFilter", Filters, name, err)
		t.filters = nil
	}
}

// tagsOf asks for the tags that are assigned, without the inherited ones.
func (r *run) tagsOf(resource *lftypes.Resource) (*lakeformation.GetResourceLFTagsOutput, error) {
	return r.LakeFormation.GetResourceLFTags(r.ctx, &lakeformation.GetResourceLFTagsInput{
		CatalogId: &r.Account, Resource: resource, ShowAssignedLFTags: aws.Bool(true),
	})
}

func (f *found) associate(resource lf.Resource, tags []lftypes.LFTagPair) {
	if len(tags) == 0 {
		return
	}
	a := lf.TagAssociation{Resource: resource}
	for _, t := range tags {
		a.Tags = append(a.Tags, lf.Condition{Key: aws.ToString(t.TagKey), Values: t.TagValues})
	}
	f.associations = append(f.associations, a)
}

// accountOf returns the account in an ARN, "" for a text that is none.
func accountOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// SamePrincipal reports whether two ARNs mean the same user or role, be one of them that of
// a session of a role, which does not have the path of the role.
func SamePrincipal(a, b string) bool {
	return a == b || accountOf(a) == accountOf(b) && roleIn(a) != "" && roleIn(a) == roleIn(b)
}

// roleIn returns the name of the role that an ARN is of, or of whose session; "" for others.
func roleIn(arn string) string {
	_, rest, _ := strings.Cut(arn, "::")
	_, rest, _ = strings.Cut(rest, ":")
	parts := strings.Split(rest, "/")
	switch {
	case parts[0] == "role":
		return parts[len(parts)-1]
	case parts[0] == "assumed-role" && len(parts) > 1:
		return parts[1]
	}
	return ""
}

// conditionsIn returns the conditions of an expression.
func conditionsIn(tags []lftypes.LFTag) []lf.Condition {
	var out []lf.Condition
	for _, t := range tags {
		out = append(out, lf.Condition{Key: aws.ToString(t.TagKey), Values: t.TagValues})
	}
	return out
}

// membersOf leaves out of a union what is not set.
func membersOf(union map[string]any) map[string]any {
	maps.DeleteFunc(union, func(_ string, member any) bool { return member == nil })
	return union
}
