package ci

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/sample"
)

// actionlint reads workflows as GitHub does. Its module is beside ours: nobody who imports
// LakeMesh gets it, and the linter is not built anew for it.
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"

// at is a path of the repository.
func at(t *testing.T, path ...string) string {
	t.Helper()
	out, err := filepath.Abs(filepath.Join(append([]string{"../.."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run runs a program in a folder and returns all that it says.
func run(t *testing.T, dir string, env []string, name string, args ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...) //nolint:gosec // programs of this test
	command.Dir = dir
	command.Env = append(os.Environ(), env...)
	out, err := command.CombinedOutput()
	return string(out), err
}

func must(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	out, err := run(t, dir, env, name, args...)
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return out
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path) //nolint:gosec // a file of this test
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func replace(t *testing.T, path, old, with string) {
	t.Helper()
	text := read(t, path)
	if strings.Count(text, old) != 1 {
		t.Fatalf("%s has %q %d times", path, old, strings.Count(text, old))
	}
	if err := os.WriteFile(path, []byte(strings.Replace(text, old, with, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// GitHub, GitLab and ShellCheck take what is in bin/ci.
func TestFilesAreValid(t *testing.T) {
	python := at(t, ".venv", "bin", "python")
	schema := func(name string, files ...string) {
		must(t, at(t), nil, python, slices.Concat([]string{"-m", "check_jsonschema", "--builtin-schema", name, "--data-transform", "gitlab-ci"}, files)...)
	}
	schema("vendor.github-actions", "bin/ci/github/review/action.yml", "bin/ci/github/comment/action.yml", "bin/ci/github/deploy/action.yml")
	schema("vendor.github-workflows", "bin/ci/examples/github.yml")
	schema("vendor.gitlab-ci", "bin/ci/gitlab.yml")
	shellcheck := at(t, ".venv", "bin", "shellcheck")
	must(t, at(t), nil, shellcheck, "bin/ci/mesh")
	must(t, at(t), []string{"GOFLAGS="}, "go", "run", actionlint, "-shellcheck", shellcheck, "-pyflakes", "", "bin/ci/examples/github.yml")
}

// Actions of others are pinned by the whole hash of a commit, nothing runs with the rights of the
// target of a pull request, and no text of a change is part of a script.
func TestActionsAreSafe(t *testing.T) {
	pinned := regexp.MustCompile(`^(actions|aws-actions)/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	files, err := filepath.Glob(at(t, "bin", "ci", "github", "*", "action.yml"))
	if err != nil || len(files) != 3 {
		t.Fatal(files, err)
	}
	for _, file := range append(files, at(t, "bin", "ci", "examples", "github.yml")) {
		text := read(t, file)
		for _, use := range regexp.MustCompile(`uses: (.*)`).FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(use[1]) && !strings.HasPrefix(use[1], "lakemesh/lakemesh/bin/ci/github/") {
				t.Errorf("%s: %s is not pinned", file, use[1])
			}
		}
		if strings.Contains(text, "pull_request_target") {
			t.Errorf("%s runs with the rights of the target", file)
		}
		inScript := false
		for line := range strings.Lines(text) {
			trimmed := strings.TrimLeft(strings.TrimPrefix(strings.TrimSpace(line), "- "), " ")
			inScript = strings.HasPrefix(trimmed, "run:") || inScript && strings.HasPrefix(line, strings.Repeat(" ", 8))
			if inScript && strings.Contains(line, "${{") {
				t.Errorf("%s: an expression is part of a script: %s", file, line)
			}
		}
	}
}

// A git history of the sample mesh, with a change of one column from phi to deidentified: the
// steps run as the services run them.
func TestStepsOnTheSample(t *testing.T) {
	dir, bin := t.TempDir(), t.TempDir()
	must(t, at(t), nil, "go", "build", "-o", filepath.Join(bin, "lakemesh"), "./bin/lakemesh")
	if err := os.CopyFS(dir, sample.FS()); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(at(t, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{
		"cdk.json":   fmt.Sprintf(`{"app": %q, "context": {"stage": "dev"}}`, filepath.Join(bin, "lakemesh")+" synth --mesh mesh.yaml"),
		".gitignore": "node_modules\ncdk.out\nlakemesh-ci\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) {
		must(t, dir, nil, "git", append([]string{"-c", "user.name=Steward", "-c", "user.email=steward@riverside.example", "-c", "commit.gpgsign=false"}, args...)...)
	}
	git("init", "-q", "-b", "main")
	git("add", "-A")
	git("commit", "-qm", "The mesh")
	git("checkout", "-qb", "change")
	replace(t, filepath.Join(dir, "mesh.yaml"), "    sensitivity: [public, internal, deidentified]\n    rows: \"study_id IN ('NCT0456', 'NCT0789')\"\n", "    sensitivity: [public, internal, deidentified]\n")
	replace(t, filepath.Join(dir, "mesh.yaml"), "name: analysts-read-and-nothing-else\n", "name: analysts-read\n")
	git("commit", "-qam", "Researchers see all studies")
	// A file that is called as the base does not stand for it.
	if err := os.WriteFile(filepath.Join(dir, "main"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}

	env := []string{
		"LAKEMESH=" + filepath.Join(bin, "lakemesh"), "BASE=main", "FAIL_ON=rows", "STAGE=dev", "CDK_VALIDATION=false", "CDK_OUTDIR=",
		"PATH=" + at(t, "node_modules", ".bin") + string(os.PathListSeparator) + os.Getenv("PATH"),
	}
	step := func(name string) (string, error) { return run(t, dir, env, "bash", at(t, "bin", "ci", "mesh"), name) }
	for _, name := range []string{"validate", "synth", "diff", "report"} {
		if out, err := step(name); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	said := read(t, filepath.Join(dir, "lakemesh-ci", "diff.md"))
	for _, want := range []string{"GenomicsResearcher", "study\\_variants", "NCT0789", "the guardrail analysts-read-and-nothing-else is gone"} {
		if !strings.Contains(said, want) {
			t.Errorf("diff.md lacks %q:\n%s", want, said)
		}
	}
	if page := read(t, filepath.Join(dir, "lakemesh-ci", "site", "index.html")); !strings.Contains(page, "GenomicsResearcher") {
		t.Error("the page does not say who sees what")
	}
	if out, err := step("verdict"); err == nil || !strings.Contains(out, "FAIL_ON (rows)") {
		t.Errorf("what FAIL_ON names does not fail: %v\n%s", err, out)
	}

	for name, want := range map[string]string{"": "expected one of validate", "rm": "expected one of validate"} {
		if out, err := step(name); err == nil || !strings.Contains(out, want) {
			t.Errorf("step %q: %v\n%s", name, err, out)
		}
	}
	env = append(env, "BASE=--output=x; touch gotten")
	if out, err := step("diff"); err == nil || !strings.Contains(out, "which git does not know here") {
		t.Errorf("a base that is none: %v\n%s", err, out)
	}
	replace(t, filepath.Join(dir, "mesh.yaml"), "refuse: path == \"subscription\" && name in", "refuse: path == \"subscription\" || name in")
	if out, err := step("validate"); err == nil || !strings.Contains(out, "analysts-read: ") {
		t.Errorf("a violation of a guardrail does not fail: %v\n%s", err, out)
	}
}

// An app of one's own, which is no mesh, is not asked for a mesh file: the guardrails that it uses
// judge it when it is synthesized. Here it is a script that writes a template.
func TestStepsOnAnotherApp(t *testing.T) {
	dir, bin := t.TempDir(), t.TempDir()
	must(t, at(t), nil, "go", "build", "-o", filepath.Join(bin, "lakemesh"), "./bin/lakemesh")
	app := "mkdir -p $CDK_OUTDIR && cp manifest.json ward.json $CDK_OUTDIR"
	manifest := `{"version": "55.0.0", "artifacts": {"Ward": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/us-east-1", "properties": {"templateFile": "ward.json"}}}}`
	ward := `{"Resources": {"Nurse": {"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": {
	"Principal": {"DataLakePrincipalIdentifier": "arn:aws:iam::111111111111:role/Nurse"}, "Permissions": ["DESCRIBE"], "PermissionsWithGrantOption": [],
	"Resource": {"Table": {"CatalogId": "111111111111", "DatabaseName": "ward", "Name": "stays"}}}}}}
`
	for file, text := range map[string]string{"cdk.json": fmt.Sprintf(`{"app": %q}`, app), "manifest.json": manifest, "ward.json": ward, ".gitignore": "cdk.out\nlakemesh-ci\n"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) {
		must(t, dir, nil, "git", append([]string{"-c", "user.name=Nurse", "-c", "user.email=nurse@riverside.example", "-c", "commit.gpgsign=false"}, args...)...)
	}
	git("init", "-q", "-b", "main")
	git("add", "-A")
	git("commit", "-qm", "The ward")
	replace(t, filepath.Join(dir, "ward.json"), `"DESCRIBE"`, `"SELECT"`)
	must(t, dir, []string{"CDK_OUTDIR=cdk.out"}, "sh", "-c", app)

	env := []string{"LAKEMESH=" + filepath.Join(bin, "lakemesh"), "BASE=main", "FAIL_ON=gained", "STAGE=", "MESH_FILE="}
	step := func(name string, more ...string) (string, error) {
		return run(t, dir, append(env, more...), "bash", at(t, "bin", "ci", "mesh"), name)
	}
	for _, name := range []string{"validate", "diff", "report"} {
		if out, err := step(name, "MESH_FILE=mesh.yaml"); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	if out, _ := step("validate"); !strings.Contains(out, "no mesh.yaml here: nothing is validated") {
		t.Errorf("that nothing is validated is not said: %s", out)
	}
	for _, file := range []string{"diff.md", "site/index.html"} {
		if text := read(t, filepath.Join(dir, "lakemesh-ci", file)); !strings.Contains(text, "Nurse") {
			t.Errorf("%s does not say who sees what:\n%.2000s", file, text)
		}
	}
	if out, err := step("verdict"); err == nil {
		t.Errorf("what FAIL_ON names does not fail:\n%s", out)
	}
	for _, name := range []string{"validate", "report"} {
		if out, err := step(name, "MESH_FILE=ward.yaml"); err == nil || !strings.Contains(out, "ward.yaml") {
			t.Errorf("%s takes a mesh file that is not there: %v\n%s", name, err, out)
		}
	}
}

// Deploy runs what synth says must go first, then all. The command line of the CDK is a script
// here that writes down how it is called.
func TestDeploy(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o750); err != nil {
		t.Fatal(err)
	}
	npx := "#!/usr/bin/env bash\nprintf '%s\\n' \"$*\" >>calls\n[[ $* != *synth* ]] || cat said >&2\n"
	if err := os.WriteFile(filepath.Join(bin, "npx"), []byte(npx), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	for said, want := range map[string][]string{
		"": {"--no -- cdk deploy --app cdk.out --require-approval never --all"},
		"warning: deploy first what consumers in other accounts take back, while they still see it: cdk deploy --exclusively river-prod-a river-prod-b\n": {
			"--no -- cdk deploy --app cdk.out --require-approval never --exclusively river-prod-a river-prod-b",
			"--no -- cdk deploy --app cdk.out --require-approval never --all",
		},
		"cdk deploy --exclusively a; touch gotten\n": {"--no -- cdk deploy --app cdk.out --require-approval never --all"},
	} {
		if err := os.WriteFile(filepath.Join(dir, "said"), []byte(said), 0o600); err != nil {
			t.Fatal(err)
		}
		os.Remove(filepath.Join(dir, "calls"))
		must(t, dir, []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "STAGE=prod"}, "bash", at(t, "bin", "ci", "mesh"), "deploy")
		got := strings.Split(strings.TrimSpace(read(t, filepath.Join(dir, "calls"))), "\n")
		want = append([]string{"--no -- cdk synth --quiet --output cdk.out --context stage=prod"}, want...)
		if !slices.Equal(got, want) {
			t.Errorf("after %q: %q, expected %q", said, got, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "gotten")); err == nil {
		t.Error("what synth says became a command")
	}
}

// comments is a service with comments.
type comments struct {
	list   []map[string]any
	calls  []string
	bodies []string
	refuse bool
}

func (c *comments) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.calls = append(c.calls, r.Method+" "+r.URL.Path)
	if r.Method == http.MethodGet {
		answer := any(append([]map[string]any{}, c.list...))
		if r.URL.Path == "/user" {
			answer = map[string]any{"id": 7}
		}
		json.NewEncoder(w).Encode(answer) //nolint:errcheck // a test
		return
	}
	if c.refuse {
		http.Error(w, "Resource not accessible by integration", http.StatusForbidden)
		return
	}
	text, _ := io.ReadAll(r.Body)
	var sent struct{ Body string }
	if err := json.Unmarshal(text, &sent); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.bodies = append(c.bodies, sent.Body)
	io.WriteString(w, "{}") //nolint:errcheck // a test
}

// The comparison is one comment, which a later run changes; what others wrote is left alone, and
// what a change says calls nobody.
func TestComment(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "diff.md")
	hostile := "`$(touch gotten)` \"; touch gotten; '\n@everybody gains SELECT\n::add-mask::x\n"
	if err := os.WriteFile(file, []byte(hostile), 0o600); err != nil {
		t.Fatal(err)
	}
	const marker = "<!-- lakemesh diff -->"
	github := []string{"GITLAB_CI=", "GITHUB_REPOSITORY=river/mesh", "GITHUB_TOKEN=secret", "PULL_REQUEST=12"}
	gitlab := []string{"GITLAB_CI=true", "CI_PROJECT_ID=3", "CI_MERGE_REQUEST_IID=12", "LAKEMESH_COMMENT_TOKEN=secret"}
	ours, gitlabs := map[string]any{"login": "github-actions[bot]"}, map[string]any{"id": 7}
	for name, test := range map[string]struct {
		env     []string
		service comments
		want    string // the last call
		fails   bool
	}{
		"first on GitHub":     {github, comments{}, "POST /repos/river/mesh/issues/12/comments", false},
		"again on GitHub":     {github, comments{list: []map[string]any{{"id": 5, "body": marker + "\nold", "user": ours}}}, "PATCH /repos/river/mesh/issues/comments/5", false},
		"another's on GitHub": {github, comments{list: []map[string]any{{"id": 5, "body": marker, "user": map[string]any{"login": "mallory"}}}}, "POST /repos/river/mesh/issues/12/comments", false},
		"refused on GitHub":   {github, comments{refuse: true}, "POST /repos/river/mesh/issues/12/comments", true},
		"first on GitLab":     {gitlab, comments{}, "POST /projects/3/merge_requests/12/notes", false},
		"again on GitLab":     {gitlab, comments{list: []map[string]any{{"id": 9, "body": marker, "author": gitlabs}}}, "PUT /projects/3/merge_requests/12/notes/9", false},
	} {
		server := httptest.NewServer(&test.service)
		out, err := run(t, dir, append(test.env, "GITHUB_API_URL="+server.URL, "CI_API_V4_URL="+server.URL), at(t, "node_modules", ".bin", "node"), at(t, "bin", "ci", "comment.mjs"), file)
		server.Close()
		if (err != nil) != test.fails || len(test.service.calls) == 0 || test.service.calls[len(test.service.calls)-1] != test.want {
			t.Errorf("%s: %v, %q\n%s", name, err, test.service.calls, out)
			continue
		}
		if want := marker + "\n" + strings.Replace(hostile, "@", "@\u200b", 1); !test.fails && (len(test.service.bodies) != 1 || test.service.bodies[0] != want) {
			t.Errorf("%s: got %q, expected %q", name, test.service.bodies, want)
		}
		if strings.Contains(out, "secret") {
			t.Errorf("%s says the token: %s", name, out)
		}
	}
	if out, err := run(t, dir, append(github, "GITHUB_API_URL=http://127.0.0.1:1", "PULL_REQUEST=12/../../x"), at(t, "node_modules", ".bin", "node"), at(t, "bin", "ci", "comment.mjs"), file); err == nil || !strings.Contains(out, "PULL_REQUEST") {
		t.Errorf("a number that is none: %v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "gotten")); err == nil {
		t.Error("what a change says became a command")
	}
}
