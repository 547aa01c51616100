package review_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/review"
)

// compareTemplates compares two templates, given as the resources of a stack called Lab.
func compareTemplates(t testing.TB, before, after string) *review.Report {
	t.Helper()
	read := func(resources string) string {
		file := filepath.Join(t.TempDir(), "Lab.yaml")
		if err := os.WriteFile(file, []byte("Resources:\n  Topic: {Type: AWS::SNS::Topic}\n"+resources), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	b, a, err := review.ReadBoth(read(before), read(after), template.Given{Account: "111111111111", Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	return review.Compare(b, a)
}

// bucket is a bucket with some properties, which is kept.
func bucket(properties string) string {
	return "  Bucket: {Type: AWS::S3::Bucket, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {BucketName: lab, " + properties + "}}\n"
}

func machine(sql string) string {
	return "  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: '" + sql + "'}}\n" +
		"  Stays: {Type: AWS::Glue::Table, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {CatalogId: '111111111111', DatabaseName: lab, TableInput: {Name: stays}}}\n"
}

func table(columns, partitions string) string {
	return "  Stays: {Type: AWS::Glue::Table, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {CatalogId: '111111111111', DatabaseName: lab, TableInput: {Name: stays, StorageDescriptor: {Columns: [" + columns + "]}, PartitionKeys: [" + partitions + "]}}}\n"
}

func TestTemplates(t *testing.T) {
	const (
		of      = "Bucket of stack Lab (AWS::S3::Bucket) "
		blocked = "PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}"
		deny    = "{Sid: Tls, Effect: Deny, Principal: '*', Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': false}}}"
		allow   = "{Effect: Allow, Principal: '*', Action: 's3:*', Resource: '*'}"
		sql     = `{"Query":"DELETE FROM \"lab\".\"stays\"\nWHERE NOT (\"day\" IS NULL OR \"day\" >= date_add(''year'', -10, current_date))"}`
	)
	policy := func(statements string) string {
		return "  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Topic, PolicyDocument: {Statement: [" + statements + "]}}}\n"
	}
	lifecycle := func(rules string) string { return bucket("LifecycleConfiguration: {Rules: [" + rules + "]}") }
	for name, test := range map[string]struct {
		before, after string
		want          []string
	}{
		"public access": {bucket(blocked), bucket(strings.Replace(blocked, "BlockPublicPolicy: true", "BlockPublicPolicy: false", 1)),
			[]string{"error guardrail: " + of + "no longer blocks public access: BlockPublicPolicy (PublicAccessBlockConfiguration.BlockPublicPolicy is false)"}},
		"encryption": {
			bucket("BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms'}}]}"),
			bucket("BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}}]}"),
			[]string{"error guardrail: " + of + "no longer encrypts new objects with a key of KMS, but with AES256"},
		},
		"versions and lists": {
			bucket("VersioningConfiguration: {Status: Enabled}, OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}"), bucket("Tags: []"),
			[]string{
				"error guardrail: " + of + "lets access control lists decide again (OwnershipControls.Rules)",
				"error guardrail: " + of + "no longer keeps what is overwritten or deleted: versioning is off (VersioningConfiguration.Status is not set)",
			},
		},
		"policies of deletion": {bucket(""), strings.Replace(strings.Replace(bucket(""), "DeletionPolicy: Retain", "DeletionPolicy: Delete", 1), "UpdateReplacePolicy: Retain, ", "", 1),
			[]string{
				"error guardrail: " + of + "is no longer kept when a change replaces it, with its objects (UpdateReplacePolicy is not set)",
				"error guardrail: " + of + "loses its protection: when the stack or the resource goes, so does what it holds: its objects",
			}},
		"a key is no longer rotated": {"  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}\n", "  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: !Ref Topic}}\n",
			[]string{`warning guardrail: Key of stack Lab (AWS::KMS::Key) is no longer rotated (EnableKeyRotation is {"Ref":"Topic"})`}},
		"a deny statement goes": {policy(deny + "," + allow), policy(allow), []string{"error guardrail: Policy of stack Lab (AWS::S3::BucketPolicy) no longer denies what the statement Tls denied"}},
		"a deny statement is another": {policy(deny), policy(strings.Replace(deny, "'s3:*'", "'s3:Get*'", 1)),
			[]string{"warning guardrail: Policy of stack Lab (AWS::S3::BucketPolicy) denies in another way what the statement Tls denied"}},
		"a policy goes":                 {policy(deny), "", []string{"error guardrail: Policy of stack Lab (AWS::S3::BucketPolicy) no longer denies what the statement Tls denied"}},
		"a policy goes with its bucket": {strings.Replace(policy(deny), "Topic", "Other", 1) + "  Other: {Type: AWS::S3::AccessPoint}\n", "", nil},
		"statements in another order":   {policy(deny + "," + allow), policy(allow + "," + deny), nil},
		"more is denied":                {policy(allow), policy(deny + "," + allow), nil},
		"a finding is accepted": {
			"  Role: {Type: AWS::IAM::Role, Metadata: {'lakemesh:policy': [{id: LakeMesh.LF01, reason: old}]}}\nMetadata: {'lakemesh:policy': [{id: LakeMesh.LF02, reason: old, scope: A}]}\n",
			"  Role: {Type: AWS::IAM::Role, Metadata: {'lakemesh:policy': [{id: LakeMesh.LF01, reason: other}, {id: LakeMesh.LF03, reason: new}]}}\nMetadata: {'lakemesh:policy': [{id: LakeMesh.LF02, reason: old, scope: A}, {id: LakeMesh.LF02, reason: new, scope: B}]}\n",
			[]string{
				"warning guardrail: the finding LakeMesh.LF02 is accepted at B of stack Lab",
				"warning guardrail: the finding LakeMesh.LF03 is accepted at Role of stack Lab",
			},
		},
		"a location is in hybrid mode": {
			"  Place: {Type: AWS::LakeFormation::Resource, Properties: {ResourceArn: 'arn:aws:s3:::a', UseServiceLinkedRole: true}}\n",
			"  Place: {Type: AWS::LakeFormation::Resource, Properties: {ResourceArn: 'arn:aws:s3:::a', UseServiceLinkedRole: true, HybridAccessEnabled: true}}\n",
			[]string{"error guardrail: arn:aws:s3:::a is in hybrid access mode now: IAM decides for all who have not opted in to Lake Formation"},
		},
		"a lifecycle deletes sooner": {
			lifecycle("{Status: Enabled, ExpirationInDays: 400}, {Status: Enabled, Prefix: a/, ExpirationInDays: 300}"),
			lifecycle("{Status: Enabled, ExpirationInDays: 401}, {Status: Enabled, Prefix: a/, ExpirationInDays: 200}, {Status: Enabled, Prefix: b/, ExpirationInDays: 399}, {Status: Enabled, Prefix: c/, ExpirationInDays: 400}, {Status: Disabled, Prefix: d/, ExpirationInDays: 1}"),
			[]string{
				"error contract: " + of + "keeps objects below a/ for 200 days, was 300 days",
				"error contract: " + of + "keeps objects below b/ for 399 days, was 400 days",
			},
		},
		"a lifecycle is new": {bucket(""), lifecycle("{Status: Enabled, NoncurrentVersionExpiration: {NoncurrentDays: 30}}"),
			[]string{"error contract: " + of + "keeps what was overwritten or deleted for 30 days, was without an end"}},
		"logs": {"  Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 365}}\n", "  Log: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}\n",
			[]string{"error contract: Log of stack Lab (AWS::Logs::LogGroup) keeps log events for 30 days, was 365 days"}},
		"rows":                     {machine(sql), machine(strings.Replace(sql, "-10", "-2", 1)), []string{"error contract: rows of lab.stays are kept for 732 days, was 3660 days"}},
		"rows are kept for longer": {machine(sql), machine(strings.Replace(sql, "-10", "-12", 1)), nil},
		"rows are deleted":         {machine("{}"), machine(sql), []string{"error contract: rows of lab.stays are kept for 3660 days, was without an end"}},
		"columns": {
			table("{Name: a, Type: int}, {Name: b, Type: int}, {Name: c, Type: string}, {Name: d, Type: 'decimal(8,2)'}", "{Name: e, Type: date}"),
			table("{Name: a, Type: bigint}, {Name: b, Type: smallint}, {Name: d, Type: 'decimal(10,2)'}", "{Name: e, Type: string}"),
			[]string{
				"error contract: column b of lab.stays is smallint, was int: values may not fit",
				"error contract: column c of lab.stays is gone (string, untagged)",
				"error contract: column e of lab.stays is string, was date: values may not fit",
			},
		},
		"a table": {table("{Name: a, Type: int}", ""), "", []string{
			"error contract: table lab.stays is gone",
			"warning resource: Stays of stack Lab (AWS::Glue::Table) stays in the account with its schema and, of an Iceberg table, the only pointer to its data, and no stack manages it any more",
		}},
		"a bucket under another logical id": {bucket(""), strings.Replace(bucket(""), "Bucket:", "Other:", 1),
			[]string{"warning resource: " + of + "stays in the account with its objects, and no stack manages it any more"}},
		"unknown": {"", "  Stack: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://example.com/x'}}\n",
			[]string{"warning unknown: cannot be read: Lab Stack AWS::CloudFormation::Stack: the template of the nested stack is not in the assembly"}},
	} {
		t.Run(name, func(t *testing.T) {
			report := compareTemplates(t, test.before, test.after)
			if diff := cmp.Diff(test.want, lines(report)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if report := compareTemplates(t, test.after, test.after); !report.Empty() {
				t.Errorf("of the template with itself: %v", lines(report))
			}
		})
	}
}
