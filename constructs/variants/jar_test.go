package variants_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/snapshot"
	"github.com/lakemesh/lakemesh/constructs/variants/internal/readerjar"
	"github.com/lakemesh/lakemesh/test/installed"
)

// The jars are what the sources compile to: the manifest tells of which, and where a
// JDK 17 is, they are built again and have the same bytes. There -update writes them.
func TestJarsAreTheirSources(t *testing.T) {
	reader, printer := filepath.Join("reader", "reader.jar"), filepath.Join("reader", "test", "printer.jar")
	spark := filepath.Join(installed.Path(t, ".spark/jars"), "*") + string(os.PathListSeparator) + installed.Path(t, ".spark/iceberg.jar")
	isTheSources(t, reader, filepath.Join("reader", "src"), spark)
	isTheSources(t, printer, filepath.Join("reader", "test"), reader)
}

func isTheSources(t *testing.T, file, folder, classPath string) {
	t.Helper()
	const fix = "fix: go test ./constructs/variants -run TestJarsAreTheirSources -update"
	javac, noJDK := readerjar.Compiler(t.Context())
	if snapshot.Updating() && noJDK == nil {
		jar, err := readerjar.Build(t.Context(), javac, classPath, folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, jar, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file) //nolint:gosec // a file of this package
	if err != nil {
		t.Fatal(err)
	}
	from, err := readerjar.BuiltFrom(got)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := readerjar.Digest(folder)
	if err != nil {
		t.Fatal(err)
	}
	if from != digest {
		t.Errorf("%s was built from other sources than %s has; %s where a JDK 17 is", file, folder, fix)
	}
	if noJDK != nil {
		t.Logf("not checked: that %s is byte for byte what %s compiles to: %v", file, folder, noJDK)
		return
	}
	want, err := readerjar.Build(t.Context(), javac, classPath, folder)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what %s compiles to; %s", file, folder, fix)
	}
}
