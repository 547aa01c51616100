package mesh

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// Folders beside a contract that hold earlier copies of it, under the same file
// name. CloudFormation must not update an Iceberg table (rule 6.6): the copy from
// the first deployment is what its template keeps showing, and the copy that the
// engines were last altered to is what a change of the contract is measured by.
const (
	deployedFolder = "deployed"
	appliedFolder  = "applied"
)

// copies are the contracts of a domain as they were before.
type copies struct{ deployed, applied []*contract.Contract }

// tableIn finds a table in earlier copies of a product's contract.
func tableIn(contracts []*contract.Contract, product, table string) *contract.Table {
	for _, c := range contracts {
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

// firstDeployed is what the template of an Iceberg table keeps showing; nil for a table
// that is new, or of another format.
func (k copies) firstDeployed(product string, t contract.Table) *contract.Table {
	if t.Format != contract.FormatIceberg {
		return nil
	}
	return tableIn(k.deployed, product, t.Name)
}

// versions are a table as it was deployed, as it was changed before, and as it is; only
// the last for one that was not deployed.
func (k copies) versions(product string, t contract.Table) []contract.Table {
	var out []contract.Table
	if deployed := k.firstDeployed(product, t); deployed != nil {
		out = append(out, *deployed)
		if applied := tableIn(k.applied, product, t.Name); applied != nil {
			out = append(out, *applied)
		}
	}
	return append(out, t)
}

// changes are those of a table since its last copy.
func (k copies) changes(product string, t contract.Table) []contract.Change {
	known := k.versions(product, t)
	if len(known) < 2 {
		return nil
	}
	return contract.IcebergChanges(known[len(known)-2], t)
}

// checkDeployed refuses changes of deployed Iceberg tables that no engine was told of,
// but for those that Athena makes where that is allowed.
func (c *findings) checkDeployed(p product, kept copies, allowAthena bool) {
	for i, t := range p.contract.Resolve().Tables {
		for _, change := range kept.changes(p.contract.Name, t) {
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
