package repository

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// goFolders are the folders of packages, by path from the root.
func goFolders(t *testing.T) map[string][]string {
	t.Helper()
	folders := map[string][]string{}
	for _, top := range []string{"bin", "constructs", "stacks", "test"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.Contains(path, "testdata") {
				folder, _ := filepath.Rel(root, filepath.Dir(path))
				folders[folder] = append(folders[folder], filepath.Base(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return folders
}

func TestTopLevel(t *testing.T) {
	allowed := []string{
		"bin", "constructs", "stacks", "test", "cdk.json", "go.mod", "go.sum", "README.md", "Makefile",
		"package.json", "package-lock.json", "requirements.txt", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md",
		"build", "cdk.out", "node_modules", // made by make, not committed
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
}

// A Go package in constructs itself would clash with the name of AWS's own.
func TestNoPackageInConstructs(t *testing.T) {
	if files := goFolders(t)["constructs"]; files != nil {
		t.Errorf("constructs holds Go files: %v", files)
	}
}

func TestEveryPackageIsDocumented(t *testing.T) {
	for folder, files := range goFolders(t) {
		code := slices.DeleteFunc(slices.Clone(files), func(f string) bool { return strings.HasSuffix(f, "_test.go") })
		if len(code) == 0 {
			continue
		}
		documented := slices.ContainsFunc(code, func(file string) bool {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, folder, file), nil, parser.ParseComments|parser.PackageClauseOnly)
			return err == nil && parsed.Doc != nil
		})
		if !documented {
			t.Errorf("%s: no package documentation", folder)
		}
		public := !strings.Contains(folder, "/internal/") && (strings.HasPrefix(folder, "constructs/") || strings.HasPrefix(folder, "stacks"))
		if public && !slices.Contains(files, "doc.go") {
			t.Errorf("%s: no doc.go", folder)
		}
	}
}

// Every public package shows a use of itself that is compiled and checked.
func TestEveryPublicPackageHasAnExample(t *testing.T) {
	example := regexp.MustCompile(`(?ms)^func Example.*// Output:`)
	for folder, files := range goFolders(t) {
		if !strings.HasPrefix(folder, "constructs/") && !strings.HasPrefix(folder, "stacks") || strings.Contains(folder, "/internal/") {
			continue
		}
		shown := slices.ContainsFunc(files, func(file string) bool {
			text, err := os.ReadFile(filepath.Join(root, folder, file)) //nolint:gosec // a file of this repository
			return err == nil && strings.HasSuffix(file, "_test.go") && example.Match(text)
		})
		if !shown {
			t.Errorf("%s: no Example with output", folder)
		}
	}
}

// A replace directive would not reach those who import the module.
func TestNoReplace(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`(?m)^\s*replace\b`).Match(text) {
		t.Error("go.mod has a replace directive")
	}
}

// Every direct dependency is chosen, and CONTRIBUTING.md says why.
func TestDependenciesHaveReasons(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1) {
		// The modules of the AWS SDK share a line, with their last parts named.
		sdk, isSDK := strings.CutPrefix(m[1], "github.com/aws/aws-sdk-go-v2/")
		named := strings.Contains(string(reasons), m[1])
		if isSDK {
			named = strings.Contains(string(reasons), "`"+strings.TrimPrefix(sdk, "service/")+"`")
		}
		if !named {
			t.Errorf("CONTRIBUTING.md gives no reason for %s", m[1])
		}
	}
}

// packages.md lists every package that others import.
func TestPageListsPackages(t *testing.T) {
	text := readText(t, "constructs", "docs", "packages.md")
	for folder := range goFolders(t) {
		if strings.Contains(folder, "/internal/") || !strings.HasPrefix(folder, "constructs/") && !strings.HasPrefix(folder, "stacks") {
			continue
		}
		link, err := filepath.Rel(filepath.Join("constructs", "docs"), folder)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "]("+filepath.ToSlash(link)+")") {
			t.Errorf("packages.md does not list %s", folder)
		}
	}
}

// The pages name tests that exist.
func TestPagesNameTests(t *testing.T) {
	defined, named := namesOf(t), 0
	for _, file := range textFiles(t) {
		if filepath.Ext(file) != ".md" {
			continue
		}
		for _, name := range allOf(regexp.MustCompile("`(Test[A-Z]\\w+)`"), readText(t, file)) {
			named++
			if !defined[name] {
				t.Errorf("%s names %s, which does not exist", file, name)
			}
		}
	}
	if named == 0 {
		t.Error("no page names a test")
	}
}

// Permissions are the only writer of Lake Formation grants: they merge them and let
// them wait for each other.
func TestOnlyPermissionsWriteGrants(t *testing.T) {
	const writer = "constructs/governance/entry.go"
	var writers []string
	for folder, files := range goFolders(t) {
		for _, file := range files {
			path := filepath.Join(folder, file)
			if strings.HasPrefix(path, "test/apps/") || strings.HasPrefix(path, "test/bench/floor/") {
				continue // apps of others, who write what they like
			}
			code, err := os.ReadFile(filepath.Join(root, path)) //nolint:gosec // a file of this repository
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(file, "_test.go") && regexp.MustCompile(`\b(NewCfn(Principal)?Permissions(_Override)?\(|New\[\w+\.Cfn(Principal)?Permissions\])`).Match(code) {
				writers = append(writers, path)
			}
		}
	}
	if !slices.Equal(writers, []string{writer}) {
		t.Errorf("grants are written by %v, want only %s: use governance.PermissionsOf", writers, writer)
	}
}
