package live

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// Glue is the part of the Glue client that a Reader calls.
type Glue interface {
	glue.GetDatabasesAPIClient
	glue.GetTablesAPIClient
	// GetCatalogs returns the catalogs beside the default one.
	GetCatalogs(context.Context, *glue.GetCatalogsInput, ...func(*glue.Options)) (*glue.GetCatalogsOutput, error)
}

// LakeFormation is the part of the Lake Formation client that a Reader calls.
type LakeFormation interface {
	lakeformation.ListDataCellsFilterAPIClient
	lakeformation.ListLakeFormationOptInsAPIClient
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

// Identity is the part of the STS client that a Reader calls.
type Identity interface {
	// GetCallerIdentity returns who calls. It needs no permission.
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
}

// Reader reads one account and region.
type Reader struct {
	Glue          Glue          // client of the Glue API
	LakeFormation LakeFormation // client of the Lake Formation API
	Identity      Identity      // client of the STS API
	Account       string        // 12-digit account that the clients act in
	Region        string        // region that the clients act in
}

// Reading is what was read of accounts, and what could not be.
type Reading struct {
	// Places are the accounts and regions that were asked for, sorted.
	Places []Place
	// State is what could be read, normalized.
	State *access.State
	// Problems are what could not be read, sorted by account, region and call.
	Problems []Problem
	// Callers are the ARNs, as STS has them, that each account was read as, by
	// "account/region".
	Callers map[string]string
	// Creators are the ARNs, as Glue has them, of those who made tables, by
	// "account/region database.table". Glue does not tell it of every table.
	Creators map[string]string
}

// Err returns all problems joined; nil when everything was read.
func (r *Reading) Err() error {
	errs := make([]error, len(r.Problems))
	for i, p := range r.Problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// Add adds problems of other calls, each once.
func (r *Reading) Add(problems ...Problem) {
	for _, p := range problems {
		if !slices.ContainsFunc(r.Problems, func(known Problem) bool { return known.Error() == p.Error() }) {
			r.Problems = append(r.Problems, p)
		}
	}
	slices.SortStableFunc(r.Problems, compareProblems)
}

// Doubted returns the state with what could not be read, and what never is, among what is
// unresolved, so that nobody takes it for all that there is.
func (r *Reading) Doubted() *access.State {
	doubts := &access.State{}
	for _, p := range r.Places {
		doubts.Unresolved = append(doubts.Unresolved, access.Unresolved{
			Place: p.String(), Text: "policies of IAM, of buckets and of keys", Reason: "not read from accounts: whom they let past Lake Formation, and whom they let grant, is known from templates only",
		})
	}
	for _, p := range r.Problems {
		doubts.Unresolved = append(doubts.Unresolved, access.Unresolved{
			Place: p.Account + "/" + p.Region, Text: p.subject(), Reason: "could not be read: " + p.Err.Error(),
		})
	}
	return access.Merge(r.State, doubts)
}

// Calls are the permissions of IAM that a Reader needs, sorted: one for each call that it
// makes. sts:GetCallerIdentity, which it calls too, needs none.
func Calls() []string {
	return []string{
		"glue:GetCatalogs",
		"glue:GetDatabases",
		"glue:GetTables",
		"lakeformation:GetDataLakeSettings",
		"lakeformation:GetLFTagExpression",
		"lakeformation:GetResourceLFTags",
		"lakeformation:ListDataCellsFilter",
		"lakeformation:ListLFTags",
		"lakeformation:ListLakeFormationOptIns",
		"lakeformation:ListPermissions",
		"lakeformation:ListResources",
	}
}

// maxCalls is how many calls are made at the same time in one account and region. Lake
// Formation takes some tens a second; where it refuses more, the clients slow down.
const maxCalls = 8

// Read returns what the account holds. Beside the listings it makes two calls for each
// table and two for each database, some at the same time. A call that fails is a problem
// of the reading, and everything else is read; so is a caller whom Lake Formation does
// not show everything. When the context ends, nothing else is said than that.
func (r Reader) Read(ctx context.Context) *Reading {
	run := &run{Reader: r, ctx: ctx, state: &access.State{}, creators: map[string]string{}}
	out := &Reading{Places: []Place{{r.Account, r.Region}}, State: run.state, Callers: map[string]string{}, Creators: run.creators}
	if r.Account == "" || r.Region == "" {
		out.Problems = []Problem{{Account: r.Account, Region: r.Region, Err: errors.New("live: got no account or no region; expected both; fix: set both")}}
		return out
	}
	run.catalog = run.state.Catalog(r.Account, r.Region)
	caller := run.caller()
	out.Callers[run.catalog.Key()] = caller
	if caller != "" && accountOf(caller) != r.Account {
		run.fail("sts:GetCallerIdentity", Everything, "", fmt.Errorf("the credentials are of account %s; fix: name a role of account %s to assume, or use credentials of it", accountOf(caller), r.Account))
	} else {
		run.settings(caller)
		run.locations()
		run.optIns()
		run.tags()
		run.catalogs()
		run.databases()
		run.permissions()
	}
	run.state.Normalize()
	out.Problems = run.problems()
	if err := ctx.Err(); err != nil {
		out.Problems = []Problem{{Account: r.Account, Region: r.Region, Part: Everything, Err: err}}
	}
	return out
}

// Merge joins readings, of several accounts and regions.
func Merge(readings ...*Reading) *Reading {
	out := &Reading{Callers: map[string]string{}, Creators: map[string]string{}}
	states := make([]*access.State, len(readings))
	for i, r := range readings {
		states[i] = r.State
		out.Places = append(out.Places, r.Places...)
		out.Problems = append(out.Problems, r.Problems...)
		for key, caller := range r.Callers {
			out.Callers[key] = caller
		}
		for key, creator := range r.Creators {
			out.Creators[key] = creator
		}
	}
	out.Places = SortPlaces(out.Places)
	out.State = access.Merge(states...)
	slices.SortStableFunc(out.Problems, compareProblems)
	return out
}
