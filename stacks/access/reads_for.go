package access

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// maxReadFor is how many products of one domain a row names; of more it names the domain.
const maxReadFor = 3

// sayReadFor enters in each row of a table for which other products it is read: those
// whose tables the principal writes. A table that the principal writes itself is read for
// nothing else.
func sayReadFor(rows []Row) {
	writes, known := map[string][]string{}, map[[2]string]bool{}
	for i := range rows {
		r := &rows[i]
		if name := r.Domain + "." + r.Product; r.Kind == OnTable && r.writes() && r.Domain != "" && r.Product != "" && !known[[2]string{r.Principal, name}] {
			known[[2]string{r.Principal, name}] = true
			writes[r.Principal] = append(writes[r.Principal], name)
		}
	}
	for principal, products := range writes {
		writes[principal] = inDomains(products)
	}
	for i := range rows {
		if r := &rows[i]; r.Kind == OnTable && r.Can(lakeformation.Select) && !r.writes() {
			r.ReadFor = writes[r.Principal]
		}
	}
}

func (r Row) writes() bool { return r.Can(lakeformation.Insert) }

// inDomains are products, sorted; a domain alone where they are many of one.
func inDomains(products []string) []string {
	byDomain := map[string][]string{}
	for _, p := range products {
		domain, _, _ := strings.Cut(p, ".")
		byDomain[domain] = append(byDomain[domain], p)
	}
	var out []string
	for domain, list := range byDomain {
		if len(list) > maxReadFor {
			list = []string{domain}
		}
		out = append(out, list...)
	}
	slices.Sort(out)
	return out
}
