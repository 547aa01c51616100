package live_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	lftypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// fake answers like an account, one item a page.
type fake struct {
	databases   []gluetypes.Database
	tables      map[string][]gluetypes.Table
	settings    *lftypes.DataLakeSettings
	tags        []lftypes.LFTagPair
	assigned    map[string]*lakeformation.GetResourceLFTagsOutput // by database or database.table
	filters     map[string][]lftypes.DataCellsFilter              // by database.table
	permissions []lftypes.PrincipalResourcePermissions
	resources   []lftypes.ResourceInfo
	expressions map[string][]lftypes.LFTag
	optIns      []lftypes.LakeFormationOptInsInfo
	catalogs    []gluetypes.Catalog
	caller      string            // "" is the read-only administrator
	fail        map[string]string // operations that fail, by name, or by name and table, with the code of the error
	mutex       sync.Mutex
	calls       map[string]int
}

// called counts a call, and fails it where it is to fail: always, or about one thing.
func (f *fake) called(operation, about string) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.calls == nil {
		f.calls = map[string]int{}
	}
	f.calls[operation]++
	for _, name := range []string{operation, operation + " " + about} {
		if code := f.fail[name]; code != "" {
			return &smithy.GenericAPIError{Code: code, Message: "not authorized to perform " + operation}
		}
	}
	return nil
}

func (f *fake) GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	caller := f.caller
	if caller == "" {
		caller = "arn:aws:sts::222222222222:assumed-role/Auditor/lakemesh"
	}
	return &sts.GetCallerIdentityOutput{Arn: &caller}, f.called("GetCallerIdentity", "")
}

func (f *fake) GetCatalogs(_ context.Context, in *glue.GetCatalogsInput, _ ...func(*glue.Options)) (*glue.GetCatalogsOutput, error) {
	items, next := page(f.catalogs, in.NextToken)
	return &glue.GetCatalogsOutput{CatalogList: items, NextToken: next}, f.called("GetCatalogs", "")
}

func (f *fake) ListLakeFormationOptIns(_ context.Context, in *lakeformation.ListLakeFormationOptInsInput, _ ...func(*lakeformation.Options)) (*lakeformation.ListLakeFormationOptInsOutput, error) {
	items, next := page(f.optIns, in.NextToken)
	return &lakeformation.ListLakeFormationOptInsOutput{LakeFormationOptInsInfoList: items, NextToken: next}, f.called("ListLakeFormationOptIns", "")
}

// page returns one item and the token of the next.
func page[T any](items []T, token *string) ([]T, *string) {
	i, _ := strconv.Atoi(aws.ToString(token))
	if i >= len(items) {
		return nil, nil
	}
	if i+1 == len(items) {
		return items[i:], nil
	}
	return items[i : i+1], aws.String(strconv.Itoa(i + 1))
}

func (f *fake) GetDatabases(_ context.Context, in *glue.GetDatabasesInput, _ ...func(*glue.Options)) (*glue.GetDatabasesOutput, error) {
	items, next := page(f.databases, in.NextToken)
	return &glue.GetDatabasesOutput{DatabaseList: items, NextToken: next}, f.called("GetDatabases", "")
}

func (f *fake) GetTables(_ context.Context, in *glue.GetTablesInput, _ ...func(*glue.Options)) (*glue.GetTablesOutput, error) {
	items, next := page(f.tables[*in.DatabaseName], in.NextToken)
	return &glue.GetTablesOutput{TableList: items, NextToken: next}, f.called("GetTables", *in.DatabaseName)
}

func (f *fake) GetDataLakeSettings(context.Context, *lakeformation.GetDataLakeSettingsInput, ...func(*lakeformation.Options)) (*lakeformation.GetDataLakeSettingsOutput, error) {
	return &lakeformation.GetDataLakeSettingsOutput{DataLakeSettings: f.settings}, f.called("GetDataLakeSettings", "")
}

func (f *fake) ListLFTags(_ context.Context, in *lakeformation.ListLFTagsInput, _ ...func(*lakeformation.Options)) (*lakeformation.ListLFTagsOutput, error) {
	items, next := page(f.tags, in.NextToken)
	return &lakeformation.ListLFTagsOutput{LFTags: items, NextToken: next}, f.called("ListLFTags", "")
}

func (f *fake) GetResourceLFTags(_ context.Context, in *lakeformation.GetResourceLFTagsInput, _ ...func(*lakeformation.Options)) (*lakeformation.GetResourceLFTagsOutput, error) {
	if !aws.ToBool(in.ShowAssignedLFTags) {
		return nil, fmt.Errorf("inherited tags were asked for")
	}
	var key string
	if in.Resource.Database != nil {
		key = *in.Resource.Database.Name
	} else {
		key = *in.Resource.Table.DatabaseName + "." + *in.Resource.Table.Name
	}
	out := f.assigned[key]
	if out == nil {
		out = &lakeformation.GetResourceLFTagsOutput{}
	}
	return out, f.called("GetResourceLFTags", key)
}

func (f *fake) ListDataCellsFilter(_ context.Context, in *lakeformation.ListDataCellsFilterInput, _ ...func(*lakeformation.Options)) (*lakeformation.ListDataCellsFilterOutput, error) {
	items, next := page(f.filters[*in.Table.DatabaseName+"."+*in.Table.Name], in.NextToken)
	return &lakeformation.ListDataCellsFilterOutput{DataCellsFilters: items, NextToken: next}, f.called("ListDataCellsFilter", *in.Table.DatabaseName+"."+*in.Table.Name)
}

func (f *fake) ListPermissions(_ context.Context, in *lakeformation.ListPermissionsInput, _ ...func(*lakeformation.Options)) (*lakeformation.ListPermissionsOutput, error) {
	items, next := page(f.permissions, in.NextToken)
	return &lakeformation.ListPermissionsOutput{PrincipalResourcePermissions: items, NextToken: next}, f.called("ListPermissions", "")
}

func (f *fake) ListResources(_ context.Context, in *lakeformation.ListResourcesInput, _ ...func(*lakeformation.Options)) (*lakeformation.ListResourcesOutput, error) {
	items, next := page(f.resources, in.NextToken)
	return &lakeformation.ListResourcesOutput{ResourceInfoList: items, NextToken: next}, f.called("ListResources", "")
}

func (f *fake) GetLFTagExpression(_ context.Context, in *lakeformation.GetLFTagExpressionInput, _ ...func(*lakeformation.Options)) (*lakeformation.GetLFTagExpressionOutput, error) {
	return &lakeformation.GetLFTagExpressionOutput{Name: in.Name, Expression: f.expressions[*in.Name]}, f.called("GetLFTagExpression", "")
}
