package live

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	lftypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// Glue is the part of the Glue client that a Reader calls.
type Glue interface {
	glue.GetDatabasesAPIClient
	glue.GetTablesAPIClient
}

// LakeFormation is the part of the Lake Formation client that a Reader calls.
type LakeFormation interface {
	lakeformation.ListDataCellsFilterAPIClient
	lakeformation.ListLFTagsAPIClient
	lakeformation.ListPermissionsAPIClient
	lakeformation.ListResourcesAPIClient
	// GetDataLakeSettings returns administrators and default permissions.
	GetDataLakeSettings(context.Context, *lakeformation.GetDataLakeSettingsInput, ...func(*lakeformation.Options)) (*lakeformation.GetDataLakeSettingsOutput, error)
	// GetLFTagExpression returns an expression that is saved under a name.
	GetLFTagExpression(context.Context, *lakeformation.GetLFTagExpressionInput, ...func(*lakeformation.Options)) (*lakeformation.GetLFTagExpressionOutput, error)
	// GetResourceLFTags returns the LF-Tags of a database, or of a table and its columns.
	GetResourceLFTags(context.Context, *lakeformation.GetResourceLFTagsInput, ...func(*lakeformation.Options)) (*lakeformation.GetResourceLFTagsOutput, error)
}

// Reader reads one account and region.
type Reader struct {
	Glue          Glue          // client of the Glue API
	LakeFormation LakeFormation // client of the Lake Formation API
	Account       string        // 12-digit account that the clients act in
	Region        string        // region that the clients act in
}

// Read returns the state of the account in the region of the configuration. The
// credentials must be of that account; join several with access.Merge.
func Read(ctx context.Context, cfg aws.Config, account string) (*access.State, error) {
	return Reader{
		Glue:          glue.NewFromConfig(cfg),
		LakeFormation: lakeformation.NewFromConfig(cfg),
		Account:       account,
		Region:        cfg.Region,
	}.Read(ctx)
}

// Read returns the state, normalized. It makes two calls per table and one per
// database beside the listings, one after another, so a large catalog takes
// minutes; the clients' retries keep it below the service's rate limits.
func (r Reader) Read(ctx context.Context) (*access.State, error) {
	if r.Account == "" || r.Region == "" {
		return nil, errors.New("live: got no account or no region; expected both; fix: set Account, and Region in the configuration")
	}
	run := &run{Reader: r, ctx: ctx, state: &access.State{}, saved: map[string][]lf.Condition{}}
	run.catalog = run.state.Catalog(r.Account, r.Region)
	for _, step := range []struct {
		name string
		read func() error
	}{
		{"settings", run.settings},
		{"locations", run.locations},
		{"LF-Tags", run.tags},
		{"databases", run.databases},
		{"permissions", run.permissions},
	} {
		if err := step.read(); err != nil {
			return nil, fmt.Errorf("reading %s of %s/%s: %w", step.name, r.Account, r.Region, err)
		}
	}
	run.state.Normalize()
	return run.state, nil
}

// run is one reading.
type run struct {
	Reader
	ctx     context.Context
	state   *access.State
	catalog *access.Catalog
	saved   map[string][]lf.Condition // LF-Tag expressions by name
}

func (r *run) settings() error {
	out, err := r.LakeFormation.GetDataLakeSettings(r.ctx, &lakeformation.GetDataLakeSettingsInput{CatalogId: &r.Account})
	if err != nil || out.DataLakeSettings == nil {
		return err
	}
	s := out.DataLakeSettings
	r.catalog.Admins = principals(s.DataLakeAdmins)
	r.catalog.ReadOnlyAdmins = principals(s.ReadOnlyAdmins)
	r.catalog.FullTableAccess = aws.ToBool(s.AllowFullTableExternalDataAccess)
	if len(s.CreateDatabaseDefaultPermissions) > 0 {
		r.catalog.OpenByDefault = append(r.catalog.OpenByDefault, "databases")
	}
	if len(s.CreateTableDefaultPermissions) > 0 {
		r.catalog.OpenByDefault = append(r.catalog.OpenByDefault, "tables")
	}
	return nil
}

func principals(in []lftypes.DataLakePrincipal) []string {
	out := make([]string, len(in))
	for i, p := range in {
		out[i] = aws.ToString(p.DataLakePrincipalIdentifier)
	}
	return out
}

func (r *run) locations() error {
	pages := lakeformation.NewListResourcesPaginator(r.LakeFormation, &lakeformation.ListResourcesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.ctx)
		if err != nil {
			return err
		}
		for _, l := range page.ResourceInfoList {
			r.catalog.Locations = append(r.catalog.Locations, access.Location{
				ARN: aws.ToString(l.ResourceArn), Role: ownRole(aws.ToString(l.RoleArn)), Hybrid: aws.ToBool(l.HybridAccessEnabled),
			})
		}
	}
	return nil
}

func (r *run) tags() error {
	pages := lakeformation.NewListLFTagsPaginator(r.LakeFormation, &lakeformation.ListLFTagsInput{CatalogId: &r.Account})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.ctx)
		if err != nil {
			return err
		}
		for _, t := range page.LFTags {
			r.catalog.Tags = append(r.catalog.Tags, ontology.Tag{Key: aws.ToString(t.TagKey), Values: t.TagValues})
		}
	}
	return nil
}

func (r *run) databases() error {
	pages := glue.NewGetDatabasesPaginator(r.Glue, &glue.GetDatabasesInput{CatalogId: &r.Account})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.ctx)
		if err != nil {
			return err
		}
		for _, d := range page.DatabaseList {
			if err := r.database(d); err != nil {
				return fmt.Errorf("database %s: %w", aws.ToString(d.Name), err)
			}
		}
	}
	return nil
}

// database reads a database, its tags and its tables. The tables of a resource
// link are those of its target, which belong to another catalog: they are left out.
func (r *run) database(d gluetypes.Database) error {
	if id := aws.ToString(d.CatalogId); id != "" && id != r.Account {
		return nil
	}
	database := access.Database{Name: aws.ToString(d.Name), Location: aws.ToString(d.LocationUri)}
	if t := d.TargetDatabase; t != nil {
		database.Target = aws.ToString(t.CatalogId) + "/" + aws.ToString(t.DatabaseName)
	}
	r.catalog.Databases = append(r.catalog.Databases, database)
	if database.Target != "" {
		return nil
	}
	out, err := r.tagsOf(&lftypes.Resource{Database: &lftypes.DatabaseResource{CatalogId: &r.Account, Name: d.Name}})
	if err != nil {
		return err
	}
	r.associate(lf.Database(database.Name), out.LFTagOnDatabase)

	pages := glue.NewGetTablesPaginator(r.Glue, &glue.GetTablesInput{CatalogId: &r.Account, DatabaseName: d.Name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.ctx)
		if err != nil {
			return err
		}
		for _, t := range page.TableList {
			if err := r.table(database.Name, t); err != nil {
				return fmt.Errorf("table %s: %w", aws.ToString(t.Name), err)
			}
		}
	}
	return nil
}

func (r *run) table(database string, t gluetypes.Table) error {
	table := tableOf(database, t)
	r.catalog.Tables = append(r.catalog.Tables, table)
	if table.Target != "" {
		return nil
	}
	named := &lftypes.TableResource{CatalogId: &r.Account, DatabaseName: &database, Name: t.Name}
	out, err := r.tagsOf(&lftypes.Resource{Table: named})
	if err != nil {
		return err
	}
	r.associate(lf.Table(database, table.Name), out.LFTagsOnTable)
	for _, c := range out.LFTagsOnColumns {
		r.associate(lf.Columns(database, table.Name, aws.ToString(c.Name)), c.LFTags)
	}

	pages := lakeformation.NewListDataCellsFilterPaginator(r.LakeFormation, &lakeformation.ListDataCellsFilterInput{Table: named})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.ctx)
		if err != nil {
			return err
		}
		for _, f := range page.DataCellsFilters {
			r.catalog.Filters = append(r.catalog.Filters, filterOf(f))
		}
	}
	return nil
}

// tagsOf asks for the tags that are assigned, without the inherited ones.
func (r *run) tagsOf(resource *lftypes.Resource) (*lakeformation.GetResourceLFTagsOutput, error) {
	return r.LakeFormation.GetResourceLFTags(r.ctx, &lakeformation.GetResourceLFTagsInput{
		CatalogId: &r.Account, Resource: resource, ShowAssignedLFTags: aws.Bool(true),
	})
}

func (r *run) associate(resource lf.Resource, tags []lftypes.LFTagPair) {
	if len(tags) == 0 {
		return
	}
	a := lf.TagAssociation{Resource: resource}
	for _, t := range tags {
		a.Tags = append(a.Tags, lf.Condition{Key: aws.ToString(t.TagKey), Values: t.TagValues})
	}
	r.catalog.Associations = append(r.catalog.Associations, a)
}
