package variants_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/snapshot"
	"github.com/lakemesh/lakemesh/test/installed"
)

// printer is the command that prints rows, run on the jar that importers get. Most of
// its time is its start, so that a quick compiler costs least.
func printer(t *testing.T) []string {
	t.Helper()
	jars := filepath.Join("reader", "reader.jar") + string(os.PathListSeparator) + filepath.Join("reader", "test", "printer.jar")
	return []string{installed.Path(t, ".spark/java/bin/java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp", jars, "io.lakemesh.vcf.PrintRows"}
}

// printRows returns the rows of each file as lines of JSON without their object.
func printRows(t *testing.T, kinds, splitSize string, files ...string) map[string]string {
	t.Helper()
	command := slices.Concat(printer(t), []string{kinds, splitSize, "-"}, files)
	out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).Output() //nolint:gosec // the reader of this package
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]*strings.Builder{}
	for _, file := range files {
		rows[file] = &strings.Builder{}
	}
	for line := range bytes.Lines(out) {
		before, rest, _ := bytes.Cut(line, []byte(`"object":"`))
		file, after, _ := bytes.Cut(rest, []byte(`",`))
		text := rows[string(file)]
		if text == nil {
			t.Fatalf("a row of no file: %s", line)
		}
		text.Write(before)
		text.Write(after)
	}
	texts := map[string]string{}
	for file, text := range rows {
		texts[file] = text.String()
	}
	return texts
}

const (
	allKinds  = "variant,genotype,sample,quarantine,split"
	wholeFile = "1000000000"
)

// Each edge case has the rows that the file beside it says.
func TestEdgeCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "edge", "*.vcf"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	rows := printRows(t, allKinds, wholeFile, files...)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".vcf"), func(t *testing.T) {
			got := rows[file]
			golden := strings.TrimSuffix(file, ".vcf") + ".jsonl"
			if snapshot.Updating() {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden) //nolint:gosec // a file of this test
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal([]byte(got), want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// However a text is packed, it has the same rows in one piece and in splits.
func TestCodecsAndSplits(t *testing.T) {
	text := manyLines(200)
	blocks := bgzip(text, 1000)
	var files []string
	folder := t.TempDir()
	for name, content := range map[string][]byte{
		"plain.vcf": text, "plain.vcf.gz": gzipped(t, text), "blocks.vcf.gz": blocks, "blocks.vcf": blocks,
		"lines.vcf.bgz": bgzipLines(text), "members.vcf.gz": append(gzipped(t, text[:5000]), gzipped(t, text[5000:])...),
	} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	const kinds = "variant,genotype,sample"
	whole := printRows(t, kinds, wholeFile, files...)
	for _, file := range files {
		if n := strings.Count(whole[file], `"kind":"variant"`); n != 200 {
			t.Errorf("%s: %d variants, expected 200", filepath.Base(file), n)
		}
	}
	for _, size := range []string{"7919", "1000", "50"} {
		rows := printRows(t, kinds, size, files...)
		for _, file := range files {
			if rows[file] != whole[file] {
				t.Errorf("%s in splits of %s bytes has other rows than as a whole", filepath.Base(file), size)
			}
		}
	}
}

// What is broken is refused, and the rows never say what the file says.
func TestBrokenFiles(t *testing.T) {
	text := manyLines(200)
	blocks, packed := bgzip(text, 1000), gzipped(t, text)
	flipped := bytes.Clone(blocks)
	flipped[len(blocks)/2] ^= 0x55
	folder := t.TempDir()
	gone := filepath.Join(folder, "gone.vcf")
	files, reasons := []string{gone}, map[string]string{gone: "the file does not exist"}
	for name, test := range map[string]struct {
		content []byte
		reason  string
	}{
		"no last block":          {blocks[:len(blocks)-len(lastBlock)], "the file ends without the empty block that bgzip writes last"},
		"block cut off":          {blocks[:len(blocks)-len(lastBlock)-10], "is cut off"},
		"block broken":           {flipped, "bgzip"},
		"gzip cut off":           {packed[:len(packed)/2], "the gzip stream ends too early"},
		"gzip broken":            {append(bytes.Clone(packed[:100]), blocks[:100]...), "the gzip stream"},
		"header only, cut short": {text[:20], "the file has no line #CHROM"},
	} {
		file := filepath.Join(folder, name+".vcf.gz")
		if err := os.WriteFile(file, test.content, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		reasons[file] = test.reason
	}
	for _, size := range []string{wholeFile, "700"} {
		rows := printRows(t, "quarantine,split", size, files...)
		for _, file := range files {
			if got := rows[file]; !strings.Contains(got, `"refused":`) || !strings.Contains(got, reasons[file]) {
				t.Errorf("%s in splits of %s bytes: got\n%s\nexpected a refusal because of %q", filepath.Base(file), size, got, reasons[file])
			}
		}
	}
}

// A line of 10,000 samples is read in 64 MiB, rows of all of them included.
func TestManySamples(t *testing.T) {
	const lines = 10
	var text bytes.Buffer
	text.WriteString("##fileformat=VCFv4.2\n##reference=GRCh38\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT")
	for i := range 10_000 {
		fmt.Fprintf(&text, "\tS%d", i)
	}
	for pos := range lines {
		fmt.Fprintf(&text, "\nchr1\t%d\t.\tA\tC,G,T\t.\tPASS\tNOTE=%s\tGT:AD:DP:GQ:PL:PID", pos+1, strings.Repeat("x", 100_000))
		for range 10_000 {
			text.WriteString("\t1/2:10,11,12,13:46:99:1,2,3,4,5,6,7,8,9,10:1_A_C")
		}
	}
	file := filepath.Join(t.TempDir(), "many.vcf.gz")
	if err := os.WriteFile(file, bgzip(text.Bytes(), 1<<16-1), 0o600); err != nil {
		t.Fatal(err)
	}
	got := printRows(t, "genotype,split", wholeFile, file)[file]
	if n := strings.Count(got, `"kind":"genotype"`); n != lines*20_000 {
		t.Errorf("%d genotypes, expected %d", n, lines*20_000)
	}
	if counts := fmt.Sprintf(`"records":%d,"variants":%d,"genotypes":%d`, lines, lines*3, lines*20_000); !strings.Contains(got, counts) {
		t.Errorf("other counts than %s", counts)
	}
}
