package storage

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ZoneProps configures the bucket of one zone. The zero value is complete.
type ZoneProps struct {
	// Lifecycle says how objects age.
	// Default: see Lifecycle.
	Lifecycle *Lifecycle

	// ObjectLock locks new object versions for a while. It is decided when the
	// bucket is made.
	// Default: no lock.
	ObjectLock *ObjectLock

	// EnableEventBridge sends the bucket's events to the default event bus of
	// Amazon EventBridge, for rules of your own. AddEventNotification of the bucket
	// would undo it and is then an error at synthesis: its custom resource writes
	// every notification of the bucket anew.
	// Default: no events, except in a zone that is scanned for malware, which
	// needs them.
	EnableEventBridge *bool
}

func (p *ZoneProps) withDefaults(zone ontology.Zone) ZoneProps {
	out := cdkx.Value(p, ZoneProps{})
	lifecycle := out.Lifecycle.withDefaults(zoneTable[zone].lifecycle)
	out.Lifecycle = &lifecycle
	return out
}

// problems are those of a zone's props with their defaults.
func (p ZoneProps) problems(path string) problem.List {
	list := p.Lifecycle.problems(path + ".Lifecycle")
	list = append(list, p.ObjectLock.problems(path+".ObjectLock")...)
	return append(list, p.lockProblems(path+".Lifecycle")...)
}

// lockProblems are those of objects that would expire before their lock ends.
func (p ZoneProps) lockProblems(path string) problem.List {
	var list problem.List
	if p.ObjectLock == nil {
		return nil
	}
	locked := cdkx.Value(p.ObjectLock.Days, 0)
	if cdkx.IsNumberToken(locked) {
		return nil
	}
	check := func(path string, days *float64) {
		if days != nil && !cdkx.IsNumberToken(*days) && *days > 0 && *days < locked {
			list.Addf(path, cdkx.Number(*days)+" below ObjectLock.Days",
				fmt.Sprintf("at least %s, when the lock ends", cdkx.Number(locked)), "expire objects later or lock them for less long")
		}
	}
	check(path+".ExpireDays", p.Lifecycle.ExpireDays)
	for i, f := range p.Lifecycle.ExpireFolders {
		check(fmt.Sprintf("%s.ExpireFolders[%d].AfterDays", path, i), f.AfterDays)
	}
	return list
}

// zoneTable holds the id of each zone's bucket, which is also the name of its fields in props,
// and how the zone's objects age by default.
var zoneTable = map[ontology.Zone]struct {
	id        string
	lifecycle Lifecycle
}{
	ontology.Raw: {"Raw", Lifecycle{
		Transitions:    []Transition{{jsii.Number(90), StandardIA}, {jsii.Number(365), GlacierInstantRetrieval}},
		NoncurrentDays: jsii.Number(90),
	}},
	ontology.Curated:   {"Curated", tiered},
	ontology.Analytics: {"Analytics", tiered},
}

var tiered = Lifecycle{Transitions: []Transition{{jsii.Number(30), IntelligentTiering}}, NoncurrentDays: jsii.Number(30)}

func zoneID(zone ontology.Zone) string { return zoneTable[zone].id }

func unknownZone(zone ontology.Zone) error {
	return fmt.Errorf("zone: got %q; expected one of %v; fix: use a constant of package ontology", zone, ontology.Zones())
}

// zoneSet is the props of all zones, with defaults.
type zoneSet map[ontology.Zone]ZoneProps

func newZoneSet(given map[ontology.Zone]*ZoneProps) zoneSet {
	out := zoneSet{}
	for _, zone := range ontology.Zones() {
		out[zone] = given[zone].withDefaults(zone)
	}
	return out
}

func (s zoneSet) problems() problem.List {
	var list problem.List
	for _, zone := range ontology.Zones() {
		list = append(list, s[zone].problems(zoneID(zone))...)
	}
	return list
}

// LockMode is who may shorten or lift a lock.
type LockMode string

const (
	// Governance lets principals with s3:BypassGovernanceRetention lift a lock.
	Governance LockMode = "GOVERNANCE"
	// Compliance lets nobody lift a lock, not even the account's root user.
	Compliance LockMode = "COMPLIANCE"
)

// ObjectLock keeps every new object version from being overwritten or deleted
// for a while. Decide on it when the bucket is made and never remove it: S3 does
// not turn it off again, and a lock on files of table formats stops their
// maintenance from clearing old ones away. The bucket for access logs has none,
// because S3 delivers no logs to a bucket with a default retention.
//
// Source: "Locking objects with Object Lock", "Object Lock considerations";
// rules 8.2 and 8.5.
type ObjectLock struct {
	// Mode is Governance or Compliance. Required.
	Mode LockMode

	// Days is how long a version is locked from its upload, in days, 1 to 36500
	// (a hundred years, the most that S3 takes). Required.
	Days *float64
}

const maxLockDays = 36500

func (l *ObjectLock) problems(path string) problem.List {
	var list problem.List
	if l == nil {
		return nil
	}
	if l.Mode != Governance && l.Mode != Compliance {
		list.Addf(path+".Mode", cdkx.Quote(l.Mode), "GOVERNANCE or COMPLIANCE", "use a constant of this package")
	}
	if l.Days == nil {
		list.Addf(path+".Days", "nothing", "a whole number of days from 1 to 36500", "say how long versions are locked")
	}
	cdkx.CheckWhole(&list, path+".Days", l.Days, "days", 1, maxLockDays, "correct it")
	return list
}

func (l *ObjectLock) apply(props *awss3.BucketProps) {
	if l == nil {
		return
	}
	days := awscdk.Duration_Days(l.Days)
	props.ObjectLockEnabled = jsii.Bool(true)
	props.ObjectLockDefaultRetention = awss3.ObjectLockRetention_Governance(days)
	if l.Mode == Compliance {
		props.ObjectLockDefaultRetention = awss3.ObjectLockRetention_Compliance(days)
	}
}
