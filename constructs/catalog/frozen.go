package catalog

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checkFrozen reports each difference between the table as it was deployed and
// as the contract has it, with the statement that makes it.
func (p *TableProps) checkFrozen(list *problem.List) {
	accepted := cdkx.Value(p.AcceptFrozen, false)
	if p.Frozen == nil {
		if accepted {
			list.Addf("AcceptFrozen", "true without Frozen", "the table as it was first deployed", "set Frozen, or leave AcceptFrozen out")
		}
		return
	}
	if p.Frozen.Format != contract.FormatIceberg {
		list.Addf("Frozen", "a table that is no Iceberg table", "an Iceberg table", "leave it out: CloudFormation updates external tables")
		return
	}
	frozen := TableProps{Database: p.Database, DatabaseName: p.DatabaseName, Table: p.Frozen, Location: p.Location, Contract: p.Contract, After: p.After}
	if frozen.Location == nil && p.Frozen.Location == "" {
		frozen.Location = &p.Table.Location
	}
	// Where both have the same mistake, one message is enough.
	if len(*list) == 0 {
		for _, mistake := range frozen.problems() {
			mistake.Path = "Frozen: " + mistake.Path
			list.Add(mistake)
		}
	}
	if accepted {
		return
	}
	for _, change := range contract.IcebergChanges(*p.Frozen, *p.Table) {
		path := "Table: " + change.Path
		if change.Impossible != "" {
			list.Addf(path, change.Summary, "the table as it was deployed: CloudFormation must not update an Iceberg table", "none: "+change.Impossible)
			continue
		}
		list.Addf(path, change.Summary, "the table as it was deployed: CloudFormation must not update an Iceberg table",
			"run in "+change.Engine+": "+change.DDL+"; then set AcceptFrozen")
	}
}
