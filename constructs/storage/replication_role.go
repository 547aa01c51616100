package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// replicate gives the chosen zones their replication and returns the role that
// S3 copies with.
func (s *LakeStorage) replicate(r *Replication, zones zoneSet) awsiam.Role {
	role := awsiam.NewRole(s, jsii.String("ReplicationRole"), &awsiam.RoleProps{
		Description: jsii.String("S3 copies the lake to " + *r.Region + " with this role"),
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("s3.amazonaws.com"), nil),
	})
	policy := awsiam.NewManagedPolicy(s, jsii.String("ReplicationPolicy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What S3 may do to copy the lake to " + *r.Region),
		Roles:       &[]awsiam.IRole{role},
		Statements:  s.replicationStatements(r, zones),
	})
	cdkx.Acknowledge(cdkx.L1(policy), cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "S3 replicates every object of the chosen buckets, each named here, and to their copies alone; this is the policy that AWS documents for replication.",
	})
	for _, zone := range r.zones() {
		bucket, ok := cdkx.L1(s.zones[zone]).(awss3.CfnBucket)
		if ok {
			bucket.SetReplicationConfiguration(r.configuration(zone, *cdkx.RoleARN(role)))
		}
	}
	return role
}

func (r *Replication) configuration(zone ontology.Zone, role string) *awss3.CfnBucket_ReplicationConfigurationProperty {
	const enabled = "Enabled"
	destination := &awss3.CfnBucket_ReplicationDestinationProperty{
		Bucket:                  jsii.String(r.bucketARN(zone)),
		EncryptionConfiguration: &awss3.CfnBucket_EncryptionConfigurationProperty{ReplicaKmsKeyId: r.KeyARN},
	}
	if cdkx.Value(r.EnableTimeControl, false) {
		quarter := &awss3.CfnBucket_ReplicationTimeValueProperty{Minutes: jsii.Number(15)} // the only value that S3 takes
		destination.ReplicationTime = &awss3.CfnBucket_ReplicationTimeProperty{Status: jsii.String(enabled), Time: quarter}
		destination.Metrics = &awss3.CfnBucket_MetricsProperty{Status: jsii.String(enabled), EventThreshold: quarter}
	}
	markers := "Disabled"
	if cdkx.Value(r.ReplicateDeleteMarkers, false) {
		markers = enabled
	}
	return &awss3.CfnBucket_ReplicationConfigurationProperty{
		Role: jsii.String(role),
		Rules: []any{&awss3.CfnBucket_ReplicationRuleProperty{
			Id:                      jsii.String("copy-to-" + *r.Region),
			Status:                  jsii.String(enabled),
			Priority:                jsii.Number(1),
			Filter:                  &awss3.CfnBucket_ReplicationRuleFilterProperty{Prefix: jsii.String("")},
			DeleteMarkerReplication: &awss3.CfnBucket_DeleteMarkerReplicationProperty{Status: jsii.String(markers)},
			SourceSelectionCriteria: &awss3.CfnBucket_SourceSelectionCriteriaProperty{
				SseKmsEncryptedObjects: &awss3.CfnBucket_SseKmsEncryptedObjectsProperty{Status: jsii.String(enabled)},
			},
			Destination: destination,
		}},
	}
}

// replicationStatements are the ones that "Setting up permissions for live
// replication" and "Replicating encrypted objects" ask for. The encryption
// context is the bucket's ARN with a bucket key and the object's without, which
// an upload may choose.
func (s *LakeStorage) replicationStatements(r *Replication, zones zoneSet) *[]awsiam.PolicyStatement {
	var buckets, objects, locked, copies, contexts, copyContexts []*string
	for _, zone := range r.zones() {
		bucket := s.zones[zone]
		all := bucket.ArnForObjects(jsii.String("*"))
		buckets = append(buckets, cdkx.BucketARN(bucket))
		objects = append(objects, all)
		contexts = append(contexts, cdkx.BucketARN(bucket), all)
		if zones[zone].ObjectLock != nil {
			locked = append(locked, all)
		}
		to := r.bucketARN(zone)
		copies = append(copies, jsii.String(to+"/*"))
		copyContexts = append(copyContexts, jsii.String(to), jsii.String(to+"/*"))
	}
	out := []awsiam.PolicyStatement{
		allow(buckets, nil, "s3:GetReplicationConfiguration", "s3:ListBucket"),
		allow(objects, nil, "s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"),
	}
	if locked != nil {
		out = append(out, allow(locked, nil, "s3:GetObjectLegalHold", "s3:GetObjectRetention"))
	}
	to := []string{"s3:ReplicateObject", "s3:ReplicateTags"}
	if cdkx.Value(r.ReplicateDeleteMarkers, false) {
		to = append(to, "s3:ReplicateDelete")
	}
	stack := cdkx.StackOf(s)
	out = append(out,
		allow(copies, nil, to...),
		allow([]*string{cdkx.KeyARN(s.key)}, throughS3(stack, *cdkx.Region(stack), contexts), "kms:Decrypt"),
		allow([]*string{r.KeyARN}, throughS3(stack, *r.Region, copyContexts), "kms:Encrypt", "kms:GenerateDataKey"),
	)
	return &out
}

func allow(resources []*string, conditions map[string]any, actions ...string) awsiam.PolicyStatement {
	props := &awsiam.PolicyStatementProps{Actions: cdkx.Strings(actions), Resources: &resources}
	if conditions != nil {
		props.Conditions = &conditions
	}
	return awsiam.NewPolicyStatement(props)
}

func throughS3(stack awscdk.Stack, region string, contexts []*string) map[string]any {
	return map[string]any{"StringLike": map[string]any{
		"kms:ViaService":                   cdkx.ViaService(stack, "s3", region),
		"kms:EncryptionContext:aws:s3:arn": contexts,
	}}
}
