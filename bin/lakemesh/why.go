package main

import (
	"fmt"
	"io"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/render"
)

// why writes why a principal sees a table or a column of it, or why not.
func why(w io.Writer, state *access.State, principal, target, formatName string) error {
	write, err := render.ParseExplanationFormat(formatName)
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	explainer := access.NewExplainer(state)
	table, column := explainer.Split(target)
	explanation, err := explainer.Explain(principal, table, column)
	if err != nil {
		return err
	}
	return write(w, explanation)
}
