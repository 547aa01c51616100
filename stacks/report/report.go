package report

import (
	"errors"
	"io"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/review"
)

// Input is what a page is about.
type Input struct {
	// Title is what the page is called, such as the name of the mesh or the folder of the
	// templates. Default: "LakeMesh".
	Title string
	// State is what is granted, tagged and catalogued. Required.
	State *access.State
	// Plan is the plan of the mesh, for what templates do not tell: contracts, owners, jobs.
	// Without it the sections about them are left out.
	Plan *mesh.Plan
	// Changes are what a change means since a base. Without it the page says how to get it.
	Changes *review.Report
}

// input is an Input with what is worked out of it once, for all sections.
type input struct {
	Input
	state     *access.State // normalized
	explainer *access.Explainer
	matrix    *access.Matrix
}

// Write writes the page. The same input gives the same bytes.
func Write(w io.Writer, in Input) error {
	if in.State == nil {
		return errors.New("the field State: got none; expected what is granted; fix: read it from templates with package assembly")
	}
	explainer := access.NewExplainer(in.State)
	p, err := newPage(&input{Input: in, state: access.Merge(in.State), explainer: explainer, matrix: explainer.Matrix()})
	if err != nil {
		return err
	}
	return frame.Execute(w, p)
}
