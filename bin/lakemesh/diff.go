package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/guardrail"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/review"
	"github.com/lakemesh/lakemesh/stacks/review/cdkapp"
	"github.com/lakemesh/lakemesh/stacks/review/render"
)

func newDiffCommand(src *source) *cobra.Command {
	var given template.Given
	var parameters, values []string
	var formatName, chosen string
	command := &cobra.Command{
		Use:   "diff BASE [HEAD]",
		Short: "Say who gains and loses what by a change, and what it breaks",
		Long: "Diff compares what two revisions would deploy: who gains and loses which columns and rows\n" +
			"and why, new ways around Lake Formation, who can give access, weaker protections, promises\n" +
			"to readers that break, and what holds data and is replaced or deleted.\n\n" +
			"BASE and HEAD are each a cloud assembly, a folder of templates, a single template, or a\n" +
			"revision of the git repository at hand, such as origin/main. What is there as a file or\n" +
			"folder is taken for that. A revision is checked out beside the repository and synthesized\n" +
			"by the build and app commands of its cdk.json, with what is installed here (node_modules).\n\n" +
			"Without HEAD a revision is compared with the app as it stands here, synthesized too, and\n" +
			"templates are compared with cdk.out.\n\n" +
			"Of revisions with a mesh file, the guardrails of both judge what is new. Templates that are\n" +
			"compared with a revision are judged by those of the app as it stands here. Where BASE is a\n" +
			"revision, findings have the changed line that most likely leads to them.\n\n" +
			"It exits with 2 when --fail-on chooses a finding: a severity (error, warning, note) stands\n" +
			"for itself and higher ones, a kind for its errors and warnings, gained:error for both.",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(command *cobra.Command, args []string) error {
			write, err := render.ParseFormat(formatName)
			if err != nil {
				return fmt.Errorf("--format: %w", err)
			}
			fails, err := review.ParseFailOn(chosen)
			if err != nil {
				return fmt.Errorf("--fail-on: %w", err)
			}
			if err = complete(&given, parameters); err != nil {
				return err
			}
			app := cdkapp.App{Account: given.Account, Region: given.Region}
			if app.Context, err = assignmentsIn("context", values); err != nil {
				return err
			}
			ctx, stop := interruptible(command)
			defer stop()
			report, err := compare(ctx, src, args, app, given)
			if err != nil {
				return err
			}
			if err := write(command.OutOrStdout(), report); err != nil {
				return err
			}
			if found := fails.In(report); len(found) > 0 {
				return failOn(fmt.Sprintf("--fail-on %s: %s", chosen, review.Count(found)))
			}
			return nil
		},
	}
	flags := command.Flags()
	flags.StringArrayVarP(&values, "context", "c", nil, "context value of an app that is synthesized, key=value; may be repeated")
	flags.StringVar(&given.Account, "account", "", "account of stacks that have no fixed one")
	flags.StringVar(&given.Region, "region", "", "region of stacks that have no fixed one")
	flags.StringArrayVar(&parameters, "parameter", nil, "value of a parameter of the templates, Name=Value; may be repeated")
	flags.StringVarP(&formatName, "format", "f", "text", "one of "+render.FormatNames())
	flags.StringVar(&chosen, "fail-on", "", "severities and kinds of findings to exit with 2 on, joined by commas, for example error,way-around")
	return command
}

// compare reads the two sides that the arguments name, synthesizes them where needed, and
// compares them.
func compare(ctx context.Context, src *source, args []string, app cdkapp.App, given template.Given) (*review.Report, error) {
	folder, err := os.MkdirTemp("", "lakemesh-diff-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	base, err := sideOf(ctx, src, args[0], app, filepath.Join(folder, "base"))
	if err != nil {
		return nil, fmt.Errorf("BASE: %w", err)
	}
	head := &side{name: "cdk.out", templates: "cdk.out"}
	switch {
	case len(args) == 2:
		if head, err = sideOf(ctx, src, args[1], app, filepath.Join(folder, "head")); err != nil {
			return nil, fmt.Errorf("HEAD: %w", err)
		}
	case base.revision != "":
		head = &side{name: "the working tree", templates: filepath.Join(folder, "head")}
		app.Visit = head.judgeBy(src)
		if err := cdkapp.Synth(ctx, app, head.templates); err != nil {
			return nil, fmt.Errorf("HEAD: the app as it stands here cannot be synthesized: %w", err)
		}
	default:
		if _, err := os.Stat(head.templates); err != nil {
			return nil, fmt.Errorf("HEAD: no templates in cdk.out: run cdk synth first, or name what to compare with (%w)", err)
		}
	}
	if base.revision != "" && head.revision == "" && head.judge == nil {
		if err := head.judgeHere(src, app); err != nil {
			return nil, fmt.Errorf("HEAD: %w", err)
		}
	}
	before, after, err := review.ReadBoth(base.templates, head.templates, given)
	if err != nil {
		return nil, err
	}
	before.Name, after.Name = base.name, head.name
	before.Judge, after.Judge = base.judge, head.judge
	report := review.Compare(before, after)
	return report, locate(ctx, report, base, head, folder)
}

// side is one side of a comparison.
type side struct {
	name      string           // what reports call it
	templates string           // folder or file
	revision  string           // of git; "" of templates and of the working tree
	judge     *guardrail.Judge // by the guardrails of its mesh file; nil without one
}

// sideOf finds out what an argument names. A revision is synthesized into a folder.
func sideOf(ctx context.Context, src *source, name string, app cdkapp.App, output string) (*side, error) {
	if _, err := os.Stat(name); err == nil {
		return &side{name: name, templates: name}, nil
	}
	if !cdkapp.IsRevision(ctx, app.Folder, name) {
		return nil, fmt.Errorf("got %q; expected a cloud assembly, a folder of templates, a template, or a revision that git knows here; fix: name one that is there, and fetch a revision that a shallow clone lacks: git fetch origin %s", name, strings.TrimPrefix(name, "origin/"))
	}
	out := &side{name: name, templates: output, revision: name}
	app.Visit = out.judgeBy(src)
	return out, cdkapp.At(ctx, name, app, output)
}

// judgeHere takes the guardrails of the app at hand, for templates that are compared with a
// revision of it. Without a cdk.json nothing at hand is an app.
func (s *side) judgeHere(src *source, app cdkapp.App) error {
	values, err := cdkapp.Context(app)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.judgeBy(src)(app.Folder, values)
}

// judgeBy reads the guardrails of an app's mesh file, which a flag or the context names, where
// the app has one.
func (s *side) judgeBy(src *source) func(folder string, values map[string]any) error {
	return func(folder string, values map[string]any) error {
		file := src.file
		if named, _ := values["mesh"].(string); file == "" {
			file = named
		}
		if file == "" {
			return nil
		}
		if !filepath.IsAbs(file) {
			file = filepath.Join(folder, file)
		}
		if _, err := os.Stat(file); err != nil {
			return nil // the context of another app means something else
		}
		definition, err := mesh.Load(file)
		if err != nil {
			return err
		}
		stage, _ := values["stage"].(string)
		plan, err := definition.Plan(stage)
		if err != nil {
			return err
		}
		s.judge, err = definition.Judge(plan)
		return err
	}
}
