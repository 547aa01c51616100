package main

import (
	"bufio"
	"context"
	"os"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/review"
	"github.com/lakemesh/lakemesh/stacks/review/touched"
)

// locate gives every finding the line where somebody would mend it: where the base is a
// revision, of what changed since then; else of the template. What lies in a folder that is
// removed again is no place.
func locate(ctx context.Context, report *review.Report, base, head *side, folder string) error {
	var lines *touched.Lines
	if base.revision != "" {
		var err error
		if lines, err = touched.Between(ctx, "", base.revision, head.revision); err != nil {
			return err
		}
	}
	templates := map[string]map[string]int{}
	for i := range report.Findings {
		f := &report.Findings[i]
		file := f.Place.File
		f.Place = review.Place{}
		if lines != nil {
			f.Place = lines.Place(*f)
		}
		if f.Place.File == "" && file != "" && !strings.HasPrefix(file, folder) {
			if templates[file] == nil {
				templates[file] = resourceLines(file)
			}
			f.Place = review.Place{File: file, Line: templates[file][f.Resource]}
		}
	}
	return nil
}

// resourceLines are the first lines of a template that begin with a name and a colon, by the
// name: those of its resources among others. A file that cannot be read has none.
func resourceLines(file string) map[string]int {
	out := map[string]int{}
	text, err := os.Open(file) //nolint:gosec // a template that was read before
	if err != nil {
		return out
	}
	defer text.Close()
	scanner := bufio.NewScanner(text)
	for n := 1; scanner.Scan(); n++ {
		name, _, found := strings.Cut(strings.TrimSpace(scanner.Text()), ":")
		if name = strings.Trim(name, `"'`); found && out[name] == 0 {
			out[name] = n
		}
	}
	return out
}
