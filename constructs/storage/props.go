package storage

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// LakeStorageProps configures a LakeStorage. The zero value is complete.
type LakeStorageProps struct {
	// BucketNames fixes the names of the buckets. Names are global: give them only
	// where other stacks or accounts have to know them.
	// Default: CloudFormation generates every name.
	BucketNames *BucketNames

	// Key encrypts the zone buckets. Its policy must let the principals that use
	// the buckets use it.
	// Default: a new customer managed key, rotated every year and retained.
	Key awskms.IKey

	// KeyAlias is the alias of the key that is made when Key is nil, without "alias/".
	// Default: no alias.
	KeyAlias *string

	// LogRetentionDays is how long access logs are kept, in days, from 1.
	// Default: 2192, the six years for which HIPAA asks to keep records
	// (45 CFR 164.316(b)(2)(i)).
	LogRetentionDays *float64

	// Raw configures the bucket for data as it arrives.
	// Default: see ZoneProps.
	Raw *ZoneProps

	// Curated configures the bucket for typed and checked data.
	// Default: see ZoneProps.
	Curated *ZoneProps

	// Analytics configures the bucket for data shaped for consumers.
	// Default: see ZoneProps.
	Analytics *ZoneProps

	// Replication copies zones to another region.
	// Default: no copy, because it would move patient data to another jurisdiction.
	Replication *Replication

	// Inventory lets S3 list the objects of every zone on a schedule.
	// Default: no lists.
	Inventory *Inventory

	// OnlyVPCEndpoints admits requests for objects through VPC endpoints only.
	// Default: requests come from anywhere that IAM admits.
	OnlyVPCEndpoints *VPCEndpointAccess

	// OnlyOrganizationID admits requests for objects by principals of this
	// organization only, such as o-a1b2c3d4e5, and by AWS services. Configuring the
	// buckets is not concerned, so that nobody locks himself out.
	// Default: principals that IAM admits.
	OnlyOrganizationID *string

	// OnlyLakeFormation closes the objects of the zones to everybody but the roles of
	// registered locations, jobs and deliveries that it names: a mesh always does.
	// Default: IAM alone says who reads and writes objects.
	OnlyLakeFormation *LakeFormationAccess

	// MalwareScan lets GuardDuty scan the objects of the raw zone.
	// Default: no scan.
	MalwareScan *MalwareScan

	// AllowDestroy deletes the buckets and the key with the stack. It takes a second
	// key: the context AllowDestroyContext set to true; one without the other is an
	// error. Nothing empties a bucket: CloudFormation fails to delete one that still
	// holds objects. A key is destroyed after KMS's waiting period of 30 days.
	// Default: everything is retained, and an aspect such as awscdk.RemovalPolicies
	// that would delete it is an error at synthesis.
	AllowDestroy *bool
}

// ReplicaStorageProps configures a ReplicaStorage.
type ReplicaStorageProps struct {
	// BucketNames are the buckets to make: the zones that have a name. The same
	// names as Replication.BucketNames of the lake, plain and at least one. Logs may
	// be left out. Required.
	BucketNames *BucketNames

	// Key encrypts the copies. Its policy must let IAM of the account decide who
	// uses it.
	// Default: a new customer managed key, rotated every year and retained.
	Key awskms.IKey

	// KeyAlias is the alias of the key that is made when Key is nil, without "alias/".
	// Default: no alias.
	KeyAlias *string

	// LogRetentionDays is how long access logs are kept, in days, from 1.
	// Default: 2192, six years.
	LogRetentionDays *float64

	// Raw configures the copy of the raw zone. A zone with ObjectLock in the lake
	// needs ObjectLock here: S3 refuses to replicate locks elsewhere.
	// Default: see ZoneProps.
	Raw *ZoneProps

	// Curated configures the copy of the curated zone, as Raw does.
	// Default: see ZoneProps.
	Curated *ZoneProps

	// Analytics configures the copy of the analytics zone, as Raw does.
	// Default: see ZoneProps.
	Analytics *ZoneProps

	// OnlyVPCEndpoints admits requests for objects through VPC endpoints of this
	// region only. Replication itself is not concerned.
	// Default: requests come from anywhere that IAM admits.
	OnlyVPCEndpoints *VPCEndpointAccess

	// OnlyOrganizationID admits requests for objects by principals of this
	// organization only, and by AWS services.
	// Default: principals that IAM admits.
	OnlyOrganizationID *string

	// OnlyLakeFormation closes the objects of the copies to everybody but those it
	// names. Replication itself is not concerned.
	// Default: IAM alone says who reads and writes objects.
	OnlyLakeFormation *LakeFormationAccess

	// AllowDestroy deletes the buckets and the key with the stack; see
	// LakeStorageProps.AllowDestroy for the second key that it takes.
	// Default: everything is retained.
	AllowDestroy *bool
}

// BucketNames are the names of a lake's buckets. A name may hold tokens, such as
// the account's.
type BucketNames struct {
	// Raw is the bucket for data as it arrives.
	// Default: a generated name.
	Raw *string

	// Curated is the bucket for typed and checked data.
	// Default: a generated name.
	Curated *string

	// Analytics is the bucket for data shaped for consumers.
	// Default: a generated name.
	Analytics *string

	// Logs is the bucket for access logs.
	// Default: a generated name.
	Logs *string
}

// named says which field of a lake's BucketNames has a name.
func (n BucketNames) named() map[string]string {
	out := map[string]string{}
	for _, f := range n.fields() {
		if f.name != nil {
			out[*f.name] = f.path
		}
	}
	return out
}

// NewBucketNames names the bucket of each zone, and that of the access logs.
func NewBucketNames(zones map[ontology.Zone]string, logs string) *BucketNames {
	return &BucketNames{
		Raw:       jsii.String(zones[ontology.Raw]),
		Curated:   jsii.String(zones[ontology.Curated]),
		Analytics: jsii.String(zones[ontology.Analytics]),
		Logs:      jsii.String(logs),
	}
}

type namedField struct {
	zone ontology.Zone // "" is none, for the logs
	path string
	name *string
}

func (n BucketNames) fields() []namedField {
	return []namedField{
		{ontology.Raw, "BucketNames.Raw", n.Raw},
		{ontology.Curated, "BucketNames.Curated", n.Curated},
		{ontology.Analytics, "BucketNames.Analytics", n.Analytics},
		{"", "BucketNames.Logs", n.Logs},
	}
}

// kindBucket is what the registry of a stack knows the names of.
const kindBucket = "bucket"

// taken are names that another construct of the stack has.
func (n BucketNames) taken(registry *cdkx.Registry) problem.List {
	var list problem.List
	for _, f := range n.fields() {
		registry.CheckTaken(&list, f.path, kindBucket, f.name)
	}
	return list
}

func (n BucketNames) claim(registry *cdkx.Registry, owner constructs.Construct) {
	for _, f := range n.fields() {
		registry.Claim(kindBucket, f.name, owner)
	}
}

// problems are those of names that are fixed; tokens are taken.
func (n BucketNames) problems() problem.List {
	var list problem.List
	seen := map[string]string{}
	for _, named := range n.fields() {
		if named.name == nil {
			continue
		}
		name := *named.name
		if !cdkx.HoldsToken(name) && !bucketName.MatchString(name) {
			list.Addf(named.path, cdkx.Quote(name), bucketNameRule, "choose another name, or leave it out for a generated one")
		}
		if other, taken := seen[name]; taken {
			list.Addf(named.path, fmt.Sprintf("%s, as %s", cdkx.Quote(name), other), "a name of its own", "choose another name")
		}
		seen[name] = named.path
	}
	return list
}

// zone is the name of a zone's bucket, nil where there is none.
func (n BucketNames) zone(zone ontology.Zone) *string {
	for _, f := range n.fields() {
		if f.zone == zone {
			return f.name
		}
	}
	return nil
}

func (p *LakeStorageProps) zones() map[ontology.Zone]*ZoneProps {
	return map[ontology.Zone]*ZoneProps{ontology.Raw: p.Raw, ontology.Curated: p.Curated, ontology.Analytics: p.Analytics}
}

func (p *ReplicaStorageProps) zones() map[ontology.Zone]*ZoneProps {
	return map[ontology.Zone]*ZoneProps{ontology.Raw: p.Raw, ontology.Curated: p.Curated, ontology.Analytics: p.Analytics}
}

const defaultLogRetentionDays = 2192

// bucketName is S3's general purpose bucket naming rule without dots, which
// break TLS certificates ("Bucket naming rules").
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)

const (
	maxBucketName  = 63
	bucketNameRule = "3 to 63 lower case letters, digits and hyphens, with a letter or digit at both ends"
)

func (p *LakeStorageProps) withDefaults() LakeStorageProps {
	out := cdkx.Value(p, LakeStorageProps{})
	if out.BucketNames == nil {
		out.BucketNames = &BucketNames{}
	}
	days := cdkx.Value(out.LogRetentionDays, defaultLogRetentionDays)
	out.LogRetentionDays = &days
	out.Inventory = out.Inventory.withDefaults()
	return out
}

func (p *LakeStorageProps) problems(scope constructs.Construct, zones zoneSet) problem.List {
	list := p.BucketNames.problems()
	list = append(list, retentionProblems(*p.LogRetentionDays)...)
	list = append(list, keyAliasProblems(p.Key, p.KeyAlias)...)
	list = append(list, zones.problems()...)
	list = append(list, p.Replication.problems(scope, *p.BucketNames)...)
	list = append(list, p.Inventory.problems()...)
	list = append(list, p.OnlyVPCEndpoints.problems(scope)...)
	list = append(list, organizationProblems(p.OnlyOrganizationID)...)
	list = append(list, p.OnlyLakeFormation.problems(scope)...)
	list = append(list, p.MalwareScan.problems()...)
	list = append(list, policySizeProblems(p.OnlyVPCEndpoints, p.OnlyLakeFormation, p.MalwareScan)...)
	return append(list, destroyProblems(scope, cdkx.Value(p.AllowDestroy, false), zones)...)
}

func retentionProblems(days float64) problem.List {
	var list problem.List
	cdkx.CheckWhole(&list, "LogRetentionDays", &days, "days", 1, 0, "leave it out for six years")
	return list
}

func keyAliasProblems(key awskms.IKey, alias *string) problem.List {
	var list problem.List
	if key != nil && alias != nil {
		list.Addf("KeyAlias", fmt.Sprintf("%q beside Key", *alias), "an alias only for the key that is made here", "give the alias to your own key")
	}
	return list
}
