package storage

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

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

func (p *LakeStorageProps) zones() map[ontology.Zone]*ZoneProps {
	return map[ontology.Zone]*ZoneProps{ontology.Raw: p.Raw, ontology.Curated: p.Curated, ontology.Analytics: p.Analytics}
}

func (p *ReplicaStorageProps) zones() map[ontology.Zone]*ZoneProps {
	return map[ontology.Zone]*ZoneProps{ontology.Raw: p.Raw, ontology.Curated: p.Curated, ontology.Analytics: p.Analytics}
}

const defaultLogRetentionDays = 2192

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

// policySizeProblems are those of lists that a bucket policy cannot hold.
func policySizeProblems(access *VPCEndpointAccess, only *LakeFormationAccess, scan *MalwareScan) problem.List {
	var list problem.List
	const fix = "name fewer, or use a * for several roles"
	size, path := only.size(), "MalwareScan.Prefixes"
	if only != nil {
		path = "OnlyLakeFormation"
	}
	if access != nil {
		path = "OnlyVPCEndpoints"
		for _, text := range slices.Concat(access.EndpointIDs, access.ExceptRoleARNs) {
			size += len(text) + len(`"",`)
		}
	}
	if scan != nil && cdkx.Value(scan.DenyUnscannedReads, false) {
		for _, text := range scan.Prefixes {
			size += 2 * (len(text) + len(`"arn:aws-us-gov:s3:::/*",`) + maxBucketName) // in two statements
		}
	}
	if size > maxPolicyText {
		list.Addf(path, fmt.Sprintf("%d characters", size), fmt.Sprintf("at most %d, because a bucket policy holds 20 KB", maxPolicyText), fix)
	}
	return list
}

// maxPolicyText is what lists of a caller's may add to a bucket policy. S3 takes
// 20 KB ("Bucket policies for Amazon S3"), of which the rest is less than 8 KB.
const maxPolicyText = 12000
