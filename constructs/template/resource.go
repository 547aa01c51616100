package template

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Resource is one resource of a template.
type Resource struct {
	Type                string         // such as AWS::Glue::Table
	Condition           string         // name of the condition under which it is made; "" is always
	Properties          map[string]any // as the template writes them, with intrinsic functions
	Metadata            map[string]any // of the resource, not of the template
	DependsOn           Names          // logical ids that come first
	DeletionPolicy      string         // "" is Delete
	UpdateReplacePolicy string         // what happens to the old one when it is replaced; "" is Delete
}

// Names is a list of logical ids, which a template may write as a single text.
type Names []string

// UnmarshalJSON reads both forms.
func (n *Names) UnmarshalJSON(data []byte) error {
	var in any
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	names, ok := namesIn(in)
	if !ok {
		return fmt.Errorf("got %s; expected a name or a list of names", data)
	}
	*n = names
	return nil
}

func namesIn(in any) (Names, bool) {
	if single, isText := in.(string); isText {
		return Names{single}, true
	}
	list, ok := in.([]any)
	if !ok {
		return nil, in == nil
	}
	var out Names
	for _, item := range list {
		name, isText := item.(string)
		if !isText {
			return nil, false
		}
		out = append(out, name)
	}
	return out, true
}

// Property returns the value at a path of keys joined by dots, nil where there is none.
func Property(in any, path string) any {
	for step := range strings.SplitSeq(path, ".") {
		m, ok := in.(map[string]any)
		if !ok {
			return nil
		}
		in = m[step]
	}
	return in
}

// Text returns the text, number or boolean at a path as a text; "" when there is none.
func Text(in any, path string) string {
	text, _ := scalar(Property(in, path))
	return text
}
