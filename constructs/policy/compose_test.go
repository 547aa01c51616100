package policy_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// once makes a construct when it is first asked for.
func once[T any](create func() T) func() T {
	var made *T
	return func() T {
		if made == nil {
			value := create()
			made = &value
		}
		return *made
	}
}

// composition is a program that uses most of what this library makes in one
// stack, without a word about order, as steps that may be taken in any order.
func composition(stack awscdk.Stack) []func() {
	id := jsii.String
	lake := once(func() *storage.LakeStorage { return storage.NewLakeStorage(stack, id("Lake"), nil) })
	location := once(func() *governance.Location {
		return governance.NewLocation(stack, id("Location"), &governance.LocationProps{ARN: lake().Curated().BucketArn(), Key: lake().Key()})
	})
	database := once(func() *catalog.Database {
		return catalog.NewDatabase(stack, id("Database"), &catalog.DatabaseProps{
			Name: id("lab_curated"), LocationURI: id("s3://" + *lake().Curated().BucketName() + "/"),
		})
	})
	table := once(func() *catalog.Table {
		return catalog.NewTable(stack, id("Table"), &catalog.TableProps{
			DatabaseName: id("lab_curated"), Location: id("s3://" + *lake().Curated().BucketName() + "/results/"),
			Table: &contract.Table{Name: "results", Format: contract.FormatParquet, Columns: []contract.Column{{Name: "id", Type: "string"}, {Name: "site", Type: "string"}}},
		})
	})
	job := once(func() awsiam.Role {
		return awsiam.NewRole(stack, id("Job"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(id("glue.amazonaws.com"), nil)})
	})
	tag := func(key, value string) lakeformation.Condition {
		return lakeformation.Condition{Key: ontology.Key("river", key), Values: []string{value}}
	}
	associate := func(name string, r lakeformation.Resource, tags ...lakeformation.Condition) {
		governance.NewTagAssociation(stack, id(name), &governance.TagAssociationProps{Association: lakeformation.TagAssociation{Resource: r, Tags: tags}})
	}
	filter := once(func() *governance.DataCellsFilter {
		return governance.NewDataCellsFilter(stack, id("Filter"), &governance.DataCellsFilterProps{
			Database: id("lab_curated"), Table: id("results"), NamePrefix: id("site"), Rows: rowfilter.Equals("site", "north"),
		})
	})
	analyst := governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")
	return []func(){
		func() { governance.NewSettings(stack, id("Settings"), nil) },
		func() {
			governance.NewOntology(stack, id("Ontology"), &governance.OntologyProps{Tags: []ontology.Tag{
				{Key: "river:lab.product", Values: []string{"no-product", "results"}},
				{Key: "river:zone", Values: []string{"curated"}}, {Key: "river:sensitivity", Values: []string{"public"}},
			}})
		},
		func() {
			associate("DatabaseTags", lakeformation.Database("lab_curated"), tag(ontology.ProductTagKey("lab"), ontology.NoProduct), tag(ontology.TagKeyZone, "curated"))
		},
		func() {
			associate("TableTags", lakeformation.Table("lab_curated", "results"), tag(ontology.ProductTagKey("lab"), "results"))
		},
		func() {
			associate("ColumnTags", lakeformation.Columns("lab_curated", "results", "id", "site"), tag(ontology.TagKeySensitivity, "public"))
		},
		func() { location().GrantAccess(governance.PrincipalFrom(job())) },
		func() { database().GrantCreateTable(governance.RolePrincipal(job())) },
		func() { table().GrantReadWrite(governance.RolePrincipal(job())) },
		func() { table().GrantRead(governance.PrincipalOf("arn:aws:iam::111111111111:role/Reader")) },
		func() {
			governance.PermissionsOf(stack).Grant(governance.PrincipalOf("arn:aws:iam::111111111111:role/North"), filter().Resource(), []lakeformation.Permission{lakeformation.Select}, nil)
		},
		func() {
			governance.NewDataProduct(stack, id("Product"), &governance.DataProductProps{Mesh: id("river"), Domain: id("lab"), Product: id("results")}).GrantRead(analyst, nil)
		},
		func() {
			governance.NewResourceLink(stack, id("Link"), &governance.ResourceLinkProps{
				Name: id("clinical"), TargetAccount: id("222222222222"), TargetDatabase: id("clinical"),
			}).GrantDescribe(analyst)
		},
	}
}

// What a reader writes first has no finding, in whatever order it is written, and
// the order does not show.
func TestWhatIsComposedInAnyOrderPasses(t *testing.T) {
	template := ""
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			app := awscdk.NewApp(nil)
			policy.Use(app)
			stack := awscdk.NewStack(app, jsii.String("Lab"), &awscdk.StackProps{
				Env: &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)},
			})
			steps := composition(stack)
			for _, i := range rand.New(rand.NewPCG(seed, 1)).Perm(len(steps)) { //nolint:gosec // the same orders each time
				steps[i]()
			}
			got := cdktest.Of(t, stack).JSON
			if template == "" {
				template = got
			}
			if got != template {
				t.Errorf("another template:\n%s\nthan in the first order:\n%s", got, template)
			}
		})
	}
}
