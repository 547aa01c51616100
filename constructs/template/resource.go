package template

import "encoding/json"

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
	var single string
	if json.Unmarshal(data, &single) == nil {
		*n = Names{single}
		return nil
	}
	var all []string
	err := json.Unmarshal(data, &all)
	*n = all
	return err
}
