package render

import (
	"encoding/json"
	"io"

	"github.com/lakemesh/lakemesh/stacks/review"
)

// JSON writes the whole report, indented. A report without findings has an empty list.
func JSON(w io.Writer, r *review.Report) error {
	out := *r
	out.Findings = append([]review.Finding{}, r.Findings...)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
