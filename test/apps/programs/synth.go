package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// refusal is what an app was refused with.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

// synthesize builds and synthesizes the app. It returns a refusal for what the
// app was told by a panic of a constructor or by an error annotation, with which
// cdk synth fails; a bug in Go keeps its stack trace.
func (p program) synthesize(folder string) (err error) {
	defer func() {
		switch told := recover().(type) {
		case nil:
		case runtime.Error:
			panic(told)
		case error:
			err = &refusal{text: told.Error()}
		default:
			panic(told)
		}
	}()
	props := &awscdk.AppProps{}
	if p.props != nil {
		props = p.props()
	}
	props.Outdir = jsii.String(folder)
	app := awscdk.NewApp(props)
	p.build(app)
	app.Synth(nil)
	return annotated(folder)
}

// annotated returns the error annotations of an assembly, which the command line
// stops at.
func annotated(folder string) error {
	var found []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() != "manifest.json" && !strings.HasSuffix(path, ".metadata.json") {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // a file of the assembly
		if err != nil {
			return err
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			return err
		}
		found = append(found, errorsIn(value)...)
		return nil
	})
	if err != nil || len(found) == 0 {
		return err
	}
	slices.Sort(found)
	return &refusal{text: strings.Join(slices.Compact(found), "\n")}
}

// errorsIn are the data of the error annotations in a manifest.
func errorsIn(value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		if text, ok := value["data"].(string); ok && value["type"] == "aws:cdk:error" {
			return []string{text}
		}
		for _, v := range value {
			found = append(found, errorsIn(v)...)
		}
	case []any:
		for _, v := range value {
			found = append(found, errorsIn(v)...)
		}
	}
	return found
}
