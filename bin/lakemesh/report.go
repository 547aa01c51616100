package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/stacks/report"
	"github.com/lakemesh/lakemesh/stacks/review/cdkapp"
)

// pageFile is what the page is called in its folder, so that servers of files show it.
const pageFile = "index.html"

func newReportCommand(src *source) *cobra.Command {
	var output, stage, base string
	var values []string
	var templates templateSource
	command := &cobra.Command{
		Use:   "report",
		Short: "Write who can see what as one page for a browser",
		Long: "Report writes who can see what as one self-contained page: a single HTML file that\n" +
			"needs no network. It reads the templates as access does. With -m it says what the mesh\n" +
			"file tells beside them, such as contracts and owners. With --base it says what a change\n" +
			"means, as diff does: BASE is a cloud assembly, a folder of templates, a template, or a\n" +
			"revision of the git repository at hand, such as origin/main.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			state, err := templates.read()
			if err != nil {
				return err
			}
			in := report.Input{Title: templates.title(), State: state}
			if src.file != "" {
				definition, err := src.load()
				if err != nil {
					return err
				}
				if in.Plan, err = definition.Plan(cmp.Or(stage, definition.Stages.Names()[0])); err != nil {
					return err
				}
				in.Title = definition.Name + " " + in.Plan.Stage
			}
			if base != "" {
				app := cdkapp.App{Account: templates.given.Account, Region: templates.given.Region}
				if app.Context, err = assignmentsIn("context", values); err != nil {
					return err
				}
				ctx, stop := interruptible(command)
				defer stop()
				if in.Changes, err = compare(ctx, src, []string{base, templates.path}, app, templates.given); err != nil {
					return err
				}
			}
			name, err := writePage(output, in)
			if err != nil {
				return err
			}
			fmt.Fprintln(command.OutOrStdout(), name)
			return nil
		},
	}
	templates.addFlags(command)
	command.Flags().StringVarP(&output, "output", "o", "site", "folder that the page is written to, as "+pageFile)
	command.Flags().StringVar(&stage, "stage", "", "stage of the mesh file that the templates are of (default: the first by name)")
	command.Flags().StringVar(&base, "base", "", "what to compare with: templates, or a git revision whose app is synthesized")
	command.Flags().StringArrayVarP(&values, "context", "c", nil, "context value of the app of --base, where it is a git revision, key=value; may be repeated")
	return command
}

// writePage writes the page into a folder, which is made, and returns the name of the file.
func writePage(folder string, in report.Input) (name string, err error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", err
	}
	name = filepath.Join(folder, pageFile)
	file, err := os.Create(name) //nolint:gosec // the user names the folder
	if err != nil {
		return "", err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	return name, report.Write(file, in)
}
