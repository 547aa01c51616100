package storage

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

func unknownZone(zone ontology.Zone) error {
	return fmt.Errorf("zone: got %q; expected one of %v", zone, ontology.Zones())
}

func newLogBucket(s *LakeStorage, p LakeStorageProps) awss3.Bucket {
	bucket := awss3.NewBucket(s, jsii.String("Logs"), &awss3.BucketProps{
		BucketName:        name(p.BucketNames.Logs),
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		EnforceSSL:        jsii.Bool(true),
		MinimumTLSVersion: jsii.Number(1.2),
		Versioned:         jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Id:                                  jsii.String("expire-access-logs"),
			Expiration:                          awscdk.Duration_Days(p.LogRetentionDays),
			NoncurrentVersionExpiration:         awscdk.Duration_Days(jsii.Number(30)),
			AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(7)),
		}},
	})
	cdkx.Acknowledge(cdkx.L1(bucket),
		cdkx.Acknowledgement{Rule: "HIPAA.Security-S3DefaultEncryptionKMS", Reason: "S3 delivers server access logs only to buckets whose default encryption is SSE-S3. They name requesters and object keys, never contents; keep identifiers out of object keys."},
		replicationIsOptIn,
	)
	return bucket
}

var replicationIsOptIn = cdkx.Acknowledgement{
	Rule:   "HIPAA.Security-S3BucketReplicationEnabled",
	Reason: "Objects are versioned and retained in three Availability Zones. A copy in a second region is a decision of the data owner, because it moves patient data to another jurisdiction.",
}

func newZoneBucket(s *LakeStorage, zone ontology.Zone, p LakeStorageProps) awss3.Bucket {
	bucket := awss3.NewBucket(s, jsii.String(zoneID(zone)), &awss3.BucketProps{
		BucketName:             name(p.BucketNames.zone(zone)),
		Encryption:             awss3.BucketEncryption_KMS,
		EncryptionKey:          s.key,
		BucketKeyEnabled:       jsii.Bool(true),
		BlockPublicAccess:      awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:        awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		EnforceSSL:             jsii.Bool(true),
		MinimumTLSVersion:      jsii.Number(1.2),
		Versioned:              jsii.Bool(true),
		ServerAccessLogsBucket: s.logs,
		ServerAccessLogsPrefix: jsii.String(string(zone) + "/"),
		RemovalPolicy:          awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
		LifecycleRules:         &[]*awss3.LifecycleRule{lifecycle(zone)},
	})
	denyOtherKeys(bucket, s.key)
	cdkx.Acknowledge(cdkx.L1(bucket), replicationIsOptIn)
	return bucket
}

// lifecycle moves cold data to cheaper storage and clears away what no reader
// can see. It never expires current objects: table formats would lose files
// that their metadata still names.
func lifecycle(zone ontology.Zone) *awss3.LifecycleRule {
	rule := &awss3.LifecycleRule{
		Id:                                  jsii.String("tier-and-tidy"),
		NoncurrentVersionExpiration:         awscdk.Duration_Days(jsii.Number(30)),
		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(7)),
		Transitions: &[]*awss3.Transition{
			{StorageClass: awss3.StorageClass_INTELLIGENT_TIERING(), TransitionAfter: awscdk.Duration_Days(jsii.Number(30))},
		},
	}
	if zone == ontology.Raw {
		rule.NoncurrentVersionExpiration = awscdk.Duration_Days(jsii.Number(90))
		rule.Transitions = &[]*awss3.Transition{
			{StorageClass: awss3.StorageClass_INFREQUENT_ACCESS(), TransitionAfter: awscdk.Duration_Days(jsii.Number(90))},
			{StorageClass: awss3.StorageClass_GLACIER_INSTANT_RETRIEVAL(), TransitionAfter: awscdk.Duration_Days(jsii.Number(365))},
		}
	}
	return rule
}

// denyOtherKeys refuses uploads that name another key, another algorithm, KMS
// without a key or a key of the caller's own. A request that names nothing is
// encrypted with the bucket's default key and must pass: Athena, Glue and
// HealthLake write so. One that names KMS without a key is not: S3 takes its own
// key aws/s3 then, not the bucket's ("PutObject", ssekms-key-id). A negated
// condition is true where its key is absent, also with IfExists, so each
// statement first asks that the header is there (IAM User Guide, "Condition
// operators": Null; rule 8.1).
func denyOtherKeys(bucket awss3.Bucket, key awskms.IKey) {
	const (
		algorithm = "s3:x-amz-server-side-encryption"
		keyID     = "s3:x-amz-server-side-encryption-aws-kms-key-id"
		customer  = "s3:x-amz-server-side-encryption-customer-algorithm"
		present   = "false" // of the operator Null: the header is not missing
		missing   = "true"
	)
	deny := func(sid string, conditions map[string]any) {
		bucket.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid:        jsii.String(sid),
			Effect:     awsiam.Effect_DENY,
			Principals: &[]awsiam.IPrincipal{awsiam.NewStarPrincipal()},
			Actions:    jsii.Strings("s3:PutObject"),
			Resources:  &[]*string{bucket.ArnForObjects(jsii.String("*"))},
			Conditions: &conditions,
		}))
	}
	deny("DenyOtherEncryption", map[string]any{
		"Null":            map[string]any{algorithm: present},
		"StringNotEquals": map[string]any{algorithm: "aws:kms"},
	})
	deny("DenyOtherKeys", map[string]any{
		"Null":            map[string]any{keyID: present},
		"StringNotEquals": map[string]any{keyID: key.KeyArn()},
	})
	deny("DenyKeyOfS3", map[string]any{
		"Null":         map[string]any{keyID: missing},
		"StringEquals": map[string]any{algorithm: "aws:kms"},
	})
	deny("DenyCustomerProvidedKeys", map[string]any{"Null": map[string]any{customer: present}})
}

func zoneID(zone ontology.Zone) string {
	switch zone {
	case ontology.Raw:
		return "Raw"
	case ontology.Curated:
		return "Curated"
	default:
		return "Analytics"
	}
}

func name(fixed string) *string {
	if fixed == "" {
		return nil
	}
	return jsii.String(fixed)
}
