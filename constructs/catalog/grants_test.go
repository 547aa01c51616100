package catalog_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

const (
	grantType = "AWS::LakeFormation::PrincipalPermissions"
	reader    = "arn:aws:iam::111111111111:role/Reader"
)

// rights are the grants of a template: what is permitted, by what it is on.
func rights(template cdktest.Template) map[string]string {
	out := map[string]string{}
	for _, g := range template.Type(grantType) {
		out[g.JSON("Resource")] = g.JSON("Permissions")
	}
	return out
}

// waiting lists what the grants of a template wait for.
func waiting(template cdktest.Template) []string {
	var out []string
	for _, g := range template.Type(grantType) {
		out = append(out, g.DependsOn...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

const (
	labDatabase = `{"Database":{"CatalogId":"111111111111","Name":"lab"}}`
	labResults  = `{"Table":{"CatalogId":"111111111111","DatabaseName":"lab","Name":"results"}}`
	labColumns  = `{"TableWithColumns":{"CatalogId":"111111111111","ColumnWildcard":{},"DatabaseName":"lab","Name":"results"}}`
)

func labIn(stack awscdk.Stack) *catalog.Database {
	return catalog.NewDatabase(stack, jsii.String("Lab"), &catalog.DatabaseProps{Name: jsii.String("lab")})
}

func labTable(stack awscdk.Stack, database *catalog.Database) *catalog.Table {
	props := &catalog.TableProps{
		Database: database,
		Table:    &contract.Table{Name: "results", Format: contract.FormatParquet, Columns: []contract.Column{{Name: "id", Type: "string"}}},
		Location: jsii.String("s3://lab/results/"),
	}
	if database == nil {
		props.DatabaseName = jsii.String("lab")
	}
	return catalog.NewTable(stack, jsii.String("Results"), props)
}

func TestDatabaseGrants(t *testing.T) {
	for permissions, grant := range map[string]func(*catalog.Database){
		`["DESCRIBE"]`:                func(d *catalog.Database) { d.GrantDescribe(governance.PrincipalOf(reader)) },
		`["DESCRIBE","CREATE_TABLE"]`: func(d *catalog.Database) { d.GrantCreateTable(governance.PrincipalOf(reader)) },
	} {
		stack := cdktest.Stack()
		grant(labIn(stack))
		template := cdktest.Of(t, stack)
		made := template.One(t, grantType, "LakeFormationGrants")
		made.Want(t, map[string]string{"Resource": labDatabase, "Permissions": permissions, "Principal.DataLakePrincipalIdentifier": `"` + reader + `"`})
		cdktest.Same(t, cdktest.Compact(made.DependsOn), cdktest.Compact([]string{template.One(t, "AWS::Glue::Database", "Lab").ID}))
	}
}

func TestTableGrants(t *testing.T) {
	for permissions, grant := range map[string]func(*catalog.Table){
		"": func(table *catalog.Table) { table.GrantRead(governance.PrincipalOf(reader)) },
		`["DESCRIBE","INSERT","DELETE","ALTER"]`: func(table *catalog.Table) {
			table.GrantRead(governance.PrincipalOf(reader)) // joins
			table.GrantReadWrite(governance.PrincipalOf(reader))
		},
	} {
		stack := cdktest.Stack()
		grant(labTable(stack, labIn(stack)))
		template := cdktest.Of(t, stack)
		granted := map[string]string{labDatabase: `["DESCRIBE"]`, labColumns: `["SELECT"]`}
		if permissions != "" {
			granted[labResults] = permissions
		}
		cdktest.Same(t, cdktest.Compact(rights(template)), cdktest.Compact(granted))
		for _, g := range template.Type(grantType) {
			needed := template.One(t, "AWS::Glue::Database", "Lab").ID
			if g.JSON("Resource") != labDatabase {
				needed = template.One(t, "AWS::Glue::Table", "Results").ID
			}
			if !template.After(g.ID, needed) {
				t.Errorf("%s depends on %v, not on %s", g.ID, g.DependsOn, needed)
			}
		}
		for _, id := range []string{template.One(t, "AWS::Glue::Database", "Lab").ID, template.One(t, "AWS::Glue::Table", "Results").ID} {
			if !slices.Contains(waiting(template), id) {
				t.Errorf("no grant waits for %s", id)
			}
		}
	}
}

// A database is granted where it stands, so that readers of its tables in several
// stacks make one grant on it and not one each, which would collide.
func TestDatabaseOfAnotherStackIsGrantedThere(t *testing.T) {
	first := cdktest.Stack()
	second := awscdk.NewStack(awscdk.Stage_Of(first), jsii.String("Second"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)},
	})
	labTable(second, labIn(first)).GrantRead(governance.PrincipalOf(reader))
	cdktest.Same(t, cdktest.Compact(rights(cdktest.Of(t, first))), cdktest.Compact(map[string]string{labDatabase: `["DESCRIBE"]`}))
	cdktest.Same(t, cdktest.Compact(rights(cdktest.Of(t, second))), cdktest.Compact(map[string]string{labColumns: `["SELECT"]`}))
	if dependencies := *second.Dependencies(); len(dependencies) != 1 || *dependencies[0].StackName() != "Test" {
		t.Errorf("the second stack waits for %d stacks", len(dependencies))
	}
}

func TestTableInADatabaseByName(t *testing.T) {
	stack := cdktest.Stack()
	labTable(stack, nil).GrantRead(governance.PrincipalOf(reader))
	cdktest.Same(t, cdktest.Compact(rights(cdktest.Of(t, stack))), cdktest.Compact(map[string]string{labDatabase: `["DESCRIBE"]`, labColumns: `["SELECT"]`}))
}

func TestViewGrants(t *testing.T) {
	stack := cdktest.Stack()
	view := catalog.NewView(stack, jsii.String("Recent"), &catalog.ViewProps{
		Database: labIn(stack),
		Table: &contract.Table{
			Name: "recent", View: &contract.View{SQL: "SELECT id FROM results"},
			Columns: []contract.Column{{Name: "id", Type: "string"}},
		},
	})
	view.GrantRead(governance.PrincipalOf(reader))
	template := cdktest.Of(t, stack)
	cdktest.Same(t, cdktest.Compact(rights(template)), cdktest.Compact(map[string]string{
		labDatabase: `["DESCRIBE"]`,
		`{"Table":{"CatalogId":"111111111111","DatabaseName":"lab","Name":"recent"}}`: `["DESCRIBE","SELECT"]`,
	}))
	if id := template.One(t, "AWS::Glue::Table", "Recent").ID; !slices.Contains(waiting(template), id) {
		t.Errorf("no grant waits for %s", id)
	}
}
