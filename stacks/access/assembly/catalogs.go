package assembly

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// guessAccount gives the stacks without a fixed account that of the only catalog which
// their templates name by its number, and returns it. It is "" where they name none or
// several, or link to it, as one does to the catalog of another account.
func guessAccount(stacks []*template.Stack) string {
	named, linked := map[string]bool{}, map[string]bool{}
	for _, s := range stacks {
		for _, res := range s.Resources {
			if _, bears := readers[res.Type]; bears && template.IsUnresolved(s.Account) {
				catalogsIn(res.Properties, false, named, linked)
			}
		}
	}
	found := slices.Collect(maps.Keys(named))
	if len(found) != 1 || linked[found[0]] {
		return ""
	}
	for _, s := range stacks {
		if template.IsUnresolved(s.Account) {
			s.Account = found[0]
		}
	}
	return found[0]
}

var accountNumber = regexp.MustCompile(`^\d{12}(?::|$)`)

// catalogsIn collects the accounts of the catalogs that properties name.
func catalogsIn(in any, link bool, named, linked map[string]bool) {
	switch v := in.(type) {
	case []any:
		for _, item := range v {
			catalogsIn(item, link, named, linked)
		}
	case map[string]any:
		for key, item := range v {
			text, isText := item.(string)
			if isText && (strings.HasSuffix(key, "CatalogId") || key == "Catalog") && accountNumber.MatchString(text) {
				if link {
					linked[text[:12]] = true
				} else {
					named[text[:12]] = true
				}
			}
			catalogsIn(item, link || strings.HasPrefix(key, "Target"), named, linked)
		}
	}
}
