package mesh

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// S3Access lets a principal of IAM reach the files of a domain's lake itself, as far as
// IAM lets it: a gateway that delivers files, a backup. To everybody else but the
// domain's own jobs and the administrators the files are closed, whatever policies they
// carry, because what is read so goes around Lake Formation.
type S3Access struct {
	Principal string   `yaml:"principal"`               // ARN of a role or user; {name} stands for an account id, * for any characters of the name
	Zones     []string `yaml:"zones" strict:"nonempty"` // default raw
}

func (a S3Access) zones() []ontology.Zone {
	if len(a.Zones) == 0 {
		return []ontology.Zone{ontology.Raw}
	}
	out := make([]ontology.Zone, len(a.Zones))
	for i, zone := range a.Zones {
		out[i] = ontology.Zone(zone)
	}
	return out
}

// FilesPlan is who reaches the files of a domain's lake itself, by ARN and sorted. The
// files are closed to everybody else, who reads through Lake Formation.
type FilesPlan struct {
	Administrators []string                   // who repairs files by hand: those of the mesh, else the account's root
	EveryZone      []string                   // the role of the locations, and that of the domain's jobs
	Zones          map[ontology.Zone][]string // the other roles of the domain, and s3Access
}

// admit lets a role reach the files of zones.
func (f *FilesPlan) admit(arn string, zones ...ontology.Zone) {
	for _, zone := range zones {
		if !slices.Contains(f.Zones[zone], arn) {
			f.Zones[zone] = append(f.Zones[zone], arn)
			slices.Sort(f.Zones[zone])
		}
	}
}

// maxAdmitted is what the names of a domain may add to the policy of a bucket, of 20 KB
// ("Bucket policies for Amazon S3"); the rest is for what the mesh adds itself.
const maxAdmitted = 11_000

// characters is how long the names in the policy of one bucket are at most.
func (f *FilesPlan) characters() int {
	length := func(arns []string) (n int) {
		for _, arn := range arns {
			n += len(arn) + len(`"",`)
		}
		return n
	}
	most := 0
	for _, arns := range f.Zones {
		most = max(most, length(arns))
	}
	return length(f.Administrators) + length(f.EveryZone) + most
}

// newFiles plans who reaches the files of a domain besides its roles.
func (p *site) newFiles(domain string, all []S3Access, everyZone ...string) FilesPlan {
	n := p.names(domain)
	out := FilesPlan{Administrators: p.administrators(p.environment(domain)), EveryZone: everyZone, Zones: map[ontology.Zone][]string{}}
	if len(out.Administrators) == 0 {
		out.Administrators = []string{n.RootARN()}
	}
	slices.Sort(out.EveryZone)
	for _, a := range all {
		out.admit(p.resolve(a.Principal), a.zones()...)
	}
	return out
}

var (
	s3Principal   = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/*-]+$`)
	everybodyInS3 = regexp.MustCompile(`:(role|user)/[*/]+$`)
)

const maxS3Access = 50 // of some 120 characters each, as a bucket policy holds 20 KB

// checkS3Access checks who reaches the files of a domain beside its jobs.
func (c *checker) checkS3Access(domain int, all []S3Access) {
	if n := len(all); n > maxS3Access {
		c.addf(at("domains", domain, "s3Access"), fmt.Sprintf("%d principals", n), atMost(maxS3Access, "principals"), "let a * stand for several names")
	}
	for i, a := range all {
		path := at("domains", domain, "s3Access", i, "principal")
		if c.accountWords(path, a.Principal) {
			c.inStages(a.Principal, func(stage, arn string) bool { return c.checkS3Principal(path, a.Principal, stage, arn) })
		}
		for j, zone := range a.Zones {
			if path := at("domains", domain, "s3Access", i, "zones", j); !ontology.Zone(zone).Valid() {
				c.addf(path, quote(zone), oneOf(zoneNames()), "name the zone"+suggest(zone, zoneNames()))
			} else if slices.Contains(a.Zones[:j], zone) {
				c.addf(path, quote(zone)+" again", "each zone once", "take it out")
			}
		}
	}
}

func (c *checker) checkS3Principal(path, identifier, stage, arn string) bool {
	switch {
	case !s3Principal.MatchString(arn):
		c.addf(path, quote(identifier), "the ARN of an IAM role or user", "write for example arn:aws:iam::{<account name>}:role/DeliveryGateway")
		return false
	case everybodyInS3.MatchString(arn):
		c.addf(path, quote(identifier), "a name, or a part of one: this opens the files to everybody whom IAM lets in", "name the roles that need files")
		return false
	case slices.Contains(slices.Collect(maps.Values(c.principals)), identifier):
		c.addf(path, quote(identifier)+", which reads through Lake Formation as a principal of the mesh", "principals that are granted nothing, as files go around every grant", "let a role of its own reach files")
		return false
	}
	return c.partition(path, identifier, stage, arn)
}
