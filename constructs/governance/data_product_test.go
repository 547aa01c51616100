package governance_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

func product(stack awscdk.Stack) *governance.DataProduct {
	return governance.NewDataProduct(stack, jsii.String("Results"), &governance.DataProductProps{
		Mesh: jsii.String("river"), Domain: jsii.String("lab"), Product: jsii.String("results"),
	})
}

const (
	productDatabases = `{"LFTagPolicy":{"CatalogId":"111111111111","Expression":[{"TagKey":"river:lab.product","TagValues":["no-product"]},{"TagKey":"river:zone","TagValues":["curated"]}],"ResourceType":"DATABASE"}}`
	productTables    = `{"LFTagPolicy":{"CatalogId":"111111111111","Expression":[{"TagKey":"river:lab.product","TagValues":["results"]},{"TagKey":"river:sensitivity","TagValues":[%s]}],"ResourceType":"TABLE"}}`
)

func TestProductShowsPublicColumnsByDefault(t *testing.T) {
	for _, test := range []struct {
		options *governance.GrantReadOptions
		levels  string
	}{
		{nil, `"public"`},
		{&governance.GrantReadOptions{}, `"public"`},
		{&governance.GrantReadOptions{Sensitivity: []ontology.Sensitivity{ontology.Public, ontology.Deidentified}}, `"deidentified","public"`},
	} {
		stack := cdktest.Stack()
		results := product(stack)
		usableAsScope(t, results)
		if n := len(cdktest.Of(t, stack).Type(grantType)); n != 0 {
			t.Errorf("%d grants before anything was granted", n)
		}
		stack = cdktest.Stack()
		made := product(stack).GrantRead(governance.PrincipalOf(analyst), test.options)
		template := cdktest.Of(t, stack)
		rights := map[string]string{}
		for _, g := range template.Type(grantType) {
			rights[g.JSON("Resource")] = g.JSON("Permissions") + g.JSON("PermissionsWithGrantOption") + g.JSON("Principal.DataLakePrincipalIdentifier")
		}
		if len(made.Cfn()) != 2 || len(rights) != 2 || rights[productDatabases] != `["DESCRIBE"][]"`+analyst+`"` ||
			rights[fmt.Sprintf(productTables, test.levels)] != `["DESCRIBE","SELECT"][]"`+analyst+`"` {
			t.Errorf("%d grants: %v", len(made.Cfn()), rights)
		}
		checkChain(t, template, 2)
	}
}

// The first grant waits for the tags, in whatever order things were made, and
// each other grant for the one before it; the number of dependencies does not
// grow with the readers.
func TestProductWaitsForItsTags(t *testing.T) {
	foundation := cdktest.Stack()
	stack := beside(foundation, "Domain", cdktest.Account, cdktest.Region)
	results := product(stack)
	for i := range 3 {
		results.GrantRead(governance.PrincipalOf(fmt.Sprintf("arn:aws:iam::111111111111:role/Reader%d", i)), nil)
	}
	governance.NewOntology(foundation, jsii.String("Ontology"), &governance.OntologyProps{Tags: []ontology.Tag{{Key: "river:zone", Values: []string{"curated"}}}})
	own := governance.NewOntology(stack, jsii.String("Ontology"), &governance.OntologyProps{Tags: []ontology.Tag{{Key: "river:lab.product", Values: []string{"no-product", "orders", "results"}}}})
	associate := func(id string, target lakeformation.Resource, tags ...lakeformation.Condition) {
		governance.NewTagAssociation(stack, jsii.String(id), &governance.TagAssociationProps{
			Association: lakeformation.TagAssociation{Resource: target, Tags: tags},
			Fixed:       jsii.Bool(true),
		})
	}
	is := func(key, value string) lakeformation.Condition {
		return lakeformation.Condition{Key: ontology.Key("river", key), Values: []string{value}}
	}
	associate("Database", lakeformation.Database("lab_curated"), is(ontology.ProductTagKey("lab"), ontology.NoProduct), is(ontology.TagKeyZone, "curated"))
	associate("Raw", lakeformation.Database("lab_raw"), is(ontology.ProductTagKey("lab"), ontology.NoProduct), is(ontology.TagKeyZone, "raw"))
	associate("Table", lakeformation.Table("lab_curated", "results"), is(ontology.ProductTagKey("lab"), "results"))
	associate("Foreign", lakeformation.Table("lab_curated", "orders"), is(ontology.ProductTagKey("lab"), "orders"))

	template := cdktest.Of(t, stack)
	first, _ := stack.Resolve(governance.PermissionsOf(stack).Grants()[0].LogicalId()).(string)
	tag, _ := stack.Resolve(own.Tags()[0].LogicalId()).(string)
	const associationType = "AWS::LakeFormation::TagAssociation"
	for _, g := range template.Type(grantType) {
		if g.ID == first {
			assignments := []string{}
			for _, id := range []string{"Database", "Raw", "Table", "Foreign"} {
				assignments = append(assignments, template.One(t, associationType, id).ID)
			}
			if !slices.Contains(template.One(t, associationType, "Database").DependsOn, tag) {
				t.Error("the tags of the database do not wait for the LF-Tag")
			}
			dependsOn(t, g, append(assignments, tag)...)
		} else if len(g.DependsOn) != 1 {
			t.Errorf("%s depends on %v", g.ID, g.DependsOn)
		}
	}
	if !slices.ContainsFunc(*stack.Dependencies(), func(s awscdk.Stack) bool { return *s.StackName() == *foundation.StackName() }) {
		t.Error("the stack does not wait for the LF-Tags of the foundation")
	}
}

func TestProductDoesNotWaitInACircle(t *testing.T) {
	stack := cdktest.Stack()
	product(stack).GrantRead(governance.PrincipalOf(analyst), nil)
	later := beside(stack, "Later", cdktest.Account, cdktest.Region)
	later.AddStackDependency(stack, jsii.String("made later"))
	governance.NewTagAssociation(later, jsii.String("Tags"), &governance.TagAssociationProps{Association: lakeformation.TagAssociation{
		Resource: lakeformation.Table("lab_curated", "results"),
		Tags:     []lakeformation.Condition{{Key: "river:lab.product", Values: []string{"results"}}},
	}})
	checkChain(t, cdktest.Of(t, stack), 2)
}

func TestProductProblems(t *testing.T) {
	stack := cdktest.Stack()
	cdktest.Same(t, cdktest.Panic(t, func() {
		governance.NewDataProduct(stack, jsii.String("P"), &governance.DataProductProps{Mesh: stack.StackId(), Domain: jsii.String("Lab"), Zone: "gold"})
	}), `Test/P: Domain: got "Lab"; expected lower case, as Lake Formation stores it; fix: write "lab"
Mesh: got a value known only at deployment; expected a plain string; fix: write the name out
Product: got nothing; expected a name; fix: set Product
Zone: got "gold"; expected one of [raw curated analytics]; fix: leave it out for curated`)
	results := product(stack)
	cdktest.Same(t, cdktest.Panic(t, func() {
		results.GrantRead(governance.PrincipalOf(analyst), &governance.GrantReadOptions{Sensitivity: []ontology.Sensitivity{"secret", ontology.Public, ""}})
	}), `Test/Results: Sensitivity[0]: got "secret"; expected one of [public internal deidentified phi]; fix: name a level of the ontology
Sensitivity[2]: got ""; expected one of [public internal deidentified phi]; fix: name a level of the ontology`)
}
