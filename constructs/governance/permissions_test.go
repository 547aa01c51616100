package governance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

const grantType = "AWS::LakeFormation::PrincipalPermissions"

const (
	analyst = "arn:aws:iam::111111111111:role/Analyst"
	writer  = "arn:aws:iam::111111111111:role/Writer"
	partner = "222222222222"
)

func reads() []lakeformation.Permission {
	return []lakeformation.Permission{lakeformation.Select, lakeformation.Describe}
}

// grants calls what is given on the Permissions of a new stack.
func grants(t testing.TB, call func(*governance.Permissions)) cdktest.Template {
	t.Helper()
	stack := cdktest.Stack()
	call(governance.NewPermissions(stack, jsii.String("Grants")))
	return cdktest.Of(t, stack)
}

func TestOneGrantPerPrincipalAndResource(t *testing.T) {
	template := grants(t, func(p *governance.Permissions) {
		usableAsScope(t, p)
		table := lakeformation.Table("lab", "results")
		first := p.Grant(governance.PrincipalOf(analyst), table, reads(), nil)
		again := p.Grant(governance.PrincipalOf(analyst), table,
			[]lakeformation.Permission{lakeformation.Insert, lakeformation.Select}, &governance.GrantOptions{Grantable: true})
		own := p.Grant(governance.PrincipalOf(analyst), table.In(cdktest.Account), []lakeformation.Permission{lakeformation.Alter}, nil)
		if first.Cfn()[0] != again.Cfn()[0] || first.Cfn()[0] != own.Cfn()[0] {
			t.Error("a second resource for the same pair")
		}
	})
	// In the fixed order, not in that of the calls.
	template.One(t, grantType, "Grants").Want(t, map[string]string{
		"Permissions":                `["DESCRIBE","SELECT","INSERT","ALTER"]`,
		"PermissionsWithGrantOption": `["SELECT","INSERT"]`,
		"Principal":                  `{"DataLakePrincipalIdentifier":"` + analyst + `"}`,
	})
}

func TestEveryResourceNamesItsCatalog(t *testing.T) {
	const own = `"CatalogId":"` + cdktest.Account + `"`
	for _, test := range []struct {
		resource    lakeformation.Resource
		permissions []lakeformation.Permission
		rendered    string
	}{
		{
			lakeformation.Database("lab"), []lakeformation.Permission{lakeformation.Describe},
			`{"Database":{` + own + `,"Name":"lab"}}`,
		},
		{
			lakeformation.Table("lab", "results"), reads(),
			`{"Table":{` + own + `,"DatabaseName":"lab","Name":"results"}}`,
		},
		{
			lakeformation.Table("lab", lakeformation.AllTables), reads(),
			`{"Table":{` + own + `,"DatabaseName":"lab","TableWildcard":{}}}`,
		},
		{
			lakeformation.Table("lab", "results").In(partner), reads(),
			`{"Table":{"CatalogId":"` + partner + `","DatabaseName":"lab","Name":"results"}}`,
		},
		{
			lakeformation.Columns("lab", "results", "value", "id"), []lakeformation.Permission{lakeformation.Select},
			`{"TableWithColumns":{` + own + `,"ColumnNames":["id","value"],"DatabaseName":"lab","Name":"results"}}`,
		},
		{
			lakeformation.Columns("lab", "results", lakeformation.AllColumns), []lakeformation.Permission{lakeformation.Select},
			`{"TableWithColumns":{` + own + `,"ColumnWildcard":{},"DatabaseName":"lab","Name":"results"}}`,
		},
		{
			lakeformation.Resource{Kind: lakeformation.KindColumns, Database: "lab", Table: "results", Excluded: []string{"name"}},
			[]lakeformation.Permission{lakeformation.Select},
			`{"TableWithColumns":{` + own + `,"ColumnWildcard":{"ExcludedColumnNames":["name"]},"DatabaseName":"lab","Name":"results"}}`,
		},
		{
			lakeformation.DataCells("lab", "results", "cohort_1"), []lakeformation.Permission{lakeformation.Select},
			`{"DataCellsFilter":{"DatabaseName":"lab","Name":"cohort_1","TableCatalogId":"` + cdktest.Account + `","TableName":"results"}}`,
		},
		{
			lakeformation.Location("arn:aws:s3:::lab"), []lakeformation.Permission{lakeformation.DataLocationAccess},
			`{"DataLocation":{` + own + `,"ResourceArn":"arn:aws:s3:::lab"}}`,
		},
		{
			lakeformation.TagValues("lab:zone", "raw"), []lakeformation.Permission{lakeformation.Associate},
			`{"LFTag":{` + own + `,"TagKey":"lab:zone","TagValues":["raw"]}}`,
		},
		{
			lakeformation.TagPolicy(lakeformation.Tables,
				lakeformation.Condition{Key: "lab:zone", Values: []string{"raw", "curated"}},
				lakeformation.Condition{Key: "lab:domain", Values: []string{"lab"}}), reads(),
			`{"LFTagPolicy":{` + own + `,"Expression":[{"TagKey":"lab:domain","TagValues":["lab"]},{"TagKey":"lab:zone","TagValues":["curated","raw"]}],"ResourceType":"TABLE"}}`,
		},
	} {
		template := grants(t, func(p *governance.Permissions) {
			p.Grant(governance.PrincipalOf(analyst), test.resource, test.permissions, nil)
		})
		template.One(t, grantType, "Grants").Want(t, map[string]string{
			"Resource":                   test.rendered,
			"PermissionsWithGrantOption": `[]`,
		})
	}
}

// calls are grants of several kinds; two pairs of them are for the same
// principal and resource.
func calls(p *governance.Permissions) []func() {
	grant := func(principal string, resource lakeformation.Resource, grantable bool, permissions ...lakeformation.Permission) func() {
		return func() {
			p.Grant(governance.PrincipalOf(principal), resource, permissions, &governance.GrantOptions{Grantable: grantable})
		}
	}
	return []func(){
		grant(writer, lakeformation.Location("arn:aws:s3:::lab"), false, lakeformation.DataLocationAccess),
		grant(writer, lakeformation.Database("lab"), false, lakeformation.CreateTable),
		grant(writer, lakeformation.Database("lab"), true, lakeformation.Describe, lakeformation.Alter),
		grant(analyst, lakeformation.Database("lab"), false, lakeformation.Describe),
		grant(analyst, lakeformation.Table("lab", "results"), false, lakeformation.Select),
		grant(analyst, lakeformation.Table("lab", "results"), false, lakeformation.Describe),
		grant(partner, lakeformation.Table("lab", "results"), true, lakeformation.Select),
	}
}

func TestOrderOfCallsDoesNotShow(t *testing.T) {
	call := func(t testing.TB, order []int) cdktest.Template {
		return grants(t, func(p *governance.Permissions) {
			all := calls(p)
			for _, i := range order {
				all[i]()
			}
		})
	}
	order := make([]int, len(calls(nil)))
	for i := range order {
		order[i] = i
	}
	straight := call(t, order)
	checkChain(t, straight, 5)
	rapid.Check(t, func(r *rapid.T) {
		shuffled := rapid.Permutation(order).Draw(r, "order")
		if got := call(t, shuffled); got.JSON != straight.JSON {
			r.Fatalf("another template:\n%s\nthan for calls in order:\n%s", got.JSON, straight.JSON)
		}
	})
}

// checkChain checks that each grant but the first waits for exactly one other,
// and that following them from the last visits all of them.
func checkChain(t *testing.T, template cdktest.Template, n int) {
	t.Helper()
	before := map[string]string{}
	last, known := map[string]bool{}, map[string]bool{}
	made := template.Type(grantType)
	if len(made) != n {
		t.Fatalf("%d grants, want %d", len(made), n)
	}
	for _, g := range made {
		last[g.ID], known[g.ID] = true, true
	}
	for _, g := range made {
		for _, id := range g.DependsOn {
			if !known[id] {
				continue
			}
			if before[g.ID] != "" {
				t.Errorf("%s waits for two grants: %v", g.ID, g.DependsOn)
			}
			before[g.ID] = id
			delete(last, id)
		}
	}
	if len(last) != 1 {
		t.Fatalf("%d ends of the chain: %v", len(last), last)
	}
	for id := range last {
		visited := 1
		for ; before[id] != ""; visited++ {
			id = before[id]
		}
		if visited != n {
			t.Errorf("the chain holds %d of %d grants", visited, n)
		}
	}
}

func TestGrantsAreListedInTheirOrder(t *testing.T) {
	stack := cdktest.Stack()
	p := governance.NewPermissions(stack, jsii.String("Grants"))
	for _, call := range calls(p) {
		call()
	}
	template := cdktest.Of(t, stack)
	previous := []string{}
	for _, grant := range p.Grants() {
		id, _ := stack.Resolve(grant.LogicalId()).(string)
		r := template.One(t, grantType, id)
		dependsOn(t, r, previous...)
		previous = []string{r.ID}
	}
}

// Adding grants must not rename the ones that are there: a renamed grant is
// created before the old one is deleted, and both are the same to Lake Formation.
func TestIDDependsOnThePairOnly(t *testing.T) {
	results := lakeformation.Table("lab", "results")
	alone := grants(t, func(p *governance.Permissions) {
		p.Grant(governance.PrincipalOf(analyst), results, []lakeformation.Permission{lakeformation.Select}, nil)
	})
	among := grants(t, func(p *governance.Permissions) {
		for _, call := range calls(p) {
			call()
		}
		p.Grant(governance.PrincipalOf(analyst), results, []lakeformation.Permission{lakeformation.Delete}, &governance.GrantOptions{Grantable: true})
	})
	id := alone.One(t, grantType, "Grants").ID
	if !slices.ContainsFunc(among.Type(grantType), func(r cdktest.Resource) bool { return r.ID == id }) {
		t.Errorf("%s has another id among other grants", id)
	}
}

func TestGrantsWaitForWhatTheyName(t *testing.T) {
	stack := cdktest.Stack()
	database := catalog.NewDatabase(stack, jsii.String("Lab"), &catalog.DatabaseProps{Name: jsii.String("lab")})
	location := governance.NewLocation(stack, jsii.String("Place"), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::lab")})
	p := governance.NewPermissions(stack, jsii.String("Grants"))
	p.Grant(governance.PrincipalOf(analyst), database.Resource(), []lakeformation.Permission{lakeformation.Describe},
		&governance.GrantOptions{After: []awscdk.CfnResource{database.Cfn()}})
	p.Grant(governance.PrincipalOf(analyst), database.Resource(), []lakeformation.Permission{lakeformation.Alter},
		&governance.GrantOptions{After: []awscdk.CfnResource{location.Cfn()}})
	template := cdktest.Of(t, stack)
	dependsOn(t, template.One(t, grantType, "Grants"), template.One(t, "AWS::Glue::Database", "Lab").ID, template.One(t, registrationType, "Place").ID)
}

func TestRoleAsPrincipal(t *testing.T) {
	stack := cdktest.Stack()
	made := awsiam.NewRole(stack, jsii.String("Job"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil)})
	brought := awsiam.Role_FromRoleArn(stack, jsii.String("Brought"), jsii.String(analyst), nil)
	p := governance.NewPermissions(stack, jsii.String("Grants"))
	p.Grant(governance.RolePrincipal(made), lakeformation.Database("lab"), []lakeformation.Permission{lakeformation.Describe}, nil)
	p.Grant(governance.RolePrincipal(made), lakeformation.Database("lab"), []lakeformation.Permission{lakeformation.Alter}, nil)
	p.Grant(governance.RolePrincipal(brought), lakeformation.Table("lab", "results"), reads(), nil)
	p.Grant(governance.PrincipalOf(analyst), lakeformation.Table("lab", "results"), []lakeformation.Permission{lakeformation.Alter}, nil)
	template := cdktest.Of(t, stack)
	// The id is made of the role's place in the tree, not of a token's number.
	template.One(t, grantType, "GrantsJobDatabase").Want(t, map[string]string{
		"Principal":   `{"DataLakePrincipalIdentifier":` + arn(template.One(t, roleType, "Job")) + `}`,
		"Permissions": `["DESCRIBE","ALTER"]`,
	})
	template.One(t, grantType, "GrantsAnalystTable").Want(t, map[string]string{
		"Principal":   `{"DataLakePrincipalIdentifier":"` + analyst + `"}`,
		"Permissions": `["DESCRIBE","SELECT","ALTER"]`,
	})
}

func TestRefusedGrants(t *testing.T) {
	database := lakeformation.Database("lab")
	describe := []lakeformation.Permission{lakeformation.Describe}
	const leave = "; fix: leave out what the resource does not take"
	for _, test := range []struct {
		principal   string
		resource    lakeformation.Resource
		permissions []lakeformation.Permission
		text        string
	}{
		{
			"IAM_ALLOWED_PRINCIPALS", database, describe,
			"Principal: got IAM_ALLOWED_PRINCIPALS, which switches Lake Formation off for the resource; expected " + lakeformation.PrincipalForms + "; fix: name a role, a group or an account",
		},
		{
			"Analyst", database, describe,
			`Principal: got "Analyst"; expected ` + lakeformation.PrincipalForms + "; fix: write the identifier as Lake Formation takes it",
		},
		{
			analyst, database, []lakeformation.Permission{lakeformation.Select},
			"Permissions[0]: got SELECT on the Database lab; expected one of [DESCRIBE ALTER DROP CREATE_TABLE]" + leave,
		},
		{
			analyst, database, []lakeformation.Permission{"ALL"},
			"Permissions[0]: got ALL on the Database lab; expected one of [DESCRIBE ALTER DROP CREATE_TABLE]" + leave,
		},
		{
			analyst, lakeformation.Table("lab", "results"), []lakeformation.Permission{lakeformation.CreateTable},
			"Permissions[0]: got CREATE_TABLE on the Table lab.results; expected one of [DESCRIBE SELECT INSERT DELETE ALTER DROP]" + leave,
		},
		{
			analyst, lakeformation.DataCells("lab", "results", "cohort"), reads(),
			"Permissions[1]: got DESCRIBE on the DataCellsFilter lab.results[cohort]; expected one of [SELECT]" + leave,
		},
		{
			analyst, lakeformation.Location("arn:aws:s3:::lab"), describe,
			"Permissions[0]: got DESCRIBE on the DataLocation arn:aws:s3:::lab; expected one of [DATA_LOCATION_ACCESS]" + leave,
		},
		{
			analyst, database, nil,
			"Permissions: got none; expected some of [DESCRIBE ALTER DROP CREATE_TABLE]; fix: say what is allowed",
		},
		{
			analyst, lakeformation.Resource{}, describe,
			`Resource: got "", which is no kind of resource; expected a database, table, columns, filter, location or LF-Tags; fix: make it with a function of lakeformation, such as lakeformation.Table`,
		},
		{
			"Everyone", lakeformation.Database(""), describe,
			"Principal: got Everyone, which switches Lake Formation off for the resource; expected " + lakeformation.PrincipalForms + "; fix: name a role, a group or an account\nResource.Database: got nothing; expected the name of a database; fix: name it",
		},
	} {
		p := governance.NewPermissions(cdktest.Stack(), jsii.String("Grants"))
		text := cdktest.Panic(t, func() { p.Grant(governance.PrincipalOf(test.principal), test.resource, test.permissions, nil) })
		cdktest.Same(t, text, "Test/Grants: "+test.text)
		if len(p.Grants()) != 0 {
			t.Errorf("a refused grant is in the Permissions: %s", strings.TrimSpace(text))
		}
	}
}

func TestPrincipalIdentifier(t *testing.T) {
	const analyst = "arn:aws:iam::111111111111:role/Analyst"
	if got, err := governance.PrincipalOf(analyst).Identifier(); err != nil || *got != analyst {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := governance.PrincipalOf("IAM_ALLOWED_PRINCIPALS").Identifier(); err == nil {
		t.Error("a principal that switches Lake Formation off is taken")
	}
}
