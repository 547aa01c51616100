package template

import "encoding/json"

// Resource is one resource of a template.
type Resource struct {
	Type                string
	Condition           string
	Properties          map[string]any
	Metadata            map[string]any
	DependsOn           Names
	DeletionPolicy      string
	UpdateReplacePolicy string
}

// Names is a list of logical ids, which a template may write as a single text.
type Names []string

// UnmarshalJSON reads both forms.
func (n *Names) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*n = Names{one}
		return nil
	}
	var all []string
	err := json.Unmarshal(data, &all)
	*n = all
	return err
}
