package cdkapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// App is a CDK app in a folder with a cdk.json.
type App struct {
	// Folder has the cdk.json.
	// Default: the current one.
	Folder string
	// Context are values of the context beside those of cdk.json and cdk.context.json, and
	// before them.
	Context map[string]string
	// Account is what the app takes for the account at hand.
	// Default: that of the variable CDK_DEFAULT_ACCOUNT.
	Account string
	// Region is what the app takes for the region at hand.
	// Default: that of the variable CDK_DEFAULT_REGION.
	Region string
	// Visit hears of the folder with the cdk.json that was synthesized, while it is there, and
	// of the values of the context.
	// Default: nobody does.
	Visit func(folder string, values map[string]any) error
}

// settings are what cdk.json says.
type settings struct {
	App     string         `json:"app"`
	Build   string         `json:"build"`
	Context map[string]any `json:"context"`
}

// Synth writes the cloud assembly of an app into a folder. The commands run in the app's
// folder, the one named build too. Errors end with the last lines of what the command
// printed.
func Synth(ctx context.Context, app App, output string) error {
	file := filepath.Join(app.Folder, "cdk.json")
	var s settings
	if err := readJSON(file, &s); err != nil {
		return err
	}
	if s.App == "" {
		return fmt.Errorf("%s: got no app; expected the command that runs the CDK app", file)
	}
	values, err := app.context(s)
	if err != nil {
		return err
	}
	environment, remove, err := app.environment(values, output)
	if err != nil {
		return err
	}
	defer remove()
	for _, command := range []struct{ name, text string }{{"build", s.Build}, {"app", s.App}} {
		if command.text == "" {
			continue
		}
		if err := run(ctx, app.Folder, environment, command.text); err != nil {
			return fmt.Errorf("the %s command of %s failed: %s: %w", command.name, file, command.text, err)
		}
	}
	if err := checkMissing(output, file); err != nil {
		return err
	}
	if app.Visit == nil {
		return nil
	}
	return app.Visit(app.Folder, values)
}

// context are the values that the app is given: of the caller, then of cdk.json, then of
// cdk.context.json, and what the CDK's command line adds.
func (a App) context(s settings) (map[string]any, error) {
	values := map[string]any{}
	if err := readJSON(filepath.Join(a.Folder, "cdk.context.json"), &values); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	maps.Copy(values, s.Context)
	for key, value := range a.Context {
		values[key] = value
	}
	values["aws:cdk:enable-path-metadata"] = true
	values["aws:cdk:enable-asset-metadata"] = true
	values["aws:cdk:bundling-stacks"] = []string{} // what is bundled says nothing about access
	return values, nil
}

// Context returns the values of the context that an app is synthesized with.
func Context(app App) (map[string]any, error) {
	var s settings
	if err := readJSON(filepath.Join(app.Folder, "cdk.json"), &s); err != nil {
		return nil, err
	}
	return app.context(s)
}

// maxContext is how many bytes of context are given in a variable; Linux takes no variable
// of 128 KiB. More goes into a file, as with the CDK's command line.
const maxContext = 100_000

// environment are the variables that the app runs with, and a function that removes what
// they name.
func (a App) environment(values map[string]any, output string) ([]string, func(), error) {
	text, err := json.Marshal(values)
	if err != nil {
		return nil, nil, err
	}
	out, remove := append(os.Environ(), "CDK_OUTDIR="+output), func() {}
	if len(text) > maxContext {
		folder, err := os.MkdirTemp("", "lakemesh-context-")
		if err != nil {
			return nil, nil, err
		}
		remove = func() { os.RemoveAll(folder) }
		file := filepath.Join(folder, "context.json")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			remove()
			return nil, nil, err
		}
		out, text = append(out, "CONTEXT_OVERFLOW_LOCATION_ENV="+file), []byte("{}")
	}
	out = append(out, "CDK_CONTEXT_JSON="+string(text))
	if a.Account != "" {
		out = append(out, "CDK_DEFAULT_ACCOUNT="+a.Account)
	}
	if a.Region != "" {
		out = append(out, "CDK_DEFAULT_REGION="+a.Region)
	}
	return out, remove, nil
}

// wait is how long a command that was interrupted may take to end.
const wait = 5 * time.Second

// run runs a command of the shell; its error has the end of what it printed.
func run(ctx context.Context, folder string, environment []string, text string) error {
	shell := []string{"sh", "-c"}
	if os.PathSeparator == '\\' {
		shell = []string{"cmd", "/C"}
	}
	command := exec.CommandContext(ctx, shell[0], shell[1], text) //nolint:gosec // what cdk.json says, as the CDK's command line runs it
	command.Dir, command.Env, command.WaitDelay = folder, environment, wait
	printed, err := command.CombinedOutput()
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, end(string(printed)))
	}
	return nil
}

// interrupted is the error of a command that was ended with a context.
func interrupted(ctx context.Context) error { return fmt.Errorf("it was interrupted: %w", ctx.Err()) }

// lastLines is how many lines of what a command printed an error has.
const lastLines = 40

// end are the last lines of a text.
func end(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if more := len(lines) - lastLines; more > 0 {
		lines = append([]string{fmt.Sprintf("(%d lines before these)", more)}, lines[more:]...)
	}
	return strings.Join(lines, "\n")
}

// checkMissing refuses an assembly that was made without values that it asks for.
func checkMissing(output, file string) error {
	var manifest struct {
		Missing []struct {
			Key string `json:"key"`
		} `json:"missing"`
	}
	if err := readJSON(filepath.Join(output, "manifest.json"), &manifest); err != nil {
		return fmt.Errorf("the app command of %s made no cloud assembly in the folder that CDK_OUTDIR names: %w", file, err)
	}
	var keys []string
	for _, m := range manifest.Missing {
		keys = append(keys, m.Key)
	}
	if len(keys) > 0 {
		return fmt.Errorf("the app asks for values of an account that cdk.context.json does not have: %s; fix: run cdk synth, and commit cdk.context.json", strings.Join(keys, ", "))
	}
	return nil
}

func readJSON(file string, into any) error {
	text, err := os.ReadFile(file) //nolint:gosec // a file that the caller names
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
