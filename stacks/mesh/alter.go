package mesh

import (
	"path/filepath"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// TableChange is one statement that changes a column of a deployed Iceberg table, as
// the workflow of its domain takes it.
type TableChange struct {
	Database string `json:"database"` // the Glue database of the table
	Table    string `json:"table"`    // name of the table
	From     string `json:"from"`     // the column before, "" for a new one
	To       string `json:"to"`       // the column after, "" for one that goes
	Type     string `json:"type"`     // of the column after
	SQL      string `json:"sql"`      // the ALTER TABLE statement that Athena runs
}

// Alteration is what a stage's domains have to change about their Iceberg tables, for
// the tables to become what the contracts say.
type Alteration struct {
	Plan    *Plan                    // of the stage, with the tables changed
	Changes map[string][]TableChange // by domain, in the order to make them, from the first deployment on
}

// Alter plans the changes of the deployed Iceberg tables of a stage. Those that were
// made already are among them: the workflow of the domain passes them over, and a stage
// that was left behind catches up. The error is a problem.List with everything that is
// wrong with the mesh at once, and every change that no workflow makes.
func (d *Definition) Alter(stage string) (*Alteration, error) {
	c := d.newChecker()
	after := *d
	after.Domains = slices.Clone(d.Domains)
	for i := range after.Domains {
		after.Domains[i].Applied = after.Domains[i].Contracts
	}
	for _, p := range d.products() {
		c.checkDeployed(p, d.Domains[p.domain].copies(), true)
	}
	if err := c.done().Err(); err != nil {
		return nil, err
	}
	plan, err := after.Plan(stage)
	if err != nil {
		return nil, err
	}
	out := &Alteration{Plan: plan, Changes: map[string][]TableChange{}}
	for _, domain := range plan.Domains {
		if domain.Evolution == nil {
			continue
		}
		kept := d.Domains[c.index(domain.Name)].copies()
		for _, t := range domain.Tables() {
			for _, change := range contract.IcebergHistory(kept.versions(t.Product, t.Table)...) {
				if change.ByAthena() {
					out.Changes[domain.Name] = append(out.Changes[domain.Name], TableChange{
						Database: t.Database, Table: t.Table.Name, From: change.From, To: change.To, Type: change.Type, SQL: change.DDL,
					})
				}
			}
		}
	}
	return out, nil
}

// ChangedContract is the file of a contract whose deployed Iceberg tables were changed
// since the last copy of it.
type ChangedContract struct {
	Path    string // file of the contract
	Applied string // where the copy is kept
}

// ChangedContracts are the contracts from files that describe deployed Iceberg tables
// otherwise than their last copies do.
func (d *Definition) ChangedContracts() []ChangedContract {
	var out []ChangedContract
	for _, domain := range d.Domains {
		for _, c := range domain.Contracts {
			changed := slices.ContainsFunc(c.Resolve().Tables, func(t contract.Table) bool {
				return len(domain.copies().changes(c.Name, t)) > 0
			})
			if changed && c.File != "" {
				out = append(out, ChangedContract{Path: c.File, Applied: filepath.Join(filepath.Dir(c.File), appliedFolder, filepath.Base(c.File))})
			}
		}
	}
	return out
}
