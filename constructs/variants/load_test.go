package variants_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/variants"
)

// python is the interpreter of the environment that has Spark and pysam.
func python(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", ".spark", "bin", "python"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// The job loads files into Iceberg tables, each version of an object once.
func TestLoad(t *testing.T) {
	folder := t.TempDir()
	jar := filepath.Join(folder, "reader.jar")
	if err := os.WriteFile(jar, variants.ReaderJar(), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), python(t), filepath.Join("job", "load_variants_test.py"), jar, folder) //nolint:gosec // the test of this package
	var log bytes.Buffer
	command.Stderr = &log
	out, err := command.Output()
	if err != nil || !strings.HasSuffix(string(out), "ok\n") {
		t.Errorf("%v\n%s\n%s", err, out, log.Bytes()[max(0, log.Len()-6000):])
	}
}
