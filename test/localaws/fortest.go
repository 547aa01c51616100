package localaws

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// ForTest starts a server for a test and stops it afterwards. When the test has failed by then,
// it prints the end of the server's log, where the trace of each internal error is.
func ForTest(t testing.TB) *Server {
	t.Helper()
	server, err := Start(context.WithoutCancel(t.Context()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the end of the local AWS's log:\n%s", tail(server.options.Log))
		}
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// Threads says what each thread of the server does: why something does not end.
func (s *Server) Threads(ctx context.Context) (string, error) {
	var stacks map[string][]string
	if err := s.get(ctx, "/localaws/threads", &stacks); err != nil {
		return "", err
	}
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(stacks)) {
		fmt.Fprintf(&out, "%s\n%s", name, strings.Join(stacks[name], ""))
	}
	return out.String(), nil
}
