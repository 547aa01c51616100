package catalog

import (
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// checkDeployed reports each difference between the table as it was deployed and
// as the contract has it, with the statement that makes it.
func (p *TableProps) checkDeployed(list *problem.List) {
	accepted := cdkx.Value(p.AcceptChanges, false)
	if p.Deployed == nil {
		if accepted {
			list.Addf("AcceptChanges", "true without Deployed", "the table as it was first deployed", "set Deployed, or leave AcceptChanges out")
		}
		return
	}
	if p.Deployed.Format != contract.FormatIceberg {
		list.Addf("Deployed", "a table that is no Iceberg table", "an Iceberg table", "leave it out: CloudFormation updates external tables")
		return
	}
	deployed := TableProps{Database: p.Database, DatabaseName: p.DatabaseName, Table: p.Deployed, Location: p.Location, Contract: p.Contract, After: p.After}
	if deployed.Location == nil && p.Deployed.Location == "" {
		deployed.Location = &p.Table.Location
	}
	// Where both have the same mistake, one message is enough.
	if len(*list) == 0 {
		for _, mistake := range deployed.problems() {
			mistake.Path = "Deployed: " + mistake.Path
			list.Add(mistake)
		}
	}
	if accepted {
		return
	}
	for _, change := range contract.IcebergChanges(*p.Deployed, *p.Table) {
		path := "Table: " + change.Path
		if change.Impossible != "" {
			list.Addf(path, change.Summary, "the table as it was deployed: CloudFormation must not update an Iceberg table", "none: "+change.Impossible)
			continue
		}
		list.Addf(path, change.Summary, "the table as it was deployed: CloudFormation must not update an Iceberg table",
			"run in "+change.Engine+": "+change.DDL+"; then set AcceptChanges")
	}
}
