package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
	"github.com/google/go-cmp/cmp"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/drift"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/deploy"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// command runs the built command line as somebody with the credentials of one account, who
// assumes the administrator in each, and returns what it prints, and its exit code.
func (l *life) command(t *testing.T, args ...string) (out []byte, code int) {
	t.Helper()
	args = append(args, "--assembly", l.app.Output, "--format", "json")
	command := exec.CommandContext(t.Context(), filepath.Join(l.app.Root, "build", "lakemesh"), args...) //nolint:gosec // what this repository builds
	command.Env = localaws.Environ(l.app.Server.Env())
	var errs bytes.Buffer
	command.Stderr = &errs
	out, err := command.Output()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	if code = command.ProcessState.ExitCode(); code == 1 {
		t.Fatalf("lakemesh %s: %s", strings.Join(args, " "), &errs)
	}
	return out, code
}

// drift is what the command finds on a day, as "kind: text".
func (l *life) drift(t *testing.T, day string) []string {
	t.Helper()
	out, code := l.command(t, "drift", "--role", "LakeAdmin", "--today", day)
	var report drift.Report
	l.must(t, json.Unmarshal(out, &report))
	if (code == 2) == report.Empty() || len(report.Unread) > 0 {
		t.Errorf("ended with %d: %s", code, out)
	}
	for _, note := range report.Notes {
		t.Log(note)
	}
	var found []string
	for _, f := range report.Findings {
		found = append(found, string(f.Kind)+": "+f.Text)
	}
	slices.Sort(found)
	return append(found, report.Rights...)
}

func (l *life) checkNoDrift(t *testing.T) {
	t.Helper()
	if found := l.drift(t, l.app.Today); len(found) > 0 {
		t.Errorf("drift where there is none:\n%s", strings.Join(found, "\n"))
	}
}

// deed is something that is done by hand, what is found of it, and how it is undone.
type deed struct {
	kind     drift.Kind
	subject  string
	do, undo func() error
}

// checkByHand does things by hand in two accounts, and finds exactly those, until they are
// undone.
func (l *life) checkByHand(t *testing.T, plan *mesh.Plan, state *access.State) {
	var want []string
	var undo []func() error
	for _, account := range []string{"222222222222", "333333333333"} {
		i := slices.IndexFunc(plan.Foundations, func(f mesh.Foundation) bool { return f.Environment.Account == account })
		env := plan.Foundations[i].Environment
		cfg, err := deploy.Config(t.Context(), l.app.Server, env)
		l.must(t, err)
		h := &hand{t: t, lake: lakeformation.NewFromConfig(cfg), glue: glue.NewFromConfig(cfg), catalog: *state.Catalog(env.Account, env.Region)}
		for _, d := range h.deeds(account == "333333333333") {
			l.must(t, d.do())
			undo = append(undo, d.undo)
			want = append(want, fmt.Sprintf("%s %s %s", env.Account, d.kind, d.subject))
		}
	}
	out, code := l.command(t, "drift", "--role", "LakeAdmin", "--today", l.app.Today)
	var report drift.Report
	l.must(t, json.Unmarshal(out, &report))
	var got []string
	for _, f := range report.Findings {
		got = append(got, fmt.Sprintf("%s %s %s", strings.Split(f.Catalog, "/")[0], f.Kind, f.Subject))
		seen := f.Kind == drift.Granted || f.Kind == drift.Revoked || f.Kind == drift.Administrator || f.Kind == drift.Filter
		if seen && len(f.Rights) == 0 {
			t.Errorf("nothing is said about who gains or loses what: %s", f.Text)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" || code != 2 {
		t.Errorf("ended with %d, (-done +found)\n%s\n%s", code, diff, out)
	}
	for _, u := range slices.Backward(undo) {
		l.must(t, u())
	}
	l.checkNoDrift(t)
}

// hand works in one account.
type hand struct {
	t       *testing.T
	lake    *lakeformation.Client
	glue    *glue.Client
	catalog access.Catalog
}

// deeds are one of each kind, or only a grant.
func (h *hand) deeds(all bool) []deed {
	c := h.catalog
	guest := "arn:aws:iam::" + c.Account + ":role/Guest"
	table := c.Tables[slices.IndexFunc(c.Tables, func(t access.Table) bool { return t.Target == "" && len(t.Columns) > 0 })]
	resource := &types.Resource{Table: &types.TableResource{CatalogId: &c.Account, DatabaseName: &table.Database, Name: &table.Name}}
	out := []deed{h.granted(guest, resource, lf.Table(table.Database, table.Name), types.PermissionSelect, types.PermissionDescribe)}
	if !all {
		return out
	}
	out = append(out, h.revoked(), h.registered(), h.madeTable(table.Database))
	out = append(out, h.tagged()...)
	out = append(out, h.widened())
	return append(out, h.opened(guest)...)
}

func (h *hand) granted(to string, resource *types.Resource, subject lf.Resource, permissions ...types.Permission) deed {
	principal := &types.DataLakePrincipal{DataLakePrincipalIdentifier: &to}
	return deed{drift.Granted, subject.Key(), func() error {
		_, err := h.lake.GrantPermissions(h.t.Context(), &lakeformation.GrantPermissionsInput{Principal: principal, Resource: resource, Permissions: permissions})
		return err
	}, func() error {
		_, err := h.lake.RevokePermissions(h.t.Context(), &lakeformation.RevokePermissionsInput{Principal: principal, Resource: resource, Permissions: permissions})
		return err
	}}
}

// revoked takes back the first permission of a person on a database.
func (h *hand) revoked() deed {
	i := slices.IndexFunc(h.catalog.Grants, func(g lf.Grant) bool {
		return g.Resource.Kind == lf.KindDatabase && strings.HasSuffix(g.Principal, ":role/CareManager")
	})
	g := h.catalog.Grants[i]
	back := h.granted(g.Principal, &types.Resource{Database: &types.DatabaseResource{CatalogId: &h.catalog.Account, Name: &g.Resource.Database}}, g.Resource.In(""), types.PermissionDescribe)
	return deed{drift.Revoked, back.subject, back.undo, back.do}
}

func (h *hand) registered() deed {
	location := h.catalog.Locations[0]
	return deed{drift.Location, location.ARN, func() error {
		_, err := h.lake.DeregisterResource(h.t.Context(), &lakeformation.DeregisterResourceInput{ResourceArn: &location.ARN})
		return err
	}, func() error {
		_, err := h.lake.RegisterResource(h.t.Context(), &lakeformation.RegisterResourceInput{ResourceArn: &location.ARN, RoleArn: &location.Role})
		return err
	}}
}

func (h *hand) madeTable(database string) deed {
	name := aws.String("by_hand")
	return deed{drift.Catalog, database + ".by_hand", func() error {
		_, err := h.glue.CreateTable(h.t.Context(), &glue.CreateTableInput{DatabaseName: &database, TableInput: &gluetypes.TableInput{
			Name: name, StorageDescriptor: &gluetypes.StorageDescriptor{Columns: []gluetypes.Column{{Name: aws.String("id"), Type: aws.String("string")}}},
		}})
		return err
	}, func() error {
		_, err := h.glue.DeleteTable(h.t.Context(), &glue.DeleteTableInput{DatabaseName: &database, Name: name})
		return err
	}}
}

// tagged takes LF-Tags of columns: another value for the first, none for the second.
func (h *hand) tagged() []deed {
	var columns []lf.TagAssociation
	for _, a := range h.catalog.Associations {
		if a.Resource.Kind == lf.KindColumns && len(a.Tags) == 1 && strings.HasSuffix(a.Tags[0].Key, "sensitivity") && a.Tags[0].Values[0] != "public" {
			columns = append(columns, a)
		}
	}
	put := func(a lf.TagAssociation, value string) func() error {
		return func() error {
			out, err := h.lake.AddLFTagsToResource(h.t.Context(), &lakeformation.AddLFTagsToResourceInput{
				Resource: h.columns(a), LFTags: []types.LFTagPair{{CatalogId: &h.catalog.Account, TagKey: &a.Tags[0].Key, TagValues: []string{value}}},
			})
			if err == nil && len(out.Failures) > 0 {
				err = errors.New(aws.ToString(out.Failures[0].Error.ErrorMessage))
			}
			return err
		}
	}
	first, second := columns[0], columns[1]
	return []deed{
		{drift.Tagged, first.Resource.In("").Key(), put(first, "public"), put(first, first.Tags[0].Values[0])},
		{drift.Tagged, second.Resource.In("").Key(), func() error {
			_, err := h.lake.RemoveLFTagsFromResource(h.t.Context(), &lakeformation.RemoveLFTagsFromResourceInput{
				Resource: h.columns(second), LFTags: []types.LFTagPair{{CatalogId: &h.catalog.Account, TagKey: &second.Tags[0].Key, TagValues: second.Tags[0].Values}},
			})
			return err
		}, put(second, second.Tags[0].Values[0])},
	}
}

func (h *hand) columns(a lf.TagAssociation) *types.Resource {
	return &types.Resource{TableWithColumns: &types.TableWithColumnsResource{
		CatalogId: &h.catalog.Account, DatabaseName: &a.Resource.Database, Name: &a.Resource.Table, ColumnNames: a.Resource.Columns,
	}}
}

// widened has the first filter, which is shared with another account, show every row.
func (h *hand) widened() deed {
	f := h.catalog.Filters[0]
	update := func(rows *types.RowFilter) func() error {
		return func() error {
			_, err := h.lake.UpdateDataCellsFilter(h.t.Context(), &lakeformation.UpdateDataCellsFilterInput{TableData: &types.DataCellsFilter{
				TableCatalogId: &h.catalog.Account, DatabaseName: &f.Database, TableName: &f.Table, Name: &f.Name, ColumnNames: f.Columns, RowFilter: rows,
			}})
			return err
		}
	}
	return deed{drift.Filter, f.Database + "." + f.Table + "[" + f.Name + "]", update(&types.RowFilter{AllRowsWildcard: &types.AllRowsWildcard{}}), update(&types.RowFilter{FilterExpression: &f.Rows})}
}

// opened makes somebody an administrator, and has new tables start open.
func (h *hand) opened(who string) []deed {
	shown, err := h.lake.GetDataLakeSettings(h.t.Context(), &lakeformation.GetDataLakeSettingsInput{})
	if err != nil {
		h.t.Fatal(err)
	}
	before := shown.DataLakeSettings
	after := *before
	after.DataLakeAdmins = append(slices.Clone(before.DataLakeAdmins), types.DataLakePrincipal{DataLakePrincipalIdentifier: &who})
	after.CreateTableDefaultPermissions = []types.PrincipalPermissions{{
		Principal: &types.DataLakePrincipal{DataLakePrincipalIdentifier: aws.String(access.IAMAllowedPrincipals)}, Permissions: []types.Permission{types.PermissionAll},
	}}
	put := func(settings *types.DataLakeSettings) func() error {
		return func() error {
			_, err := h.lake.PutDataLakeSettings(h.t.Context(), &lakeformation.PutDataLakeSettingsInput{DataLakeSettings: settings})
			return err
		}
	}
	nothing := func() error { return nil }
	return []deed{
		{drift.Administrator, who, put(&after), put(before)},
		{drift.Opened, "new tables", nothing, nothing},
	}
}

// checkLive holds what access prints of the accounts against what it prints of the
// templates, but for the tables of FHIR stores, which are not opened here.
func (l *life) checkLive(t *testing.T) {
	t.Helper()
	rows := func(args ...string) []access.Row {
		out, _ := l.command(t, append([]string{"access"}, args...)...)
		var matrix access.Matrix
		l.must(t, json.Unmarshal(out, &matrix))
		return slices.DeleteFunc(matrix.Rows, func(r access.Row) bool { return r.Kind == access.OnTable && r.Table == lf.AllTables })
	}
	running, planned := rows("--live", "--role", "LakeAdmin"), rows()
	if diff := cmp.Diff(planned, running); diff != "" || len(running) == 0 {
		t.Errorf("%d rows of the accounts; templates (-) and accounts (+) differ:\n%s", len(running), diff)
	}
}
