// Package promised says what the subscriptions of a mesh promise, column by column: read
// off the mesh and the contracts, without a look at grants, tags and filters, which are
// then held against it, as planned and as deployed.
package promised

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// Cell is a column that a principal can read.
type Cell struct{ Principal, Table, Column string }

// Cells are the columns that the subscriptions of a plan speak of, each with the
// condition on its rows: those of the levels asked for, within the columns listed, without
// those excepted, and with one of the values of each tag.
func Cells(d *mesh.Definition, p *mesh.Plan) map[Cell]string {
	out := map[Cell]string{}
	for _, c := range p.Consumers {
		for _, s := range c.Subscriptions {
			producer, _ := p.Domain(s.Producer)
			for _, table := range producer.Tables() {
				if table.Product != s.Product {
					continue
				}
				for _, column := range table.Table.Columns {
					if !slices.Contains(s.Sensitivity, column.Sensitivity) || slices.Contains(s.Except, column.Name) ||
						len(s.Columns) > 0 && !slices.Contains(s.Columns, column.Name) || !hasTags(d, s, table, column) {
						continue
					}
					for _, principal := range s.Principals {
						out[Cell{principal.Identifier, table.Database + "." + table.Table.Name, column.Name}] = s.Rows.Text()
						if principal.Name != mesh.JobPrincipal(s.Consumer) {
							continue
						}
						for _, job := range jobs(d, p, s) {
							out[Cell{job, table.Database + "." + table.Table.Name, column.Name}] = s.Rows.Text()
						}
					}
				}
			}
		}
	}
	return out
}

// jobs are the roles of the jobs whose queries read the product of a subscription.
func jobs(d *mesh.Definition, p *mesh.Plan, s mesh.SubscriptionPlan) []string {
	var out []string
	consumer, _ := p.Domain(s.Consumer)
	for _, domain := range d.Domains {
		for _, k := range domain.Contracts {
			reads := func(t contract.Table) bool {
				return strings.Contains(t.TransformLogic, "{"+s.Producer+"."+s.Product+".")
			}
			if domain.Name != s.Consumer || !slices.ContainsFunc(k.Tables, reads) {
				continue
			}
			for _, product := range consumer.Products {
				if product.Name == k.Name && product.Materialization != nil {
					out = append(out, product.Materialization.RoleARN)
				}
			}
		}
	}
	return out
}

// hasTags reports whether a column has one of the values of each tag of a subscription.
func hasTags(d *mesh.Definition, s mesh.SubscriptionPlan, table mesh.TablePlan, column contract.Column) bool {
	for _, tag := range s.Tags {
		key := strings.TrimPrefix(strings.TrimPrefix(tag.Key, d.Name+":"), s.Producer+".")
		value := Decided(key, table.Contract, table.Table, column)
		if values := d.Ontology[key]; value == "" && values != nil && anyoneDecides(d, key) {
			value = values[len(values)-1]
		}
		if !slices.Contains(tag.Values, value) {
			return false
		}
	}
	return true
}

// Decided is what a column, else its table, else its contract says for a key.
func Decided(key string, k *contract.Contract, table contract.Table, c contract.Column) string {
	for _, tags := range [][]contract.LFTag{c.LFTags, table.LFTags, k.LFTags} {
		for _, tag := range tags {
			if tag.Key == key {
				return tag.Value
			}
		}
	}
	return ""
}

// anyoneDecides reports whether anything in a mesh has a value for a key of the whole
// mesh: where nothing has, nothing is tagged with it.
func anyoneDecides(d *mesh.Definition, key string) bool {
	for _, domain := range d.Domains {
		for _, k := range domain.Contracts {
			for _, table := range k.Tables {
				for _, c := range table.Columns {
					if Decided(key, k, table, c) != "" {
						return true
					}
				}
			}
		}
	}
	return false
}
