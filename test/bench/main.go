// Command bench measures how long meshes of several sizes take to synthesize, beside
// what the CDK itself takes and beside a published library, and counts what deployments
// make one after another. It writes the figures into a page between marks. The cases take
// turns, so that a machine that is slower for a while is so for all of them.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// A program synthesizes N domains into the folder OUT, both from the environment.
type program struct {
	name    string
	command []string
	dir     string
}

func main() {
	log.SetFlags(0)
	sizes := flag.String("n", "1,10,50,200", "numbers of domains; empty leaves the figures of synthesis as they are")
	runs := flag.Int("runs", 5, "runs of each program and number")
	built := flag.String("built", "build/bench", "folder with the built programs")
	page := flag.String("page", "constructs/docs/benchmarks.md", "page that the figures are written into")
	flag.Parse()

	folder, err := filepath.Abs(*built)
	if err != nil {
		log.Fatal(err)
	}
	programs := []program{
		{"LakeMesh", []string{filepath.Join(folder, "lakemesh")}, "."},
		{"CDK for Go", []string{filepath.Join(folder, "floor")}, "."},
		{"peer", []string{"node", "app.js"}, filepath.Join(folder, "peer")},
	}
	if *sizes != "" {
		synthesis(*page, folder, programs, *sizes, *runs)
	}
	report, err := deployments(programs[0], []deployed{
		{"The sample mesh", "stacks/sample/riverside/mesh.yaml", "dev"},
		{"OMOP CDM 5.4, 39 tables and 432 columns in one product", "omop", "dev"},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := write(*page, "deployed", report); err != nil {
		log.Fatal(err)
	}
	fmt.Print(report)
}

// synthesis measures the programs with several numbers of domains.
func synthesis(page, folder string, programs []program, sizes string, runs int) {
	var report bytes.Buffer
	fmt.Fprintf(&report, "%s, %s, %d CPUs, Go %s, Node.js %s.\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(),
		strings.TrimPrefix(runtime.Version(), "go"), strings.TrimPrefix(output("node", "--version"), "v"))
	fmt.Fprintf(&report, "LakeMesh and CDK for Go: aws-cdk-go %s, jsii-runtime-go %s. The peer: aws-analytics-reference-architecture %s on aws-cdk-lib %s.\n",
		module("github.com/aws/aws-cdk-go/awscdk/v2"), module("github.com/aws/jsii-runtime-go"),
		packaged(folder, "aws-analytics-reference-architecture"), packaged(folder, "aws-cdk-lib"))
	fmt.Fprintf(&report, "`make bench BENCH=%s RUNS=%d`: medians of runs that take turns, without the CDK's validation.\n\n", sizes, runs)
	fmt.Fprintln(&report, "| domains | program | wall s | CPU s | memory MB | resources | template bytes | CPU ms per resource | of CDK for Go |")
	fmt.Fprintln(&report, "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
	perDomain := map[int]float64{}
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			log.Fatal(err)
		}
		results := measureAll(programs, n, runs)
		floor := results[1].perResource()
		for i, r := range results {
			fmt.Fprintf(&report, "| %d | %s | %.2f | %.2f | %.0f | %d | %d | %.2f | %.2f |\n",
				n, programs[i].name, r.wall, r.cpu, r.memory, r.resources, r.bytes, r.perResource(), r.perResource()/floor)
		}
		perDomain[n] = results[0].cpu / float64(n)
	}
	if perDomain[10] > 0 && perDomain[200] > 0 {
		fmt.Fprintf(&report, "\nA domain of LakeMesh takes %.0f ms of CPU among 200, and %.0f ms among 10: %.2f times as much.\n",
			1000*perDomain[200], 1000*perDomain[10], perDomain[200]/perDomain[10])
	}
	if err := write(page, "measured", report.String()); err != nil {
		log.Fatal(err)
	}
	fmt.Print(report.String())
}

// measureAll runs every program as often, in turns.
func measureAll(programs []program, n, runs int) []result {
	all := make([][]result, len(programs))
	for range runs {
		for i, p := range programs {
			r, err := measure(p, n)
			if err != nil {
				log.Fatalf("%s with %d domains: %v", p.name, n, err)
			}
			all[i] = append(all[i], r)
		}
	}
	out := make([]result, len(programs))
	for i := range programs {
		out[i] = medians(all[i])
	}
	return out
}

// write puts figures into the page, between their marks; what people wrote around them
// stays.
func write(page, of, report string) error {
	begin, end := "<!-- "+of+" -->\n", "<!-- /"+of+" -->\n"
	text, err := os.ReadFile(page) //nolint:gosec // named on the command line
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("%s: expected the marks %q and %q", page, strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return os.WriteFile(page, []byte(before+begin+report+end+after), 0o600)
}

func output(command string, arguments ...string) string {
	out, err := exec.Command(command, arguments...).Output() //nolint:gosec // our own commands
	if err != nil {
		log.Fatalf("%s: %v", command, err)
	}
	return strings.TrimSpace(string(out))
}

func module(path string) string { return output("go", "list", "-m", "-f", "{{.Version}}", path) }

func packaged(folder, name string) string {
	return output("node", "-p", "require('"+filepath.ToSlash(filepath.Join(folder, "peer", "node_modules", name, "package.json"))+"').version")
}
