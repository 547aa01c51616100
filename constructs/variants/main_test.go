package variants_test

import (
	"os"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/constructs/variants"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

// core is a lake with what a VariantLake needs around it.
type core struct {
	stack    awscdk.Stack
	lake     *storage.LakeStorage
	database *catalog.Database
	location *governance.Location
}

func newCore(stack awscdk.Stack) core {
	c := core{stack: stack}
	settings := governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{AllowFullTableAccess: jsii.Bool(true)})
	c.lake = storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	c.location = governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: c.lake.Curated().BucketArn(), Key: c.lake.Key()})
	c.location.Cfn().AddResourceDependency(settings.Cfn(), nil)
	c.database = catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("genomics")})
	c.database.Cfn().AddResourceDependency(c.location.Cfn(), nil)
	return c
}

func (c core) props() *variants.VariantLakeProps {
	return &variants.VariantLakeProps{
		Landing:   storage.S3Location{Bucket: c.lake.Raw(), Prefix: jsii.String("vcf/")},
		Files:     storage.S3Location{Bucket: c.lake.Curated(), Prefix: jsii.String("variants/")},
		Database:  c.database,
		Locations: []governance.ILocation{c.location},
	}
}

// made is the template of a stack with a VariantLake.
func made(t *testing.T, change func(core, *variants.VariantLakeProps)) (*variants.VariantLake, cdktest.Template) {
	t.Helper()
	c := newCore(cdktest.Stack())
	p := c.props()
	if change != nil {
		change(c, p)
	}
	lake := variants.NewVariantLake(c.stack, jsii.String("Variants"), p)
	return lake, cdktest.Of(t, c.stack)
}
