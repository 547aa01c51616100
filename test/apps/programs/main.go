// Command programs holds small CDK apps as others write them, with their own
// names, stacks and resources around the constructs of this library. Each is
// synthesized in a process of its own:
//
//	programs list                  one line of JSON for each app
//	programs NAME OUTDIR           synthesizes one
//	programs all OUTDIR            synthesizes all, last first, each below its name
//
// The exit code is 0 when the app was synthesized and 3 when it was refused, with
// what was said on standard error.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// program is one app.
type program struct {
	Name string
	// Refused are parts of what is said instead of a synthesis.
	Refused []string `json:",omitempty"`
	// Undeployed says why the local AWS does not take the app.
	Undeployed string `json:",omitempty"`
	// Findings are the rules of constructs/policy that the app breaks with resources of its own.
	Findings []string `json:",omitempty"`

	props func() *awscdk.AppProps // nil: those of awscdk.NewApp(nil)
	build func(app awscdk.App)
}

func programs() []program {
	return slices.Concat(first(), storagePrograms(), catalogPrograms(), grantPrograms(), principalPrograms(),
		placePrograms(), environmentPrograms(), queryPrograms(), healthPrograms(), readyPrograms(), refusedPrograms())
}

func main() {
	code := 1
	defer func() { os.Exit(code) }()
	defer jsii.Close()
	var err error
	switch {
	case len(os.Args) == 2 && os.Args[1] == "list":
		err = list()
	case len(os.Args) == 3 && os.Args[1] == "all":
		err = all(os.Args[2])
	case len(os.Args) == 3:
		err = one(os.Args[1], os.Args[2])
	default:
		err = errors.New("usage: programs list | programs NAME OUTDIR | programs all OUTDIR")
	}
	var refusal *refusal
	switch {
	case err == nil:
		code = 0
	case errors.As(err, &refusal):
		fmt.Fprintln(os.Stderr, err)
		code = 3
	default:
		fmt.Fprintln(os.Stderr, "programs:", err)
	}
}

func list() error {
	out := json.NewEncoder(os.Stdout)
	for _, p := range programs() {
		if err := out.Encode(p); err != nil {
			return err
		}
	}
	return nil
}

func one(name, folder string) error {
	for _, p := range programs() {
		if p.Name == name {
			return p.synthesize(folder)
		}
	}
	return fmt.Errorf("there is no program %s", name)
}

// all synthesizes every app in this process, from the last to the first, so that
// none meets the numbers of tokens that it met alone. What went wrong with an app
// stands in a file beside its folder.
func all(folder string) error {
	for _, p := range slices.Backward(programs()) {
		if err := p.attempt(filepath.Join(folder, p.Name)); err != nil {
			if err := os.WriteFile(filepath.Join(folder, p.Name+".said"), []byte(err.Error()+"\n"), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// attempt keeps a bug in one app from those that follow.
func (p program) attempt(folder string) (err error) {
	defer func() {
		if bug := recover(); bug != nil {
			err = fmt.Errorf("%v", bug)
		}
	}()
	return p.synthesize(folder)
}
