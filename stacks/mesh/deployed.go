package mesh

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// Folders beside a contract that hold earlier copies of it, under the same file
// name. CloudFormation must not update an Iceberg table (rule 6.6): the copy from
// the first deployment is what its template keeps showing, and the copy that the
// engines were last altered to is what a change of the contract is measured by.
const (
	deployedFolder = "deployed"
	appliedFolder  = "applied"
)

// earlier finds a table in the copies of a product's contract.
func earlier(copies []*contract.Contract, product, table string) *contract.Table {
	for _, c := range copies {
		if c == nil || c.Name != product {
			continue
		}
		for _, t := range c.Resolve().Tables {
			if t.Name == table {
				return &t
			}
		}
	}
	return nil
}

// frozen refuses changes of deployed Iceberg tables that no engine was told of, but for
// those that Athena makes where that is allowed.
func (c *checker) frozen(p product, allowAthena bool) {
	domain := c.d.Domains[p.domain]
	for i, t := range p.contract.Resolve().Tables {
		deployed := earlier(domain.Deployed, p.contract.Name, t.Name)
		if deployed == nil || t.Format != contract.FormatIceberg {
			continue
		}
		before := versions(domain, p.contract.Name, t)
		for _, change := range contract.IcebergChanges(before[len(before)-2], t) {
			if allowAthena && change.ByAthena() {
				continue
			}
			fix := "run lakemesh alter, which lets the domain run " + change.DDL + " and copies the contract into the folder " + appliedFolder + " beside it"
			switch {
			case change.Impossible != "":
				fix = "take the change back: " + change.Impossible
			case !change.ByAthena():
				fix = "run in " + change.Engine + ", as a Glue job with the role of the domain's jobs: " + change.DDL + "; then copy the contract into the folder " + appliedFolder + " beside it"
			}
			c.inContract(p, tablePath(p.contract.Tables[i], i), fmt.Sprintf("a changed Iceberg table %s: %s: %s", t.Name, change.Path, change.Summary),
				"the table as it is deployed, because CloudFormation must not update it", fix)
		}
	}
}

// versions are a table as it was deployed, as it was changed before, and as it is; only
// the last for one that was not deployed.
func versions(domain Domain, product string, t contract.Table) []contract.Table {
	var out []contract.Table
	if deployed := earlier(domain.Deployed, product, t.Name); deployed != nil && t.Format == contract.FormatIceberg {
		out = append(out, *deployed)
		if applied := earlier(domain.Applied, product, t.Name); applied != nil {
			out = append(out, *applied)
		}
	}
	return append(out, t)
}

// EvolutionPlan is the workflow of a domain that changes columns of its Iceberg tables.
type EvolutionPlan struct {
	Role         string // name of the workflow's role
	RoleARN      string
	WorkGroup    string
	StateMachine string // its name
	// StateMachineARN is what starts it.
	StateMachineARN string
	Zones           []ontology.Zone // whose tables it changes, sorted
}

// evolution plans the workflow of a domain that keeps the deployed contract of an
// Iceberg table; nil for one that does not.
func (p *planner) evolution(d DomainPlan, n names) *EvolutionPlan {
	out := &EvolutionPlan{Role: n.role(d.Name, "evolution"), WorkGroup: n.jobWorkGroup(d.Name, "evolution")}
	out.RoleARN, out.StateMachine = n.roleARN(out.Role), out.Role
	out.StateMachineARN = "arn:" + Partition(n.env.Region) + ":states:" + n.env.Region + ":" + n.env.Account + ":stateMachine:" + out.StateMachine
	for _, t := range d.Tables {
		if t.Frozen != nil && !slices.Contains(out.Zones, t.Zone) {
			out.Zones = append(out.Zones, t.Zone)
		}
	}
	if len(out.Zones) == 0 {
		return nil
	}
	slices.Sort(out.Zones)
	return out
}

// evolutionGrants are what the workflow's role needs of Lake Formation. It reads no data.
func evolutionGrants(d DomainPlan) []lf.Grant {
	if d.Evolution == nil {
		return nil
	}
	var grants []lf.Grant
	give := func(r lf.Resource, permissions ...lf.Permission) {
		grants = append(grants, lf.Grant{Principal: d.Evolution.RoleARN, Resource: r, Permissions: permissions})
	}
	for _, t := range d.Tables {
		if t.Frozen == nil {
			continue
		}
		give(lf.Database(t.Database), lf.Describe)
		give(lf.Table(t.Database, t.Table.Name), lf.Describe, lf.Alter)
		for _, l := range d.Locations {
			if !l.ReadOnly && s3uri.Parse(l.ARN).Contains(s3uri.Parse(t.Location)) {
				give(lf.Location(l.ARN), lf.DataLocationAccess)
			}
		}
	}
	return grants
}
