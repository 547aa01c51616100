package storage

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// LakeStorage is a key, a bucket for each zone of a lake, and a bucket for
// their access logs. Everything is retained when the stack is deleted, unless
// AllowDestroy and the context of the app say otherwise.
type LakeStorage struct {
	constructs.Construct
	buckets

	admitted map[ontology.Zone]*admission // nil without OnlyLakeFormation

	replicationRole awsiam.IRole
	scanRole        awsiam.IRole
}

// NewLakeStorage makes the storage of a lake:
//
//   - a customer managed KMS key, rotated yearly, unless props bring one;
//   - the buckets Raw, Curated and Analytics: no public access, SSE-KMS with a
//     bucket key, versioned, ACLs off, TLS 1.2 or newer, uploads with another key,
//     with S3's own key or with a key of the caller's (SSE-C) refused, access logs on. Raw
//     moves to Infrequent Access after 90 days and to Glacier Instant Retrieval
//     after a year; the others use Intelligent-Tiering from day 30. Noncurrent
//     versions go after 90 days (raw) or 30 days, unfinished uploads after 7;
//   - the bucket Logs: SSE-S3, because S3 delivers access logs to no other
//     encryption, and expiry after LogRetentionDays.
//
// Props add locks, replication to another region, inventory, events, scans for
// malware, and limits on where requests come from. No variant has a Lambda
// function or a custom resource.
//
// It panics with every problem of the props at once.
//
// Sources: "Security best practices for Amazon S3", "Requiring encryption",
// "Enabling Amazon S3 server access logging"; rules 8.1 to 8.4.
func NewLakeStorage(scope constructs.Construct, id *string, props *LakeStorageProps) *LakeStorage {
	p := props.withDefaults()
	zones, destroy := newZoneSet(p.zones()), cdkx.Value(p.AllowDestroy, false)
	registry := cdkx.RegistryOf(scope)
	cdkx.Check(scope, id, append(p.problems(scope, zones), p.BucketNames.taken(registry)...))

	s := &LakeStorage{admitted: map[ontology.Zone]*admission{}}
	cdkx.Add(s, scope, id)
	p.BucketNames.claim(registry, s)
	cdkx.LogsByPolicy(s)
	s.key = p.Key
	if s.key == nil {
		s.key = newKey(s, p.KeyAlias, destroy, registry)
	}
	s.logs = newLogBucket(s, logSpec{p.BucketNames.Logs, *p.LogRetentionDays, destroy, registry, replicationIsOptIn})
	var specs []zoneSpec
	for _, zone := range ontology.Zones() {
		specs = append(specs, zoneSpec{
			zone: zone, name: p.BucketNames.zone(zone), props: zones[zone], key: s.key, logs: s.logs,
			events: zone == ontology.Raw && p.MalwareScan != nil, destroy: destroy, registry: registry,
		})
	}
	s.zones = newZoneBuckets(s, specs)
	for _, zone := range ontology.Zones() {
		p.Inventory.add(s.zones[zone], s.logs, zone)
	}
	s.addRoles(p, zones)
	return s
}

// addRoles adds what acts on the buckets with a role of its own, and then the
// limits on everyone else.
func (s *LakeStorage) addRoles(p LakeStorageProps, zones zoneSet) {
	own := map[ontology.Zone][]*string{}
	if p.Replication != nil {
		s.replicationRole = p.Replication.add(s, s.zones, s.key, zones)
		for _, zone := range p.Replication.zones() {
			own[zone] = append(own[zone], cdkx.RoleARN(s.replicationRole))
		}
	}
	if p.MalwareScan != nil {
		s.scanRole = p.MalwareScan.add(s, s.zones[ontology.Raw], s.key)
		own[ontology.Raw] = append(own[ontology.Raw], cdkx.RoleARN(s.scanRole))
	}
	var b batch.Batch
	var admitted admissions
	for _, zone := range ontology.Zones() {
		if !slices.Contains(p.Replication.zones(), zone) {
			cdkx.Behind(cdkx.Acknowledged(replicationIsOptIn))(&b, s.zones[zone])
		}
		p.OnlyVPCEndpoints.only(&b, s.zones[zone], own[zone])
		onlyOrganization(&b, s.zones[zone], p.OnlyOrganizationID)
		s.admitted[zone] = p.OnlyLakeFormation.deny(&b, &admitted, s.zones[zone], zone, own[zone])
	}
	admitted.send(&b)
}

// Raw is the bucket for data as it arrives.
func (s *LakeStorage) Raw() awss3.IBucket { return s.zones[ontology.Raw] }

// Curated is the bucket for typed and checked data.
func (s *LakeStorage) Curated() awss3.IBucket { return s.zones[ontology.Curated] }

// Analytics is the bucket for data shaped for consumers.
func (s *LakeStorage) Analytics() awss3.IBucket { return s.zones[ontology.Analytics] }

// AllowWorkflows lets the services that workflows of other stacks go through use
// the lake's key: CloudWatch Logs for their log groups, EventBridge and CloudWatch
// for encrypted queues and topics. A stack that refers to the lake by name cannot
// extend the key's policy itself.
func (s *LakeStorage) AllowWorkflows() { cdkx.AllowWorkflows(s, s.key) }

// AllowSparkJobs lets EMR Serverless encrypt the disks of workers with the lake's key, and
// CloudWatch Logs the log groups of Glue jobs, for jobs that stand in other stacks.
func (s *LakeStorage) AllowSparkJobs() { cdkx.AllowSparkJobs(s, s.key) }

// ReplicationRole is the role that S3 copies objects with, nil without
// Replication.
func (s *LakeStorage) ReplicationRole() awsiam.IRole { return s.replicationRole }

// ScanRole is the role that GuardDuty scans the raw zone with, nil without
// MalwareScan.
func (s *LakeStorage) ScanRole() awsiam.IRole { return s.scanRole }

// GrantRead lets the grantee read the objects of a zone by IAM: list, get and
// decrypt. It bypasses Lake Formation: it is for jobs that own the files, never
// for people who query tables. Where OnlyLakeFormation closes the zone, it admits
// the grantee.
func (s *LakeStorage) GrantRead(zone ontology.Zone, grantee awsiam.IGrantable) awsiam.Grant {
	bucket := s.bucket(zone, grantee)
	s.admit(zone, grantee)
	return bucket.GrantRead(grantee, nil)
}

// GrantReadWrite lets the grantee read, write and delete the objects of a zone
// by IAM. See GrantRead for when not to use it.
func (s *LakeStorage) GrantReadWrite(zone ontology.Zone, grantee awsiam.IGrantable) awsiam.Grant {
	bucket := s.bucket(zone, grantee)
	s.admit(zone, grantee)
	return bucket.GrantReadWrite(grantee, nil)
}

// anyGrantee is what a grant by IAM takes.
const anyGrantee = "a role, a user or another awsiam.IGrantable"

func (s *LakeStorage) bucket(zone ontology.Zone, grantee awsiam.IGrantable) awss3.Bucket {
	cdkx.Argument(s, "grantee", grantee, anyGrantee)
	bucket, known := s.zones[zone]
	if !known {
		cdkx.Fail(s, unknownZone(zone))
	}
	return bucket
}

// AdmitRole lets a role read and write the objects of some zones itself, as far as IAM
// allows it, where OnlyLakeFormation closes them; without zones, of all of them. The
// role stands in the lake's stack or is imported by its ARN: name one of another stack
// in RoleARNs, as a lake cannot refer to a stack that refers to it.
func (s *LakeStorage) AdmitRole(role awsiam.IRole, zones ...ontology.Zone) {
	cdkx.Argument(s, "role", role, "a role")
	if len(zones) == 0 {
		zones = ontology.Zones()
	}
	for _, zone := range zones {
		s.bucket(zone, role)
		s.admit(zone, role)
	}
}

// admit lets the principal behind a grantee through to the objects of a zone. AWS
// services are never denied.
func (s *LakeStorage) admit(zone ontology.Zone, grantee awsiam.IGrantable) {
	if s.admitted[zone] == nil {
		return
	}
	var arn *string
	switch principal := grantee.GrantPrincipal().(type) {
	case awsiam.IRole:
		arn = cdkx.RoleARN(principal)
	case awsiam.IUser:
		arn = principal.UserArn()
	case awsiam.ArnPrincipal:
		arn = principal.Arn()
	default:
		return
	}
	if construct, ok := grantee.(constructs.IConstruct); ok && cdkx.HoldsToken(*arn) {
		if other := cdkx.StackOf(construct); *other.Node().Path() != *cdkx.StackOf(s).Node().Path() {
			cdkx.Warn(s, "lakemesh:admission", fmt.Sprintf("%s stands in another stack than the lake, whose policy denies it the objects of the zone %s: name its role in OnlyLakeFormation.RoleARNs",
				*construct.Node().Path(), zone))
			return
		}
	}
	s.admitted[zone].admit(arn)
}
