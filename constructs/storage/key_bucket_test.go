package storage_test

import (
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// A de-identification key is kept beside a lake and out of reach of who owns its files.
func TestKeyBucketIsClosed(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	storage.NewKeyBucket(stack, jsii.String("Keys"), &storage.KeyBucketProps{Key: lake.Key(), AccessLogs: lake.Logs(), Access: onlyLakeFormation()})
	template := cdktest.Of(t, stack)
	bucket := template.One(t, "AWS::S3::Bucket", "Keys")
	for path, want := range map[string]string{
		"BucketName":                         `null`,
		"VersioningConfiguration":            `{"Status":"Enabled"}`,
		"LoggingConfiguration.LogFilePrefix": `"keys/"`,
		"LifecycleConfiguration.Rules": `[{"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1},"Id":"forget-deleted-keys",` +
			`"NoncurrentVersionExpiration":{"NoncurrentDays":30},"Status":"Enabled"}]`,
	} {
		if got := bucket.JSON(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if policy := template.One(t, policyType, "Keys").JSON("PolicyDocument"); !strings.Contains(policy, `"DenyAllButLakeFormation"`) || !strings.Contains(policy, iamRole+"BreakGlass") {
		t.Errorf("who may reach the key: %s", policy)
	}
}

func TestKeyBucketNamesWhatIsMissing(t *testing.T) {
	got := cdktest.Panic(t, func() { storage.NewKeyBucket(cdktest.Stack(), jsii.String("Keys"), nil) })
	if want := `Test/Keys: Access: got nothing; expected who reaches the objects; fix: name administrators and the roles that need the key
AccessLogs: got nothing; expected a bucket; fix: pass the log bucket of the lake, LakeStorage.Logs()
Key: got nothing; expected a KMS key; fix: pass the key of the lake`; got != want {
		t.Errorf("got\n%s", got)
	}
}
