package mesh

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Folders beside a contract that hold earlier copies of it, under the same file
// name. CloudFormation must not update an Iceberg table (rule 6.6): the copy from
// the first deployment is what its template keeps showing, and the copy that the
// engines were last altered to is what a change of the contract is measured by.
const (
	deployedFolder = "deployed"
	appliedFolder  = "applied"
)

// baselines reads the earlier copies of the contract of a product.
func (l *loader) baselines(domain *Domain, name, product string) {
	for _, earlier := range []struct {
		folder string
		into   *[]*contract.Contract
	}{{deployedFolder, &domain.Deployed}, {appliedFolder, &domain.Applied}} {
		file := l.files.join(filepath.Dir(name), earlier.folder, filepath.Base(name))
		data, err := l.files.read(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			l.contracts = append(l.contracts, unreadable(file, err, "a copy of "+name, "copy the contract there, or remove what is there")...)
			continue
		}
		c, err := contract.Parse(file, data)
		if err != nil {
			l.contracts = append(l.contracts, problem.Of(err)...)
			continue
		}
		if _, given := l.d.source.named[domain.Contracts[len(domain.Contracts)-1]]; given {
			c.Name = product
		}
		*earlier.into = append(*earlier.into, c)
	}
}

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
