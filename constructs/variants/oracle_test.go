package variants_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/lakemesh/lakemesh/test/installed"
)

var vcfName = regexp.MustCompile(`\.(vcf|bgz)(\.gz)?$`)

// What pysam reads of a file, the reader reads alike: positions, alleles, genotypes and
// phase of every sample, DP, GQ, AD and PL, and the counts. VCF_CORPUS names a folder
// with more files; testdata/corpus is each tenth of those that this has been run on.
func TestGenotypesAreThoseOfPysam(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "many.vcf.gz"), bgzip(manyLines(2000), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, root := range []string{filepath.Join("testdata", "edge"), filepath.Join("testdata", "corpus"), folder, os.Getenv("VCF_CORPUS")} {
		if root == "" {
			continue
		}
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() && vcfName.MatchString(path) {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	command := slices.Concat([]string{filepath.Join("reader", "test", "oracle.py"), strconv.Itoa(len(printer(t)))}, printer(t), files)
	oracle := exec.CommandContext(t.Context(), installed.Path(t, ".spark/bin/python"), command...) //nolint:gosec // the test of this package
	var log bytes.Buffer
	oracle.Stderr = &log
	out, err := oracle.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, log.Bytes())
	}
	compared, records, calls := 0, 0, 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var found struct {
			File           string
			Pysam          string
			Refused        string
			Records, Calls int
			Differences    []string
		}
		if err := json.Unmarshal(lines.Bytes(), &found); err != nil {
			t.Fatal(err)
		}
		if len(found.Differences) > 0 {
			t.Errorf("%s: %v", found.File, found.Differences)
		}
		if found.Refused == "" && found.Pysam == "reads" {
			compared++
		}
		records += found.Records
		calls += found.Calls
	}
	if compared < 60 || records < 2500 {
		t.Errorf("only %d files with %d records were compared", compared, records)
	}
	t.Logf("%d files of %d, %d records, %d calls", compared, len(files), records, calls)
}
