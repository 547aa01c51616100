package localaws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	defaultAccount = "111111111111"
	defaultRegion  = "us-east-1"

	// What has not answered, or not ended, after this hangs. A loaded machine gets the time it
	// needs: only a failure is slower for it.
	patience = 10 * time.Minute
)

// Options say how to run a server. The zero value is ready to use.
type Options struct {
	// Account is the account of credentials that no role was assumed with.
	// Default: 111111111111.
	Account string
	// Region is the region of Env. The server itself answers for every region.
	// Default: us-east-1.
	Region string
	// Port on 127.0.0.1. Default: a free one.
	Port int
	// Python is the interpreter with requirements.txt installed.
	// Default: .venv/bin/python at the root of this module.
	Python string
	// Timeout limits the wait for the first answer. Default: ten minutes.
	Timeout time.Duration
	// Log is the file that the server logs to. Default: a temporary file, which is removed by
	// a clean Stop and kept, and named in the error, after a failure.
	Log string
}

func (o Options) withDefaults() (Options, error) {
	if o.Account == "" {
		o.Account = defaultAccount
	}
	if o.Region == "" {
		o.Region = defaultRegion
	}
	if o.Timeout == 0 {
		o.Timeout = patience
	}
	if o.Python == "" {
		o.Python = filepath.Join(filepath.Dir(filepath.Dir(folder())), ".venv", "bin", "python")
	}
	python, err := filepath.Abs(o.Python)
	if err != nil {
		return o, err
	}
	o.Python = python
	if _, err := os.Stat(o.Python); err != nil {
		return o, fmt.Errorf("no Python at %s: run make tools, or set Options.Python: %w", o.Python, err)
	}
	if o.Log != "" {
		if o.Log, err = filepath.Abs(o.Log); err != nil {
			return o, err
		}
	}
	return o, nil
}

// folder is where the Python package lives: next to this source file.
func folder() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}

// Server is a running local AWS.
type Server struct {
	options  Options
	endpoint string
	command  *exec.Cmd
	stdin    io.Closer // open as long as the server is to live
	scratch  string    // ready file and, unless Options.Log is set, the log
	exited   chan struct{}
	exitErr  error

	stop    sync.Once
	stopErr error
}

// Start runs a server and waits until it answers. Stop it; it also stops when this process
// dies, or when ctx is done.
func Start(ctx context.Context, options Options) (*Server, error) {
	server, err := start(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("localaws: %w", err)
	}
	return server, nil
}

func start(ctx context.Context, options Options) (*Server, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "localaws-")
	if err != nil {
		return nil, err
	}
	if options.Log == "" {
		options.Log = filepath.Join(scratch, "localaws.log")
	}
	s := &Server{options: options, scratch: scratch, exited: make(chan struct{})}
	if err := s.launch(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(scratch))
	}
	if err := s.awaitReady(ctx); err != nil {
		_ = s.shutDown() // its error would only say that the server was killed
		s.keepLog()
		return nil, fmt.Errorf("%w\nlog: %s\n%s", err, options.Log, tail(options.Log))
	}
	// A context that ends takes the server with it.
	context.AfterFunc(ctx, func() { _ = s.Stop() })
	return s, nil
}

func (s *Server) readyFile() string { return filepath.Join(s.scratch, "ready") }

func (s *Server) launch() error {
	log, err := os.OpenFile(s.options.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.command = exec.Command(s.options.Python, "-m", "server",
		"--port", fmt.Sprint(s.options.Port),
		"--account", s.options.Account,
		"--ready-file", s.readyFile(),
		"--log", s.options.Log,
		"--stop-on-eof",
	)
	s.command.Dir = folder()
	s.command.Env = append(clean(os.Environ()), "PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1")
	s.command.Stdout, s.command.Stderr = log, log
	s.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// The server reads its standard input only to see it end: with Stop, or with this process.
	s.stdin, err = s.command.StdinPipe()
	if err != nil {
		return err
	}
	if err := s.command.Start(); err != nil {
		return err
	}
	go func() {
		s.exitErr = s.command.Wait()
		close(s.exited)
	}()
	return nil
}

// clean drops what would make the server, or its own SDK, talk to a real AWS.
func clean(environ []string) []string {
	kept := environ[:0:0]
	for _, entry := range environ {
		if !strings.HasPrefix(entry, "AWS_") && !strings.HasPrefix(entry, "MOTO_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

func (s *Server) awaitReady(ctx context.Context) error {
	timeout := time.NewTimer(s.options.Timeout)
	defer timeout.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		text, err := os.ReadFile(s.readyFile())
		if err == nil {
			s.endpoint = strings.TrimSpace(string(text))
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.exited:
			return fmt.Errorf("the server ended before it answered: %w", s.exitErr)
		case <-timeout.C:
			return fmt.Errorf("the server did not answer within %s", s.options.Timeout)
		}
	}
}

// Endpoint is the URL that answers for every service.
func (s *Server) Endpoint() string { return s.endpoint }

// Log is the server's log file.
func (s *Server) Log() string { return s.options.Log }

// Env returns the variables that make the CDK command line and the AWS SDKs use this server, in
// the default account: to be added to an environment that has no AWS_PROFILE. Environ is the
// whole environment.
func (s *Server) Env() []string {
	return s.env(s.options.Account, Credentials{
		AccessKeyID:     "localaws",
		SecretAccessKey: "localaws",
	})
}

// EnvFor is Env in another account, with credentials of a role assumed there. The CDK command
// line needs it to bootstrap that account; it deploys there with Env, through its own roles.
func (s *Server) EnvFor(ctx context.Context, account string) ([]string, error) {
	own, err := s.CredentialsFor(ctx, account)
	if err != nil {
		return nil, err
	}
	return s.env(account, own), nil
}

// CredentialsFor are credentials of a role assumed in an account.
func (s *Server) CredentialsFor(ctx context.Context, account string) (Credentials, error) {
	var own Credentials
	err := s.get(ctx, "/localaws/credentials?account="+url.QueryEscape(account), &own)
	return own, err
}

// Environ is the environment of this process without its AWS settings, and with env: what a
// child process needs to use this server and nothing else.
func Environ(env []string) []string {
	return append(clean(os.Environ()), env...)
}

// Credentials are an access key of the local AWS.
type Credentials struct {
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
}

func (s *Server) env(account string, c Credentials) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + s.endpoint,
		"AWS_ACCESS_KEY_ID=" + c.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY=" + c.SecretAccessKey,
		"AWS_SESSION_TOKEN=" + c.SessionToken,
		"AWS_REGION=" + s.options.Region,
		"AWS_DEFAULT_REGION=" + s.options.Region,
		"AWS_CONFIG_FILE=/dev/null",
		"AWS_SHARED_CREDENTIALS_FILE=/dev/null",
		"AWS_EC2_METADATA_DISABLED=true",
		"CDK_DEFAULT_ACCOUNT=" + account,
		"CDK_DEFAULT_REGION=" + s.options.Region,
		"CDK_DISABLE_CLI_TELEMETRY=true",
		"NO_PROXY=" + noProxy(),
	}
}

// noProxy keeps a proxy of the user's from getting between a client and the server.
func noProxy() string {
	const loopback = "127.0.0.1,localhost"
	if own := os.Getenv("NO_PROXY"); own != "" {
		return own + "," + loopback
	}
	return loopback
}

// Recorded is a resource, or a part of one, that the server only remembers.
type Recorded struct {
	Account    string          `json:"account"`
	Region     string          `json:"region"`
	Stack      string          `json:"stack"`
	LogicalID  string          `json:"logical_id"`
	Type       string          `json:"type"`
	PhysicalID string          `json:"physical_id"`
	Reason     string          `json:"reason"`
	Properties json.RawMessage `json:"properties"`
}

// Recorded lists what was deployed and has no service behind it here, by account, region,
// stack and logical id.
func (s *Server) Recorded(ctx context.Context) ([]Recorded, error) {
	var recorded []Recorded
	if err := s.get(ctx, "/localaws/recorded", &recorded); err != nil {
		return nil, err
	}
	return recorded, nil
}

// get reads one of the server's own pages.
func (s *Server) get(ctx context.Context, path string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.endpoint+path, nil)
	if err != nil {
		return fmt.Errorf("localaws: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("localaws: %w\nlog: %s", err, s.options.Log)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("localaws: GET %s: %s\nlog: %s", path, response.Status, s.options.Log)
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("localaws: GET %s: %w", path, err)
	}
	return nil
}

// Stop ends the server and everything it started, and waits for it. A server that has not ended
// after ten minutes is killed. The log stays when the server had not ended cleanly, or when
// Options.Log named it.
func (s *Server) Stop() error {
	s.stop.Do(func() {
		if err := s.shutDown(); err != nil {
			s.keepLog()
			s.stopErr = fmt.Errorf("localaws: %w\nlog: %s", err, s.options.Log)
			return
		}
		s.stopErr = os.RemoveAll(s.scratch)
	})
	return s.stopErr
}

// keepLog removes everything but the log.
func (s *Server) keepLog() {
	if filepath.Dir(s.options.Log) == s.scratch {
		_ = os.Remove(s.readyFile())
	} else {
		_ = os.RemoveAll(s.scratch)
	}
}

func (s *Server) shutDown() error {
	_ = s.stdin.Close()
	select {
	case <-s.exited:
	case <-time.After(patience):
	}
	// The group also holds what the server itself started; killing an empty group is harmless.
	_ = syscall.Kill(-s.command.Process.Pid, syscall.SIGKILL)
	<-s.exited
	if s.exitErr != nil {
		return fmt.Errorf("the server did not end cleanly: %w", s.exitErr)
	}
	return nil
}

// tail is the end of a log, for an error message.
func tail(file string) string {
	const size = 20000
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	return string(text[max(0, len(text)-size):])
}
