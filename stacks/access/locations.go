package access

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// registered reports whether a registered location holds the s3:// URI, or may
// do so because its ARN is unresolved.
func (e *evaluation) registered(uri string) bool {
	f, place := e.find(), s3uri.Parse(uri)
	return f.anyPlace || slices.ContainsFunc(f.places[place.Bucket], func(l s3uri.Location) bool { return l.Contains(place) })
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
	f, bucket := e.find(), s3uri.Parse(arn).Bucket
	if f.files == nil {
		files := e.files()
		f.files = &files
	}
	add := func(uri string, tags func() tagSet) {
		if within(uri, arn) {
			owner, _ := tags().owner()
			domains = append(domains, owner)
			zones = append(zones, tags().value(ontology.TagKeyZone))
		}
	}
	for _, d := range f.files.databases[bucket] {
		add(d.Location, func() tagSet { return e.tags.database(d.Name) })
	}
	for _, t := range f.files.tables[bucket] {
		add(t.Location, func() tagSet { return e.tags.table(t.Database, t.Name) })
	}
	return commonValue(domains), commonValue(zones)
}

func commonValue(in []string) string {
	if in = distinct(in); len(in) == 1 {
		return in[0]
	}
	return ""
}
