package rules

import (
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
)

func linkRules() []Rule {
	const page = `"Creating resource links", "Granting resource link permissions"`
	return []Rule{{
		ID:     "LF70",
		Title:  "A resource link has a name and a target, and nothing else",
		Why:    "Glue refuses a link with a location or parameters, and one without the target's account points at itself.",
		Fix:    "set the name, and TargetDatabase with CatalogId, DatabaseName and Region or TargetTable with CatalogId, DatabaseName and Name, and nothing else",
		Source: page + " (rule 5.5)",
		check:  each(checkLinks, typeDatabase, typeTable),
	}, {
		ID:     "LF71",
		Title:  "A grant on a resource link only describes it",
		Why:    "Permissions on a link say nothing about its target; data is granted on the target, in the producer's catalog.",
		Fix:    "grant DESCRIBE on the link with the consumer's CatalogId, and the rest on the target with the producer's",
		Source: page + " (rule 5.5)",
		check:  checkLinkGrants,
	}, {
		ID:     "LF72",
		Title:  "A grant names the side of a link that its catalog has",
		Why:    "The target's name in the consumer's catalog, or the link's name in the producer's, is a database that does not exist there.",
		Fix:    "use the link's name with the consumer's CatalogId, and the target's name with the producer's",
		Source: page + " (rule 5.5)",
		check:  checkSides,
	}}
}

func (a *app) links() []*object {
	return slices.DeleteFunc(slices.Clone(a.byType[typeDatabase]), func(o *object) bool { return !o.isLink() })
}

func checkLinks(o *object, report reporter) {
	switch {
	case has(o.props, "DatabaseInput.TargetDatabase"):
		checkLink(o, "DatabaseInput", "TargetDatabase", []string{"CatalogId", "DatabaseName"}, report)
	case has(o.props, "TableInput.TargetTable"):
		checkLink(o, "TableInput", "TargetTable", []string{"CatalogId", "DatabaseName", "Name"}, report)
	}
}

// checkLink wants nothing in an input but its name and the target, and the target in full.
func checkLink(o *object, input, target string, required []string, report reporter) {
	for _, property := range members(get(o.props, input)) {
		if property != "Name" && property != target {
			report(o, input+"."+property, compact(get(o.props, input+"."+property)), "nothing, because this is a resource link")
		}
	}
	for _, property := range required {
		if !has(o.props, input+"."+target+"."+property) {
			report(o, input+"."+target, "no "+property, "the target in full")
		}
	}
}

// onDatabase returns the database that a grant or association is about or in.
func (o *object) onDatabase() (lf.Resource, bool) {
	r, ok := o.granted()
	return r, ok && r.Database != ""
}

func checkLinkGrants(a *app, report reporter) {
	for _, o := range a.byType[typeGrant] {
		r, ok := o.onDatabase()
		if !ok {
			continue
		}
		link := a.named[name("database", o.environment(r.Catalog), r.Database)]
		if link == nil || !link.isLink() {
			continue
		}
		if r.Kind != lf.KindDatabase {
			report(o, "Resource."+string(r.Kind), "a grant through the link "+r.Database, "the target's own database and catalog")
			continue
		}
		for _, p := range o.permissions("Permissions") {
			if p != lf.Describe && p != lf.Drop {
				report(o, "Permissions", string(p)+" on the link "+r.Database, "DESCRIBE")
			}
		}
	}
}

func checkSides(a *app, report reporter) {
	for _, o := range a.byType[typeGrant] {
		r, ok := o.onDatabase()
		if !ok || a.named[name("database", o.environment(r.Catalog), r.Database)] != nil {
			continue
		}
		for _, link := range a.links() {
			home := link.environment(text(link.props, "CatalogId"))
			producer := text(link.props, "DatabaseInput.TargetDatabase.CatalogId")
			there := link.environment(producer)
			property := "Resource." + string(r.Kind)
			switch {
			case home == there:
			case o.environment(r.Catalog) == home && sameName(r.Database, text(link.props, "DatabaseInput.TargetDatabase.DatabaseName")):
				report(o, property, "the target "+r.Database+" in the catalog of the link", "the catalog "+producer)
			case o.environment(r.Catalog) == there && sameName(r.Database, link.databaseName()):
				report(o, property, "the link "+r.Database+" in the catalog of its target", "the catalog of the link")
			}
		}
	}
}

func sameName(a, b string) bool { return known(a) && strings.EqualFold(a, b) }
