package storage_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/test/golden"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
)

const (
	replicaRegion = "us-west-2"
	ownKey        = "arn:aws:kms:us-east-1:111111111111:key/4f1d9d2c-5d8d-4d3b-8f0e-2f6a4c5b7e90"
	replicaKey    = "arn:aws:kms:us-west-2:111111111111:key/0b8c6f4e-1a2b-4c3d-9e5f-6a7b8c9d0e1f"
	endpoint      = "vpce-0a1b2c3d4e5f60718"
	organization  = "o-a1b2c3d4e5"
)

// variants are lakes that together use every prop, each in a stack of its name.
var variants = []struct {
	name, region string
	add          func(awscdk.Stack)
}{
	{"Default", cdktest.Region, lakeOf(nil)},
	{"Aged", cdktest.Region, lakeOf(&storage.LakeStorageProps{
		Raw: &storage.ZoneProps{Lifecycle: &storage.Lifecycle{
			Transitions: []storage.Transition{
				{AfterDays: jsii.Number(30), StorageClass: storage.StandardIA}, {AfterDays: jsii.Number(60), StorageClass: storage.GlacierInstantRetrieval},
				{AfterDays: jsii.Number(150), StorageClass: storage.GlacierFlexibleRetrieval}, {AfterDays: jsii.Number(240), StorageClass: storage.GlacierDeepArchive},
			},
			ExpireDays: jsii.Number(2192), NoncurrentDays: jsii.Number(180), NoncurrentVersions: jsii.Number(3), AbortUploadDays: jsii.Number(2),
		}},
		Curated:   &storage.ZoneProps{Lifecycle: &storage.Lifecycle{DisableTransitions: jsii.Bool(true), ExpireFolders: []storage.FolderExpiration{{Prefix: jsii.String("exports/"), AfterDays: jsii.Number(30)}}}},
		Inventory: &storage.Inventory{},
	})},
	{"Locked", cdktest.Region, lakeOf(&storage.LakeStorageProps{
		Raw:       &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Compliance, Days: jsii.Number(2192)}},
		Curated:   &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Governance, Days: jsii.Number(30)}, EnableEventBridge: jsii.Bool(true)},
		Inventory: &storage.Inventory{Frequency: storage.Daily, Format: storage.InventoryORC},
	})},
	{"Replicated", cdktest.Region, lakeOf(replicated())},
	{"Replica", replicaRegion, func(stack awscdk.Stack) {
		storage.NewReplicaStorage(stack, jsii.String("Lake"), &storage.ReplicaStorageProps{
			BucketNames: replicated().Replication.BucketNames,
			Raw:         &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Governance, Days: jsii.Number(30)}},

			OnlyVPCEndpoints:   &storage.VPCEndpointAccess{EndpointIDs: []string{endpoint}},
			OnlyOrganizationID: jsii.String(organization),
		})
	}},
	{"Guarded", cdktest.Region, lakeOf(guarded())},
	{"Destroyable", cdktest.Region, func(stack awscdk.Stack) {
		scope := constructs.NewConstruct(stack, jsii.String("Sandbox"))
		scope.Node().SetContext(jsii.String(storage.AllowDestroyContext), true)
		storage.NewLakeStorage(scope, jsii.String("Lake"), &storage.LakeStorageProps{AllowDestroy: jsii.Bool(true)})
	}},
	{"Named", cdktest.Region, func(stack awscdk.Stack) {
		storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
			BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw"), Curated: jsii.String("lab-curated"), Analytics: jsii.String("lab-analytics"), Logs: jsii.String("lab-logs")},
			Key:         awskms.Key_FromKeyArn(stack, jsii.String("Mine"), jsii.String(ownKey)),
		})
	}},
}

func lakeOf(props *storage.LakeStorageProps) func(awscdk.Stack) {
	return func(stack awscdk.Stack) { storage.NewLakeStorage(stack, jsii.String("Lake"), props) }
}

func replicated() *storage.LakeStorageProps {
	return &storage.LakeStorageProps{
		Raw: &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Governance, Days: jsii.Number(30)}},
		Replication: &storage.Replication{
			Region: jsii.String(replicaRegion), KeyARN: jsii.String(replicaKey),
			BucketNames:       &storage.BucketNames{Raw: jsii.String("lab-copy-raw"), Curated: jsii.String("lab-copy-curated")},
			EnableTimeControl: jsii.Bool(true), ReplicateDeleteMarkers: jsii.Bool(true),
		},
		OnlyVPCEndpoints: &storage.VPCEndpointAccess{EndpointIDs: []string{endpoint}},
	}
}

func guarded() *storage.LakeStorageProps {
	return &storage.LakeStorageProps{
		OnlyVPCEndpoints: &storage.VPCEndpointAccess{
			EndpointIDs: []string{endpoint}, ExceptRoleARNs: []string{"arn:aws:iam::111111111111:role/lake-location"},
		},
		OnlyOrganizationID: jsii.String(organization),
		MalwareScan:        &storage.MalwareScan{Prefixes: []string{"inbox/", "uploads/"}, DenyUnscannedReads: jsii.Bool(true)},
		Analytics:          &storage.ZoneProps{EnableEventBridge: jsii.Bool(true)},
		Inventory:          &storage.Inventory{Format: storage.InventoryCSV},
	}
}

// addVariants puts every variant into the app and returns their stacks.
func addVariants(app awscdk.App) []awscdk.Stack {
	var out []awscdk.Stack
	for _, v := range variants {
		stack := assembly.NewStack(app, v.name, v.region)
		v.add(stack)
		out = append(out, stack)
	}
	return out
}

// drawnStacks is how many stacks with props drawn at random go through the
// validator, cfn-lint and cdk-nag beside the variants.
const drawnStacks = 8

// addDrawn puts stacks with random valid props into the app. The seeds are fixed:
// a finding stays where it was found.
func addDrawn(app awscdk.App) {
	generator := rapid.Custom(drawProps)
	for seed, added := 0, 0; added < drawnStacks; seed++ {
		props := generator.Example(seed)
		trial := func() { storage.NewLakeStorage(cdktest.Stack(), jsii.String("Lake"), props) }
		if build(trial) != nil {
			continue
		}
		stack := assembly.NewStack(app, fmt.Sprintf("drawn-%d", seed), cdktest.Region)
		storage.NewLakeStorage(stack, jsii.String("Lake"), props)
		added++
	}
}

func TestVariants(t *testing.T) {
	for i, stack := range addVariants(assembly.NewApp(t.TempDir())) {
		template := cdktest.Of(t, stack)
		t.Run(variants[i].name, func(t *testing.T) {
			golden.Check(t, filepath.Join("testdata", variants[i].name+".template.json"), []byte(template.JSON+"\n"))
			invariants(t, template)
		})
	}
}

// Workflows of other stacks need more of the key than they can ask for there.
func TestWorkflowsMayUseTheKey(t *testing.T) {
	stack := cdktest.Stack()
	storage.NewLakeStorage(stack, jsii.String("Lake"), nil).AllowWorkflows()
	key := cdktest.Of(t, stack).One(t, keyType, "Lake")
	contains(t, key, "KeyPolicy", `"events.amazonaws.com"`, `"cloudwatch.amazonaws.com"`, `:log-group:/lakemesh/*"`, `:log-group:/aws/vendedlogs/states/*"`)
}

func TestImportedLakeGrants(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.LakeStorageFromAttributes(stack, jsii.String("Lake"), &storage.LakeStorageAttributes{
		BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw"), Curated: jsii.String("lab-curated"), Logs: jsii.String("lab-logs")}, KeyARN: jsii.String(ownKey),
	})
	if lake.Zone(ontology.Raw) != lake.Raw() || lake.Curated() == nil || lake.Analytics() != nil || *lake.Logs().BucketName() != "lab-logs" || *lake.Key().KeyArn() != ownKey {
		t.Error("the accessors do not give what was named")
	}
	role := func(id string) awsiam.Role {
		return awsiam.NewRole(stack, jsii.String(id), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil)})
	}
	lake.GrantRead(ontology.Curated, role("Reader"))
	lake.GrantReadWrite(ontology.Raw, role("Writer"))
	template := cdktest.Of(t, stack)
	contains(t, template.One(t, "AWS::IAM::Policy", "Reader"), "PolicyDocument", `:s3:::lab-curated"`, `"kms:Decrypt"`, ownKey, `"s3:GetObject*"`)
	contains(t, template.One(t, "AWS::IAM::Policy", "Writer"), "PolicyDocument", `:s3:::lab-raw"`, `"kms:GenerateDataKey*"`, ownKey, `"s3:PutObject"`)
	if made := len(template.Type(bucketType)) + len(template.Type(policyType)) + len(template.Type(keyType)); made > 0 {
		t.Errorf("%d resources were made for a lake that exists", made)
	}
	for zone, want := range map[ontology.Zone]string{
		ontology.Analytics: "Test/Lake: BucketNames.Analytics: got none; expected the bucket's name; fix: name it",
		"gold":             `Test/Lake: zone: got "gold"; expected one of [raw curated analytics]; fix: use a constant of package ontology`,
	} {
		if got := cdktest.Panic(t, func() { lake.GrantRead(zone, awsiam.NewAccountRootPrincipal()) }); got != want {
			t.Errorf("got %s", got)
		}
	}
}
