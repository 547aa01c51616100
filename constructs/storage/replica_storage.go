package storage

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ReplicaStorage is the other region's side of a lake's Replication: a key, a
// bucket for each replicated zone and one for their access logs.
type ReplicaStorage struct {
	constructs.Construct
	buckets
}

// NewReplicaStorage makes the destination of a lake's Replication, with the same
// encryption, versioning, logging and refusals as LakeStorage. Deploy it before
// the lake, and give the ARN of its key to Replication.KeyARN: key ARNs are not
// known before, and nothing refers from one region into another (rule 5.6).
//
// It panics with every problem of the props at once.
func NewReplicaStorage(scope constructs.Construct, id *string, props *ReplicaStorageProps) *ReplicaStorage {
	p := cdkx.Value(props, ReplicaStorageProps{})
	days := cdkx.Value(p.LogRetentionDays, defaultLogRetentionDays)
	names, destroy := cdkx.Value(p.BucketNames, BucketNames{}), cdkx.Value(p.AllowDestroy, false)
	zones := newZoneSet(p.zones())
	registry := cdkx.RegistryOf(scope)
	list := append(p.problems(scope, zones), retentionProblems(days)...)
	cdkx.Check(scope, id, append(list, names.taken(registry)...))

	r := &ReplicaStorage{}
	cdkx.Add(r, scope, id)
	names.claim(registry, r)
	cdkx.LogsByPolicy(r)
	r.key = p.Key
	if r.key == nil {
		r.key = newKey(r, p.KeyAlias, destroy, registry)
	}
	r.logs = newLogBucket(r, logSpec{names.Logs, days, destroy, registry, isReplica})
	var specs []zoneSpec
	for _, zone := range ontology.Zones() {
		name := names.zone(zone)
		if name == nil {
			continue
		}
		specs = append(specs, zoneSpec{zone: zone, name: name, props: zones[zone], key: r.key, logs: r.logs, destroy: destroy, registry: registry})
	}
	r.zones = newZoneBuckets(r, specs)
	var b batch.Batch
	for _, spec := range specs {
		zone := spec.zone
		cdkx.Behind(cdkx.Acknowledged(isReplica))(&b, r.zones[zone])
		p.OnlyVPCEndpoints.only(&b, r.zones[zone], nil)
		onlyOrganization(&b, r.zones[zone], p.OnlyOrganizationID)
		p.OnlyLakeFormation.deny(&b, &admissions{}, r.zones[zone], zone, nil)
	}
	b.Send()
	return r
}

func (p ReplicaStorageProps) problems(scope constructs.Construct, zones zoneSet) problem.List {
	names := cdkx.Value(p.BucketNames, BucketNames{})
	list := names.problems()
	list = append(list, keyAliasProblems(p.Key, p.KeyAlias)...)
	list = append(list, zones.problems()...)
	list = append(list, p.OnlyVPCEndpoints.problems(scope)...)
	list = append(list, organizationProblems(p.OnlyOrganizationID)...)
	list = append(list, p.OnlyLakeFormation.problems(scope)...)
	list = append(list, policySizeProblems(p.OnlyVPCEndpoints, p.OnlyLakeFormation, nil)...)
	list = append(list, destroyProblems(scope, cdkx.Value(p.AllowDestroy, false), zones)...)
	given, some := p.zones(), false
	for _, zone := range ontology.Zones() {
		name := names.zone(zone)
		some = some || name != nil
		switch {
		case name == nil && given[zone] != nil:
			list.Addf(zoneID(zone), "props for a zone without a name", "a name in BucketNames."+zoneID(zone), "name the bucket or leave the props out")
		case name != nil && cdkx.HoldsToken(*name):
			list.Addf("BucketNames."+zoneID(zone), cdkx.Quote(*name), "a plain name", "write the name out: the lake's region cannot refer to this one")
		}
	}
	if !some {
		list.Addf("BucketNames", "none", "the name of at least one zone's bucket", "name the zones that the lake replicates")
	}
	return list
}
