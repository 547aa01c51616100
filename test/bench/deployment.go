package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// deployed is a mesh whose deployment is looked at.
type deployed struct {
	title, file, stage string
}

// deployments says how much of each mesh is made one after another.
func deployments(lakemesh program, meshes []deployed) (string, error) {
	var report bytes.Buffer
	for i, m := range meshes {
		out, err := os.MkdirTemp("", "lakemesh-bench-")
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(out)
		if said, err := lakemesh.run(out, "MESH="+m.file, "STAGE="+m.stage).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w\n%s", m.file, err, said)
		}
		stacks, err := template.ReadAssembly(out)
		if err != nil {
			return "", err
		}
		if i > 0 {
			fmt.Fprintln(&report)
		}
		writeDeployment(&report, m, stacks)
	}
	return report.String(), nil
}

func writeDeployment(report *bytes.Buffer, m deployed, stacks []*template.Stack) {
	resources := 0
	var rows bytes.Buffer
	for _, s := range stacks {
		path := s.CriticalPath()
		resources += len(s.Resources)
		fmt.Fprintf(&rows, "| %s | %d | %d | %s |\n", s.Name, len(s.Resources), len(path), onPath(s, path))
	}
	var names []string
	for _, s := range template.CriticalStacks(stacks) {
		names = append(names, s.Name)
	}
	first, rest := productsFirst(stacks)
	fmt.Fprintf(report, "%s: %d stacks, %d resources. Made one after another:\n\n", m.title, len(stacks), resources)
	fmt.Fprintf(report, "- %d with one stack at a time;\n", steps(stacks, 1))
	fmt.Fprintf(report, "- %d with products, and what they wait for, four at a time, and then the rest one at a time;\n", steps(first, 4)+steps(rest, 1))
	fmt.Fprintf(report, "- %d with every stack as soon as it can be: %s.\n\n", steps(stacks, len(stacks)), strings.Join(names, ", "))
	fmt.Fprintln(report, "| stack | resources | one after another | which |")
	fmt.Fprintln(report, "| --- | ---: | ---: | --- |")
	report.Write(rows.Bytes())
}

// productsFirst are the stacks of products with those that they wait for, and the rest.
func productsFirst(stacks []*template.Stack) (first, rest []*template.Stack) {
	chosen := map[string]bool{}
	var choose func(artifact string)
	choose = func(artifact string) {
		for _, s := range stacks {
			if s.Artifact == artifact {
				chosen[artifact] = true
				for _, other := range s.DependsOn {
					choose(other)
				}
			}
		}
	}
	for _, s := range stacks {
		if strings.Contains(s.Name, "-product-") {
			choose(s.Artifact)
		}
	}
	for _, s := range stacks {
		if chosen[s.Artifact] {
			first = append(first, s)
		} else {
			rest = append(rest, s)
		}
	}
	return first, rest
}

// steps are how many resources are made one after another when so many of the stacks are
// deployed at the same time, each as soon as those of them that it waits for are there.
func steps(stacks []*template.Stack, atOnce int) int {
	waiting, running := slices.Clone(stacks), map[*template.Stack]int{} // until when they run
	given, done := map[string]bool{}, map[string]bool{}
	for _, s := range stacks {
		given[s.Artifact] = true
	}
	now := 0
	for len(waiting)+len(running) > 0 {
		for s, end := range running {
			if end <= now {
				done[s.Artifact] = true
				delete(running, s)
			}
		}
		waiting = slices.DeleteFunc(waiting, func(s *template.Stack) bool {
			ready := !slices.ContainsFunc(s.DependsOn, func(other string) bool { return given[other] && !done[other] })
			if ready && len(running) < atOnce {
				running[s] = now + len(s.CriticalPath())
				return true
			}
			return false
		})
		if len(running) == 0 {
			break // what is left waits in a circle
		}
		now = slices.Min(slices.Collect(maps.Values(running)))
	}
	return now
}

// onPath names the types on a path in their order, those that follow each other once.
func onPath(s *template.Stack, path []string) string {
	var out []string
	for i := 0; i < len(path); {
		kind, n := s.Resources[path[i]].Type, 0
		for ; i < len(path) && s.Resources[path[i]].Type == kind; i++ {
			n++
		}
		short := strings.TrimPrefix(kind, "AWS::")
		if n > 1 {
			short = fmt.Sprintf("%d %s", n, short)
		}
		out = append(out, short)
	}
	return strings.Join(out, ", ")
}
