package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// logSpec is what a bucket for access logs depends on.
type logSpec struct {
	name          *string
	retentionDays float64
	destroy       bool
	registry      *cdkx.Registry
	replication   cdkx.Acknowledgement // why it is not replicated
}

func newLogBucket(scope constructs.Construct, spec logSpec) awss3.Bucket {
	bucket := cdkx.NewBucket(scope, "Logs", &awss3.BucketProps{
		BucketName:        spec.name,
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		BlockPublicAccess: cdkx.BlockAll(scope),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		EnforceSSL:        jsii.Bool(true),
		MinimumTLSVersion: jsii.Number(1.2),
		Versioned:         jsii.Bool(true),
		RemovalPolicy:     removal(spec.destroy),
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Id:                                  jsii.String("expire-access-logs"),
			Expiration:                          cdkx.Days(scope, spec.retentionDays),
			NoncurrentVersionExpiration:         cdkx.Days(scope, 30),
			AbortIncompleteMultipartUploadAfter: cdkx.Days(scope, 7),
		}},
	}, cdkx.Behind(cdkx.Acknowledged(
		cdkx.Acknowledgement{Rule: "HIPAA.Security-S3DefaultEncryptionKMS", Reason: "S3 delivers server access logs only to buckets whose default encryption is SSE-S3. They name requesters and object keys, never contents; keep identifiers out of object keys."},
		spec.replication,
	)))
	keep(spec.registry, scope, bucket, spec.destroy)
	return bucket
}

var (
	replicationIsOptIn = cdkx.Acknowledgement{
		Rule:   "HIPAA.Security-S3BucketReplicationEnabled",
		Reason: "Objects are versioned and retained in three Availability Zones. A copy in a second region is a decision of the data owner, because it moves patient data to another jurisdiction.",
	}
	isReplica = cdkx.Acknowledgement{
		Rule:   "HIPAA.Security-S3BucketReplicationEnabled",
		Reason: "This bucket belongs to the copy of a lake in a second region; the original is in the first, so that two regions hold the data already.",
	}
)

// buckets are what lakes and their replicas have in common.
type buckets struct {
	key   awskms.IKey
	logs  awss3.Bucket
	zones map[ontology.Zone]awss3.Bucket
}

// Zone is the bucket of a zone, nil for one that is not there.
func (b *buckets) Zone(zone ontology.Zone) awss3.IBucket {
	if bucket, known := b.zones[zone]; known {
		return bucket
	}
	return nil
}

// Logs is the bucket that S3 writes the access logs of the zones to.
func (b *buckets) Logs() awss3.IBucket { return b.logs }

// Bucket is the bucket of a zone as the CDK makes it, for what an IBucket does not
// offer, such as rules of its lifecycle and its CloudFormation resource; nil for one
// that is not there.
func (b *buckets) Bucket(zone ontology.Zone) awss3.Bucket { return b.zones[zone] }

// LogBucket is the bucket of Logs as the CDK makes it.
func (b *buckets) LogBucket() awss3.Bucket { return b.logs }

// Key is the key that encrypts the zones.
func (b *buckets) Key() awskms.IKey { return b.key }

// zoneSpec is what a zone's bucket depends on.
type zoneSpec struct {
	zone     ontology.Zone
	name     *string
	props    ZoneProps // with defaults
	key      awskms.IKey
	logs     awss3.Bucket
	events   bool
	destroy  bool
	registry *cdkx.Registry
}

// newZoneBuckets makes the buckets of zones in one message, and what is said of them in
// another.
func newZoneBuckets(scope constructs.Construct, specs []zoneSpec) map[ontology.Zone]awss3.Bucket {
	var b batch.Batch
	var making []cdkx.Making[awss3.Bucket]
	var wanted []batch.Step
	for _, spec := range specs {
		props := cdkx.HardenedBucket(scope, spec.key, spec.logs, string(spec.zone)+"/")
		props.BucketName, props.RemovalPolicy, props.LifecycleRules = spec.name, removal(spec.destroy), spec.props.Lifecycle.rules(scope)
		spec.props.ObjectLock.apply(props)
		props.EnforceSSL, props.MinimumTLSVersion = nil, nil // stand in the policy that is made here
		m := cdkx.BucketIn(&b, scope, zoneID(spec.zone), props)
		making, wanted = append(making, m), append(wanted, m.Wanted()...)
	}
	b.Send(wanted...)
	out := map[ontology.Zone]awss3.Bucket{}
	var said batch.Batch
	for i, spec := range specs {
		bucket := making[i].Made(&b)
		out[spec.zone] = bucket
		cdkx.Named(bucket, spec.name)
		cdkx.BucketPolicyIn(&said, bucket, otherKeys(bucket, spec.key)...)
		if spec.events || cdkx.Value(spec.props.EnableEventBridge, false) {
			// On the resource itself: the CDK's own switch adds a custom resource (rule
			// 8.5). As an override it also leaves room for notifications set elsewhere.
			cdkx.Behind(func(b *batch.Batch, resource any) {
				b.Call(resource, "addPropertyOverride", "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", true)
			})(&said, bucket)
			spec.registry.GuardNotifications(bucket)
		}
	}
	said.Send()
	for _, spec := range specs {
		keep(spec.registry, scope, out[spec.zone], spec.destroy)
	}
	return out
}

func newKey(scope constructs.Construct, alias *string, destroy bool, registry *cdkx.Registry) awskms.IKey {
	key := cdkx.NewKey(scope, "Key", &awskms.KeyProps{
		Description:       jsii.String("Encrypts the lake " + cdkx.Path(scope)),
		EnableKeyRotation: jsii.Bool(true),
		Alias:             alias,
		RemovalPolicy:     removal(destroy),
	})
	keep(registry, scope, key, destroy)
	return key
}

// otherKeys refuse uploads that name another key, another algorithm, KMS
// without a key or a key of the caller's own. A request that names nothing is
// encrypted with the bucket's default key and must pass: Athena, Glue and
// HealthLake write so. One that names KMS without a key is not: S3 takes its own
// key aws/s3 then, not the bucket's ("PutObject", ssekms-key-id). A negated
// condition is true where its key is absent, also with IfExists, so each
// statement first asks that the header is there (IAM User Guide, "Condition
// operators": Null; rule 8.1).
func otherKeys(bucket awss3.Bucket, key awskms.IKey) []cdkx.Statement {
	const (
		algorithm = "s3:x-amz-server-side-encryption"
		keyID     = "s3:x-amz-server-side-encryption-aws-kms-key-id"
		customer  = "s3:x-amz-server-side-encryption-customer-algorithm"
		present   = "false" // of the operator Null: the header is not missing
		missing   = "true"
	)
	deny := func(sid string, conditions map[string]any) cdkx.Statement {
		return cdkx.Statement{
			"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
			"Resource": cdkx.ObjectsARN(bucket), "Condition": conditions,
		}
	}
	return []cdkx.Statement{
		deny("DenyOtherEncryption", map[string]any{
			"Null":            map[string]any{algorithm: present},
			"StringNotEquals": map[string]any{algorithm: "aws:kms"},
		}),
		deny("DenyOtherKeys", map[string]any{
			"Null":            map[string]any{keyID: present},
			"StringNotEquals": map[string]any{keyID: cdkx.KeyARN(key)},
		}),
		deny("DenyKeyOfS3", map[string]any{
			"Null":         map[string]any{keyID: missing},
			"StringEquals": map[string]any{algorithm: "aws:kms"},
		}),
		deny("DenyCustomerProvidedKeys", map[string]any{"Null": map[string]any{customer: present}}),
	}
}

// S3Location is the part of a bucket below a prefix.
type S3Location struct {
	// Bucket that is encrypted with a customer managed key which the CDK knows: a
	// bucket of this app, or one imported with its EncryptionKey. Required.
	Bucket awss3.IBucket

	// Prefix of the keys, such as "fhir/": folders of letters, digits and any of ._=-,
	// with a slash behind each. Required.
	Prefix *string
}

// KeyBucketProps configures NewKeyBucket.
type KeyBucketProps struct {
	// BucketName fixes the name of the bucket.
	// Default: CloudFormation generates it.
	BucketName *string

	// Key encrypts the objects. Required.
	Key awskms.IKey

	// AccessLogs receives the access logs, below keys/. Required.
	AccessLogs awss3.IBucket

	// Access names who reaches the objects; nobody else does. Required.
	Access *LakeFormationAccess
}

// NewKeyBucket makes a bucket for the table of a de-identification key, which turns
// codes back into patients. It is no zone of a lake, because whoever owns the files of
// a lake could read it there. Objects that were deleted are gone after 30 days, and
// there is no copy: a second copy of a key is a second place to lose it. The bucket
// stays when the stack goes.
//
// It panics with every problem of the props at once.
func NewKeyBucket(scope constructs.Construct, id *string, props *KeyBucketProps) awss3.Bucket {
	p := cdkx.Value(props, KeyBucketProps{})
	var list problem.List
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a KMS key", "pass the key of the lake")
	}
	if cdkx.Missing(p.AccessLogs) {
		list.Addf("AccessLogs", "nothing", "a bucket", "pass the log bucket of the lake, LakeStorage.Logs()")
	}
	if p.Access == nil {
		list.Addf("Access", "nothing", "who reaches the objects", "name administrators and the roles that need the key")
	}
	cdkx.Check(scope, id, list)

	bucketProps := cdkx.HardenedBucket(scope, p.Key, p.AccessLogs, "keys/")
	bucketProps.BucketName = p.BucketName
	bucketProps.LifecycleRules = &[]*awss3.LifecycleRule{{
		Id: jsii.String("forget-deleted-keys"), NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(30)),
		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(1)),
	}}
	bucket := cdkx.NewBucket(scope, *id, bucketProps)
	p.Access.DenyOthers(bucket)
	cdkx.Acknowledge(bucket, cdkx.Acknowledgement{
		Rule:   "HIPAA.Security-S3BucketReplicationEnabled",
		Reason: "A second copy of a key is a second place to lose it; earlier versions are kept for 30 days.",
	})
	return bucket
}
