package variants_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/installed"
)

// Alleles are aligned to the left as bcftools norm does it, on the files of its own tests
// and on random alleles of a reference with many repeats.
func TestNormalizedAsBcftools(t *testing.T) {
	command := slices.Concat([]string{filepath.Join("reader", "test", "normalize_oracle.py"), strconv.Itoa(len(printer(t)))}, printer(t),
		[]string{filepath.Join("testdata", "normalize", "bcftools")})
	oracle := exec.CommandContext(t.Context(), installed.Path(t, ".spark/bin/python"), command...) //nolint:gosec // the test of this package
	var log bytes.Buffer
	oracle.Stderr = &log
	out, err := oracle.Output()
	var compared, shifted int
	if _, e := fmt.Sscanf(string(out), "%d %d\n", &compared, &shifted); err != nil || e != nil || compared < 4000 || shifted < 900 {
		t.Errorf("%v, %d compared, %d shifted\n%s%s", err, compared, shifted, out, log.Bytes())
	}
}

// aligned is an allele as the rows tell it.
type aligned struct {
	Kind          string
	ID            string `json:"variant_id"`
	Type          string `json:"variant_type"`
	PosInFile     int    `json:"pos_in_file"`
	Normalized    *bool
	RefMismatches int64 `json:"ref_mismatches"`
	Refused       string
}

// alignedRows reads lines of VCF with a reference of two contigs: t is the one that Tan,
// Abecasis and Kang (2015) explain the definition with, long has 140,000 times A.
func alignedRows(t *testing.T, header string, lines ...string) []aligned {
	t.Helper()
	folder := t.TempDir()
	const tan = "GGGCACACACAGGG"
	long := "C" + strings.Repeat("a", 140_000) + "gR"
	files := map[string]string{
		"ref.fa":     ">t of the paper\r\n" + tan[:10] + "\r\n" + tan[10:] + "\r\n>long\n" + long + "\n",
		"ref.fa.fai": fmt.Sprintf("t\t14\t17\t10\t12\nlong\t%d\t41\t%d\t%d\n", len(long), len(long), len(long)+1),
		"lines.vcf":  "##fileformat=VCFv4.2\n" + header + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + strings.Join(lines, "\t.\t.\t.\n") + "\t.\t.\t.\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := slices.Insert(printer(t), 1, "-Dreference="+filepath.Join(folder, "ref.fa"))
	command = append(command, "variant,split", wholeFile, "test", filepath.Join(folder, "lines.vcf"))
	out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput() //nolint:gosec // the reader of this package
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var rows []aligned
	for line := range bytes.Lines(out) {
		var row aligned
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// Each case is worked out by hand.
func TestNormalize(t *testing.T) {
	cases := []struct {
		line, id, kind string
		posInFile      int
		normalized     string
	}{
		// The paper's example: five ways to write the loss of one CA of GGGCACACACAGGG.
		{"t\t6\t.\tCAC\tC", "t:3:GCA:G", "deletion", 6, "true"},
		{"t\t5\t.\tACA\tA", "t:3:GCA:G", "deletion", 5, "true"},
		{"t\t2\t.\tGGCA\tGG", "t:3:GCA:G", "deletion", 2, "true"},
		{"t\t3\t.\tGCACA\tGCA", "t:3:GCA:G", "deletion", 3, "true"},
		{"t\t3\t.\tGCA\tG", "t:3:GCA:G", "deletion", 0, "true"},
		// What one base alone does not tell: REF ends with it, and does not begin with it.
		{"t\t9\t.\tAC\tC", "t:8:CA:C", "deletion", 9, "true"},
		{"t\t10\t.\tCAG\tG", "t:3:GCA:G", "deletion", 10, "true"},
		{"t\t8\t.\tCA\tA", "t:7:AC:A", "deletion", 8, "true"},
		// At the first base nothing can be put in front.
		{"t\t3\t.\tG\tGG", "t:1:G:GG", "insertion", 3, "true"},
		{"t\t2\t.\tGG\tG", "t:1:GG:G", "deletion", 2, "true"},
		// Through blocks of the file, to the base before the repeat.
		{"long\t140001\t.\tA\tAA", "long:1:C:CA", "insertion", 140001, "true"},
		{"long\t139990\t.\tAAA\tA", "long:1:CAA:C", "deletion", 139990, "true"},
		// Letters of the reference that stand for several bases are N.
		{"long\t140003\t.\tN\tNN", "long:140002:G:GN", "insertion", 140003, "true"},
		// Others are left where they are: substitutions, what is no base, another REF, a contig that the reference lacks.
		{"t\t4\t.\tCAC\tTAG", "t:4:CAC:TAG", "mnv", 0, "true"},
		{"t\t6\t.\tC\t<DEL>", "t:6:C:<DEL>:6", "symbolic", 0, ""},
		{"t\t6\t.\tC\t*", "t:6:C:*", "overlapping_deletion", 0, ""},
		{"t\t6\t.\tC\t.", "t:6:C:.", "reference", 0, ""},
		{"t\t6\t.\tC\tCR", "t:6:C:CR", "insertion", 0, "false"},
		{"t\t6\t.\tGAC\tG", "t:6:GAC:G", "deletion", 0, "false"},
		{"t\t14\t.\tGG\tG", "t:14:GG:G", "deletion", 0, "false"},
		{"t\t0\t.\tN\tNN", "t:0:N:NN", "insertion", 0, "false"},
		{"gone\t6\t.\tCAC\tC", "gone:6:CAC:C", "deletion", 0, "false"},
	}
	var lines []string
	for _, c := range cases {
		lines = append(lines, c.line)
	}
	rows := alignedRows(t, "##contig=<ID=t,length=14>\n##contig=<ID=gone,length=99>\n", lines...)
	if len(rows) != len(cases)+1 {
		t.Fatalf("%d rows of %d lines: %v", len(rows), len(cases), rows)
	}
	for i, c := range cases {
		got, said := rows[i], ""
		if got.Normalized != nil {
			said = strconv.FormatBool(*got.Normalized)
		}
		if got.ID != "test:"+c.id || got.Type != c.kind || got.PosInFile != c.posInFile || said != c.normalized {
			t.Errorf("%q became %s, %s, pos in file %d, normalized %q, want %+v", c.line, got.ID, got.Type, got.PosInFile, said, c)
		}
	}
	if n := rows[len(cases)].RefMismatches; n != 4 {
		t.Errorf("%d mismatches of REF, want 4", n)
	}
}

// A file that speaks of other lengths than the reference has is refused as a whole.
func TestNormalizeRefusesOtherLengths(t *testing.T) {
	rows := alignedRows(t, "##contig=<ID=long,length=140003>\n##contig=<ID=t,length=15>\n", "t\t6\t.\tCAC\tC")
	if last := rows[len(rows)-1]; last.Refused != "the header says that contig t has 15 bases, the reference has 14" {
		t.Errorf("got %+v", rows)
	}
}
