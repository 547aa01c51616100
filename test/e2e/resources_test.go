package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

func s3Client(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
}

// bucketsOf are the names of a domain's buckets that hold data.
func bucketsOf(d *mesh.DomainPlan) []string {
	var out []string
	for _, name := range d.Buckets {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// checkStorage asks S3 and KMS, not the templates.
func checkStorage(t *testing.T, cfg aws.Config, plan *mesh.Plan) {
	client := s3Client(cfg)
	for i := range plan.Domains {
		d := &plan.Domains[i]
		key := checkKey(t, cfg, plan.Mesh+"-"+d.Name)
		for _, bucket := range bucketsOf(d) {
			checkBucket(t, client, bucket, d.Logs)
			encryption, err := client.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: &bucket})
			if err != nil {
				t.Errorf("%s: %v", bucket, err)
				continue
			}
			rule := encryption.ServerSideEncryptionConfiguration.Rules[0]
			if d := rule.ApplyServerSideEncryptionByDefault; d.SSEAlgorithm != s3types.ServerSideEncryptionAwsKms || !strings.HasSuffix(aws.ToString(d.KMSMasterKeyID), key) {
				t.Errorf("%s: encrypted with %s under %s; expected aws:kms under the domain's key %s", bucket, d.SSEAlgorithm, aws.ToString(d.KMSMasterKeyID), key)
			}
		}
	}
}

// checkKey returns the id of the key behind an alias.
func checkKey(t *testing.T, cfg aws.Config, alias string) string {
	t.Helper()
	client := kms.NewFromConfig(cfg)
	key, err := client.DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("alias/" + alias)})
	if err != nil {
		t.Fatalf("alias/%s: %v", alias, err)
	}
	id := aws.ToString(key.KeyMetadata.KeyId)
	rotation, err := client.GetKeyRotationStatus(t.Context(), &kms.GetKeyRotationStatusInput{KeyId: &id})
	if err != nil || !rotation.KeyRotationEnabled {
		t.Errorf("alias/%s: not rotated (%v)", alias, err)
	}
	return id
}

func checkBucket(t *testing.T, client *s3.Client, bucket, logs string) {
	t.Helper()
	access, err := client.GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: &bucket})
	if err != nil {
		t.Errorf("%s: %v", bucket, err)
		return
	}
	if c := access.PublicAccessBlockConfiguration; !*c.BlockPublicAcls || !*c.BlockPublicPolicy || !*c.IgnorePublicAcls || !*c.RestrictPublicBuckets {
		t.Errorf("%s: public access is not blocked: %+v", bucket, *c)
	}
	versioning, err := client.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: &bucket})
	if err != nil || versioning.Status != s3types.BucketVersioningStatusEnabled {
		t.Errorf("%s: not versioned (%v)", bucket, err)
	}
	logging, err := client.GetBucketLogging(t.Context(), &s3.GetBucketLoggingInput{Bucket: &bucket})
	if err != nil || logging.LoggingEnabled == nil || aws.ToString(logging.LoggingEnabled.TargetBucket) != logs {
		t.Errorf("%s: its access is not logged to %s (%v)", bucket, logs, err)
	}
	ownership, err := client.GetBucketOwnershipControls(t.Context(), &s3.GetBucketOwnershipControlsInput{Bucket: &bucket})
	if err != nil || ownership.OwnershipControls.Rules[0].ObjectOwnership != s3types.ObjectOwnershipBucketOwnerEnforced {
		t.Errorf("%s: ACLs are not off (%v)", bucket, err)
	}
	lifecycle, err := client.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: &bucket})
	if err != nil || len(lifecycle.Rules) == 0 {
		t.Errorf("%s: no lifecycle (%v)", bucket, err)
	}
	policy, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: &bucket})
	if err != nil {
		t.Errorf("%s: %v", bucket, err)
		return
	}
	for _, want := range []string{"aws:SecureTransport", "s3:TlsVersion"} {
		if !strings.Contains(aws.ToString(policy.Policy), want) {
			t.Errorf("%s: its policy has no condition on %s", bucket, want)
		}
	}
}

// workGroupsOf are the workgroups of a domain and of its products, and whether people query there.
func workGroupsOf(d *mesh.DomainPlan) map[string]bool {
	out := map[string]bool{d.WorkGroup: len(d.Readers) == 0}
	for _, reader := range d.Readers {
		out[reader.WorkGroup] = true
	}
	if d.Keys != nil {
		out[d.Keys.Job.WorkGroup] = false
	}
	for _, p := range d.Products {
		for _, job := range []*mesh.JobPlan{p.Materialization, p.Deidentify} {
			if job != nil {
				out[job.WorkGroup] = false
			}
		}
	}
	return out
}

// checkQueries asks Athena where results are, and which queries people find.
func checkQueries(t *testing.T, cfg aws.Config, plan *mesh.Plan) {
	client := athena.NewFromConfig(cfg)
	for i := range plan.Domains {
		d := &plan.Domains[i]
		for name, ofPeople := range workGroupsOf(d) {
			group, err := client.GetWorkGroup(t.Context(), &athena.GetWorkGroupInput{WorkGroup: &name})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			c := group.WorkGroup.Configuration
			if !aws.ToBool(c.EnforceWorkGroupConfiguration) || c.ManagedQueryResultsConfiguration == nil || !c.ManagedQueryResultsConfiguration.Enabled {
				t.Errorf("%s: settings are not enforced, or Athena does not keep the results", name)
			}
			var want []string
			if ofPeople {
				for _, q := range d.Queries {
					want = append(want, q.Name)
				}
			}
			if got := savedQueries(t, client, name); !slices.Equal(got, want) {
				t.Errorf("%s: queries %v; expected %v", name, got, want)
			}
		}
	}
}

// savedQueries are the names of the queries of a workgroup, sorted.
func savedQueries(t *testing.T, client *athena.Client, group string) []string {
	t.Helper()
	ids, err := client.ListNamedQueries(t.Context(), &athena.ListNamedQueriesInput{WorkGroup: &group})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, id := range ids.NamedQueryIds {
		query, err := client.GetNamedQuery(t.Context(), &athena.GetNamedQueryInput{NamedQueryId: &id})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, aws.ToString(query.NamedQuery.Name))
	}
	slices.Sort(out)
	return out
}

// checkRetained asks for what must outlive the stacks.
func checkRetained(t *testing.T, cfg aws.Config, plan *mesh.Plan) {
	t.Helper()
	client := s3Client(cfg)
	for i := range plan.Domains {
		d := &plan.Domains[i]
		for _, bucket := range append(bucketsOf(d), d.Logs) {
			if _, err := client.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &bucket}); err != nil {
				t.Errorf("bucket %s is gone: %v", bucket, err)
			}
		}
	}
	keys, err := kms.NewFromConfig(cfg).ListKeys(t.Context(), &kms.ListKeysInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(keys.Keys) < len(plan.Domains) {
		t.Errorf("%d keys left; expected the %d of the domains", len(keys.Keys), len(plan.Domains))
	}
}
