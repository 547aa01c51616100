package variants_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/snapshot"
	"github.com/lakemesh/lakemesh/constructs/variants"
	"github.com/lakemesh/lakemesh/constructs/variants/internal/readerjar"
)

// sparkJars is the class path of the Spark that make installs.
func sparkJars(t *testing.T) string {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join("..", "..", ".spark", "lib", "python3*", "site-packages", "pyspark", "jars"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no Spark in .spark (%v); fix: make .spark/.installed", err)
	}
	return filepath.Join(folders[0], "*")
}

// The jar is what the sources compile to. Only a JDK 17 can tell; with -update the test
// writes the jar.
func TestReaderJarIsItsSources(t *testing.T) {
	javac, err := readerjar.Compiler(t.Context())
	if errors.Is(err, readerjar.ErrNoJDK) && os.Getenv("CI") == "" {
		t.Log(err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	build := func() []byte {
		classes := t.TempDir()
		if err := readerjar.Compile(t.Context(), javac, sparkJars(t), classes, filepath.Join("reader", "src")); err != nil {
			t.Fatal(err)
		}
		jar, err := readerjar.Pack(classes)
		if err != nil {
			t.Fatal(err)
		}
		return jar
	}
	jar := build()
	if snapshot.Updating() {
		if err := os.WriteFile(filepath.Join("reader", "reader.jar"), jar, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(jar, variants.ReaderJar()) {
		t.Error("reader/reader.jar is not what reader/src compiles to; fix: go test ./constructs/variants -run TestReaderJarIsItsSources -update")
	}
}
