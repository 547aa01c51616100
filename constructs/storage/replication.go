package storage

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// Replication copies new objects of chosen zones to buckets in another region of
// the same account. Deploy a ReplicaStorage there first: S3 refuses a
// destination that does not exist. Objects that were there before are not
// copied; S3 Batch Replication does that. Deletions of versions and lifecycle
// actions are never copied.
//
// Source: "Replicating objects within and across Regions", "Requirements and
// considerations for replication".
type Replication struct {
	// Region is the destination's, such as us-west-2. Another one than the
	// lake's. Required.
	Region *string

	// BucketNames are the destination buckets: the zones that have a name are
	// replicated. Plain names, because nothing refers from one region into
	// another. At least one; Logs stays empty. Required.
	BucketNames *BucketNames

	// KeyARN is the ARN of the key that encrypts the copies, in Region. Its policy
	// must let IAM of this account decide, as the one of ReplicaStorage does. An
	// alias does not do. Required.
	KeyARN *string

	// EnableTimeControl buys S3 Replication Time Control: 99.9 % of the objects are
	// there after 15 minutes, with metrics and events.
	// Default: no promise and no metrics.
	EnableTimeControl *bool

	// ReplicateDeleteMarkers copies delete markers, so that what is deleted here
	// looks deleted there; the versions stay in both.
	// Default: the copy stays readable.
	ReplicateDeleteMarkers *bool
}

var (
	regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
	keyARN     = regexp.MustCompile(`^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)
)

// problems are those of a replication out of the scope's region and account.
func (r *Replication) problems(scope constructs.Construct, own BucketNames) problem.List {
	var list problem.List
	if r == nil {
		return nil
	}
	here, account := "", ""
	if !cdkx.Missing(scope) {
		stack := cdkx.StackOf(scope)
		here, account = *cdkx.Region(stack), *cdkx.Account(stack)
	}
	var region problem.List
	switch {
	case r.Region == nil:
		region.Addf("Replication.Region", "nothing", "a region such as us-west-2", "name the region of ReplicaStorage")
	case !regionName.MatchString(*r.Region):
		region.Addf("Replication.Region", cdkx.Quote(*r.Region), "a region such as us-west-2, not a token", "name the region of ReplicaStorage")
	case here != "" && !cdkx.HoldsToken(here) && template.PartitionOf(*r.Region) != template.PartitionOf(here):
		region.Addf("Replication.Region", fmt.Sprintf("%q, in the partition %s", *r.Region, template.PartitionOf(*r.Region).Name),
			"a region of "+template.PartitionOf(here).Name, "name the region of ReplicaStorage; nothing is replicated between partitions")
	case *r.Region == here:
		region.Addf("Replication.Region", fmt.Sprintf("%q, the lake's own", here), "another region", "name the region of ReplicaStorage")
	}
	list = append(list, region...)
	list = append(list, r.keyProblems(account, len(region) == 0)...)
	if logs := r.names().Logs; logs != nil {
		list.Addf("Replication.BucketNames.Logs", cdkx.Quote(*logs), "nothing: access logs are not replicated", "leave it out")
	}
	zones := r.zones()
	if len(zones) == 0 {
		list.Addf("Replication.BucketNames", "none", "the name of at least one zone's destination", "name the buckets of ReplicaStorage")
	}
	taken := own.named()
	for _, zone := range zones {
		path, name := "Replication.BucketNames."+zoneID(zone), *r.names().zone(zone)
		if cdkx.HoldsToken(name) || !bucketName.MatchString(name) {
			list.Addf(path, cdkx.Quote(name), bucketNameRule+", not a token", "name a bucket of ReplicaStorage")
			continue
		}
		if other, found := taken[name]; found {
			list.Addf(path, fmt.Sprintf("%q, as %s", name, other), "a name of its own", "choose another name")
		}
		taken[name] = path
	}
	return list
}

func (r *Replication) keyProblems(account string, regionIsRight bool) problem.List {
	var list problem.List
	const fix = "copy it from the stack of ReplicaStorage"
	arn := cdkx.Value(r.KeyARN, "")
	match := keyARN.FindStringSubmatch(arn)
	switch {
	case arn == "":
		list.Addf("Replication.KeyARN", "none", "the ARN of a KMS key", fix)
	case match == nil:
		list.Addf("Replication.KeyARN", cdkx.Quote(arn), "the ARN of a KMS key, not of an alias and not a token", fix)
	case template.PartitionOfARN(arn) != template.PartitionOf(match[1]).Name:
		list.Addf("Replication.KeyARN", cdkx.Quote(arn), "an ARN that begins with arn:"+template.PartitionOf(match[1]).Name+", as the key is in "+match[1], fix)
	case regionIsRight && match[1] != *r.Region:
		list.Addf("Replication.KeyARN", "a key in "+match[1], "a key in Replication.Region", fix)
	case account != "" && !cdkx.HoldsToken(account) && match[2] != account:
		list.Addf("Replication.KeyARN", "a key of account "+match[2], "a key of the lake's account "+account, fix)
	}
	return list
}

func (r *Replication) names() BucketNames { return cdkx.Value(r.BucketNames, BucketNames{}) }

// zones are the replicated ones, in order.
func (r *Replication) zones() []ontology.Zone {
	var out []ontology.Zone
	if r == nil {
		return nil
	}
	for _, zone := range ontology.Zones() {
		if r.names().zone(zone) != nil {
			out = append(out, zone)
		}
	}
	return out
}

// partition is the destination's, which is that of its key.
func (r *Replication) partition() string { return strings.Split(*r.KeyARN, ":")[1] }

func (r *Replication) bucketARN(zone ontology.Zone) string {
	return s3uri.Location{Bucket: *r.names().zone(zone)}.ARN(r.partition())
}

// add gives the chosen zones their replication and returns the role that
// S3 copies with.
func (r *Replication) add(scope constructs.Construct, buckets map[ontology.Zone]awss3.Bucket, key awskms.IKey, zones zoneSet) awsiam.Role {
	role := awsiam.NewRole(scope, jsii.String("ReplicationRole"), &awsiam.RoleProps{
		Description: jsii.String("S3 copies the lake to " + *r.Region + " with this role"),
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("s3.amazonaws.com"), nil),
	})
	policy := awsiam.NewManagedPolicy(scope, jsii.String("ReplicationPolicy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What S3 may do to copy the lake to " + *r.Region),
		Roles:       &[]awsiam.IRole{role},
		Statements:  r.statements(cdkx.StackOf(scope), buckets, key, zones),
	})
	cdkx.Acknowledge(policy, cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "S3 replicates every object of the chosen buckets, each named here, and to their copies alone; this is the policy that AWS documents for replication.",
	})
	for _, zone := range r.zones() {
		bucket, ok := cdkx.L1(buckets[zone]).(awss3.CfnBucket)
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

// statements are the ones that "Setting up permissions for live
// replication" and "Replicating encrypted objects" ask for. The encryption
// context is the bucket's ARN with a bucket key and the object's without, which
// an upload may choose.
func (r *Replication) statements(stack awscdk.Stack, buckets map[ontology.Zone]awss3.Bucket, key awskms.IKey, zones zoneSet) *[]awsiam.PolicyStatement {
	var sources, objects, locked, copies, contexts, copyContexts []*string
	for _, zone := range r.zones() {
		bucket := buckets[zone]
		all := bucket.ArnForObjects(jsii.String("*"))
		sources = append(sources, cdkx.BucketARN(bucket))
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
		allow(sources, nil, "s3:GetReplicationConfiguration", "s3:ListBucket"),
		allow(objects, nil, "s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"),
	}
	if locked != nil {
		out = append(out, allow(locked, nil, "s3:GetObjectLegalHold", "s3:GetObjectRetention"))
	}
	to := []string{"s3:ReplicateObject", "s3:ReplicateTags"}
	if cdkx.Value(r.ReplicateDeleteMarkers, false) {
		to = append(to, "s3:ReplicateDelete")
	}
	out = append(out,
		allow(copies, nil, to...),
		allow([]*string{cdkx.KeyARN(key)}, throughS3(stack, *cdkx.Region(stack), contexts), "kms:Decrypt"),
		allow([]*string{r.KeyARN}, throughS3(stack, *r.Region, copyContexts), "kms:Encrypt", "kms:GenerateDataKey"),
	)
	return &out
}

func throughS3(stack awscdk.Stack, region string, contexts []*string) map[string]any {
	return map[string]any{"StringLike": map[string]any{
		"kms:ViaService":                   cdkx.ViaService(stack, "s3", region),
		"kms:EncryptionContext:aws:s3:arn": contexts,
	}}
}
