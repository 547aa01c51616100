package mesh

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Foundation is what exists once per environment.
type Foundation struct {
	Environment Environment    // the account and region that it is for
	StackName   string         // name of its stack
	Admins      []string       // those of AccessRoles too
	Deployer    string         // ARN of the role that CloudFormation works with; "" for that of the synthesizer
	AccessRoles []string       // names of administrators that it makes, for the workflows that open FHIR stores
	EndingRole  string         `json:",omitempty"` // name of the administrator that it makes for the workflows that end access; "" in a mesh of one domain
	Tags        []ontology.Tag // the LF-Tags that all domains share, with every value they may take
	// FullTableAccess says that jobs of Spark are lent credentials for whole tables, where
	// a domain has such jobs.
	FullTableAccess bool `json:",omitempty"`

	Dashboard string // name of the CloudWatch dashboard of its domains

	KeyAlias string   // of the key that the catalog is encrypted with
	Readers  []string // other accounts that read from this catalog
}

// planFoundations plans what each environment that holds a domain needs once.
func (p *subscriptionPlanner) planFoundations(hasFhirStore, hasVariants map[string]bool) []Foundation {
	seen := map[Environment]bool{}
	var out []Foundation
	for _, domain := range p.domains {
		env := p.environment(domain.name)
		if seen[env] {
			continue
		}
		seen[env] = true
		domains := p.standing(p.stage, env)
		n := p.namesIn(p.stage, env)
		f := Foundation{
			Environment: env,
			StackName:   n.FoundationStack(p.stages.foundationWord(p.stage, env)),
			Admins:      p.administrators(env),
			Deployer:    p.deployer(env),
			Tags:        p.ontologies.commonTags(),
			Dashboard:   n.MeshDashboard(),
			KeyAlias:    n.CatalogKey(),
			Readers:     p.readers(env),
		}
		for _, domain := range domains {
			f.FullTableAccess = f.FullTableAccess || hasVariants[domain.name]
			if hasFhirStore[domain.name] { // without readers too: its workflow takes the last one off
				f.AccessRoles = append(f.AccessRoles, n.FhirRole(domain.name))
				f.Admins = append(f.Admins, n.RoleARN(n.FhirRole(domain.name)))
			}
		}
		if len(p.domains) > 1 { // without subscriptions too: the role stays, and cannot be made a second time
			f.EndingRole = n.EndingRole()
			f.Admins = append(f.Admins, n.RoleARN(f.EndingRole))
		}
		slices.Sort(f.AccessRoles)
		slices.Sort(f.Admins)
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Foundation) int { return compareEnvironments(a.Environment, b.Environment) })
	return out
}

// readers are the accounts that read from an environment's catalog besides its
// own: an encrypted catalog must let them use its key through Glue (rule 5.7).
func (p *subscriptionPlanner) readers(env Environment) []string {
	var out []string
	for _, domain := range p.standing(p.stage, env) {
		for _, s := range p.byProducer[domain.name] {
			if s.Crosses {
				out = append(out, p.environment(s.Consumer).Account)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
