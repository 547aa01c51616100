package template

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

const (
	ssmType    = "AWS::SSM::Parameter"
	writerType = "Custom::CrossRegionExportWriter" // of the CDK: makes parameters in another region
	readerType = "Custom::CrossRegionExportReader" // of the CDK: reads them there
)

// parameterIn is a parameter of Systems Manager that a stack makes in a region.
type parameterIn struct {
	output
	region string
}

// stored returns the parameter of Systems Manager of some name that the stacks make in the
// account and region of one of them.
func (t *together) stored(name string, to *Stack) (output, bool) {
	if t == nil {
		return output{}, false
	}
	if t.parameters == nil {
		t.parameters = map[string][]parameterIn{}
		for _, s := range t.stacks {
			t.findParameters(s)
		}
	}
	var found []output
	for _, p := range t.parameters[name] {
		if !p.stack.Fixed() || !to.Fixed() || p.stack.Account == to.Account && p.region == to.Region {
			found = append(found, p.output)
		}
	}
	return only(found, func(output) bool { return true })
}

func (t *together) findParameters(s *Stack) {
	add := func(name string, p parameterIn) { t.parameters[name] = append(t.parameters[name], p) }
	quiet := NewResolver(s)
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		switch res := s.Resources[id]; res.Type {
		case ssmType:
			if name, ok := scalar(quiet.Value(res.Properties["Name"], "")); ok && name != "" && !IsUnresolved(name) {
				add(name, parameterIn{output{s, res.Properties["Value"]}, s.Region})
			}
		case writerType:
			exports, _ := Property(res.Properties, "WriterProps.exports").(map[string]any)
			region := Written(quiet.Value(Property(res.Properties, "WriterProps.region"), ""))
			for _, name := range slices.Sorted(maps.Keys(exports)) {
				add(name, parameterIn{output{s, exports[name]}, region})
			}
		}
	}
}

// storedValue returns the value of a parameter of Systems Manager, when the stacks make it.
func (r *Resolver) storedValue(name, place string) (any, bool) {
	out, known := r.stack.together.stored(name, r.stack)
	return r.of(out, known, place)
}

// storedAttribute resolves Fn::GetAtt of the value of a parameter of Systems Manager, and
// of one that the CDK reads for a stack of another region.
func (r *Resolver) storedAttribute(res Resource, attribute, place string) (any, bool) {
	switch {
	case res.Type == ssmType && attribute == "Value" && r.mayAsk():
		r.depth++
		defer func() { r.depth-- }()
		return r.value(res.Properties["Value"], place), true
	case res.Type == readerType:
		return r.storedValue(attribute, place)
	}
	return nil, false
}

// reference is a dynamic reference to a parameter of Systems Manager, of any version.
var reference = regexp.MustCompile(`\{\{resolve:ssm:([^:{}]+)\}\}`)

// dynamic puts in what dynamic references say, as far as the stacks make the parameters.
func (r *Resolver) dynamic(text, place string) string {
	if !IsDynamic(text) {
		return text
	}
	return reference.ReplaceAllStringFunc(text, func(match string) string {
		name := strings.TrimSpace(reference.FindStringSubmatch(match)[1])
		if value, known := r.storedValue(name, place); known {
			if out, isText := scalar(value); isText {
				return out
			}
		}
		return match
	})
}
