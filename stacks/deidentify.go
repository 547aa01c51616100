package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// addKeys makes the table of the domain's de-identification key, in a bucket that no
// other role of the domain reaches: with a folder of the lake for it, whoever owns
// the files of the lake could read it, or make a table of it.
func (s *DomainStack) addKeys(locationRole *governance.LocationRole) {
	if s.plan.Deidentify == nil || s.plan.Deidentify.Keys == nil {
		return
	}
	keys := s.plan.Deidentify.Keys
	s.keys = s.newKeysBucket(keys.Bucket)
	location := governance.NewLocation(s, jsii.String("Location-"+keys.Location), &governance.LocationProps{
		ARN: jsii.String(keys.Location), Role: locationRole, Key: s.storage.Key(),
	})
	location.Node().AddDependency(s.keys)
	s.locations[keys.Location] = location.Cfn()

	database := catalog.NewDatabase(s, jsii.String("Database-keys"), &catalog.DatabaseProps{
		Name:        jsii.String(keys.Database),
		Description: jsii.String("The de-identification key of " + s.plan.Name),
		LocationURI: jsii.String(s3uri.Location{Bucket: keys.Bucket}.URI()),
	})
	database.Cfn().AddResourceDependency(location.Cfn(), nil)
	s.databases[keys.Database] = database
	table := catalog.NewTable(s, jsii.String("Table-keys"), &catalog.TableProps{
		Database: database,
		Table:    &keys.Table.Table,
		Location: jsii.String(keys.Table.Location),
	})
	s.tables[keys.Database+"."+keys.Table.Table.Name] = table.Cfn()
}

func (s *DomainStack) newKeysBucket(name string) awss3.Bucket {
	bucket := awss3.NewBucket(s, jsii.String("Keys"), &awss3.BucketProps{
		BucketName:             jsii.String(name),
		Encryption:             awss3.BucketEncryption_KMS,
		EncryptionKey:          s.storage.Key(),
		BucketKeyEnabled:       jsii.Bool(true),
		BlockPublicAccess:      awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:        awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		EnforceSSL:             jsii.Bool(true),
		MinimumTLSVersion:      jsii.Number(1.2),
		Versioned:              jsii.Bool(true),
		ServerAccessLogsBucket: s.storage.Logs(),
		ServerAccessLogsPrefix: jsii.String("keys/"),
		RemovalPolicy:          awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Id: jsii.String("forget-deleted-keys"), NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(30)),
			AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(1)),
		}},
	})
	access := &storage.LakeFormationAccess{
		BreakGlassARNs: s.plan.Files.Administrators,
		RoleARNs:       []string{s.plan.LocationRoleARN, s.plan.Deidentify.RoleARN},
	}
	access.DenyOthers(bucket)
	l1(bucket).AddMetadata(jsii.String("cdk_nag"), map[string]any{"rules_to_suppress": []any{map[string]any{
		"id":     "HIPAA.Security-S3BucketReplicationEnabled",
		"reason": "A second copy of a key is a second place to lose it; earlier versions are kept for 30 days.",
	}}})
	return bucket
}
