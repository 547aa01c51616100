package drift

import (
	"encoding/json"
	"io"
)

// JSON writes the report, indented. Lists that are empty are [].
func JSON(w io.Writer, r *Report) error {
	out := *r
	out.Findings = append([]Finding{}, r.Findings...)
	for _, list := range []*[]string{&out.Rights, &out.Notes, &out.Unread, &out.Places} {
		*list = append([]string{}, *list...)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
