package mesh

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/catalog/optimizer"
	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// domain plans one domain's lake.
func (p *planner) domain(domain Domain) DomainPlan {
	env := p.environment(domain.Name)
	n := p.names(env)
	out := DomainPlan{
		Name:         domain.Name,
		Description:  domain.Description,
		Owner:        domain.Owner,
		Environment:  env,
		StackName:    n.domainStack(domain.Name),
		Buckets:      map[ontology.Zone]string{},
		Logs:         n.bucket(domain.Name, logsWord),
		WorkGroup:    n.workGroup(domain.Name),
		Readers:      p.domainReaders(domain, n),
		Queries:      plannedQueries(domain, n),
		LocationRole: n.locationRole(domain.Name),
		PipelineRole: n.pipelineRole(domain.Name),
	}
	out.LocationRoleARN = n.roleARN(out.LocationRole)
	out.PipelineARN = n.roleARN(out.PipelineRole)
	if domain.hasStore() {
		out.KeyParameter = n.keyParameter(domain.Name)
	}
	for _, zone := range ontology.Zones() {
		bucket := n.bucket(domain.Name, string(zone))
		out.Buckets[zone] = bucket
		out.Databases = append(out.Databases, DatabasePlan{
			Name:        n.database(domain.Name, zone),
			Zone:        zone,
			Description: databaseDescription(zone, domain.Name),
			Location:    s3Scheme + bucket + "/",
		})
	}
	slices.SortFunc(out.Databases, func(a, b DatabasePlan) int { return strings.Compare(a.Name, b.Name) })
	out.Tables = p.tables(domain, n, out.Buckets)
	out.Locations = locations(out, n)
	out.Crawlers = p.crawlers(domain, n)
	out.ImageStore = p.imageStore(domain, out, n)
	out.Refresh = p.refresh(out, n)
	out.Deidentify = p.deidentify(out, n)
	out.Evolution = p.evolution(out, n)
	out.Associations = p.associations(out)
	iceberg := func(t TablePlan) bool { return t.Table.Format == contract.FormatIceberg }
	if slices.ContainsFunc(out.Tables, iceberg) && slices.Contains(optimizer.Regions(), n.env.Region) {
		out.OptimizerRole = n.optimizerRole(domain.Name)
		out.OptimizerARN = n.roleARN(out.OptimizerRole)
	}
	out.Files = p.files(domain, out, n)
	out.Grants = lf.MergeGrants(slices.Concat(p.pipelineGrants(out), p.optimizerGrants(out), p.refreshGrants(out), p.deidentifyGrants(out), evolutionGrants(out)))
	return out
}

func databaseDescription(zone ontology.Zone, domain string) string {
	switch zone {
	case ontology.Raw:
		return "Data of " + domain + " as it arrived"
	case ontology.Curated:
		return "Typed and checked data of " + domain
	case ontology.Analytics:
		return "Data of " + domain + " shaped for consumers"
	}
	return ""
}

// tables plans the tables of every product of a domain.
func (p *planner) tables(domain Domain, n names, buckets map[ontology.Zone]string) []TablePlan {
	var out []TablePlan
	for _, original := range domain.Contracts {
		c := original.Resolve()
		c.Owner = p.owner(c)
		for i := range c.Tables {
			c.Tables[i].Location, _ = c.Tables[i].LocationIn(p.stage, p.d.StageNames()) // validated
			c.Tables[i].Locations = nil
		}
		for _, t := range c.Tables {
			location := t.Location
			if location == "" && t.View == nil {
				location = tableLocation(buckets[c.Zone], c, t)
			}
			out = append(out, TablePlan{
				Product:  c.Name,
				Database: n.database(domain.Name, c.Zone),
				Zone:     c.Zone,
				Location: location,
				Contract: c,
				Table:    t,
				Frozen:   frozenTable(domain, c, t),
			})
		}
	}
	slices.SortFunc(out, func(a, b TablePlan) int {
		return cmp.Or(strings.Compare(a.Database, b.Database), strings.Compare(a.Table.Name, b.Table.Name))
	})
	return out
}

// frozenTable is what the template of an Iceberg table keeps showing.
func frozenTable(domain Domain, c *contract.Contract, t contract.Table) *contract.Table {
	if t.Format != contract.FormatIceberg {
		return nil
	}
	return earlier(domain.Deployed, c.Name, t.Name)
}

// tableLocation is a table's own prefix in a bucket of the lake.
func tableLocation(bucket string, c *contract.Contract, t contract.Table) string {
	return s3Scheme + bucket + "/" + c.Name + "/" + t.Name + "/"
}

// locations are what the domain registers with Lake Formation: each zone's
// bucket whole, and, to be read only, each place outside the lake once (rule 3.3).
func locations(d DomainPlan, n names) []LocationPlan {
	var out []LocationPlan
	for zone, bucket := range d.Buckets {
		out = append(out, LocationPlan{ARN: n.s3ARN(bucket), Zone: zone})
	}
	for _, t := range d.Tables {
		if t.Table.Location != "" {
			out = append(out, LocationPlan{ARN: n.s3ARN(t.Location), ReadOnly: true})
		}
	}
	slices.SortFunc(out, func(a, b LocationPlan) int { return strings.Compare(a.ARN, b.ARN) })
	return slices.Compact(out)
}

// associations are the LF-Tags that are written on the domain's databases,
// tables and columns. What is inherited is not repeated: a table has the domain
// and the zone of its database, a column what its table has, unless it is less
// sensitive or less restricted than the most sensitive one beside it. Databases
// have no tags of the mesh file's ontology: those belong to products.
//
// Columns are tagged one by one. CloudFormation replaces an association whose
// list of columns changes: it tags the new list, then removes the tags from the
// old one, and with them those of every column that is in both.
func (p *planner) associations(d DomainPlan) []lf.TagAssociation {
	var out []lf.TagAssociation
	for _, database := range d.Databases {
		out = append(out, p.associate(lf.Database(database.Name), map[string]string{
			ontology.FacetDomain:      d.Name,
			ontology.FacetZone:        string(database.Zone),
			ontology.FacetSensitivity: string(ontology.PHI),
		})...)
	}
	for _, t := range d.Tables {
		ofTable := p.d.tableTags(d.Name, t.Contract, t.Table)
		ofTable[ontology.FacetProduct] = t.Product
		ofTable[ontology.FacetSensitivity] = string(t.Table.MaxSensitivity())
		out = append(out, p.associate(lf.Table(t.Database, t.Table.Name), ofTable)...)
		for _, c := range t.Table.Columns {
			own := p.d.columnTags(d.Name, t.Contract, t.Table, c)
			own[ontology.FacetSensitivity] = string(c.Level())
			maps.DeleteFunc(own, func(facet, value string) bool { return ofTable[facet] == value })
			out = append(out, p.associate(lf.Columns(t.Database, t.Table.Name, c.Name), own)...)
		}
	}
	out = append(out, p.keyAssociations(d)...)
	slices.SortFunc(out, func(a, b lf.TagAssociation) int { return strings.Compare(a.Key(), b.Key()) })
	return out
}

// associate assigns one value for each facet: the facets of the ontology itself in
// one association, each key of the mesh file in one of its own. Those keys come and
// go with what contracts say, and taking a key off a resource is deleting an association.
func (p *planner) associate(r lf.Resource, values map[string]string) []lf.TagAssociation {
	builtIn := map[string]string{}
	var out []lf.TagAssociation
	for _, facet := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(ontology.Facets(), facet) {
			builtIn[facet] = values[facet]
			continue
		}
		out = append(out, lf.TagAssociation{Resource: r, Tags: p.tagSet(map[string]string{facet: values[facet]})})
	}
	if len(builtIn) > 0 {
		out = append(out, lf.TagAssociation{Resource: r, Tags: p.tagSet(builtIn)})
	}
	return out
}

// tagSet is one value for each facet, sorted by key.
func (p *planner) tagSet(values map[string]string) []lf.Condition {
	out := make([]lf.Condition, 0, len(values))
	for facet, value := range values {
		out = append(out, lf.Condition{Key: p.key(facet), Values: []string{value}})
	}
	slices.SortFunc(out, func(a, b lf.Condition) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// pipelineGrants are what the role of a domain's jobs may do with the domain's
// own lake. DROP is left out: what holds data is kept. Places outside the lake
// are read through the tables on them and need no access of their own.
func (p *planner) pipelineGrants(d DomainPlan) []lf.Grant {
	grants := []lf.Grant{{
		Principal:   d.PipelineARN,
		Resource:    lf.TagPolicy(lf.Tables, p.is(ontology.FacetDomain, d.Name)),
		Permissions: []lf.Permission{lf.Describe, lf.Select, lf.Insert, lf.Delete, lf.Alter},
	}}
	for _, database := range d.Databases {
		grants = append(grants, lf.Grant{
			Principal:   d.PipelineARN,
			Resource:    lf.Database(database.Name),
			Permissions: []lf.Permission{lf.Describe, lf.CreateTable},
		})
	}
	for _, location := range d.Locations {
		if !location.ReadOnly {
			grants = append(grants, lf.Grant{
				Principal:   d.PipelineARN,
				Resource:    lf.Location(location.ARN),
				Permissions: []lf.Permission{lf.DataLocationAccess},
			})
		}
	}
	return grants
}

// optimizerGrants are what the role needs that compacts the domain's Iceberg
// tables, expires their snapshots and deletes orphan files.
func (p *planner) optimizerGrants(d DomainPlan) []lf.Grant {
	if d.OptimizerARN == "" {
		return nil
	}
	return []lf.Grant{{
		Principal:   d.OptimizerARN,
		Resource:    lf.TagPolicy(lf.Tables, p.is(ontology.FacetDomain, d.Name)),
		Permissions: []lf.Permission{lf.Describe, lf.Select, lf.Insert, lf.Delete, lf.Alter},
	}}
}

// is a condition of an LF-Tag policy: the facet has one of the values.
func (p *planner) is(facet string, values ...string) lf.Condition {
	return lf.Condition{Key: p.key(facet), Values: values}
}
