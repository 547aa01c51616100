package origin

import (
	"fmt"
	"io"
	"strings"
)

// Mermaid writes a flowchart of where tables come from, which GitHub and many wikis draw:
// a box for each table in one of its domain, an arrow from what is read to what is made of
// it, with the columns that are read.
func (m *Mesh) Mermaid(w io.Writer, tables []*Table) error {
	order := m.down(tables)
	ids := map[Name]string{}
	for i, t := range order {
		ids[t.Name] = fmt.Sprintf("t%d", i)
	}
	out := &strings.Builder{}
	fmt.Fprintln(out, "flowchart LR")
	var domains []string
	byDomain := map[string][]*Table{}
	for _, t := range order {
		if byDomain[t.Domain] == nil {
			domains = append(domains, t.Domain)
		}
		byDomain[t.Domain] = append(byDomain[t.Domain], t)
	}
	for i, domain := range domains {
		fmt.Fprintf(out, "  subgraph d%d [%q]\n", i, domain)
		for _, t := range byDomain[domain] {
			label := strings.TrimPrefix(t.String(), t.Domain+".")
			if t.Schedule != "" {
				label += "<br/>" + When(t.Schedule)
			}
			fmt.Fprintf(out, "    %s[%q]\n", ids[t.Name], label)
		}
		fmt.Fprintln(out, "  end")
	}
	for _, t := range order {
		for _, r := range t.Reads {
			if ids[r.Name] == "" {
				continue
			}
			label := strings.Trim(r.seen(), " ()")
			if label != "" {
				label = "|" + label + "|"
			}
			fmt.Fprintf(out, "  %s -->%s %s\n", ids[r.Name], label, ids[t.Name])
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
