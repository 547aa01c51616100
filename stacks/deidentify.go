package stacks

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/stacks/mesh"
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
		LocationURI: jsii.String("s3://" + keys.Bucket + "/"),
	})
	database.Cfn().AddResourceDependency(location.Cfn(), nil)
	s.databases[keys.Database] = database.Cfn()
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
	l1(bucket).AddMetadata(jsii.String("cdk_nag"), map[string]any{"rules_to_suppress": []any{map[string]any{
		"id":     "HIPAA.Security-S3BucketReplicationEnabled",
		"reason": "A second copy of a key is a second place to lose it; earlier versions are kept for 30 days.",
	}}})
	return bucket
}

// addDeidentify makes the job that fills the domain's de-identified tables, and notes
// its role as a principal of the stack's grants.
func (s *DomainStack) addDeidentify() {
	plan := s.plan.Deidentify
	if plan == nil {
		return
	}
	props := &query.JobProps{
		WorkGroup:   s.workGroup,
		Description: jsii.String(fmt.Sprintf("De-identifies data of the domain %s", s.plan.Name)),
		Schedule:    jsii.String(plan.Schedule),
		RoleName:    jsii.String(plan.Role),
	}
	for _, statement := range plan.Statements {
		props.Statements = append(props.Statements, statement.SQL)
		props.Writes = append(props.Writes, s.written(statement))
	}
	s.deidentify = query.NewJob(s, jsii.String("Deidentify"), props)
	s.principals[plan.RoleARN] = []awscdk.CfnResource{l1(s.deidentify.Role())}
}

// deidentifyAfterGrants lets the job wait for what its role is granted.
func (s *DomainStack) deidentifyAfterGrants() {
	if s.deidentify == nil {
		return
	}
	for _, grant := range s.granted[s.plan.Deidentify.RoleARN] {
		s.deidentify.Cfn().AddResourceDependency(grant, nil)
	}
}

// written is the table that a statement writes.
func (s *DomainStack) written(statement mesh.DeidentifyStatement) query.WrittenTable {
	bucket, prefix, _ := strings.Cut(strings.TrimPrefix(statement.Location, "s3://"), "/")
	out := query.WrittenTable{Database: statement.Database, Table: statement.Table, Prefix: prefix}
	if keys := s.plan.Deidentify.Keys; keys != nil && bucket == keys.Bucket {
		out.Bucket = s.keys
	} else {
		out.Bucket = s.zoneBucket(bucket)
	}
	return out
}

// Deidentify is the job that fills the domain's de-identified tables; nil without
// such tables.
func (s *DomainStack) Deidentify() *query.Job { return s.deidentify }
