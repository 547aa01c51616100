package rules

import (
	"fmt"
	"slices"
	"strings"
)

func tagRules() []Rule {
	const source = `"AWS::LakeFormation::TagAssociation"`
	return []Rule{{
		ID:     "LF60",
		Title:  "A tag association is about one resource",
		Why:    "Resource is a union: with none or several members the deployment fails, and the schema accepts both.",
		Fix:    "name one of Database, Table, TableWithColumns; make an association for each",
		Source: source + " (rule 2.11)",
		check:  each(checkUnion, typeAssociation),
	}, {
		ID:     "LF61",
		Title:  "A resource has one value per tag key",
		Why:    "Lake Formation keeps one value; which of several wins is chance, and with it who reads.",
		Fix:    "list each key once, with one value",
		Source: source + " (rule 2.10)",
		check:  each(checkOneValue, typeAssociation),
	}, {
		ID:     "LF62",
		Title:  "A tag key is put on a resource once",
		Why:    "Two associations overwrite each other, and removing one removes the tag that the other put there.",
		Fix:    "join them in one association",
		Source: source + ", return values (rules 2.10 and 2.11)",
		check:  checkAssociatedOnce,
	}, {
		ID:     "LF63",
		Title:  "A tag has the value that is put on a resource",
		Why:    "Lake Formation refuses a value that the LF-Tag does not have.",
		Fix:    "add the value to the tag's TagValues, or correct it",
		Source: `"AWS::LakeFormation::Tag" (rule 2.10)`,
		check:  checkDeclared,
	}}
}

func checkOneValue(o *object, report reporter) {
	seen := map[string]bool{}
	for i, tag := range list(o.props, "LFTags") {
		key := strings.ToLower(text(tag, "TagKey"))
		place := fmt.Sprintf("LFTags[%d]", i)
		if values := list(tag, "TagValues"); len(values) != 1 {
			report(o, place+".TagValues", fmt.Sprintf("%d values", len(values)), "one value")
		}
		if seen[key] {
			report(o, place, key+" again", "each key once")
		}
		seen[key] = true
	}
}

func checkAssociatedOnce(a *app, report reporter) {
	first := map[string]*object{}
	for _, o := range a.byType[typeAssociation] {
		r, ok := o.granted()
		if !ok {
			continue
		}
		subject := strings.ToLower(o.environment(r.Catalog) + "\n" + r.In("").Key())
		for _, key := range keysOf(o) {
			pair := subject + "\n" + key
			if other := first[pair]; other != nil {
				report(o, "LFTags", key+" as in "+other.stack.Path(other.id), "each key once per resource")
				continue
			}
			first[pair] = o
		}
	}
}

// keysOf are the distinct keys of an association.
func keysOf(o *object) []string {
	var out []string
	for _, tag := range list(o.props, "LFTags") {
		out = append(out, strings.ToLower(text(tag, "TagKey")))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func checkDeclared(a *app, report reporter) {
	for _, o := range a.byType[typeAssociation] {
		for i, used := range list(o.props, "LFTags") {
			tag := a.named[name("tag", o.environment(text(used, "CatalogId")), text(used, "TagKey"))]
			if tag == nil {
				continue // made elsewhere
			}
			declared := folded(texts(tag.props, "TagValues"))
			for _, value := range folded(texts(used, "TagValues")) {
				if known(value) && !slices.Contains(declared, value) && !slices.ContainsFunc(declared, unknown) {
					report(o, fmt.Sprintf("LFTags[%d].TagValues", i), value, "one of "+strings.Join(declared, ", "))
				}
			}
		}
	}
}

func unknown(s string) bool { return !known(s) }

// folded are the values as Lake Formation keeps them.
func folded(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = s
		if known(s) {
			out[i] = strings.ToLower(s)
		}
	}
	return out
}
