package workflow

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/deploy"
)

// A store outlives its stack, and goes with it only where both keys and a word on what is
// kept say so.
func TestStoreGoesOnlyWhereItMay(t *testing.T) {
	c := launch(t)
	for _, test := range []struct {
		name, want string
		change     func(stack awscdk.Stack, p *fhirstore.FhirStoreProps)
	}{
		{"kept", "ACTIVE", func(awscdk.Stack, *fhirstore.FhirStoreProps) {}},
		{"destroyed", "DELETED", func(stack awscdk.Stack, p *fhirstore.FhirStoreProps) {
			stack.Node().SetContext(jsii.String(storage.AllowDestroyContext), true)
			p.AllowDestroy, p.WithoutExport = jsii.Bool(true), jsii.Bool(true)
		}},
	} {
		stack := newStack()
		p := &fhirstore.FhirStoreProps{DatastoreName: jsii.String(test.name)}
		test.change(stack, p)
		p.Key = awskms.NewKey(stack, jsii.String("Key"), nil)
		fhirstore.NewFhirStore(stack, jsii.String("Records"), p)
		c.made = nil
		c.deploy(t, render(t, stack))
		store := c.id(t, "AWS::HealthLake::FHIRDatastore", "Records")
		config, err := deploy.Config(t.Context(), c.server, environment)
		must(t, err)
		_, err = cloudformation.NewFromConfig(config).DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("Test")})
		must(t, err)
		var described struct {
			DatastoreProperties struct{ DatastoreStatus string }
		}
		c.call(t, "healthlake", "HealthLake.DescribeFHIRDatastore", object{"DatastoreId": store}, &described)
		if got := described.DatastoreProperties.DatastoreStatus; got != test.want {
			t.Errorf("%s: the store is %s, want %s", test.name, got, test.want)
		}
	}
}
