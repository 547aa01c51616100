package template

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// take keeps what the stack's template says. One thing that is not as CloudFormation
// has it hides nothing else.
func (s *Stack) take(content map[string]any) {
	s.Metadata, _ = content["Metadata"].(map[string]any)
	for _, macro := range listed(content["Transform"]) {
		if macro != languageExtensions {
			s.macro("Transform", macro)
		}
	}
	if macro, set := content["Fn::Transform"]; set {
		s.macro("Fn::Transform", macro)
	}
	s.declared, _ = content["Parameters"].(map[string]any)
	s.mappings, _ = content["Mappings"].(map[string]any)
	s.conditions, _ = content["Conditions"].(map[string]any)
	s.outputs, _ = content["Outputs"].(map[string]any)
	s.Resources = map[string]Resource{}
	resources, _ := content["Resources"].(map[string]any)
	budget := maxLoops
	resources = unrolled(resources, &budget)
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		switch {
		case strings.HasPrefix(id, "Fn::"):
			s.macro(id, resources[id])
		default:
			s.takeResource(id, resources[id])
		}
	}
}

// transforms of AWS's own are known to make no grants; the reason says what they make that
// is not read.
var transforms = map[string]string{
	"AWS::Serverless-2016-10-31": "it makes functions, state machines and APIs with roles of their own, whose policies are not read; it makes no grants of Lake Formation",
}

// macro notes that CloudFormation runs a macro over a part of the template.
func (s *Stack) macro(place string, what any) {
	name, _ := what.(string)
	reason, known := transforms[name]
	if !known {
		reason = "CloudFormation works it out when it deploys the template, and it may make any resource, grants among them"
	}
	s.Unread = append(s.Unread, Unresolved{Place: s.Name + " " + place, Text: Written(what), Reason: reason})
}

func (s *Stack) takeResource(id string, in any) {
	res, wrong := resourceIn(in)
	if wrong != "" {
		s.Unread = append(s.Unread, Unresolved{Place: s.Name + " " + id, Text: Written(in), Reason: wrong})
		return
	}
	s.Resources[id] = res
	if object, _ := in.(map[string]any); object["Fn::Transform"] != nil {
		s.macro(id+".Fn::Transform", object["Fn::Transform"])
	}
}

// resourceIn reads a resource, or says what is wrong with it.
func resourceIn(in any) (res Resource, wrong string) {
	object, isObject := in.(map[string]any)
	if !isObject {
		return res, "not a resource: expected an object with a Type"
	}
	for _, field := range []struct {
		name string
		into *string
	}{{"Type", &res.Type}, {"Condition", &res.Condition}, {"DeletionPolicy", &res.DeletionPolicy}, {"UpdateReplacePolicy", &res.UpdateReplacePolicy}} {
		value := object[field.name]
		text, isText := value.(string)
		if value != nil && !isText && (field.name == "Type" || field.name == "Condition") {
			return res, "its " + field.name + " is not a text"
		}
		*field.into = text // a policy may be an intrinsic function
	}
	var ok bool
	if res.Properties, ok = object["Properties"].(map[string]any); !ok && object["Properties"] != nil {
		return res, "its Properties are not an object"
	}
	res.Metadata, _ = object["Metadata"].(map[string]any)
	if res.DependsOn, ok = namesIn(object["DependsOn"]); !ok {
		return res, "its DependsOn is neither a name nor a list of names"
	}
	return res, ""
}

// listed is a list, or the one thing that stands for it.
func listed(in any) []any {
	switch v := in.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{in}
}

// maxWritten bounds what a message repeats of a template.
const maxWritten = 400

// Written returns a piece of a template as a short text: as it is written, or as JSON.
func Written(in any) string {
	text, isText := scalar(in)
	if !isText {
		data, err := json.Marshal(in)
		if err != nil {
			return fmt.Sprint(in)
		}
		text = string(data)
	}
	if letters := []rune(text); len(letters) > maxWritten {
		return string(letters[:maxWritten]) + "…"
	}
	return text
}

// MacrosIn returns the arguments of Fn::Transform and of loops in a piece of a template.
func MacrosIn(in any) []any {
	var out []any
	switch v := in.(type) {
	case []any:
		for _, item := range v {
			out = append(out, MacrosIn(item)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key == "Fn::Transform" || strings.HasPrefix(key, loopPrefix) {
				out = append(out, v[key])
			} else {
				out = append(out, MacrosIn(v[key])...)
			}
		}
	}
	return out
}
