package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

const databaseType = "AWS::Glue::Database"

func TestDatabaseOpensNothingByDefault(t *testing.T) {
	stack := cdktest.Stack()
	database := catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{
		Name:        jsii.String("lab_curated"),
		Description: jsii.String("Typed and checked"),
		LocationURI: jsii.String("s3://lab-curated/"),
	})
	r := cdktest.Of(t, stack).One(t, databaseType, "Curated")
	r.Want(t, map[string]string{
		"CatalogId":     `"` + cdktest.Account + `"`,
		"DatabaseInput": `{"CreateTableDefaultPermissions":[],"Description":"Typed and checked","LocationUri":"s3://lab-curated/","Name":"lab_curated"}`,
	})
	if r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
		t.Errorf("a database takes its tables with it: DeletionPolicy %q, UpdateReplacePolicy %q", r.DeletionPolicy, r.UpdateReplacePolicy)
	}
	cdktest.Same(t, *database.DatabaseName(), "lab_curated")
	cdktest.Same(t, database.Resource().Key(), "Database lab_curated")
}

func TestDatabaseProblems(t *testing.T) {
	stack := cdktest.Stack()
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{
			Name:        jsii.String("Lab-Curated"),
			Description: jsii.String(strings.Repeat("x", 2049)),
			LocationURI: jsii.String("lab-curated/"),
		})
	}), `Test/Curated: Description: got 2049 characters; expected at most 2048; fix: shorten it
LocationURI: got "lab-curated/"; expected an s3:// URI; fix: write it as "s3://bucket/prefix/"
Name: got "Lab-Curated"; expected 1 to 255 lower case letters, digits and underscores; fix: rename it`)

	cdktest.Same(t, cdktest.Panic(t, func() { catalog.NewDatabase(stack, jsii.String("Curated"), nil) }),
		`Test/Curated: Name: got nothing; expected a name; fix: set Name`)
	cdktest.Same(t, cdktest.Panic(t, func() {
		catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{Name: awscdk.Aws_STACK_NAME()})
	}), `Test/Curated: Name: got a value known only at deployment; expected a plain string; fix: pass the name itself: grants and other accounts refer to it`)
	if stack.Node().TryFindChild(jsii.String("Curated")) != nil {
		t.Error("a half-made database is left in the tree")
	}
}

func TestDatabaseLocationMayBeAToken(t *testing.T) {
	stack := cdktest.Stack()
	bucket := awss3.NewBucket(stack, jsii.String("Bucket"), nil)
	catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{
		Name:        jsii.String("lab_curated"),
		LocationURI: bucket.S3UrlForObject(nil),
	})
	template := cdktest.Of(t, stack)
	template.One(t, databaseType, "Curated").Want(t, map[string]string{
		"DatabaseInput.LocationUri": `{"Fn::Join":["",["s3://",{"Ref":"` + template.One(t, "AWS::S3::Bucket", "Bucket").ID + `"}]]}`,
	})
}

func TestDatabaseIsAConstruct(t *testing.T) {
	stack := cdktest.Stack()
	database := catalog.NewDatabase(stack, jsii.String("Curated"), &catalog.DatabaseProps{Name: jsii.String("lab_curated")})
	awss3.NewBucket(database, jsii.String("Inside"), nil)
	if !slices.ContainsFunc(*stack.Node().Children(), func(c constructs.IConstruct) bool { return c == constructs.IConstruct(database) }) {
		t.Error("the database is not among the children of its stack")
	}
	cdktest.Of(t, stack).One(t, "AWS::S3::Bucket", "CuratedInside")
}
