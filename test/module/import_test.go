package module

import (
	"fmt"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const cdk = "github.com/aws/aws-cdk-go/awscdk/v2"

// An app in a module of its own imports every package and synthesizes, without
// anything of this repository but the module itself: with the CDK that go get
// gives it, and with the oldest one that importing.md supports.
func TestImportingModuleSynthesizes(t *testing.T) {
	oldest, newest := supported(t)
	for _, version := range []string{newest, oldest} {
		t.Run(version, func(t *testing.T) {
			dir := importer(t)
			if version == oldest {
				appendTo(t, filepath.Join(dir, "go.mod"), named(t, "go.mod"))
			}
			run(t, dir, "go", "build", "-mod=mod", "-o", "lab", ".")
			if got := run(t, dir, "go", "version", "-m", "lab"); !strings.Contains(got, cdk+"\tv"+version) {
				t.Errorf("the app is not built with %s %s:\n%s", cdk, version, got)
			}
			run(t, dir, "./lab")

			data, err := os.ReadFile(filepath.Join(dir, "cdk.out", "Lab.template.json")) //nolint:gosec // a file this test has just made
			if err != nil {
				t.Fatal(err)
			}
			template := string(data)
			for _, want := range []string{`"aws:SecureTransport"`, `"BlockPublicAcls": true`, `"EnableKeyRotation": true`} {
				if !strings.Contains(template, want) {
					t.Errorf("the importing app's template has no %s", want)
				}
			}
		})
	}
}

// What the module needs for its own commands and tests does not become a
// requirement of those who import constructs.
func TestImportersGetNoTestDependencies(t *testing.T) {
	dir := importer(t)
	run(t, dir, "go", "mod", "tidy")
	mod, sum := read(t, filepath.Join(dir, "go.mod")), read(t, filepath.Join(dir, "go.sum"))
	for _, module := range []string{"github.com/cdklabs/cdk-nag-go", "github.com/google/go-cmp", "pgregory.net/rapid"} {
		if strings.Contains(mod, module) {
			t.Errorf("an importer's go.mod requires %s", module)
		}
	}
	for _, module := range []string{"github.com/spf13/cobra"} {
		if strings.Contains(mod, module) || strings.Contains(sum, module) {
			t.Errorf("an importer's go.mod or go.sum has %s", module)
		}
	}
}

// supported is the range of CDK versions that importing.md states. The newest is
// the one that this module requires, the oldest the one whose line it shows.
func supported(t *testing.T) (oldest, newest string) {
	t.Helper()
	found := regexp.MustCompile(`aws-cdk-go (\d+\.\d+\.\d+) to (\d+\.\d+\.\d+)`).FindStringSubmatch(read(t, filepath.Join(root, "constructs", "docs", "importing.md")))
	if found == nil {
		t.Fatal("importing.md states no range of CDK versions")
	}
	if want := cdk + " v" + found[2] + "\n"; !strings.Contains(read(t, filepath.Join(root, "go.mod")), want) {
		t.Errorf("importing.md says that %s is the newest CDK, go.mod does not require it", found[2])
	}
	if line := named(t, "go.mod"); !strings.HasSuffix(strings.TrimSpace(line), " v"+found[1]) {
		t.Errorf("importing.md says that %s is the oldest CDK, and shows %s", found[1], line)
	}
	return found[1], found[2]
}

// importer is the folder of a module with the program of importing.md, and a file that
// imports every package that others may import.
func importer(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var imports strings.Builder
	for _, folder := range public(t) {
		fmt.Fprintf(&imports, "import _ %q\n", "github.com/lakemesh/lakemesh/"+folder)
	}
	write(t, filepath.Join(dir, "main.go"), named(t, "main.go"))
	write(t, filepath.Join(dir, "packages.go"), "package main\n\n"+imports.String())
	useCheckout(t, dir)
	return dir
}

// useCheckout makes a folder a module that requires this one as it is here.
func useCheckout(t *testing.T, dir string) {
	t.Helper()
	run(t, dir, "go", "mod", "init", "example.org/lab")
	requireCheckout(t, dir)
}

// requireCheckout lets a module require this one as it is here.
func requireCheckout(t *testing.T, dir string) {
	t.Helper()
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	copyFile(t, filepath.Join(checkout, "go.sum"), filepath.Join(dir, "go.sum"))
	run(t, dir, "go", "mod", "edit",
		"-require=github.com/lakemesh/lakemesh@v0.0.0", "-replace=github.com/lakemesh/lakemesh="+checkout)
}

// public are the folders of the packages that others may import.
func public(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, top := range []string{"constructs", "stacks"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if name := d.Name(); name == "internal" || name == "testdata" {
				return filepath.SkipDir
			}
			if found, err := build.ImportDir(path, 0); err == nil && found.Name != "main" {
				folder, err := filepath.Rel(root, path)
				out = append(out, filepath.ToSlash(folder))
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return out
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path) //nolint:gosec // a file of this repository, or of this test
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	write(t, path, read(t, path)+"\n"+text)
}
