package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

func workflowRules() []Rule {
	return []Rule{{
		ID:     "SF01",
		Title:  "Names of states are unique in the whole state machine",
		Why:    "Two states of one name, also inside of a map or a branch, are refused with DUPLICATE_STATE_NAME when the stack is deployed.",
		Fix:    "give the state of the map or branch a name of its own",
		Source: `"State machine structure in Amazon States Language", "ValidateStateMachineDefinition" (rule 13.4)`,
		check:  each(checkStateNames, typeMachine),
	}, {
		ID:     "SF02",
		Title:  "CopySource is URL-encoded",
		Why:    "S3 decodes it: of a key with a space, a plus sign or a letter outside ASCII it copies nothing, or another object.",
		Fix:    "write it in JSONata with $encodeUrl or $encodeUrlComponent; JSONPath has no function for it",
		Source: `"CopyObject": x-amz-copy-source, "The value must be URL-encoded" (rule 13.4)`,
		check:  each(checkCopySource, typeMachine),
	}}
}

// state is one state of a definition, with where it stands.
type state struct {
	name, path string
	fields     map[string]any
}

// states are all states of the state machine, those of maps and branches too; none
// when only the deployment tells the definition.
func (o *object) states() []state {
	definition := get(o.props, "Definition")
	if text := text(o.props, "DefinitionString"); text != "" {
		if json.Unmarshal([]byte(withoutMarkers(text)), &definition) != nil {
			return nil
		}
	}
	return statesOf(definition, "", nil)
}

// withoutMarkers puts a word for what only the deployment tells: a marker may hold
// quotes.
func withoutMarkers(text string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "${")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		depth, end := 1, 0
		for end < len(after) && depth > 0 {
			switch after[end] {
			case '{':
				depth++
			case '}':
				depth--
			}
			end++
		}
		out.WriteString("unknown")
		text = after[end:]
	}
}

func statesOf(machine any, path string, out []state) []state {
	states, _ := get(machine, "States").(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(states)) {
		fields, isState := states[name].(map[string]any)
		if !isState {
			continue
		}
		at := strings.TrimPrefix(path+"/"+name, "/")
		out = append(out, state{name, at, fields})
		for _, inner := range []string{"ItemProcessor", "Iterator"} {
			out = statesOf(fields[inner], at, out)
		}
		for _, branch := range entries(fields["Branches"]) {
			out = statesOf(branch, at, out)
		}
	}
	return out
}

// definition is the property that has a state machine's definition.
func (o *object) definition() string {
	if has(o.props, "DefinitionString") {
		return "DefinitionString"
	}
	return "Definition"
}

func checkStateNames(o *object, report reporter) {
	first := map[string]string{}
	for _, s := range o.states() {
		if other, taken := first[s.name]; taken {
			report(o, o.definition(), fmt.Sprintf("the state %s, beside %s", s.path, other), "one state of that name")
			continue
		}
		first[s.name] = s.path
	}
}

// checkCopySource judges what a definition itself composes. A path to a value that an
// earlier state made is not guessed at.
func checkCopySource(o *object, report reporter) {
	for _, s := range o.states() {
		for _, source := range []string{
			text(s.fields, "Parameters.CopySource"), literal(s.fields["Parameters"], "CopySource.$"), text(s.fields, "Arguments.CopySource"),
		} {
			if unsafe.MatchString(source) || composes(source) && !strings.Contains(source, "$encodeUrl") {
				report(o, o.definition(), fmt.Sprintf("in state %s CopySource %s", s.path, source), "$encodeUrlComponent or $encodeUrl on the key")
			}
		}
	}
}

// unsafe is a literal that S3 decodes to something else, or refuses.
var unsafe = regexp.MustCompile(`^[^{$]*(?:[^!-~]|\+)[^{$]*$`)

// composes reports whether a value is put together where it stands.
func composes(source string) bool {
	return strings.HasPrefix(source, "States.Format(") || strings.HasPrefix(source, "{%")
}
