package storage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const (
	bucketType = "AWS::S3::Bucket"
	policyType = "AWS::S3::BucketPolicy"
	keyType    = "AWS::KMS::Key"
)

func lake(t *testing.T, props *storage.LakeStorageProps) cdktest.Template {
	t.Helper()
	stack := cdktest.Stack()
	storage.NewLakeStorage(stack, jsii.String("Lake"), props)
	return cdktest.Of(t, stack)
}

func ids() []string { return []string{"LakeRaw", "LakeCurated", "LakeAnalytics", "LakeLogs"} }

func zoneIDs() []string { return ids()[:3] }

func TestBucketsAreClosedVersionedAndRetained(t *testing.T) {
	template := lake(t, nil)
	for _, id := range ids() {
		bucket := template.One(t, bucketType, id)
		bucket.Want(t, map[string]string{
			"PublicAccessBlockConfiguration": `{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}`,
			"OwnershipControls.Rules":        `[{"ObjectOwnership":"BucketOwnerEnforced"}]`,
			"VersioningConfiguration.Status": `"Enabled"`,
			"AccessControl":                  `null`,
			"BucketName":                     `null`,
		})
		retained(t, bucket)
	}
	retained(t, template.One(t, keyType, "LakeKey"))
}

func TestZonesAreEncryptedWithTheLakesKey(t *testing.T) {
	template := lake(t, nil)
	key := template.One(t, keyType, "LakeKey")
	key.Want(t, map[string]string{"EnableKeyRotation": `true`})
	for _, id := range zoneIDs() {
		template.One(t, bucketType, id).Want(t, map[string]string{
			"BucketEncryption.ServerSideEncryptionConfiguration": `[{"BucketKeyEnabled":true,"ServerSideEncryptionByDefault":{"KMSMasterKeyID":` +
				arn(key) + `,"SSEAlgorithm":"aws:kms"}}]`,
		})
	}
	if aliases := template.Type("AWS::KMS::Alias"); len(aliases) != 0 {
		t.Errorf("an alias was made without being asked for: %v", aliases)
	}
}

func TestLogsAreDeliverableAndExpire(t *testing.T) {
	template := lake(t, nil)
	logs := template.One(t, bucketType, "LakeLogs")
	logs.Want(t, map[string]string{
		"BucketEncryption.ServerSideEncryptionConfiguration": `[{"ServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]`,
		"LifecycleConfiguration.Rules.0.ExpirationInDays":    `2192`,
		"ObjectLockConfiguration":                            `null`,
		"LoggingConfiguration":                               `null`,
	})
	policy := template.One(t, policyType, "LakeLogs").JSON("PolicyDocument.Statement")
	for i, zone := range ontology.Zones() {
		bucket := template.One(t, bucketType, zoneIDs()[i])
		bucket.Want(t, map[string]string{
			"LoggingConfiguration": `{"DestinationBucketName":{"Ref":"` + logs.ID + `"},"LogFilePrefix":"` + string(zone) + `/"}`,
		})
		statement := `{"Action":"s3:PutObject","Condition":{"ArnLike":{"aws:SourceArn":` + arn(bucket) + `},` +
			`"StringEquals":{"aws:SourceAccount":"` + cdktest.Account + `"}},"Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},` +
			`"Resource":{"Fn::Join":["",[` + arn(logs) + `,"/` + string(zone) + `/*"]]}}`
		if !strings.Contains(policy, statement) {
			t.Errorf("no delivery of the logs of %s:\n%s", zone, policy)
		}
	}
}

func TestLogRetention(t *testing.T) {
	template := lake(t, &storage.LakeStorageProps{LogRetentionDays: jsii.Number(400)})
	template.One(t, bucketType, "LakeLogs").Want(t, map[string]string{
		"LifecycleConfiguration.Rules.0.ExpirationInDays": `400`,
	})
}

func TestZonesAreTieredAndTidiedButNeverExpired(t *testing.T) {
	template := lake(t, nil)
	const (
		tidy = `[{"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7},"Id":"tier-and-tidy","NoncurrentVersionExpiration":{"NoncurrentDays":`
		warm = `30},"Status":"Enabled","Transitions":[{"StorageClass":"INTELLIGENT_TIERING","TransitionInDays":30}]}]`
		cold = `90},"Status":"Enabled","Transitions":[{"StorageClass":"STANDARD_IA","TransitionInDays":90},{"StorageClass":"GLACIER_IR","TransitionInDays":365}]}]`
	)
	for id, rest := range map[string]string{"LakeRaw": cold, "LakeCurated": warm, "LakeAnalytics": warm} {
		template.One(t, bucketType, id).Want(t, map[string]string{"LifecycleConfiguration.Rules": tidy + rest})
	}
}

func TestUploadsWithOtherKeysAreDenied(t *testing.T) {
	const (
		algorithm = "s3:x-amz-server-side-encryption"
		keyID     = "s3:x-amz-server-side-encryption-aws-kms-key-id"
		customer  = "s3:x-amz-server-side-encryption-customer-algorithm"
	)
	template := lake(t, nil)
	own := arn(template.One(t, keyType, "LakeKey"))
	for _, test := range []struct {
		name    string
		headers request
		denied  bool
	}{
		{"nothing named", request{}, false},
		{"the lake's key", request{algorithm: "aws:kms", keyID: own}, false},
		{"another key", request{algorithm: "aws:kms", keyID: "arn:aws:kms:us-east-1:111111111111:key/other"}, true},
		{"another key alone", request{keyID: "arn:aws:kms:us-east-1:111111111111:key/other"}, true},
		{"KMS without a key, which is aws/s3", request{algorithm: "aws:kms"}, true},
		{"two layers", request{algorithm: "aws:kms:dsse", keyID: own}, true},
		{"SSE-S3", request{algorithm: "AES256"}, true},
		{"SSE-C", request{customer: "AES256"}, true},
	} {
		for _, id := range zoneIDs() {
			statements := statementsOf(t, template.One(t, policyType, id))
			got := denies(t, statements, test.headers.with(request{"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}))
			if (len(got) > 0) != test.denied {
				t.Errorf("%s, %s: denied by %v, want denied: %t", id, test.name, got, test.denied)
			}
		}
	}
}

func TestOnlyNewTLSIsServed(t *testing.T) {
	template := lake(t, nil)
	for _, id := range ids() {
		statements := statementsOf(t, template.One(t, policyType, id))
		for _, test := range []struct {
			connection request
			denied     bool
		}{
			{request{"aws:SecureTransport": "false"}, true},
			{request{"aws:SecureTransport": "true", "s3:TlsVersion": "1.1"}, true},
			{request{"aws:SecureTransport": "true", "s3:TlsVersion": "1.2"}, false},
			{request{"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}, false},
		} {
			if got := denies(t, statements, test.connection); (len(got) > 0) != test.denied {
				t.Errorf("%s: %v denied by %v, want denied: %t", id, test.connection, got, test.denied)
			}
		}
	}
}

func TestOwnKey(t *testing.T) {
	stack := cdktest.Stack()
	const brought = "arn:aws:kms:us-east-1:111111111111:key/4f1d9d2c-5d8d-4d3b-8f0e-2f6a4c5b7e90"
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
		Key: awskms.Key_FromKeyArn(stack, jsii.String("Mine"), jsii.String(brought)),
	})
	if got := *lake.Key().KeyArn(); got != brought {
		t.Errorf("Key() is %s", got)
	}
	template := cdktest.Of(t, stack)
	if keys := template.Type(keyType); len(keys) != 0 {
		t.Errorf("a key was made beside the one that was given: %v", keys)
	}
	for _, id := range zoneIDs() {
		template.One(t, bucketType, id).Want(t, map[string]string{
			"BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID": `"` + brought + `"`,
		})
		statements := statementsOf(t, template.One(t, policyType, id))
		headers := request{"s3:x-amz-server-side-encryption-aws-kms-key-id": brought, "aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
		if got := denies(t, statements, headers); len(got) > 0 {
			t.Errorf("%s: the given key is denied by %v", id, got)
		}
	}
}

func TestNames(t *testing.T) {
	template := lake(t, &storage.LakeStorageProps{
		BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw"), Curated: jsii.String("lab-curated"), Analytics: jsii.String("lab-analytics"), Logs: jsii.String("lab-logs")},
		KeyAlias:    jsii.String("lab"),
	})
	for id, name := range map[string]string{"LakeRaw": "lab-raw", "LakeCurated": "lab-curated", "LakeAnalytics": "lab-analytics", "LakeLogs": "lab-logs"} {
		template.One(t, bucketType, id).Want(t, map[string]string{"BucketName": `"` + name + `"`})
	}
	template.One(t, "AWS::KMS::Alias", "Lake").Want(t, map[string]string{"AliasName": `"alias/lab"`})
}

func TestEveryProblemAtOnce(t *testing.T) {
	stack := cdktest.Stack()
	got := cdktest.Panic(t, func() {
		storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
			BucketNames:      &storage.BucketNames{Raw: jsii.String("Raw.Data"), Curated: jsii.String("lab"), Analytics: jsii.String("lab")},
			Key:              awskms.NewKey(stack, jsii.String("Mine"), nil),
			KeyAlias:         jsii.String("lab"),
			LogRetentionDays: jsii.Number(1.5),
		})
	})
	const all = `Test/Lake: BucketNames.Analytics: got "lab", as BucketNames.Curated; expected a name of its own; fix: choose another name
BucketNames.Raw: got "Raw.Data"; expected 3 to 63 lower case letters, digits and hyphens, with a letter or digit at both ends; fix: choose another name, or leave it out for a generated one
KeyAlias: got "lab" beside Key; expected an alias only for the key that is made here; fix: give the alias to your own key
LogRetentionDays: got 1.5; expected a whole number of days from 1; fix: leave it out for six years`
	if got != all {
		t.Errorf("got:\n%s\nwant:\n%s", got, all)
	}
	if stack.Node().TryFindChild(jsii.String("Lake")) != nil {
		t.Error("a half-made lake is left in the tree")
	}
}

func TestPropsAreNotChanged(t *testing.T) {
	props := &storage.LakeStorageProps{}
	lake(t, props)
	if *props != (storage.LakeStorageProps{}) {
		t.Errorf("the caller's props became %+v", *props)
	}
}

func TestWorksWithoutFeatureFlags(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), nil)
	storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	template := cdktest.Of(t, stack)
	logs := template.One(t, bucketType, "LakeLogs")
	if acl := logs.Get("AccessControl"); acl != nil {
		t.Errorf("the log bucket has ACLs off and an ACL: %v", acl)
	}
	if policy := template.One(t, policyType, "LakeLogs").JSON("PolicyDocument"); strings.Count(policy, "logging.s3.amazonaws.com") != 3 {
		t.Errorf("the log bucket does not admit the logs of three buckets:\n%s", policy)
	}
}

func TestLakeIsAConstruct(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	awss3.NewBucket(lake, jsii.String("Inside"), nil)
	awscdk.Tags_Of(lake).Add(jsii.String("team"), jsii.String("lab"), nil)
	if !slices.ContainsFunc(*stack.Node().Children(), func(c constructs.IConstruct) bool { return c == constructs.IConstruct(lake) }) {
		t.Error("the lake is not among the children of its stack")
	}
	template := cdktest.Of(t, stack)
	for _, id := range append(ids(), "LakeInside") {
		template.One(t, bucketType, id).Want(t, map[string]string{"Tags": `[{"Key":"team","Value":"lab"}]`})
	}
}

func TestZone(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	for zone, bucket := range map[ontology.Zone]awss3.IBucket{
		ontology.Raw: lake.Raw(), ontology.Curated: lake.Curated(), ontology.Analytics: lake.Analytics(),
	} {
		if lake.Zone(zone) != bucket {
			t.Errorf("Zone(%s) is another bucket", zone)
		}
	}
	if bucket := lake.Zone("gold"); bucket != nil {
		t.Errorf("Zone(gold) is %v", bucket)
	}
	const unknown = `Test/Lake: zone: got "gold"; expected one of [raw curated analytics]; fix: use a constant of package ontology`
	if got := cdktest.Panic(t, func() { lake.GrantRead("gold", awsiam.NewAccountRootPrincipal()) }); got != unknown {
		t.Errorf("got %s", got)
	}
}

func TestGrants(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	role := func(id string) awsiam.Role {
		return awsiam.NewRole(stack, jsii.String(id), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil)})
	}
	lake.GrantRead(ontology.Curated, role("Reader"))
	lake.GrantReadWrite(ontology.Raw, role("Writer"))
	template := cdktest.Of(t, stack)

	key := arn(template.One(t, keyType, "LakeKey"))
	for id, test := range map[string]struct {
		bucket  string
		has     []string
		without []string
	}{
		"Reader": {"LakeCurated", []string{"s3:GetObject*", "s3:List*", "kms:Decrypt"}, []string{"s3:PutObject", "s3:DeleteObject*", "kms:GenerateDataKey*", "kms:Encrypt"}},
		"Writer": {"LakeRaw", []string{"s3:GetObject*", "s3:List*", "s3:PutObject", "s3:DeleteObject*", "kms:Decrypt", "kms:GenerateDataKey*"}, nil},
	} {
		policy := template.One(t, "AWS::IAM::Policy", id).JSON("PolicyDocument.Statement")
		for _, text := range append(quoted(test.has), arn(template.One(t, bucketType, test.bucket)), key) {
			if !strings.Contains(policy, text) {
				t.Errorf("%s lacks %s:\n%s", id, text, policy)
			}
		}
		for _, text := range quoted(test.without) {
			if strings.Contains(policy, text) {
				t.Errorf("%s has %s:\n%s", id, text, policy)
			}
		}
	}
}
