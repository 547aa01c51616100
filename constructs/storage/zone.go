package storage

import (
	"fmt"

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
	lifecycle := out.Lifecycle.withDefaults(zone)
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
