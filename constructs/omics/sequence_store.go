package omics

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsomics"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/omics/healthomics"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// ETagAlgorithmFamily is how HealthOmics computes the digest of a read set's content.
type ETagAlgorithmFamily string

// The families that HealthOmics has. Each digests the content of a read set, whatever
// the file that it came in was compressed with.
// Source: "HealthOmics ETags and data provenance".
const (
	ETagMD5    ETagAlgorithmFamily = "MD5up"
	ETagSHA256 ETagAlgorithmFamily = "SHA256up"
	ETagSHA512 ETagAlgorithmFamily = "SHA512up"
)

// SequenceStoreProps configures a SequenceStore. A change of Key or ETagAlgorithmFamily
// replaces the store, and its read sets stay in the old one; all else, tags too, is
// changed in place.
type SequenceStoreProps struct {
	// Name is 1 to 127 characters. Required, and a plain string.
	Name *string

	// Description is 1 to 255 characters.
	// Default: none.
	Description *string

	// Key encrypts the reads. Whoever makes the store needs kms:CreateGrant on it, which
	// the default policy of a CDK key leaves to IAM.
	// Default: a key that is made for the store, rotated and retained.
	Key awskms.IKey

	// ETagAlgorithmFamily is what the digests of read sets are computed with, by which
	// the same reads are found to be the same.
	// Default: ETagSHA256. HealthOmics itself takes MD5up, with which reads can be made
	// that look the same and are not.
	ETagAlgorithmFamily ETagAlgorithmFamily

	// Fallback is where files go whose direct upload could not become a read set.
	// Default: nowhere; they are lost.
	Fallback *storage.S3Location

	// AccessLogs is the bucket that S3 writes the log of who read which object of the
	// store to. Its policy must admit S3's log delivery, and it is encrypted with SSE-S3,
	// as the Logs of a storage.LakeStorage are (rule 8.2).
	// Default: no access logs.
	AccessLogs awss3.IBucket

	// AccessLogsPrefix is the folder of the logs; it ends with a slash.
	// Default: the name of the construct in lower case, such as "reads/".
	AccessLogsPrefix *string

	// PropagatedSetLevelTags are the keys of read sets' tags that the objects of the
	// store in S3 have too, at most five, for conditions on s3:ExistingObjectTag.
	// Default: those of HealthOmics only.
	PropagatedSetLevelTags []string

	// S3AccessPolicy is the policy of the access point that the reads are read through.
	// HealthOmics takes no other conditions than s3:ExistingObjectTag, s3:prefix,
	// s3:signatureversion and s3:TlsVersion, and aws:PrincipalArn with ArnEquals or
	// ArnLike. It names the access point, which the first deployment tells.
	// Default: the one that HealthOmics makes, which leaves access to the IAM policies
	// of the account, so to GrantRead.
	// Source: "Permissions for data access using Amazon S3 URIs".
	S3AccessPolicy awsiam.PolicyDocument

	// Regions are those with sequence stores, for a region that is newer than this
	// version of the library.
	// Default: healthomics.StoreRegions.
	Regions []string
}

// maxPropagated is how many keys of tags a store propagates.
// Source: "Creating a HealthOmics sequence store".
const maxPropagated = 5

func (p *SequenceStoreProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	checkName(&list, p.Name, storeName)
	checkText(&list, "Description", p.Description, storeDescription)
	families := []ETagAlgorithmFamily{ETagMD5, ETagSHA256, ETagSHA512}
	if p.ETagAlgorithmFamily != "" && !slices.Contains(families, p.ETagAlgorithmFamily) {
		list.Addf("ETagAlgorithmFamily", cdkx.Quote(p.ETagAlgorithmFamily), "MD5up, SHA256up or SHA512up", "take one of the constants")
	}
	location(&list, "Fallback", "reads-fallback/", p.Fallback)
	if prefix := p.AccessLogsPrefix; prefix != nil {
		if cdkx.Missing(p.AccessLogs) {
			list.Addf("AccessLogsPrefix", cdkx.Quote(*prefix)+" without AccessLogs", "a bucket of logs", "set AccessLogs, or leave the folder out")
		}
		if !cdkx.IsFolder(*prefix) {
			list.Addf("AccessLogsPrefix", cdkx.Quote(*prefix), "folders of letters, digits and any of ._=- that end with a slash", `write it like "reads/"`)
		}
	}
	p.checkPropagated(&list)
	checkRegion(&list, scope, "sequence stores", p.Regions, healthomics.StoreRegions())
	return list
}

func (p *SequenceStoreProps) checkPropagated(list *problem.List) {
	if n := len(p.PropagatedSetLevelTags); n > maxPropagated {
		list.Addf("PropagatedSetLevelTags", fmt.Sprintf("%d keys", n), fmt.Sprintf("at most %d", maxPropagated), "leave some out")
	}
	for i, key := range p.PropagatedSetLevelTags {
		path := fmt.Sprintf("PropagatedSetLevelTags[%d]", i)
		checkText(list, path, &key, 128)
		if slices.Contains(p.PropagatedSetLevelTags[:i], key) {
			list.Addf(path, cdkx.Quote(key)+" again", "each key once", "leave it out")
		}
	}
}

// ISequenceStore is a store of reads: one that this app makes, by NewSequenceStore, or
// one that exists, by SequenceStoreFromAttributes.
type ISequenceStore interface {
	constructs.Construct

	// SequenceStoreID is the id that HealthOmics gave the store.
	SequenceStoreID() *string
	// SequenceStoreARN is the ARN of the store.
	SequenceStoreARN() *string
	// S3AccessPointARN is the ARN of the access point that the reads are read through.
	S3AccessPointARN() *string
	// Key is the key that encrypts the reads.
	Key() awskms.IKey

	// GrantRead lets the grantee list and read all reads of the store, through HealthOmics
	// and through S3, and bring archived ones back, which is charged as active storage.
	// Reads identify whom they are of.
	GrantRead(grantee awsiam.IGrantable) awsiam.Grant
	// GrantImport lets the grantee start imports that read with the role, and follow
	// them. The role must trust HealthOmics; that of an ImportRole does.
	GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant
	// GrantUpload lets the grantee upload files in parts, without S3, and nothing else.
	GrantUpload(grantee awsiam.IGrantable) awsiam.Grant
}

// SequenceStore is a store of reads that this app makes.
type SequenceStore struct {
	constructs.Construct
	sequences

	resource awsomics.CfnSequenceStore
}

var _ ISequenceStore = (*SequenceStore)(nil)

// NewSequenceStore makes a store of reads, FASTQ, BAM or CRAM, under a fixed name,
// encrypted with a customer managed key and retained when it leaves the stack. Read sets
// that nobody reads for 30 days are moved to the archive, where they cost a fifth.
//
// Put the store into a stack of its own with termination protection (rule 7.1); without
// it there is a warning. It panics with every problem of the props at once, and in a
// region without such stores.
// Source: "AWS::Omics::SequenceStore".
func NewSequenceStore(scope constructs.Construct, id *string, props *SequenceStoreProps) *SequenceStore {
	p := cdkx.Value(props, SequenceStoreProps{})
	cdkx.Check(scope, id, p.problems(scope))

	s := &SequenceStore{}
	cdkx.Add(s, scope, id)
	key := keyOf(s, p.Key)
	if p.ETagAlgorithmFamily == "" {
		p.ETagAlgorithmFamily = ETagSHA256
	}
	cfn := &awsomics.CfnSequenceStoreProps{
		Name:                jsii.String(*p.Name),
		Description:         p.Description,
		ETagAlgorithmFamily: jsii.String(string(p.ETagAlgorithmFamily)),
		SseConfig:           &awsomics.CfnSequenceStore_SseConfigProperty{Type: jsii.String("KMS"), KeyArn: cdkx.KeyARN(key)},
	}
	if p.Fallback != nil {
		cfn.FallbackLocation = jsii.String(location(&problem.List{}, "", "", p.Fallback).URI())
	}
	if !cdkx.Missing(p.AccessLogs) {
		folder := cdkx.Value(p.AccessLogsPrefix, strings.ToLower(*id)+"/")
		cfn.AccessLogLocation = jsii.String(s3uri.Parse(*cdkx.BucketName(p.AccessLogs) + "/" + folder).URI())
	}
	if len(p.PropagatedSetLevelTags) > 0 {
		cfn.PropagatedSetLevelTags = cdkx.Strings(p.PropagatedSetLevelTags)
	}
	if !cdkx.Missing(p.S3AccessPolicy) {
		cfn.S3AccessPolicy = p.S3AccessPolicy
	}
	s.resource = awsomics.NewCfnSequenceStore(s, jsii.String("Resource"), cfn)
	s.sequences = sequences{
		store: s, id: *s.resource.AttrSequenceStoreId(), arn: *s.resource.AttrArn(), accessPoint: *s.resource.AttrS3AccessPointArn(), key: key,
	}
	keepStore(s, s.resource, "sequence")
	return s
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
// Look at the change set before a deployment that changes one: a replaced store is empty.
func (s *SequenceStore) Cfn() awsomics.CfnSequenceStore { return s.resource }

// SequenceStoreAttributes says which store is meant.
type SequenceStoreAttributes struct {
	// SequenceStoreARN is the ARN of the store; a token is taken. Required.
	SequenceStoreARN *string

	// S3AccessPointARN is the ARN of the access point that the reads are read through,
	// as GetSequenceStore tells it; a token is taken. Required.
	S3AccessPointARN *string

	// Key encrypts the reads; awskms.Key_FromKeyArn refers to one of another app.
	// Required.
	Key awskms.IKey
}

// importedSequenceStore is a store that this app does not make.
type importedSequenceStore struct {
	constructs.Construct
	sequences
}

// SequenceStoreFromAttributes refers to a store that exists: of another stack, of
// another app, or made by hand. It makes and changes nothing, and grants work as with a
// store of this app. The policy of a key of another app is not changed either.
//
// It panics with every problem of the attributes at once.
func SequenceStoreFromAttributes(scope constructs.Construct, id *string, attributes *SequenceStoreAttributes) ISequenceStore {
	a := cdkx.Value(attributes, SequenceStoreAttributes{})
	var list problem.List
	checkStoreARN(&list, scope, "SequenceStoreARN", "sequenceStore", a.SequenceStoreARN, a.Key)
	if a.S3AccessPointARN == nil {
		list.Addf("S3AccessPointARN", "nothing", "the ARN of the store's access point", "set it to what GetSequenceStore tells")
	}
	cdkx.Check(scope, id, list)

	s := &importedSequenceStore{}
	cdkx.Add(s, scope, id)
	s.sequences = sequences{store: s, id: idOf(*a.SequenceStoreARN), arn: *a.SequenceStoreARN, accessPoint: *a.S3AccessPointARN, key: a.Key}
	return s
}

// sequences is what is known of a sequence store, whether this app makes it or not.
type sequences struct {
	store                constructs.Construct // itself, which errors name
	id, arn, accessPoint string
	key                  awskms.IKey
}

// SequenceStoreID is the id that HealthOmics gave the store.
func (s *sequences) SequenceStoreID() *string { return jsii.String(s.id) }

// SequenceStoreARN is the ARN of the store.
func (s *sequences) SequenceStoreARN() *string { return jsii.String(s.arn) }

// S3AccessPointARN is the ARN of the access point that the reads are read through.
func (s *sequences) S3AccessPointARN() *string { return jsii.String(s.accessPoint) }

// Key is the key that encrypts the reads.
func (s *sequences) Key() awskms.IKey { return s.key }

// GrantRead lets the grantee list and read all reads of the store, through HealthOmics
// and through S3, and bring archived ones back, which is charged as active storage.
// Reads identify whom they are of.
func (s *sequences) GrantRead(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(s.store, "grantee", grantee, aGrantee)
	s.key.Grant(grantee, readKey()...)
	cdkx.Allow("", []string{s.accessPoint}, "s3:ListBucket").Grant(grantee)
	cdkx.Allow("", []string{s.accessPoint + "/object/*"}, "s3:GetObject", "s3:GetObjectTagging").Grant(grantee)
	return cdkx.Allow("", []string{s.arn, s.arn + "/readSet/*"}, readReads...).Grant(grantee)
}

// GrantImport lets the grantee start imports that read with the role, and follow them.
// The role must trust HealthOmics; that of an ImportRole does.
func (s *sequences) GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant {
	return grantImport(s.store, grantee, role, s.key, s.arn, importReads)
}

// GrantUpload lets the grantee upload files in parts, without S3, and nothing else.
func (s *sequences) GrantUpload(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(s.store, "grantee", grantee, aGrantee)
	s.key.Grant(grantee, writeKey()...)
	return cdkx.Allow("", []string{s.arn}, uploadReads...).Grant(grantee)
}
