package mesh

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// defaultImageLanding is where studies arrive in the raw zone.
const defaultImageLanding = "dicom/"

// ImageStorePlan is a domain's HealthImaging data store, the import into it and
// what keeps its table of series.
type ImageStorePlan struct {
	StackName     string
	DatastoreName string
	Landing       string // prefix in the raw bucket, ends in "/"
	Results       string // likewise: what HealthImaging reports of each import
	Quarantine    string // likewise: records of imports that failed or refused files
	Series        *ImageSeriesPlan
	// Names of the roles that reach files: of the import, of its workflow, and of the
	// function that reads metadata.
	ImportRole, RunRole, ReadRole string
}

// ImageSeriesPlan is what keeps the table of series of a product; its table is
// planned in the domain's own stack.
type ImageSeriesPlan struct {
	Product    string
	Database   string
	Table      string
	Zone       ontology.Zone // whose bucket has the files of the table
	Files      string        // prefix of them, ends in "/"
	Inbox      string        // prefix in the raw bucket, ends in "/"
	InboxTable TablePlan     // over the inbox, in Database
	Role       string        // name of the role that fills the table
	RoleARN    string
	WorkGroup  string   // where the statement runs that fills it
	Locations  []string // ARNs of the registered locations of table and inbox
	Grants     []lf.Grant
}

// landing is where studies arrive, with the default resolved.
func (s *ImageStore) landing() string {
	if s.Landing == "" {
		return defaultImageLanding
	}
	return s.Landing
}

// The folders of the raw zone that go with a landing folder.
func imageResults(landing string) string {
	return strings.TrimSuffix(landing, "/") + "-import-results/"
}
func imageInbox(landing string) string {
	return strings.TrimSuffix(landing, "/") + "-metadata-inbox/"
}
func imageQuarantine(landing string) string { return quarantineFolder + landing }

const quarantineFolder = "quarantine/"

func (n names) imagesStack(domain string) string     { return join("-", n.mesh, n.stage, domain, "images") }
func (n names) datastore(domain string) string       { return join("-", n.mesh, domain, "images") }
func (n names) imageSeriesRole(domain string) string { return n.role(domain, "image-series") }

// imageStore plans a domain's data store; its tables and locations are planned.
func (p *planner) imageStore(domain Domain, d DomainPlan, n names) *ImageStorePlan {
	if domain.ImageStore == nil {
		return nil
	}
	landing := domain.ImageStore.landing()
	return &ImageStorePlan{
		StackName:     n.imagesStack(domain.Name),
		DatastoreName: n.datastore(domain.Name),
		Landing:       landing,
		Results:       imageResults(landing),
		Quarantine:    imageQuarantine(landing),
		Series:        imageSeries(domain.ImageStore, d, n),
		ImportRole:    n.imageImportRole(domain.Name), RunRole: n.imageRunRole(domain.Name), ReadRole: n.imageReadRole(domain.Name),
	}
}

func imageSeries(s *ImageStore, d DomainPlan, n names) *ImageSeriesPlan {
	for _, t := range d.Tables {
		if s.Product == "" || t.Product != s.Product {
			continue
		}
		out := &ImageSeriesPlan{
			Product:   t.Product,
			Database:  t.Database,
			Table:     t.Table.Name,
			Zone:      t.Zone,
			Files:     strings.TrimPrefix(t.Location, s3Scheme+d.Buckets[t.Zone]+"/"),
			Inbox:     imageInbox(s.landing()),
			Role:      n.imageSeriesRole(d.Name),
			WorkGroup: n.jobWorkGroup(d.Name, "images"),
			Locations: []string{n.s3ARN(d.Buckets[ontology.Raw])},
		}
		location := s3Scheme + d.Buckets[ontology.Raw] + "/" + out.Inbox
		out.InboxTable = TablePlan{Database: out.Database, Zone: t.Zone, Location: location, Table: schema.Inbox(schema.InboxName(out.Table), location)}
		if t.Zone != ontology.Raw {
			out.Locations = append(out.Locations, n.s3ARN(d.Buckets[t.Zone]))
		}
		out.RoleARN = n.roleARN(out.Role)
		out.Grants = lf.MergeGrants(out.grants())
		return out
	}
	return nil
}

// grants are what the statement needs that fills the table: the inbox read, the
// table read and written, and the locations, because each commit updates the
// table in the catalog.
func (s *ImageSeriesPlan) grants() []lf.Grant {
	out := slices.Concat(lf.ReadTable(s.Database, s.InboxTable.Table.Name), lf.WriteTable(s.Database, s.Table))
	for i := range out {
		out[i].Principal = s.RoleARN
	}
	for _, arn := range s.Locations {
		out = append(out, lf.Grant{Principal: s.RoleARN, Resource: lf.Location(arn), Permissions: []lf.Permission{lf.DataLocationAccess}})
	}
	return out
}
