package planned

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// Read returns the state that a plan asks for. Its administrators are those
// that the mesh names. The templates add the role that CloudFormation works with:
// leave it out of a comparison with Difference.Without.
func Read(p *mesh.Plan) *access.State {
	s := &access.State{}
	if p == nil {
		return s
	}
	for _, f := range p.Foundations {
		home := s.Catalog(f.Environment.Account, f.Environment.Region)
		home.Admins = append(home.Admins, f.Admins...)
		home.FullTableAccess = home.FullTableAccess || f.FullTableAccess
		home.Tags = append(home.Tags, f.Tags...)
	}
	for _, d := range p.Domains {
		home := s.Catalog(d.Environment.Account, d.Environment.Region)
		for _, database := range d.Databases {
			home.Databases = append(home.Databases, access.Database{Name: database.Name, Location: database.Location})
		}
		for _, product := range d.Products {
			for _, t := range product.Tables {
				home.Tables = append(home.Tables, plannedTable(t))
			}
			home.Associations = append(home.Associations, product.Associations...)
			home.Grants = append(home.Grants, product.Grants...)
		}
		for _, l := range d.Locations {
			home.Locations = append(home.Locations, access.Location{ARN: l.ARN, Role: locationRole(d), Hybrid: l.HybridAccess != ""})
		}
		addKeys(home, d)
		home.Tags = append(home.Tags, d.Tags...)
		home.Associations = append(home.Associations, d.Associations...)
		home.Grants = append(home.Grants, d.Grants...)
		for _, c := range d.Crawlers {
			home.Grants = append(home.Grants, c.Grants...)
		}
		if d.Variants != nil {
			home.Tables = append(home.Tables, plannedTable(d.Variants.Erased))
			home.Grants = append(home.Grants, d.Variants.Grants...)
		}
		if d.ImageStore != nil && d.ImageStore.Series != nil {
			home.Tables = append(home.Tables, plannedTable(d.ImageStore.Series.LandingTable))
			home.Grants = append(home.Grants, d.ImageStore.Series.Grants...)
		}
	}
	for _, store := range p.FhirStores {
		home := s.Catalog(store.Environment.Account, store.Environment.Region)
		made := access.FhirStore{Name: store.DatastoreName, Domain: store.Domain, Database: store.Database}
		for _, reader := range store.Readers {
			made.Readers = append(made.Readers, reader.Identifier)
		}
		home.FhirStores = append(home.FhirStores, made)
	}
	for _, share := range p.Shares {
		home := s.Catalog(share.Environment.Account, share.Environment.Region)
		home.Filters = append(home.Filters, share.Filters...)
		addSubscriptions(home, share.Ending)
		home.Grants = append(home.Grants, share.Grants...)
	}
	for _, links := range p.Links {
		home := s.Catalog(links.Environment.Account, links.Environment.Region)
		for _, l := range links.Databases {
			home.Databases = append(home.Databases, access.Database{Name: l.Name, Target: l.Target.Account + "/" + l.Database})
		}
	}
	for _, c := range p.Consumers {
		home := s.Catalog(c.Environment.Account, c.Environment.Region)
		home.Filters = append(home.Filters, c.Filters...)
		addSubscriptions(home, c.Ending)
		home.Grants = append(home.Grants, c.Grants...)
	}
	s.Normalize()
	return s
}

// addSubscriptions adds what a stack needs for its subscriptions, those that have ended too.
func addSubscriptions(c *access.Catalog, ending *mesh.EndingPlan) {
	if ending == nil {
		return
	}
	for _, s := range ending.Subscriptions {
		subscribed := access.SubscribedGrants{Subscription: access.Subscription{Name: s.Name, Purpose: s.Purpose, Approver: s.Approver, LastDay: s.Expires}}
		for _, g := range ending.Grants {
			if slices.Contains(g.Needs, s.Name) {
				subscribed.Grants = append(subscribed.Grants, g.Grant)
			}
		}
		c.Subscriptions = append(c.Subscriptions, subscribed)
	}
}

// addKeys adds the table in which a domain keeps its de-identification key.
func addKeys(c *access.Catalog, d mesh.DomainPlan) {
	keys := d.Keys
	if keys == nil {
		return
	}
	c.Databases = append(c.Databases, access.Database{Name: keys.Database, Location: s3uri.Location{Bucket: keys.Bucket}.URI()})
	c.Tables = append(c.Tables, plannedTable(keys.Table))
	c.Locations = append(c.Locations, access.Location{ARN: keys.Location, Role: locationRole(d)})
}

// locationRole returns the ARN of the role that serves the domain's locations.
func locationRole(d mesh.DomainPlan) string {
	return "arn:" + template.PartitionOf(d.Environment.Region).Name + ":iam::" + d.Environment.Account + ":role/" + d.LocationRole
}

// plannedTable returns the table as the catalog will show it. Iceberg keeps its
// partition columns among the columns and has fewer types; the other formats
// make them partition keys.
func plannedTable(t mesh.TablePlan) access.Table {
	out := access.Table{Database: t.Database, Name: t.Table.Name, Location: t.Location}
	if t.Table.Format == contract.FormatIceberg {
		for _, c := range t.Table.Columns {
			out.Columns = append(out.Columns, access.Column{Name: c.Name, Type: gluetype.StoredByIceberg(c.Type)})
		}
		return out
	}
	keys := slices.Clone(t.Table.Columns)
	slices.SortStableFunc(keys, func(a, b contract.Column) int { return a.Partition - b.Partition })
	for _, c := range keys {
		if c.Partition > 0 {
			out.PartitionKeys = append(out.PartitionKeys, access.Column{Name: c.Name, Type: c.Type})
		} else {
			out.Columns = append(out.Columns, access.Column{Name: c.Name, Type: c.Type})
		}
	}
	return out
}
