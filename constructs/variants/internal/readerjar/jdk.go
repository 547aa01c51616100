package readerjar

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
)

// ErrNoJDK says that the machine has no compiler of Java 17.
var ErrNoJDK = errors.New("no javac of version 17: got none in JAVA_HOME, /usr/lib/jvm and PATH; fix: install a JDK 17")

var version17 = regexp.MustCompile(`^javac 17\b`)

// Compiler finds a compiler of Java 17. A later one compiles for Java 17 as well, but
// into other bytes.
func Compiler(ctx context.Context) (string, error) {
	candidates, _ := filepath.Glob("/usr/lib/jvm/*/bin/javac")
	if home := os.Getenv("JAVA_HOME"); home != "" {
		candidates = append([]string{filepath.Join(home, "bin", "javac")}, candidates...)
	}
	if path, err := exec.LookPath("javac"); err == nil {
		candidates = append(candidates, path)
	}
	for _, javac := range candidates {
		out, err := exec.CommandContext(ctx, javac, "-version").CombinedOutput() //nolint:gosec // a compiler of this machine
		if err == nil && version17.Match(out) {
			return javac, nil
		}
	}
	return "", ErrNoJDK
}
