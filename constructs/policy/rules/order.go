package rules

import (
	"slices"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

func orderRules() []Rule {
	const why = "These resources know each other only by name, so CloudFormation sees no order: creation races, and deletion takes away what is still used."
	const source = `"DependsOn attribute", "AWS CDK: dependencies between stacks" (rule 2.12)`
	return []Rule{{
		ID:     "LF50",
		Title:  "Within a stack, what is referred to by name comes first",
		Why:    why,
		Fix:    "add a DependsOn; the order is settings, tags, location role and its policy, registration, database, table, tag association, filter, grants",
		Source: source,
		check: func(a *app, report reporter) {
			a.eachNeed(func(o, needed *object) {
				if o.stack == needed.stack && !a.graphs[o.stack].after(o.id, needed.id) {
					report(o, "DependsOn", "no dependency on "+needed.id, "one, because it names that "+needed.resource.Type)
				}
			})
		},
	}, {
		ID:     "LF51",
		Title:  "A stack waits for the stack that holds what it names",
		Why:    why,
		Fix:    "let the stack depend on the other one: stack.AddStackDependency",
		Source: source,
		check: func(a *app, report reporter) {
			a.eachNeed(func(o, needed *object) {
				from, to := o.stack.Root(), needed.stack.Root()
				if from != to && from.Assembly == to.Assembly && !a.waits(from.Artifact, to.Artifact, from.Assembly) {
					report(o, "", "the stack does not wait for "+to.Name, "a dependency, because it names "+needed.stack.Path(needed.id))
				}
			})
		},
	}}
}

// waits reports whether a stack is deployed after another of the same assembly.
func (a *app) waits(artifact, other, assembly string) bool {
	direct := map[string][]string{}
	for s := range a.graphs {
		if s.Assembly == assembly {
			direct[s.Artifact] = s.DependsOn
		}
	}
	g := graph{direct: direct, all: map[string]map[string]bool{}}
	return g.after(artifact, other)
}

// eachNeed visits every object with each object of the app that must come before it.
func (a *app) eachNeed(visit func(o, needed *object)) {
	for _, o := range a.objects {
		for _, needed := range a.needs(o) {
			if needed != nil && needed != o {
				visit(o, needed)
			}
		}
	}
}

// needs are the objects that one names, as far as the app has them.
func (a *app) needs(o *object) []*object {
	var out []*object
	if o.resource.Type == typeTag || slices.Contains(governed, o.resource.Type) {
		out = append(out, a.named[name("settings", o.environment(""))])
	}
	switch o.resource.Type {
	case typeLocation:
		out = append(out, a.roleOf(text(o.props, "RoleArn"))...)
	case typeDatabase:
		out = append(out, a.locationsOf(o.environment(""), text(o.props, "DatabaseInput.LocationUri"))...)
	case typeTable:
		out = append(out, a.named[name("database", o.environment(text(o.props, "CatalogId")), text(o.props, "DatabaseName"))])
		for _, path := range []string{"TableInput.StorageDescriptor.Location", "OpenTableFormatInput.IcebergInput.IcebergTableInput.Location"} {
			uri := text(o.props, path)
			if _, ok := s3uri.FromURI(uri); ok {
				out = append(out, a.locationsOf(o.environment(""), uri)...)
			}
		}
	case typeFilter:
		home := o.environment(text(o.props, "TableCatalogId"))
		out = append(out, a.named[name("table", home, text(o.props, "DatabaseName"), text(o.props, "TableName"))])
	case typeOptimizer:
		home := o.environment(text(o.props, "CatalogId"))
		out = append(out, a.named[name("table", home, text(o.props, "DatabaseName"), text(o.props, "TableName"))])
	case typeCrawler:
		out = append(out, a.named[name("database", o.environment(""), text(o.props, "DatabaseName"))])
	case typeAssociation:
		out = append(out, a.subjects(o)...)
		for _, tag := range list(o.props, "LFTags") {
			out = append(out, a.named[name("tag", o.environment(text(tag, "CatalogId")), text(tag, "TagKey"))])
		}
	case typeGrant:
		out = append(append(out, a.subjects(o)...), a.named[name("role", o.principal())])
	}
	return out
}

// subjects are what a grant or an association is about.
func (a *app) subjects(o *object) []*object {
	r, ok := o.granted()
	if !ok {
		return nil
	}
	home := o.environment(r.Catalog)
	database, table := a.named[name("database", home, r.Database)], a.named[name("table", home, r.Database, r.Table)]
	switch r.Kind {
	case lf.KindDatabase:
		return []*object{database}
	case lf.KindTable, lf.KindColumns:
		return []*object{database, table}
	case lf.KindDataCells:
		return []*object{a.named[name("filter", home, r.Database, r.Table, r.Filter)]}
	case lf.KindLocation:
		return a.locationsOf(home, r.Location)
	case lf.KindTag:
		return []*object{a.named[name("tag", home, r.TagKey)]}
	case lf.KindTagPolicy:
		var tags []*object
		for _, c := range r.Expression {
			tags = append(tags, a.named[name("tag", home, c.Key)])
		}
		return tags
	case lf.KindCatalog: // of which no resource is made
	}
	return nil
}

// roleOf returns the role of an ARN and the policies that are attached to it, as
// far as the app makes them.
func (a *app) roleOf(arn string) []*object {
	role := a.named[name("role", arn)]
	if role == nil {
		return nil
	}
	out := []*object{role}
	for _, kind := range []string{"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"} {
		for _, policy := range a.byType[kind] {
			attached := append(texts(policy.props, "Roles"), text(policy.props, "RoleName"))
			if sameAccount(policy, role) && slices.Contains(attached, role.ref()) {
				out = append(out, policy)
			}
		}
	}
	return out
}

// sameAccount reports whether two objects are made in one account; IAM knows no
// regions. Stacks that can go anywhere are in one account when they are one stack.
func sameAccount(a, b *object) bool {
	if a.stack.Fixed() && b.stack.Fixed() {
		return a.stack.Account == b.stack.Account
	}
	return a.stack.Root() == b.stack.Root()
}
