package access_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// upTo is the list of levels up to one: what a policy names that is about how sensitive
// columns may be.
func upTo(level string) []string { return levels[:slices.Index(levels, level)+1] }

// policies returns the places of the grants by policies of tags.
func policies(c *access.Catalog) []int {
	var out []int
	for i, g := range c.Grants {
		if g.Resource.Kind == lf.KindTagPolicy {
			out = append(out, i)
		}
	}
	return out
}

// moreSight says what one answer shows or lets do that another does not. DESCRIBE is left
// out: it stands for the rights of a whole table where a policy reaches a part of it.
func moreSight(after, before *access.State) []string {
	return slices.DeleteFunc(missing(after.Evaluate(), before.Evaluate()), func(right string) bool {
		return strings.HasSuffix(right, " "+string(lf.Describe))
	})
}

// Another tag in a policy, or one value less of a tag, shows nobody more.
func TestNarrowingAPolicyNeverAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := access.Merge(anyState(t))
		after := access.Merge(before)
		at := policies(catalogOf(after))
		if len(at) == 0 {
			return
		}
		g := &catalogOf(after).Grants[rapid.SampledFrom(at).Draw(t, "policy")]
		expression := slices.Clone(g.Resource.Expression)
		i := rapid.IntRange(0, len(expression)-1).Draw(t, "condition")
		if values := expression[i].Values; len(values) > 1 && rapid.Bool().Draw(t, "less") {
			expression[i].Values = values[:len(values)-1]
		} else {
			expression = append(expression, lf.Condition{Key: rapid.SampledFrom([]string{"m:sensitivity", "m:product", "m:unknown"}).Draw(t, "key"), Values: []string{rapid.SampledFrom([]string{"x", "phi", "public"}).Draw(t, "value")}})
		}
		g.Resource.Expression = expression
		if more := moreSight(after, before); len(more) > 0 {
			t.Fatalf("%s shows more: %v", g.Key(), more)
		}
	})
}

// catalogOf is the only catalog of a state.
func catalogOf(s *access.State) *access.Catalog { return s.Catalog(account, region) }

// A higher level of a column shows nobody more, where policies name levels up to some one.
func TestRaisingALevelNeverAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := access.Merge(anyState(t))
		c := catalogOf(before)
		for _, i := range policies(c) {
			for j, condition := range c.Grants[i].Resource.Expression {
				if condition.Key == "m:sensitivity" {
					c.Grants[i].Resource.Expression[j].Values = slices.Clone(upTo(condition.Values[0]))
				}
			}
		}
		after := access.Merge(before)
		r := lf.Columns(rapid.SampledFrom([]string{"db1", "db2"}).Draw(t, "db"), rapid.SampledFrom(someTables).Draw(t, "table"), rapid.SampledFrom(someColumns).Draw(t, "column"))
		level := levels[0]
		for _, was := range []lf.Resource{lf.Database(r.Database), lf.Table(r.Database, r.Table), r} {
			for _, a := range c.Associations {
				if a.Resource.In("").Key() != was.Key() {
					continue
				}
				for _, tag := range a.Tags {
					if tag.Key == "m:sensitivity" {
						level = tag.Values[0]
					}
				}
			}
		}
		higher := rapid.SampledFrom(levels[slices.Index(levels, level):]).Draw(t, "level")
		raised := catalogOf(after)
		raised.Associations = slices.DeleteFunc(raised.Associations, func(a lf.TagAssociation) bool { return a.Resource.In("").Key() == r.Key() })
		raised.Associations = append(raised.Associations, lf.TagAssociation{Resource: r, Tags: []lf.Condition{{Key: "m:sensitivity", Values: []string{higher}}, {Key: "m:product", Values: []string{"none"}}}})
		if more := moreSight(after, before); len(more) > 0 {
			t.Fatalf("%s as %s shows more: %v", r.Key(), higher, more)
		}
	})
}

// Names of resources in a template, and so the order in which they are read, change no answer.
func TestOrderOfResourcesDoesNotMatter(t *testing.T) {
	for _, c := range corpus(t) {
		if c.Yaml != "" || c.Error != "" || refers(c.Resources) {
			continue
		}
		want, err := c.ask(t)
		if err != nil {
			t.Fatal(err)
		}
		turned := resources{}
		for id, resource := range c.Resources {
			turned[mirrored(id)] = resource
		}
		c.Resources = turned
		got, err := c.ask(t)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(summary(want), summary(got)); diff != "" || !cmp.Equal(want.Caveats, got.Caveats) {
			t.Errorf("%s (-want +got)\n%s", c.Title, diff)
		}
	}
}

// refers reports whether something in resources names another by its logical id.
func refers(in any) bool {
	switch v := in.(type) {
	case resources:
		return refers(map[string]any(v))
	case map[string]any:
		for key, value := range v {
			if key == "Ref" || strings.HasPrefix(key, "Fn::") || key == "DependsOn" || refers(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, refers)
	}
	return false
}

// mirrored is a name that sorts the other way round.
func mirrored(id string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + 'z' - r
		case r >= 'A' && r <= 'Z':
			return 'A' + 'Z' - r
		}
		return r
	}, id)
}
