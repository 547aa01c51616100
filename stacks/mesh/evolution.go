package mesh

import (
	"slices"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// EvolutionPlan is the workflow of a domain that changes columns of its Iceberg tables.
type EvolutionPlan struct {
	Role         string // name of the workflow's role
	RoleARN      string // ARN of Role
	WorkGroup    string // where its statements run
	StateMachine string // its name
	// StateMachineARN is what starts it.
	StateMachineARN string
	Zones           []ontology.Zone // whose tables it changes, sorted
}

// evolution plans the workflow of a domain that keeps the deployed contract of an
// Iceberg table; nil for one that does not.
func (l *lake) evolution() *EvolutionPlan {
	n := l.names
	out := &EvolutionPlan{Role: n.Role(l.domain, "evolution"), WorkGroup: n.JobWorkGroup(l.domain, "evolution")}
	out.RoleARN, out.StateMachine = n.RoleARN(out.Role), out.Role
	out.StateMachineARN = n.StateMachineARN(out.StateMachine)
	for _, t := range l.tables {
		if t.Deployed != nil && !slices.Contains(out.Zones, t.Zone) {
			out.Zones = append(out.Zones, t.Zone)
		}
	}
	if len(out.Zones) == 0 {
		return nil
	}
	slices.Sort(out.Zones)
	return out
}

// grants are what the workflow's role needs of Lake Formation. It reads no data.
func (e *EvolutionPlan) grants(l *lake) []lf.Grant {
	if e == nil {
		return nil
	}
	var grants []lf.Grant
	for _, t := range l.tables {
		if t.Deployed == nil {
			continue
		}
		grants = append(grants, l.writeLocation(e.RoleARN, t.Location)...)
		grants = append(grants,
			lf.Grant{Principal: e.RoleARN, Resource: lf.Database(t.Database), Permissions: []lf.Permission{lf.Describe}},
			lf.Grant{Principal: e.RoleARN, Resource: lf.Table(t.Database, t.Table.Name), Permissions: []lf.Permission{lf.Describe, lf.Alter}})
	}
	return grants
}
