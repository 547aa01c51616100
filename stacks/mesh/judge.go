package mesh

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
)

// Judge returns the judge of who can see what in the stage of a plan of the definition, by the
// guardrails that are switched on. Without any it finds nothing.
//
// To a domain belong the roles that the mesh makes for it, the principals that subscribe for
// it, the readers of its FHIR store, those of its s3Access, and the account that it stands in.
// Where a subscription has ended, an exception that lets nothing through is no finding.
func (d *Definition) Judge(p *Plan) (*guardrail.Judge, error) {
	s := &site{layout: *d.layout(), stage: p.Stage}
	var rules []guardrail.Guardrail
	for _, g := range d.Guardrails {
		if isAlwaysOn(g.Name) {
			continue
		}
		rule := g.rule(func(e GuardrailException) string {
			if id := s.identifier(e.Principal); id != "" {
				return id
			}
			return s.resolve(e.Principal)
		}, p.Stage)
		for i := range rule.Except { // what they let through may have ended too, and to take access back must not wait for them
			rule.Except[i].Implied = len(p.Expired) > 0
		}
		rule.Known = nil
		for _, known := range g.Known {
			rule.Known = append(rule.Known, s.resolve(known))
		}
		if g.Name == guardrail.AdministratorsAreKnown {
			rule.Known = append(rule.Known, d.ownAdministrators(s, p)...)
		}
		if g.Name == guardrail.PHIStaysInDomain {
			rule.Except = append(rule.Except, d.personIndexExceptions(s)...)
		}
		rules = append(rules, rule)
	}
	return guardrail.New(rules, d.belongings(s)...)
}

// ownAdministrators are the roles that deploy, and those that the mesh makes administrators.
func (d *Definition) ownAdministrators(s *site, p *Plan) []string {
	var named, out []string
	for _, admin := range d.Admins {
		named = append(named, s.resolve(admin))
	}
	for _, f := range p.Foundations {
		deployer := f.Deployer
		if deployer == "" {
			deployer = s.namesIn(p.Stage, f.Environment).RoleARN("cdk-*-cfn-exec-role-" + f.Environment.Account + "-" + f.Environment.Region)
		}
		out = append(out, deployer)
		for _, admin := range f.Admins {
			if !slices.Contains(named, admin) {
				out = append(out, admin)
			}
		}
	}
	return out
}

// belongings say what belongs to each domain.
func (d *Definition) belongings(s *site) []guardrail.Domain {
	var out []guardrail.Domain
	for _, domain := range d.Domains {
		n := s.names(domain.Name)
		made := guardrail.Domain{
			Name:       domain.Name,
			Principals: []string{n.RoleARN(n.Product(domain.Name, "*")), n.Account},
			Databases:  []string{n.Database(domain.Name, "*")},
		}
		if domain.FhirStore != nil {
			for _, reader := range domain.FhirStore.Readers {
				made.Principals = append(made.Principals, s.identifier(reader))
			}
		}
		for _, a := range domain.S3Access {
			made.Principals = append(made.Principals, s.resolve(a.Principal))
		}
		for _, sub := range d.Subscriptions {
			if sub.Consumer != domain.Name {
				continue
			}
			for _, principal := range sub.Principals {
				made.Principals = append(made.Principals, s.identifier(principal))
			}
		}
		out = append(out, made)
	}
	return out
}

// personIndexExceptions let the jobs of the person index that the mesh allows read what it
// compares, and those of its sources their own rows: the subscriptions for both are checked to
// give nothing else.
func (d *Definition) personIndexExceptions(s *site) []guardrail.Exception {
	if d.PersonIndex == "" {
		return nil
	}
	all := d.products()
	c := d.subscriptionChecker(d.newChecker())
	var out []guardrail.Exception
	for _, sub := range d.Subscriptions {
		if !slices.Contains(sub.Sensitivity, string(ontology.PHI)) || c.personAccess(sub) == nil {
			continue
		}
		domain, name := sub.producer()
		k := all.byName()[productName{domain, name}]
		if k == nil {
			continue
		}
		consumer := s.names(sub.Consumer)
		for _, table := range k.Resolve().Tables {
			for _, principal := range []string{consumer.RoleARN(consumer.Product(sub.Consumer, "*")), consumer.Account} {
				out = append(out, guardrail.Exception{
					Principal: principal, Domain: domain, Table: s.names(domain).Database(domain, k.Zone.OrDefault()) + "." + table.Name, Columns: sub.Columns,
					Reason: "personIndex: " + d.PersonIndex, Implied: true,
				})
			}
		}
	}
	return out
}
