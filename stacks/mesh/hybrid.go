package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// checkHybridAccess checks the places of a domain that are in hybrid access mode: each is
// one that is registered for a table outside the lake, in any stage, and has a reason.
func (c *checker) checkHybridAccess(domain int, hybrid map[string]string, own products) {
	places := map[string]bool{}
	for _, p := range own {
		for _, t := range p.contract.Tables {
			for _, stage := range c.stages.Names() {
				location, _ := t.LocationIn(stage, c.stages.Names())
				if place, outside := s3uri.FromURI(cmp.Or(t.Registered, location)); outside {
					places[place.URI()] = true
				}
			}
		}
	}
	known := slices.Sorted(maps.Keys(places))
	for _, uri := range slices.Sorted(maps.Keys(hybrid)) {
		path := at("domains", domain, "hybridAccess", uri)
		if place, isURI := s3uri.FromURI(uri); !isURI || !places[place.URI()] {
			c.addf(path, quote(uri)+", which is registered for no table of the domain", "a place outside the lake that its contracts name: "+oneOf(known),
				"name the place as the contract does, or take it out: the lake of the mesh itself has no hybrid access")
		}
		if strings.TrimSpace(hybrid[uri]) == "" {
			c.addf(path, "nothing", "why IAM still decides there, and until when", "write the reason for whoever audits the mesh")
		}
	}
}

// reasonOf returns why a place is in hybrid access mode; "" where it is not.
func reasonOf(hybrid map[string]string, place string) string {
	for uri, reason := range hybrid {
		if s3uri.Parse(uri) == s3uri.Parse(place) {
			return reason
		}
	}
	return ""
}

// hybridNotes says where IAM still decides, and why.
func (d Domain) hybridNotes() []string {
	var out []string
	for _, uri := range slices.Sorted(maps.Keys(d.HybridAccess)) {
		out = append(out, fmt.Sprintf("hybridAccess of %s leaves %s open to IAM: only for principals that an administrator opts in does Lake Formation decide, whatever is granted: %s", d.Name, uri, d.HybridAccess[uri]))
	}
	return out
}
