package mesh

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
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

// files plans who reaches the files of a domain, from the rest of its plan.
func (p *planner) files(domain Domain, d DomainPlan, n names) FilesPlan {
	out := FilesPlan{
		Administrators: p.d.admins(p.stage, d.Environment),
		EveryZone:      []string{d.LocationRoleARN, d.PipelineARN},
	}
	if len(out.Administrators) == 0 {
		out.Administrators = []string{n.rootARN()}
	}
	slices.Sort(out.EveryZone)
	zones := map[ontology.Zone][]string{}
	admit := func(arn string, in ...ontology.Zone) {
		for _, zone := range in {
			zones[zone] = append(zones[zone], arn)
		}
	}
	for _, t := range d.Tables {
		if d.OptimizerARN != "" && t.Table.Format == contract.FormatIceberg {
			admit(d.OptimizerARN, t.Zone)
		}
	}
	jobs := []*JobPlan{d.Refresh}
	if d.Deidentify != nil {
		jobs = append(jobs, &d.Deidentify.JobPlan)
	}
	for _, job := range jobs {
		if job == nil {
			continue
		}
		for _, s := range job.Statements {
			for zone, bucket := range d.Buckets {
				if s3uri.Parse(s.Location).Bucket == bucket {
					admit(job.RoleARN, zone)
				}
			}
		}
	}
	if d.Evolution != nil {
		admit(d.Evolution.RoleARN, d.Evolution.Zones...)
	}
	if domain.FhirStore != nil {
		admit(n.roleARN(n.fhirImportRole(domain.Name)), ontology.Raw)
		admit(n.roleARN(n.fhirRunRole(domain.Name)), ontology.Raw)
		if domain.FhirStore.Export != nil {
			admit(n.roleARN(n.fhirExportRole(domain.Name)), ontology.Curated)
		}
	}
	if d.ImageStore != nil {
		admit(n.roleARN(n.imageImportRole(domain.Name)), ontology.Raw)
		admit(n.roleARN(n.imageRunRole(domain.Name)), ontology.Raw)
		if series := d.ImageStore.Series; series != nil {
			admit(n.roleARN(n.imageReadRole(domain.Name)), ontology.Raw)
			for zone, bucket := range d.Buckets {
				if slices.Contains(series.Locations, n.s3ARN(bucket)) {
					admit(series.RoleARN, zone)
				}
			}
		}
	}
	for _, a := range domain.S3Access {
		admit(p.d.resolveAccount(p.stage, a.Principal), a.zones()...)
	}
	for zone, arns := range zones {
		slices.Sort(arns)
		zones[zone] = slices.Compact(arns)
	}
	out.Zones = zones
	return out
}

var (
	s3Principal   = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:(role|user)/[\w+=,.@/*-]+$`)
	everybodyInS3 = regexp.MustCompile(`:(role|user)/[*/]+$`)
)

const maxS3Access = 50 // of some 120 characters each, as a bucket policy holds 20 KB

// s3Access checks who reaches the files of a domain beside its jobs.
func (c *checker) s3Access(domain int) {
	all := c.d.Domains[domain].S3Access
	if n := len(all); n > maxS3Access {
		c.addf(at("domains", domain, "s3Access"), fmt.Sprintf("%d principals", n), atMost(maxS3Access, "principals"), "let a * stand for several names")
	}
	for i, a := range all {
		path := at("domains", domain, "s3Access", i, "principal")
		if c.accountWords(path, a.Principal) {
			c.inStages(a.Principal, func(stage, arn string) bool { return c.s3Principal(path, a.Principal, stage, arn) })
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

func (c *checker) s3Principal(path, identifier, stage, arn string) bool {
	switch {
	case !s3Principal.MatchString(arn):
		c.addf(path, quote(identifier), "the ARN of an IAM role or user", "write for example arn:aws:iam::{<account name>}:role/DeliveryGateway")
		return false
	case everybodyInS3.MatchString(arn):
		c.addf(path, quote(identifier), "a name, or a part of one: this opens the files to everybody whom IAM lets in", "name the roles that need files")
		return false
	case slices.Contains(slices.Collect(maps.Values(c.d.Principals)), identifier):
		c.addf(path, quote(identifier)+", which reads through Lake Formation as a principal of the mesh", "principals that are granted nothing, as files go around every grant", "let a role of its own reach files")
		return false
	}
	return c.partition(path, identifier, stage, arn)
}
