package report

import "github.com/lakemesh/lakemesh/stacks/report/catalogue"

// catalogueData is the catalogue as its script reads it. A page may have a hundred thousand
// columns: each is a list of its name, its type and its level, the two as numbers in Words,
// and of what else is said of it, if anything.
type catalogueData struct {
	Words    []string      `json:"words"`
	Products []productData `json:"products"`
}

type productData struct {
	catalogue.Product

	Tables []tableData `json:"tables"`
}

type tableData struct {
	catalogue.Table

	Columns [][]any `json:"columns"`
}

// columnData is what else is said of a column.
type columnData struct {
	catalogue.Column

	Name  string `json:"name,omitempty"`
	Type  string `json:"type,omitempty"`
	Level string `json:"level,omitempty"`
}

// catalogueOf is the catalogue of the mesh, or of what templates alone tell.
func catalogueOf(in *input) any {
	if in.Plan != nil {
		return shortened(catalogue.Of(in.Plan, in.matrix))
	}
	return shortened(catalogue.FromState(in.State, in.matrix))
}

func shortened(products []catalogue.Product) catalogueData {
	words := newTexts()
	out := catalogueData{Products: []productData{}}
	for _, p := range products {
		product := productData{Product: p, Tables: []tableData{}}
		for _, t := range p.Tables {
			table := tableData{Table: t, Columns: [][]any{}}
			for _, c := range t.Columns {
				column := []any{c.Name, words.of(c.Type), words.of(string(c.Level))}
				if more := (columnData{Column: c}); more.saysMore() {
					column = append(column, more)
				}
				table.Columns = append(table.Columns, column)
			}
			product.Tables = append(product.Tables, table)
		}
		out.Products = append(out.Products, product)
	}
	out.Words = words.all
	return out
}

// saysMore reports whether there is more to say than name, type and level.
func (c columnData) saysMore() bool {
	return c.Classified != "" || c.Description != "" || c.Identifier != "" || c.Key > 0 || c.Partition > 0 || c.Required || c.Unique ||
		len(c.Values)+len(c.Examples)+len(c.From) > 0 || c.Method != ""
}
