package variants_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/snapshot"
	"github.com/lakemesh/lakemesh/constructs/variants"
	"github.com/lakemesh/lakemesh/constructs/variants/internal/readerjar"
)

// printer is the command that prints rows, run on the jar that importers get.
var printer = sync.OnceValues(func() ([]string, error) {
	folder, err := os.MkdirTemp("", "variants-")
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	javac, err := readerjar.Compiler(ctx)
	if err != nil {
		return nil, err
	}
	jar, classes := filepath.Join(folder, "reader.jar"), filepath.Join(folder, "classes")
	if err := os.WriteFile(jar, variants.ReaderJar(), 0o600); err != nil {
		return nil, err
	}
	if err := readerjar.Compile(ctx, javac, jar, classes, filepath.Join("reader", "test")); err != nil {
		return nil, err
	}
	java := filepath.Join(filepath.Dir(javac), "java")
	return []string{java, "-Xmx64m", "-cp", jar + string(os.PathListSeparator) + classes, "io.lakemesh.vcf.PrintRows"}, nil
})

// printRows returns the rows of a file as lines of JSON without their object.
func printRows(t *testing.T, kinds, splitSize, assembly, file string) string {
	t.Helper()
	command, err := printer()
	if err != nil {
		t.Fatal(err)
	}
	arguments := slices.Concat(command[1:], []string{kinds, splitSize, assembly, file})
	out, err := exec.CommandContext(t.Context(), command[0], arguments...).Output() //nolint:gosec // the reader of this package
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	name, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), `"object":`+string(name)+`,`, "")
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
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".vcf"), func(t *testing.T) {
			got := printRows(t, allKinds, wholeFile, "-", file)
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

// The same text has the same rows however it is packed and however it is split.
func TestCodecsAndSplits(t *testing.T) {
	text := manyLines(200)
	blocks := bgzip(text, 1000)
	for name, content := range map[string][]byte{
		"plain.vcf": text, "plain.vcf.gz": gzipped(t, text), "blocks.vcf.gz": blocks, "blocks.vcf": blocks,
		"lines.vcf.bgz": bgzipLines(text), "members.vcf.gz": append(gzipped(t, text[:5000]), gzipped(t, text[5000:])...),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			whole := printRows(t, "variant,genotype,sample", wholeFile, "-", file)
			if n := strings.Count(whole, `"kind":"variant"`); n != 200 {
				t.Fatalf("%d variants, expected 200", n)
			}
			for _, size := range []string{"7919", "1000", "50"} {
				if got := printRows(t, "variant,genotype,sample", size, "-", file); got != whole {
					t.Errorf("splits of %s bytes have other rows than the whole file", size)
				}
			}
		})
	}
}

// What is broken is refused, and the rows never say what the file says.
func TestBrokenFiles(t *testing.T) {
	text := manyLines(200)
	blocks, packed := bgzip(text, 1000), gzipped(t, text)
	flipped := bytes.Clone(blocks)
	flipped[len(blocks)/2] ^= 0x55
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
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "broken.vcf.gz")
			if err := os.WriteFile(file, test.content, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, size := range []string{wholeFile, "700"} {
				got := printRows(t, "quarantine,split", size, "-", file)
				if !strings.Contains(got, `"refused":`) || !strings.Contains(got, test.reason) {
					t.Errorf("splits of %s bytes: got\n%s\nexpected a refusal because of %q", size, got, test.reason)
				}
			}
		})
	}
	if got := printRows(t, "quarantine,split", wholeFile, "-", filepath.Join(t.TempDir(), "gone.vcf")); !strings.Contains(got, `"refused":"the file does not exist"`) {
		t.Errorf("got %s, expected a refusal", got)
	}
}

// A line of 10,000 samples is read in 64 MiB, rows of all of them included.
func TestManySamples(t *testing.T) {
	var text bytes.Buffer
	text.WriteString("##fileformat=VCFv4.2\n##reference=GRCh38\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT")
	for i := range 10_000 {
		fmt.Fprintf(&text, "\tS%d", i)
	}
	for pos := range 20 {
		fmt.Fprintf(&text, "\nchr1\t%d\t.\tA\tC,G,T\t.\tPASS\tNOTE=%s\tGT:AD:DP:GQ:PL:PID", pos+1, strings.Repeat("x", 100_000))
		for range 10_000 {
			text.WriteString("\t1/2:10,11,12,13:46:99:1,2,3,4,5,6,7,8,9,10:1_A_C")
		}
	}
	file := filepath.Join(t.TempDir(), "many.vcf.gz")
	if err := os.WriteFile(file, bgzip(text.Bytes(), 1<<16-1), 0o600); err != nil {
		t.Fatal(err)
	}
	got := printRows(t, "genotype,split", wholeFile, "-", file)
	if n := strings.Count(got, `"kind":"genotype"`); n != 20*20_000 {
		t.Errorf("%d genotypes, expected %d", n, 20*20_000)
	}
	if !strings.Contains(got, `"records":20,"variants":60,"genotypes":400000`) {
		t.Error("other counts than rows")
	}
}
