package contract

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// text returns the value of a custom property that must be a text.
func (b *builder) text(p *odcs.CustomProperty) (string, bool) {
	s, ok := p.Value.(string)
	if !ok {
		b.problem(problem.Key(p.Path, "value"), fmt.Sprintf("%v as the value of %s", p.Value, p.Property), "a text", "write the value as a text")
		b.unread = append(b.unread, problem.Key(p.Path, "value"))
	}
	return s, ok
}

func (b *builder) badWord(p *odcs.CustomProperty, got string, allowed []string) {
	b.problem(problem.Key(p.Path, "value"), fmt.Sprintf("the %s %q", p.Property, got), problem.OneOf(allowed), suggest(got, allowed))
}

// find returns the custom property with the name, or nil, and keeps its place
// for what is found about it later.
func (b *builder) find(custom odcs.CustomProperties, base, name string) *odcs.CustomProperty {
	p := custom.Find(name)
	if p != nil {
		if b.custom == nil {
			b.custom = map[string]string{}
		}
		b.custom[problem.Key(base, name)] = problem.Key(p.Path, "value")
	}
	return p
}

// options reads a mapping of texts and numbers with the keys; a list of scalars
// becomes a text with commas.
func (b *builder) options(value any, at string, keys ...string) map[string]string {
	mapping, ok := value.(map[string]any)
	if !ok {
		b.shape(at, value, "the keys "+strings.Join(keys, ", "), "write them as a mapping")
		return nil
	}
	out := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(mapping)) {
		path := problem.Key(at, key)
		if !slices.Contains(keys, key) {
			b.problem(path, fmt.Sprintf("the unknown key %q", key), problem.OneOf(keys), problem.DidYouMean(key, keys, "remove it"))
			continue
		}
		if list, isList := mapping[key].([]any); isList && key == keyRange {
			parts := make([]string, len(list))
			for i, v := range list {
				parts[i] = b.scalar(v, problem.Index(path, i))
			}
			out[key] = strings.Join(parts, ",")
			continue
		}
		out[key] = b.scalar(mapping[key], path)
	}
	return out
}

// scalar is a text, number or boolean as a text.
func (b *builder) scalar(value any, at string) string {
	switch v := value.(type) {
	case string:
		return v
	case strictyaml.Spelling:
		return v.Text
	default:
		b.shape(at, value, "a text or a number", "write one value")
		return ""
	}
}

func (b *builder) number(values map[string]string, key, at string) int {
	if values[key] == "" {
		return 0
	}
	n, err := strconv.Atoi(values[key])
	if err != nil || n < 1 {
		b.shape(problem.Key(at, key), values[key], "a whole number from 1", "write one, or leave it out")
		return 0
	}
	return n
}

// truth is a boolean value of a custom property.
func truth(value any) (truth, ok bool) {
	spelling, _ := value.(strictyaml.Spelling)
	truth, ok = spelling.Value.(bool)
	return truth, ok
}

// shape reports a value of the wrong shape; nothing else is said about it.
func (b *builder) shape(at string, got any, expected, fix string) {
	b.problem(at, brief(fmt.Sprintf("%v", got)), expected, fix)
	b.unread = append(b.unread, at)
}
