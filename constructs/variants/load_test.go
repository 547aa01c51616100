package variants_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/variants"
	"github.com/lakemesh/lakemesh/test/installed"
)

// The jobs load files into Iceberg tables, each version of an object once, align alleles by
// a reference and annotate them; then the queries have their answers. All in one process of
// Spark, as its start is most of what it costs.
func TestLoad(t *testing.T) {
	folder := t.TempDir()
	jar := filepath.Join(folder, "reader.jar")
	if err := os.WriteFile(jar, variants.ReaderJar(), 0o600); err != nil {
		t.Fatal(err)
	}
	iceberg := installed.Path(t, ".spark/iceberg.jar")
	script := filepath.Join("job", "load_variants_test.py")
	command := exec.CommandContext(t.Context(), installed.Path(t, ".spark/bin/python"), script, jar+","+iceberg, folder) //nolint:gosec // the test of this package
	command.Env = append(os.Environ(), "JAVA_HOME="+installed.Path(t, ".spark/java"), "SPARK_LOCAL_IP=127.0.0.1")
	var log bytes.Buffer
	command.Stderr = &log
	out, err := command.Output()
	if err != nil || !strings.HasSuffix(string(out), "ok\n") {
		t.Fatalf("%v\n%s\n%s", err, out, log.Bytes()[max(0, log.Len()-6000):])
	}
	checkQueries(t, filepath.Join(folder, "export"))
	compareTables(t, filepath.Join(folder, "warehouse", "genomics"))
}
