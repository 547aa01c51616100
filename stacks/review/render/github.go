package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/review"
)

// commands are what GitHub Actions calls the severities.
var commands = map[review.Severity]string{review.Error: "error", review.Warning: "warning", review.Note: "notice"}

// GitHub writes a workflow command for each finding, which GitHub Actions shows beside the
// line. GitHub shows ten errors and ten warnings of a step: the first ones are written first.
//
// Source: "Workflow commands for GitHub Actions".
func GitHub(w io.Writer, r *review.Report) error {
	out := &strings.Builder{}
	if r.Empty() {
		fmt.Fprintln(out, nothing(r))
	}
	for _, f := range r.Findings {
		var properties []string
		add := func(key, value string) { properties = append(properties, key+"="+escapeProperty(value)) }
		if f.Place.File != "" {
			add("file", f.Place.File)
		}
		if f.Place.Line > 0 {
			add("line", fmt.Sprint(f.Place.Line))
		}
		add("title", f.Kind.Title())
		message := strings.Join(append([]string{f.Text}, f.Reasons()...), "\n")
		fmt.Fprintf(out, "::%s %s::%s\n", commands[f.Severity], strings.Join(properties, ","), escapeData(message))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func escapeProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(text))
}
