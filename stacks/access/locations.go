package access

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// registered reports whether a registered location holds the s3:// URI, or may
// do so because its ARN is unresolved.
func (e *evaluation) registered(uri string) bool {
	return slices.ContainsFunc(e.Locations, func(l Location) bool { return unresolved(l.ARN) || within(uri, l.ARN) })
}

// within reports whether an s3:// URI is in the location of an ARN.
func within(uri, arn string) bool {
	location, ok := s3uri.FromARN(arn)
	return ok && location.Contains(s3uri.Parse(uri))
}

// ownerOf returns the domain and zone of what lies in a location, each "" when
// it is not one and the same for all of it.
func (e *evaluation) ownerOf(arn string) (domain, zone string) {
	var domains, zones []string
	add := func(uri string, tags tagSet) {
		if within(uri, arn) {
			owner, _ := tags.owner()
			domains = append(domains, owner)
			zones = append(zones, tags.value(ontology.TagKeyZone))
		}
	}
	for _, d := range e.Databases {
		add(d.Location, e.tags.database(d.Name))
	}
	for _, t := range e.Tables {
		add(t.Location, e.tags.table(t.Database, t.Name))
	}
	return commonValue(domains), commonValue(zones)
}

func commonValue(in []string) string {
	if in = distinct(in); len(in) == 1 {
		return in[0]
	}
	return ""
}
