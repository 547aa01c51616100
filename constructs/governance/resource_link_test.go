package governance_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

const databaseType = "AWS::Glue::Database"

func link(stack awscdk.Stack, region *string) *governance.ResourceLink {
	return governance.NewResourceLink(stack, jsii.String("Link"), &governance.ResourceLinkProps{
		Name: jsii.String("clinical"), TargetAccount: jsii.String(partner), TargetDatabase: jsii.String("river_clinical_curated"), TargetRegion: region,
	})
}

func TestLinkIsOnlyAPointer(t *testing.T) {
	stack := cdktest.Stack()
	made := link(stack, nil)
	usableAsScope(t, made)
	r := cdktest.Of(t, stack).One(t, databaseType, "Link")
	cdktest.Same(t, cdktest.Compact(r.Properties), `{"CatalogId":"111111111111","DatabaseInput":{"Name":"clinical",`+
		`"TargetDatabase":{"CatalogId":"222222222222","DatabaseName":"river_clinical_curated","Region":"us-east-1"}}}`)
	if r.DeletionPolicy != "" || r.UpdateReplacePolicy != "" {
		t.Errorf("a link has no data to retain: %q, %q", r.DeletionPolicy, r.UpdateReplacePolicy)
	}
	cdktest.Same(t, *made.DatabaseName(), "clinical")
	cdktest.Same(t, made.Target().Key(), "Database 222222222222/river_clinical_curated")
}

func TestLinkWithoutEnvironment(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), nil)
	link(stack, nil).GrantRead(governance.PrincipalOf(analyst))
	template := cdktest.Of(t, stack)
	template.One(t, databaseType, "Link").Want(t, map[string]string{
		"CatalogId":                    `{"Ref":"AWS::AccountId"}`,
		"DatabaseInput.TargetDatabase": `{"CatalogId":"222222222222","DatabaseName":"river_clinical_curated","Region":{"Ref":"AWS::Region"}}`,
	})
	if n := len(template.Type(grantType)); n != 3 {
		t.Errorf("%d grants, want those on link, database and tables", n)
	}
}

func TestLinkIsDescribedInTheOwnCatalog(t *testing.T) {
	stack := cdktest.Stack()
	link(stack, jsii.String("eu-west-1")).GrantDescribe(governance.PrincipalOf(analyst))
	template := cdktest.Of(t, stack)
	template.One(t, databaseType, "Link").Want(t, map[string]string{"DatabaseInput.TargetDatabase.Region": `"eu-west-1"`})
	grant := template.One(t, grantType, "LakeFormationGrants")
	grant.Want(t, map[string]string{
		"Permissions": `["DESCRIBE"]`, "Resource": `{"Database":{"CatalogId":"111111111111","Name":"clinical"}}`,
	})
	dependsOn(t, grant, template.One(t, databaseType, "Link").ID)
}

func TestLinkReadsItsTargetInTheOwnersCatalog(t *testing.T) {
	for _, test := range []struct {
		tables []string
		want   []string
	}{
		{nil, []string{`"TableWildcard":{}`}},
		{[]string{"patients", "labs"}, []string{`"Name":"labs"`, `"Name":"patients"`}},
	} {
		stack := cdktest.Stack()
		link(stack, nil).GrantRead(governance.PrincipalOf(analyst), test.tables...)
		template := cdktest.Of(t, stack)
		rights := map[string]string{}
		for _, g := range template.Type(grantType) {
			rights[g.JSON("Resource")] = g.JSON("Permissions")
		}
		expected := map[string]string{
			`{"Database":{"CatalogId":"111111111111","Name":"clinical"}}`:               `["DESCRIBE"]`,
			`{"Database":{"CatalogId":"222222222222","Name":"river_clinical_curated"}}`: `["DESCRIBE"]`,
		}
		for _, table := range test.want {
			expected[`{"Table":{"CatalogId":"222222222222","DatabaseName":"river_clinical_curated",`+table+`}}`] = `["DESCRIBE","SELECT"]`
		}
		cdktest.Same(t, cdktest.Compact(rights), cdktest.Compact(expected))
	}
}

func TestTargetOfAnotherRegionIsGrantedThere(t *testing.T) {
	made := link(cdktest.Stack(), jsii.String("eu-west-1"))
	cdktest.Same(t, cdktest.Panic(t, func() { made.GrantRead(governance.PrincipalOf(analyst)) }),
		"Test/Link: got a grant on the target Database 222222222222/river_clinical_curated of another region; expected only GrantDescribe on the link; "+
			"fix: grant on the target with PermissionsOf a stack in its region")
}

func TestOnlyDescribeAndDropOnALink(t *testing.T) {
	for name, grant := range map[string]lakeformation.Grant{
		"table":    {Resource: lakeformation.Table("clinical", "patients"), Permissions: reads()},
		"columns":  {Resource: lakeformation.Columns("clinical", "patients", "id"), Permissions: []lakeformation.Permission{lakeformation.Select}},
		"database": {Resource: lakeformation.Database("clinical"), Permissions: []lakeformation.Permission{lakeformation.CreateTable}},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack()
			governance.PermissionsOf(stack).Grant(governance.PrincipalOf(analyst), grant.Resource, grant.Permissions, nil)
			link(stack, nil)
			refused(t, stack, "on "+grant.Resource.Key()+", which is the resource link Test/Link; expected DESCRIBE or DROP on the link itself; "+
				"fix: grant on the database river_clinical_curated in catalog 222222222222")
		})
	}
	stack := cdktest.Stack()
	link(stack, nil)
	governance.PermissionsOf(stack).Grant(governance.PrincipalOf(analyst), lakeformation.Database("clinical"),
		[]lakeformation.Permission{lakeformation.Describe, lakeformation.Drop}, nil)
	governance.PermissionsOf(stack).Grant(governance.PrincipalOf(analyst), lakeformation.Table("clinical", "patients").In(partner), reads(), nil)
	checkChain(t, cdktest.Of(t, stack), 2)
}

func TestLinkProblems(t *testing.T) {
	stack := cdktest.Stack()
	there := beside(stack, "There", partner, cdktest.Region)
	for _, test := range []struct {
		props *governance.ResourceLinkProps
		text  string
	}{
		{nil, `Name: got nothing; expected 1 to 255 lower case letters, digits and underscores; fix: set Name
TargetAccount: got nothing; expected 12 digits; fix: set TargetAccount
TargetDatabase: got nothing; expected 1 to 255 lower case letters, digits and underscores; fix: set TargetDatabase`},
		{&governance.ResourceLinkProps{
			Name: jsii.String("My-Link"), TargetAccount: jsii.String("2222"), TargetDatabase: there.StackId(), TargetRegion: jsii.String("Ireland"),
		}, `Name: got "My-Link"; expected 1 to 255 lower case letters, digits and underscores; fix: correct Name
TargetAccount: got "2222"; expected 12 digits; fix: correct TargetAccount
TargetDatabase: got a value known only at deployment; expected a plain string: 1 to 255 lower case letters, digits and underscores; fix: write it out; accounts know each other's resources by name only
TargetRegion: got "Ireland"; expected the name of a region, like eu-west-1; fix: correct TargetRegion`},
		{&governance.ResourceLinkProps{
			Name: jsii.String("lab"), TargetAccount: jsii.String(partner), TargetDatabase: jsii.String("lab"), TargetRegion: jsii.String("cn-north-1"),
		}, `TargetRegion: got "cn-north-1", in the partition aws-cn; expected a region of aws; fix: copy the data; nothing is shared between partitions`},
		{&governance.ResourceLinkProps{
			Name: jsii.String("lab"), TargetAccount: jsii.String(cdktest.Account), TargetDatabase: jsii.String("lab"),
		}, `Name: got "lab", the name of the target in the same catalog; expected another name, or a target elsewhere; fix: query the database itself`},
	} {
		cdktest.Same(t, cdktest.Panic(t, func() { governance.NewResourceLink(stack, jsii.String("Link"), test.props) }), "Test/Link: "+test.text)
	}
	for id, props := range map[string]*governance.ResourceLinkProps{
		"Alias": {Name: jsii.String("alias"), TargetAccount: jsii.String(cdktest.Account), TargetDatabase: jsii.String("lab")},
		"Far": {
			Name: jsii.String("lab"), TargetAccount: jsii.String(cdktest.Account), TargetDatabase: jsii.String("lab"), TargetRegion: jsii.String("us-west-2"),
		},
	} {
		governance.NewResourceLink(stack, jsii.String(id), props)
	}
}
