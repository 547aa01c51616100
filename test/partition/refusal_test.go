package partition

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// What is of another partition than the stack is refused, with the partition to write.
func TestOtherPartitionsAreRefused(t *testing.T) {
	app := newApp(t, flags.Recommended())
	stack := places[0].stack(app, "Gov")
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	const role, bucket, keyARN = "arn:aws:iam::111111111111:role/R", "arn:aws:s3:::lab", "arn:aws:kms:us-gov-west-1:111111111111:key/11111111-2222-3333-4444-555555555555"
	for path, makes := range map[string]func(id *string){
		"ARN": func(id *string) {
			governance.NewLocation(stack, id, &governance.LocationProps{ARN: jsii.String(bucket)})
		},
		"Admins[0]": func(id *string) {
			governance.NewSettings(stack, id, &governance.SettingsProps{Admins: []string{role}})
		},
		"DeploymentRoleARN": func(id *string) {
			governance.NewSettings(stack, id, &governance.SettingsProps{DeploymentRoleARN: jsii.String(role)})
		},
		"LocationARNs[0]": func(id *string) {
			crawler.NewCrawler(stack, id, &crawler.CrawlerProps{LocationARNs: []string{bucket}})
		},
		" LocationARNs[0]": func(id *string) {
			imagestore.NewMetadata(stack, id, &imagestore.MetadataProps{LocationARNs: []string{bucket}})
		},
		"OnlyVPCEndpoints.ExceptRoleARNs[0]": func(id *string) {
			storage.NewLakeStorage(stack, id, &storage.LakeStorageProps{OnlyVPCEndpoints: &storage.VPCEndpointAccess{ExceptRoleARNs: []string{role}}})
		},
		"Replication.KeyARN": func(id *string) {
			storage.NewLakeStorage(stack, id, &storage.LakeStorageProps{Replication: &storage.Replication{Region: jsii.String("us-gov-west-1"), KeyARN: jsii.String(keyARN)}})
		},
		"KeyARN": func(id *string) {
			storage.LakeStorageFromAttributes(stack, id, &storage.LakeStorageAttributes{KeyARN: jsii.String(keyARN)})
		},
		"Key": func(id *string) {
			query.WorkGroupFromAttributes(stack, id, &query.WorkGroupAttributes{Key: awskms.Key_FromKeyArn(stack, jsii.String("KeyOfWorkGroup"), jsii.String(keyARN))})
		},
		"SmartOnFhir.IdentityProviderARN": func(id *string) {
			fhirstore.NewFhirStore(stack, id, &fhirstore.FhirStoreProps{Key: key, SmartOnFhir: &fhirstore.SmartOnFhir{
				IdentityProviderARN: jsii.String("arn:aws:lambda:us-gov-west-1:111111111111:function:idp"),
			}})
		},
		"DatastoreARN": func(id *string) {
			fhirstore.FhirStoreFromAttributes(stack, id, &fhirstore.FhirStoreAttributes{
				DatastoreARN: jsii.String("arn:aws:healthlake:us-gov-west-1:111111111111:datastore/fhir/00112233445566778899aabbccddeeff"),
			})
		},
		" DatastoreARN": func(id *string) {
			imagestore.ImageStoreFromAttributes(stack, id, &imagestore.ImageStoreAttributes{
				DatastoreARN: jsii.String("arn:aws:medical-imaging:us-gov-west-1:111111111111:datastore/00112233445566778899aabbccddeeff"),
			})
		},
		"Principal": func(*string) {
			governance.PermissionsOf(stack).Grant(governance.PrincipalOf(role), lakeformation.Database("lab"), []lakeformation.Permission{lakeformation.Describe}, nil)
		},
		"arn": func(id *string) { governance.LocationFromArn(stack, id, jsii.String(bucket)) },
		"Principals[0]": func(id *string) {
			fhirstore.NewQueryAccess(stack, id, &fhirstore.QueryAccessProps{Principals: []governance.Principal{governance.PrincipalOf(role)}})
		},
	} {
		text := refusal(func() {
			makes(jsii.String("Refused" + strings.NewReplacer("[", "", "]", "", ".", "", " ", "Other").Replace(path)))
		})
		want := strings.TrimSpace(path) + `: got "arn:aws:`
		if !strings.Contains(text, want) || !strings.Contains(text, "expected an ARN that begins with arn:aws-us-gov") || !strings.Contains(text, "; fix: ") {
			t.Errorf("no %s … in %s", want, text)
		}
	}
	text := refusal(func() {
		storage.NewLakeStorage(stack, jsii.String("Abroad"), &storage.LakeStorageProps{Replication: &storage.Replication{Region: jsii.String("us-west-2")}})
	})
	if !strings.Contains(text, `Replication.Region: got "us-west-2", in the partition aws; expected a region of aws-us-gov`) {
		t.Error(text)
	}
}

// Glue optimizes Iceberg tables in no region of GovCloud or China.
func TestNoOptimizersElsewhere(t *testing.T) {
	stack := places[1].stack(newApp(t, flags.Recommended()), "China")
	text := refusal(func() { catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), nil) })
	if !strings.Contains(text, "Regions: got a stack in cn-north-1; expected one of ap-northeast-1, ") {
		t.Error(text)
	}
}

// Where nobody knows the partition, nothing is refused.
func TestUnknownPartitionsTakeEveryARN(t *testing.T) {
	stack := awscdk.NewStack(newApp(t, flags.Recommended()), jsii.String("Anywhere"), nil)
	if text := refusal(func() {
		governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: jsii.String("arn:aws-cn:s3:::lab")})
	}); text != "" {
		t.Error(text)
	}
}

// refusal is the panic of a constructor, "" when there is none.
func refusal(makes func()) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprint(p)
		}
	}()
	makes()
	return ""
}
