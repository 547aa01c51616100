package localaws_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/test/localaws"
)

// asParent makes this test binary start a server and wait to be killed.
const asParent = "LOCALAWS_TEST_PARENT"

func TestMain(m *testing.M) {
	if os.Getenv(asParent) != "" {
		server, err := localaws.Start(context.Background(), localaws.Options{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(server.Endpoint())
		select {}
	}
	os.Exit(m.Run())
}

// start runs a server for one test.
func start(t *testing.T) *localaws.Server {
	t.Helper()
	needPython(t)
	return localaws.ForTest(t)
}

func root(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func python(t *testing.T) string {
	t.Helper()
	return filepath.Join(root(t), ".venv", "bin", "python")
}

func needPython(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(python(t)); err != nil {
		t.Fatal("not installed: run make test, which installs what tests need")
	}
}

func answers(endpoint string) bool {
	response, err := http.Get(endpoint + "/localaws/health") //nolint:gosec,noctx // the server just started
	if err != nil {
		return false
	}
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

func TestStartAndStop(t *testing.T) {
	needPython(t)
	server, err := localaws.Start(t.Context(), localaws.Options{Account: "333333333333", Region: "eu-west-1"})
	if err != nil {
		t.Fatal(err)
	}
	if !answers(server.Endpoint()) {
		t.Errorf("%s does not answer", server.Endpoint())
	}
	recorded, err := server.Recorded(t.Context())
	if err != nil || len(recorded) != 0 {
		t.Errorf("a new server has recorded %v, %v", recorded, err)
	}
	threads, err := server.Threads(t.Context())
	if err != nil || !strings.Contains(threads, "serve_forever") {
		t.Errorf("no thread serves, %v:\n%s", err, threads)
	}
	env := strings.Join(server.Env(), "\n")
	for _, want := range []string{
		"AWS_ENDPOINT_URL=" + server.Endpoint(), "AWS_REGION=eu-west-1", "CDK_DEFAULT_ACCOUNT=333333333333",
	} {
		if !strings.Contains(env, want) {
			t.Errorf("Env lacks %s", want)
		}
	}
	// A request that never ends does not keep the server.
	half, err := net.Dial("tcp", strings.TrimPrefix(server.Endpoint(), "http://")) //nolint:noctx // closed below
	if err != nil {
		t.Fatal(err)
	}
	defer half.Close()
	fmt.Fprint(half, "POST /localaws/clock HTTP/1.1\r\nHost: localaws\r\nContent-Length: 100\r\n\r\n{")
	for range 2 {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
	if answers(server.Endpoint()) {
		t.Error("the server still answers after Stop")
	}
	if _, err := os.Stat(server.Log()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a clean Stop leaves its log: %v", err)
	}
}

func TestStopsWithItsContext(t *testing.T) {
	needPython(t)
	ctx, cancel := context.WithCancel(t.Context())
	server, err := localaws.Start(ctx, localaws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if answers(server.Endpoint()) {
		t.Error("the server outlives its context")
	}
}

func TestStopsWhenItsParentDies(t *testing.T) {
	needPython(t)
	parent := exec.Command(os.Args[0]) //nolint:gosec,noctx // this test binary; killed below
	parent.Env = append(os.Environ(), asParent+"=1", "TMPDIR="+t.TempDir())
	parent.Stderr = os.Stderr
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	endpoint := strings.TrimSpace(line)
	if err != nil || !answers(endpoint) {
		t.Errorf("the server at %q does not answer: %v", endpoint, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // killed
	for deadline := time.Now().Add(10 * time.Minute); answers(endpoint); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server outlives its parent")
		}
	}
}

// failed is a test that has failed.
type failed struct {
	testing.TB
	said  string
	after []func()
}

func (f *failed) Failed() bool { return true }

func (f *failed) Cleanup(do func()) { f.after = append(f.after, do) }

func (f *failed) Logf(format string, args ...any) { f.said += fmt.Sprintf(format, args...) }

func TestAFailedTestSaysWhatWasLogged(t *testing.T) {
	needPython(t)
	test := &failed{TB: t}
	server := localaws.ForTest(test)
	log, err := os.OpenFile(server.Log(), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(log, "RuntimeError: broken")
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	for _, do := range test.after {
		do()
	}
	if !strings.Contains(test.said, "RuntimeError: broken") {
		t.Errorf("said %q", test.said)
	}
	if answers(server.Endpoint()) {
		t.Error("the server outlives its test")
	}
}

func TestStartSaysWhatFailed(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	_, err := localaws.Start(t.Context(), localaws.Options{Python: "/bin/false", Log: log})
	if err == nil || !strings.Contains(err.Error(), log) {
		t.Errorf("got %v, want an error that names the log %s", err, log)
	}
	_, err = localaws.Start(t.Context(), localaws.Options{Python: filepath.Join(t.TempDir(), "python")})
	if err == nil || !strings.Contains(err.Error(), "Options.Python") {
		t.Errorf("got %v, want an error that says how to name a Python", err)
	}
}

// TestServer runs the Python tests: every provider's create, update, replacement, deletion and
// refusal, the engine, and what the API reads back.
func TestServer(t *testing.T) {
	needPython(t)
	command := exec.CommandContext(t.Context(), python(t), "-m", "unittest", "discover", "-s", "tests", "-t", ".")
	command.Env = localaws.Environ([]string{"PYTHONDONTWRITEBYTECODE=1"})
	out, err := command.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
