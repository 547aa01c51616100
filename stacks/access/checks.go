package access

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// checkAssociations notes tags that contradict each other and tags on what is
// not in the catalog.
func (e *evaluation) checkAssociations() {
	known := map[string]bool{}
	for _, d := range e.Databases {
		known[lakeformation.Database(d.Name).Key()] = true
	}
	for _, t := range e.Tables {
		known[lakeformation.Table(t.Database, t.Name).Key()] = true
		for _, c := range t.AllColumns() {
			known[lakeformation.Columns(t.Database, t.Name, c.Name).Key()] = true
		}
	}
	for _, a := range e.Associations {
		if key := a.Resource.In("").Key(); !known[key] {
			e.note("tags on something that is not in the catalog: %s", key)
		}
		for _, t := range a.Tags {
			if len(t.Values) > 1 {
				e.note("%s has several values of %s: %s; only one of them can be deployed, the matrix counts them all",
					a.Resource.In("").Key(), t.Key, strings.Join(t.Values, ", "))
			}
		}
	}
}

// checkDefaults notes that new databases or tables start open.
func (e *evaluation) checkDefaults() {
	for _, kind := range e.OpenByDefault {
		e.note("new %s start with permissions for %s: whoever IAM lets in sees them", kind, IAMAllowedPrincipals)
	}
}

// checkLocations notes tables whose files Lake Formation does not guard.
func (e *evaluation) checkLocations() {
	var outside []string
	for _, t := range e.Tables {
		if _, inS3 := s3uri.FromURI(t.Location); inS3 && !unresolved(t.Location) && !e.registered(t.Location) {
			outside = append(outside, t.Key())
		}
	}
	if len(outside) > 0 {
		e.note("outside every registered location, so Lake Formation guards only the metadata, and the files are open to whoever IAM lets in: %s",
			strings.Join(outside, ", "))
	}
}

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
			domains = append(domains, tags.facet(ontology.TagKeyDomain))
			zones = append(zones, tags.facet(ontology.TagKeyZone))
		}
	}
	for _, d := range e.Databases {
		add(d.Location, e.tags.database(d.Name))
	}
	for _, t := range e.Tables {
		add(t.Location, e.tags.table(t.Database, t.Name))
	}
	return only(domains), only(zones)
}

func only(in []string) string {
	if in = distinct(in); len(in) == 1 {
		return in[0]
	}
	return ""
}
