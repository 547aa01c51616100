package apps

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// Any app gives the same templates in whatever order it is written, and no
// finding of a rule, or is refused with what was got, what was expected and the
// fix, in whatever order.
func TestOrderOfCallsChangesNothing(t *testing.T) {
	made, refused := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		d := draw(r)
		one, said := synthesize(t, d, rapid.SliceOfN(rapid.IntRange(0, 9), 12, 12).Draw(r, "one order"))
		other, alsoSaid := synthesize(t, d, rapid.SliceOfN(rapid.IntRange(0, 9), 12, 12).Draw(r, "other order"))
		for _, text := range []string{said, alsoSaid} {
			if text != "" && !sentence.MatchString(text) {
				r.Errorf("%+v is refused without got, expected and fix:\n%s", d, text)
			}
		}
		if (said == "") != (alsoSaid == "") {
			r.Errorf("%+v is refused in one order only:\n%s%s", d, said, alsoSaid)
		}
		if said != "" || alsoSaid != "" {
			refused++
			return
		}
		made++
		for _, name := range slices.Sorted(maps.Keys(one.templates)) {
			if !reflect.DeepEqual(one.templates[name], other.templates[name]) {
				r.Errorf("%+v: %s follows the order of calls: %s", d, name, path(one.templates[name], other.templates[name]))
			}
		}
		for _, finding := range one.findings {
			r.Errorf("%+v: %s", d, finding)
		}
	})
	t.Logf("%d apps made, %d refused", made, refused)
	if made == 0 {
		t.Error("every app was refused")
	}
}

// sentence is what the library says of a mistake.
var sentence = regexp.MustCompile(`(?s)got .*; expected .*; fix: .*`)

// output is what an app gave.
type output struct {
	templates map[string]any
	findings  []string
}

// synthesize builds and synthesizes a drawn app; what it was refused with.
func synthesize(t *testing.T, d drawn, ranks []int) (out output, said string) {
	folder := t.TempDir()
	defer func() {
		if told, ok := recover().(error); ok {
			said = told.Error()
		}
	}()
	d.construct(folder, ranks).Synth(nil)

	out.templates = map[string]any{}
	for name, text := range read(t, folder) {
		if strings.HasSuffix(name, ".template.json") {
			var template any
			if err := json.Unmarshal(text, &template); err != nil {
				t.Fatal(err)
			}
			out.templates[filepath.Base(name)] = unordered(template)
		}
	}
	findings, err := rules.Check(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		// References among the stacks of an app are the importer's choice, not ours.
		if f.Rule.ID != "LakeMesh.XA01" {
			out.findings = append(out.findings, f.String())
		}
	}
	return out, ""
}

// unordered sorts the statements of policies. The CDK keeps them in the order in
// which they were added, and to IAM the order says nothing.
func unordered(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = unordered(inner)
			if statements, isList := value[key].([]any); isList && key == "Statement" {
				slices.SortFunc(statements, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			}
		}
	case []any:
		for i := range value {
			value[i] = unordered(value[i])
		}
	}
	return value
}

// path is the first place where two values differ.
func path(one, other any) string {
	a, aOK := one.(map[string]any)
	b, bOK := other.(map[string]any)
	if !aOK || !bOK {
		return fmt.Sprintf("%v, then %v", one, other)
	}
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !reflect.DeepEqual(a[key], b[key]) {
			return key + "/" + path(a[key], b[key])
		}
	}
	return ""
}
