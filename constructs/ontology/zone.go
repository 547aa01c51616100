package ontology

import "slices"

// Zone is a layer of a domain's lake.
type Zone string

const (
	// Raw holds data as it arrived.
	Raw Zone = "raw"
	// Curated holds typed, checked and catalogued data.
	Curated Zone = "curated"
	// Analytics holds what is shaped for consumers: joins, aggregates, de-identified copies.
	Analytics Zone = "analytics"
)

// Zones returns every zone in the order data flows through them.
func Zones() []Zone { return []Zone{Raw, Curated, Analytics} }

// DataOf says in words what the zone holds of a domain.
func (z Zone) DataOf(domain string) string {
	switch z {
	case Raw:
		return "Data of " + domain + " as it arrived"
	case Curated:
		return "Typed and checked data of " + domain
	case Analytics:
		return "Data of " + domain + " shaped for consumers"
	}
	return ""
}

// OrDefault is the zone of a product that names z: curated where it names none.
func (z Zone) OrDefault() Zone {
	if z == "" {
		return Curated
	}
	return z
}

// Valid reports whether z is one of Zones.
func (z Zone) Valid() bool { return slices.Contains(Zones(), z) }
