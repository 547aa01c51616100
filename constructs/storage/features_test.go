package storage_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3notifications"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func contains(t *testing.T, r cdktest.Resource, path string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if got := r.JSON(path); !strings.Contains(got, text) {
			t.Errorf("%s: %s lacks %s:\n%s", r.ID, path, text, got)
		}
	}
}

func TestLifecyclePerZone(t *testing.T) {
	template := lake(t, &storage.LakeStorageProps{
		Raw: &storage.ZoneProps{Lifecycle: &storage.Lifecycle{
			Transitions: []storage.Transition{{AfterDays: jsii.Number(30), StorageClass: storage.StandardIA}, {AfterDays: jsii.Number(60), StorageClass: storage.GlacierDeepArchive}},
			ExpireDays:  jsii.Number(240), NoncurrentDays: jsii.Number(10), NoncurrentVersions: jsii.Number(2), AbortUploadDays: jsii.Number(1),
		}},
		Curated: &storage.ZoneProps{Lifecycle: &storage.Lifecycle{DisableTransitions: jsii.Bool(true)}},
	})
	template.One(t, bucketType, "LakeRaw").Want(t, map[string]string{"LifecycleConfiguration.Rules": `[{"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1},` +
		`"ExpirationInDays":240,"Id":"tier-and-tidy","NoncurrentVersionExpiration":{"NewerNoncurrentVersions":2,"NoncurrentDays":10},"Status":"Enabled",` +
		`"Transitions":[{"StorageClass":"STANDARD_IA","TransitionInDays":30},{"StorageClass":"DEEP_ARCHIVE","TransitionInDays":60}]}]`})

	template.One(t, bucketType, "LakeCurated").Want(t, map[string]string{
		"LifecycleConfiguration.Rules.0.Transitions":                                `null`,
		"LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration.NoncurrentDays": `30`,
	})
}

// A zone that keeps everything lets one folder go, and its noncurrent versions with
// those of the whole bucket.
func TestFoldersExpire(t *testing.T) {
	props := &storage.LakeStorageProps{
		Curated: &storage.ZoneProps{Lifecycle: &storage.Lifecycle{ExpireFolders: []storage.FolderExpiration{{Prefix: jsii.String("fhir-exports/"), AfterDays: jsii.Number(30)}, {Prefix: jsii.String("work/a=1/"), AfterDays: jsii.Number(1)}}}},
	}
	const rules = `[{"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7},"Id":"tier-and-tidy","NoncurrentVersionExpiration":{"NoncurrentDays":30},"Status":"Enabled",` +
		`"Transitions":[{"StorageClass":"INTELLIGENT_TIERING","TransitionInDays":30}]},` +
		`{"ExpirationInDays":30,"Id":"expire-fhir-exports","Prefix":"fhir-exports/","Status":"Enabled"},{"ExpirationInDays":1,"Id":"expire-work/a=1","Prefix":"work/a=1/","Status":"Enabled"}]`
	template := lake(t, props)
	template.One(t, bucketType, "LakeCurated").Want(t, map[string]string{"LifecycleConfiguration.Rules": rules})
	for _, id := range []string{"LakeRaw", "LakeAnalytics"} {
		template.One(t, bucketType, id).Want(t, map[string]string{"LifecycleConfiguration.Rules.1": `null`, "LifecycleConfiguration.Rules.0.ExpirationInDays": `null`})
	}
}

// Before a move, and once S3 charges no longer for the class, an object may expire.
func TestFoldersExpireBeforeAMoveOrLater(t *testing.T) {
	for days, refused := range map[int]bool{1: false, 89: false, 90: true, 119: true, 120: false, 364: false, 365: true, 454: true, 455: false} {
		stack := cdktest.Stack()
		err := build(func() {
			storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
				Raw: &storage.ZoneProps{Lifecycle: &storage.Lifecycle{ExpireFolders: []storage.FolderExpiration{{Prefix: jsii.String("inbox/"), AfterDays: jsii.Number(days)}}}},
			})
		})
		if (err != nil) != refused {
			t.Errorf("%d days: %v", days, err)
		}
	}
}

func TestObjectLockPerZone(t *testing.T) {
	template := lake(t, &storage.LakeStorageProps{
		Raw:     &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Compliance, Days: jsii.Number(2192)}},
		Curated: &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Governance, Days: jsii.Number(1)}},
	})
	for id, lock := range map[string]string{
		"LakeRaw":       `{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Days":2192,"Mode":"COMPLIANCE"}}}`,
		"LakeCurated":   `{"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Days":1,"Mode":"GOVERNANCE"}}}`,
		"LakeAnalytics": `null`,
		"LakeLogs":      `null`,
	} {
		enabled := `true`
		if lock == `null` {
			enabled = lock
		}
		template.One(t, bucketType, id).Want(t, map[string]string{"ObjectLockConfiguration": lock, "ObjectLockEnabled": enabled})
	}
}

func TestReplicationOfChosenZones(t *testing.T) {
	template := lake(t, replicated())
	role := arn(template.One(t, "AWS::IAM::Role", "LakeReplicationRole"))
	for id, to := range map[string]string{"LakeRaw": "lab-copy-raw", "LakeCurated": "lab-copy-curated"} {
		template.One(t, bucketType, id).Want(t, map[string]string{"ReplicationConfiguration": `{"Role":` + role + `,"Rules":[{"DeleteMarkerReplication":{"Status":"Enabled"},` +
			`"Destination":{"Bucket":"arn:aws:s3:::` + to + `","EncryptionConfiguration":{"ReplicaKmsKeyID":"` + replicaKey + `"},` +
			`"Metrics":{"EventThreshold":{"Minutes":15},"Status":"Enabled"},"ReplicationTime":{"Status":"Enabled","Time":{"Minutes":15}}},` +
			`"Filter":{"Prefix":""},"Id":"copy-to-us-west-2","Priority":1,"SourceSelectionCriteria":{"SseKmsEncryptedObjects":{"Status":"Enabled"}},"Status":"Enabled"}]}`})
	}
	template.One(t, bucketType, "LakeAnalytics").Want(t, map[string]string{"ReplicationConfiguration": `null`})

	policy := template.One(t, "AWS::IAM::ManagedPolicy", "LakeReplicationPolicy")
	raw, curated := arn(template.One(t, bucketType, "LakeRaw")), arn(template.One(t, bucketType, "LakeCurated"))
	rawObjects, curatedObjects := `{"Fn::Join":["",[`+raw+`,"/*"]]}`, `{"Fn::Join":["",[`+curated+`,"/*"]]}`
	contains(t, policy, "PolicyDocument.Statement",
		`{"Action":["s3:GetReplicationConfiguration","s3:ListBucket"],"Effect":"Allow","Resource":[`+curated+`,`+raw+`]}`,
		`{"Action":["s3:GetObjectLegalHold","s3:GetObjectRetention"],"Effect":"Allow","Resource":`+rawObjects+`}`,
		`{"Action":["s3:ReplicateDelete","s3:ReplicateObject","s3:ReplicateTags"],"Effect":"Allow","Resource":["arn:aws:s3:::lab-copy-curated/*","arn:aws:s3:::lab-copy-raw/*"]}`,
		`{"Action":"kms:Decrypt","Condition":{"StringLike":{"kms:EncryptionContext:aws:s3:arn":[`+raw+`,`+rawObjects+`,`+curated+`,`+curatedObjects+`],"kms:ViaService":"s3.us-east-1.amazonaws.com"}}`,
		`"kms:ViaService":"s3.us-west-2.amazonaws.com"}},"Effect":"Allow","Resource":"`+replicaKey+`"}`)
}

func TestReplicationWithoutItsOptions(t *testing.T) {
	props := replicated()
	props.Raw = nil
	props.Replication.EnableTimeControl, props.Replication.ReplicateDeleteMarkers = nil, jsii.Bool(false)
	template := lake(t, props)
	template.One(t, bucketType, "LakeRaw").Want(t, map[string]string{
		"ReplicationConfiguration.Rules.0.DeleteMarkerReplication":     `{"Status":"Disabled"}`,
		"ReplicationConfiguration.Rules.0.Destination.Metrics":         `null`,
		"ReplicationConfiguration.Rules.0.Destination.ReplicationTime": `null`,
	})
	for _, needless := range []string{"s3:ReplicateDelete", "s3:GetObjectRetention"} {
		if policy := template.One(t, "AWS::IAM::ManagedPolicy", "LakeReplicationPolicy").JSON("PolicyDocument"); strings.Contains(policy, needless) {
			t.Errorf("the role may %s without need", needless)
		}
	}
}

// The replica takes what the lake sends and refuses what the lake refuses.
func TestReplicaIsAsClosedAsTheLake(t *testing.T) {
	stack := cdktest.Stack()
	replica := storage.NewReplicaStorage(stack, jsii.String("Lake"), &storage.ReplicaStorageProps{BucketNames: replicated().Replication.BucketNames})
	template, original := cdktest.Of(t, stack), lake(t, nil)
	if replica.Zone(ontology.Analytics) != nil || *replica.Zone(ontology.Raw).BucketArn() == "" || replica.Logs() == nil || replica.Key() == nil {
		t.Error("the replica's buckets are not those that were named")
	}
	template.One(t, bucketType, "LakeRaw").Want(t, map[string]string{"BucketName": `"lab-copy-raw"`})
	for _, id := range []string{"LakeRaw", "LakeCurated", "LakeLogs"} {
		for _, path := range []string{"BucketEncryption", "PublicAccessBlockConfiguration", "OwnershipControls", "VersioningConfiguration", "LifecycleConfiguration"} {
			template.One(t, bucketType, id).Want(t, map[string]string{path: original.One(t, bucketType, id).JSON(path)})
		}
		retained(t, template.One(t, bucketType, id))
	}
	for _, id := range []string{"LakeRaw", "LakeCurated"} {
		template.One(t, policyType, id).Want(t, map[string]string{"PolicyDocument": original.One(t, policyType, id).JSON("PolicyDocument")})
	}
}

func TestReplicaIsGuardedAsTheLake(t *testing.T) {
	stack := cdktest.Stack()
	storage.NewReplicaStorage(stack, jsii.String("Lake"), &storage.ReplicaStorageProps{
		BucketNames:        &storage.BucketNames{Raw: jsii.String("lab-copy-raw")},
		OnlyVPCEndpoints:   &storage.VPCEndpointAccess{EndpointIDs: []string{endpoint}},
		OnlyOrganizationID: jsii.String(organization),
	})
	policy := cdktest.Of(t, stack).One(t, policyType, "LakeRaw")
	checkSid(t, policy, "DenyOtherNetworks", "the internet", request{}, true)
	checkSid(t, policy, "DenyOtherNetworks", "the endpoint", request{"aws:SourceVpce": endpoint}, false)
	checkSid(t, policy, "DenyOtherOrganizations", "a stranger", request{}, true)
	checkSid(t, policy, "DenyOtherOrganizations", "a member", request{"aws:PrincipalOrgID": organization}, false)
	if text := policy.JSON("PolicyDocument"); strings.Contains(text, "s3:Replicate") {
		t.Errorf("replication into the copy is denied:\n%s", text)
	}
}

func TestInventoryGoesToTheLogs(t *testing.T) {
	template := lake(t, &storage.LakeStorageProps{Inventory: &storage.Inventory{}})
	logs := template.One(t, policyType, "LakeLogs")
	for i, id := range zoneIDs() {
		bucket := template.One(t, bucketType, id)
		bucket.Want(t, map[string]string{
			"InventoryConfigurations.0.Destination":            `{"BucketArn":` + arn(template.One(t, bucketType, "LakeLogs")) + `,"Format":"Parquet","Prefix":"inventory"}`,
			"InventoryConfigurations.0.ScheduleFrequency":      `"Weekly"`,
			"InventoryConfigurations.0.IncludedObjectVersions": `"All"`,
			"InventoryConfigurations.0.Id":                     `"lake-` + string(ontology.Zones()[i]) + `"`,
		})
		contains(t, logs, "PolicyDocument", `"ArnLike":{"aws:SourceArn":`+arn(bucket)+`}},"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"}`)
	}
}

func TestEventBridgeWithoutACustomResource(t *testing.T) {
	template := lake(t, &storage.LakeStorageProps{Curated: &storage.ZoneProps{EnableEventBridge: jsii.Bool(true)}})
	template.One(t, bucketType, "LakeCurated").Want(t, map[string]string{"NotificationConfiguration": `{"EventBridgeConfiguration":{"EventBridgeEnabled":true}}`})
	template.One(t, bucketType, "LakeRaw").Want(t, map[string]string{"NotificationConfiguration": `null`})
	invariants(t, template)
}

func TestOnlyVPCEndpoints(t *testing.T) {
	template := lake(t, guarded())
	scanner := arn(template.One(t, "AWS::IAM::Role", "LakeScanRole"))
	for _, test := range []struct {
		name   string
		from   request
		denied bool
	}{
		{"the endpoint", request{"aws:SourceVpce": endpoint, "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"}, false},
		{"another endpoint", request{"aws:SourceVpce": "vpce-other", "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"}, true},
		{"the internet", request{"aws:PrincipalArn": "arn:aws:iam::111111111111:role/me", "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"}, true},
		{"nobody", request{}, true},
		{"a service", request{"aws:PrincipalIsAWSService": "true"}, false},
		{"a service for a caller", request{"aws:ViaAWSService": "true"}, false},
		{"an excepted role", request{"aws:PrincipalArn": "arn:aws:iam::111111111111:role/lake-location"}, false},
	} {
		for _, id := range zoneIDs() {
			checkSid(t, template.One(t, policyType, id), "DenyOtherNetworks", test.name, test.from, test.denied)
		}
	}
	checkSid(t, template.One(t, policyType, "LakeRaw"), "DenyOtherNetworks", "the scan", request{"aws:PrincipalArn": scanner}, false)
	checkSid(t, template.One(t, policyType, "LakeCurated"), "DenyOtherNetworks", "the scan elsewhere", request{"aws:PrincipalArn": scanner}, true)
}

// A wrong endpoint or organization can be deployed away: what configures a bucket
// is denied to nobody.
func TestNobodyIsLockedOut(t *testing.T) {
	template := lake(t, guarded())
	for _, id := range zoneIDs() {
		policy := template.One(t, policyType, id).JSON("PolicyDocument")
		for _, action := range []string{`s3:PutBucket`, `s3:GetBucket`, `s3:DeleteBucket`} {
			if strings.Contains(policy, action) {
				t.Errorf("%s concerns %s…", id, action)
			}
		}
		if n := strings.Count(policy, `"Action":"s3:*"`); n != 2 { // no TLS, and old TLS
			t.Errorf("%s denies all of S3 in %d statements:\n%s", id, n, policy)
		}
	}
}

func TestOnlyTheOrganization(t *testing.T) {
	template := lake(t, guarded())
	for _, id := range zoneIDs() {
		policy := template.One(t, policyType, id)
		checkSid(t, policy, "DenyOtherOrganizations", "a member", request{"aws:PrincipalOrgID": organization, "aws:PrincipalIsAWSService": "false"}, false)
		checkSid(t, policy, "DenyOtherOrganizations", "a stranger", request{"aws:PrincipalOrgID": "o-zzzzzzzzzz", "aws:PrincipalIsAWSService": "false"}, true)
		checkSid(t, policy, "DenyOtherOrganizations", "an account outside", request{"aws:PrincipalIsAWSService": "false"}, true)
		checkSid(t, policy, "DenyOtherOrganizations", "a service", request{"aws:PrincipalIsAWSService": "true"}, false)
	}
}

func TestMalwareScan(t *testing.T) {
	template := lake(t, &storage.LakeStorageProps{MalwareScan: &storage.MalwareScan{}})
	raw := template.One(t, bucketType, "LakeRaw")
	plan := template.One(t, "AWS::GuardDuty::MalwareProtectionPlan", "LakeScan")
	plan.Want(t, map[string]string{
		"Actions":           `{"Tagging":{"Status":"ENABLED"}}`,
		"ProtectedResource": `{"S3Bucket":{"BucketName":{"Ref":"` + raw.ID + `"}}}`,
		"Role":              arn(template.One(t, "AWS::IAM::Role", "LakeScanRole")),
	})
	raw.Want(t, map[string]string{"NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled": `true`})
	policy := template.One(t, "AWS::IAM::ManagedPolicy", "LakeScanPolicy")
	if deps := strings.Join(plan.DependsOn, " "); !strings.Contains(deps, policy.ID) || !strings.Contains(deps, template.One(t, policyType, "LakeRaw").ID) {
		t.Errorf("the plan waits for %s only", deps)
	}
	contains(t, policy, "PolicyDocument.Statement",
		`"Condition":{"StringLike":{"events:ManagedBy":"malware-protection-plan.guardduty.amazonaws.com"}}`,
		`:rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*`, `"/malware-protection-resource-validation-object"`,
		`"s3:PutObjectVersionTagging"`, `"kms:Decrypt"`, `"s3:PutBucketNotification"`)
	contains(t, template.One(t, "AWS::IAM::Role", "LakeScanRole"), "AssumeRolePolicyDocument", `"Service":"malware-protection-plan.guardduty.amazonaws.com"`)
}

func TestUnscannedObjectsAreNotRead(t *testing.T) {
	template := lake(t, guarded())
	policy := template.One(t, policyType, "LakeRaw")
	scanner := arn(template.One(t, "AWS::IAM::Role", "LakeScanRole"))
	const tag, keys = "s3:ExistingObjectTag/GuardDutyMalwareScanStatus", "s3:RequestObjectTagKeys"
	checkSid(t, policy, "DenyUnscannedReads", "clean", request{tag: "NO_THREATS_FOUND"}, false)
	checkSid(t, policy, "DenyUnscannedReads", "infected", request{tag: "THREATS_FOUND"}, true)
	checkSid(t, policy, "DenyUnscannedReads", "unscanned", request{}, true)
	checkSid(t, policy, "DenyUnscannedReads", "the scan itself", request{"aws:PrincipalArn": scanner}, false)
	checkSid(t, policy, "DenyForgedScans", "a forger", request{keys: "GuardDutyMalwareScanStatus"}, true)
	checkSid(t, policy, "DenyForgedScans", "another tag", request{keys: "team"}, false)
	checkSid(t, policy, "DenyForgedScans", "the scan itself", request{keys: "GuardDutyMalwareScanStatus", "aws:PrincipalArn": scanner}, false)
	contains(t, policy, "PolicyDocument", `"/inbox/*"`, `"/uploads/*"`)
}

func checkSid(t *testing.T, policy cdktest.Resource, sid, name string, r request, denied bool) {
	t.Helper()
	got := false
	for _, text := range denies(t, statementsOf(t, policy), r) {
		got = got || strings.HasPrefix(text, sid+"{")
	}
	if got != denied {
		t.Errorf("%s: %s: denied by %s: %t, want %t", policy.ID, name, sid, got, denied)
	}
}

func synthesize(stack awscdk.Stack) error {
	return build(func() { awscdk.App_Of(stack).Synth(nil) })
}

// Aspects cannot destroy what a lake keeps, whatever the rules of package policy see.
func TestAspectsDestroyNothing(t *testing.T) {
	stack := cdktest.Stack()
	storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	storage.NewReplicaStorage(stack, jsii.String("Copy"), &storage.ReplicaStorageProps{BucketNames: &storage.BucketNames{Raw: jsii.String("lab-copy")}})
	awscdk.RemovalPolicies_Of(stack).Destroy(nil)
	err := synthesize(stack)
	if err == nil {
		t.Fatal("the lake would be deleted with its stack")
	}
	for want, count := range map[string]int{
		"Test/Lake: got a removal policy with which AWS::S3::Bucket is deleted": 4,
		"Test/Lake: got a removal policy with which AWS::KMS::Key is deleted":   1,
		"Test/Copy: got a removal policy with which AWS::S3::Bucket is deleted": 2,
	} {
		if got := strings.Count(err.Error(), want); got != count {
			t.Errorf("%d times %q, want %d: %v", got, want, count, err)
		}
	}
	stack = cdktest.Stack()
	stack.Node().SetContext(jsii.String(storage.AllowDestroyContext), true)
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{AllowDestroy: jsii.Bool(true)})
	awscdk.RemovalPolicies_Of(lake).Destroy(nil)
	if err := synthesize(stack); err != nil {
		t.Error(err)
	}
}

// The CDK's own notifications would undo EventBridge.
func TestNotificationsKeepEventBridge(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
		Raw: &storage.ZoneProps{EnableEventBridge: jsii.Bool(true)},
	})
	topic := awss3notifications.NewSnsDestination(awssns.NewTopic(stack, jsii.String("Topic"), nil))
	lake.Curated().AddEventNotification(awss3.EventType_OBJECT_CREATED, topic)
	lake.Raw().AddEventNotification(awss3.EventType_OBJECT_CREATED, topic)
	err := synthesize(stack)
	if err == nil || !strings.Contains(err.Error(), "Test/Lake/Raw: got AddEventNotification on a bucket whose events go to EventBridge") || strings.Contains(err.Error(), "Curated") {
		t.Error(err)
	}
}
