package stacks_test

import (
	"slices"
	"strings"
	"testing"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// mayMeet reports stacks that are deployed at the same time by cdk deploy --concurrency
// and then grant on one thing, or to one principal by LF-Tag policies: Lake Formation may
// fail on that. Subscriptions and shares do so, and are deployed one at a time.
func mayMeet(t *testing.T, dir string) {
	t.Helper()
	all, err := template.ReadAssembly(dir)
	if err != nil {
		t.Fatal(err)
	}
	stacks := slices.DeleteFunc(slices.Clone(all), func(s *template.Stack) bool {
		return strings.HasSuffix(s.Name, "-subscriptions") || strings.HasSuffix(s.Name, "-shares")
	})
	byArtifact := map[string]*template.Stack{}
	for _, s := range all {
		byArtifact[s.Artifact] = s
	}
	var after func(s, other *template.Stack) bool
	after = func(s, other *template.Stack) bool {
		return slices.ContainsFunc(s.DependsOn, func(artifact string) bool {
			return artifact == other.Artifact || after(byArtifact[artifact], other)
		})
	}
	granted := map[*template.Stack][]string{}
	for _, s := range stacks {
		granted[s] = contended(s)
	}
	for i, s := range stacks {
		for _, other := range stacks[:i] {
			if s.Account != other.Account || s.Region != other.Region || after(s, other) || after(other, s) {
				continue
			}
			for _, thing := range granted[s] {
				if slices.Contains(granted[other], thing) {
					t.Errorf("%s and %s have no order, and both grant %s", other.Name, s.Name, thing)
				}
			}
		}
	}
}

// contended are the things that a stack grants on, and whom it grants to by LF-Tags.
func contended(s *template.Stack) []string {
	var out []string
	resolver := template.NewResolver(s)
	for id, r := range s.Resources {
		if r.Type != grantType {
			continue
		}
		properties := resolver.Value(r.Properties, id)
		resource, _ := lf.FromCloudFormation(template.Property(properties, "Resource"))
		out = append(out, "on "+resource.Key())
		if resource.Kind == lf.KindTagPolicy {
			out = append(out, "by LF-Tags to "+template.Text(properties, "Principal.DataLakePrincipalIdentifier"))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
