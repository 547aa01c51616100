package template

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Resolver works out the intrinsic functions of one stack's template. What it
// cannot work out becomes a marker that is unique to the stack.
type Resolver struct {
	// OnUnresolved hears of every marker.
	// Default: nobody does.
	OnUnresolved func(Unresolved)

	// OnProblem hears of a property of another kind than its field.
	// Default: nobody does.
	OnProblem func(place, got, expected, fix string)

	// OnCondition hears of a condition that Fn::If asks for and that Assumed does not have.
	// Default: nobody does.
	OnCondition func(name string)

	// OnLeftOut hears of the other side of Fn::If where the stack decides the condition.
	// Default: nobody does.
	OnLeftOut func(Unresolved)

	// Assumed says which conditions are taken to be true and which to be false, by
	// name; of another stack, whose outputs or parameters are used, by stack and name.
	// Fn::If with another one is a marker.
	// Default: none.
	Assumed map[string]bool

	stack *Stack
	depth int  // of resolving names through other resources
	asked *int // how many names were asked for since the first of them
	away  bool // from the stack that it was made for

	conditions map[string]bool // that are being evaluated
}

// NewResolver returns a resolver for the template of a stack.
func NewResolver(stack *Stack) *Resolver {
	return &Resolver{
		OnUnresolved: func(Unresolved) {},
		OnProblem:    func(string, string, string, string) {},
		OnCondition:  func(string) {},
		OnLeftOut:    func(Unresolved) {},
		stack:        stack,
		asked:        new(int),
	}
}

// Unresolved is a value that could not be read, or a resource that is not
// understood.
type Unresolved struct {
	Place  string // stack LogicalId.Property.Path
	Text   string // the marker that stands for it
	Reason string // why it could not be read
}

// NoFixedPlace is why a value is not known that only the stack's account or region decides.
const NoFixedPlace = "the stack has no fixed account and region"

// String returns "place: text: reason".
func (u Unresolved) String() string {
	parts := []string{u.Place, u.Text, u.Reason}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ": ")
}

// IsUnresolved reports whether a text holds the marker of something that is only
// known when the stack is deployed.
func IsUnresolved(text string) bool { return strings.Contains(text, "${") || IsDynamic(text) }

// IsDynamic reports whether a text holds a dynamic reference, such as
// {{resolve:ssm:name}}, which CloudFormation looks up when it deploys.
func IsDynamic(text string) bool { return strings.Contains(text, "{{resolve:") }

// none is what Ref AWS::NoValue gives: the property is left out.
var none any = struct{}{}

// Value resolves everything in a piece of a template; nil is what is left out.
func (r *Resolver) Value(in any, place string) any {
	if out := r.value(in, place); out != none {
		return out
	}
	return nil
}

func (r *Resolver) value(in any, place string) any {
	switch v := in.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for i, item := range v {
			if item = r.value(item, fmt.Sprintf("%s[%d]", place, i)); item != none {
				out = append(out, item)
			}
		}
		return out
	case map[string]any:
		if name, argument, ok := intrinsic(v); ok {
			return r.call(name, argument, v, place)
		}
		out := make(map[string]any, len(v))
		for key, item := range v {
			if item = r.value(item, place+"."+key); item != none {
				out[key] = item
			}
		}
		return out
	case string:
		return r.literal(v, place)
	}
	return in
}

// literal returns a text of the template with its dynamic references worked out, and
// records those that cannot be. A part of one is not recorded: others are joined to it.
func (r *Resolver) literal(text, place string) string {
	text = r.dynamic(text, place)
	if _, inside, is := strings.Cut(text, "{{resolve:"); is && strings.Contains(inside, "}}") {
		r.OnUnresolved(Unresolved{Place: place, Text: text, Reason: "a dynamic reference, which CloudFormation looks up when it deploys the stack"})
	}
	return text
}

// intrinsic takes {"Fn::X": argument} or {"Ref": argument} apart.
func intrinsic(m map[string]any) (name string, argument any, ok bool) {
	if len(m) != 1 {
		return "", nil, false
	}
	for name, argument = range m {
	}
	return name, argument, name == "Ref" || strings.HasPrefix(name, "Fn::")
}

func (r *Resolver) call(name string, argument any, whole map[string]any, place string) any {
	var out any
	var ok bool
	switch name {
	case "Ref":
		if id, isText := argument.(string); isText {
			return r.ref(id, place)
		}
	case "Fn::GetAtt":
		if id, attribute, isAtt := attributeOf(argument); isAtt {
			return r.attribute(id, attribute, place)
		}
	case "Fn::If":
		if name, yes, no, isIf := conditional(argument); isIf {
			condition := name
			if r.away {
				condition = r.stack.Name + " " + name
			}
			holds, known := r.Assumed[condition]
			if !known {
				if holds, known = r.stack.holds(name); known {
					r.leaveOut(name, holds, yes, no, place)
				}
			}
			switch {
			case known && holds:
				return r.value(yes, place)
			case known:
				return r.value(no, place)
			}
			r.OnCondition(condition)
		}
		return r.unknown(whole, place, "it depends on a condition, and both answers may be deployed")
	case "Fn::Join":
		out, ok = r.join(argument, place)
	case "Fn::Sub":
		out, ok = r.sub(argument, place)
	case "Fn::Split":
		out, ok = r.split(argument, place)
	case "Fn::Select":
		out, ok = r.pick(argument, place)
	case "Fn::FindInMap":
		out, ok = r.findInMap(argument, place)
	case "Fn::ImportValue":
		out, ok = r.importValue(argument, place)
	case "Fn::GetStackOutput":
		out, ok = r.stackOutput(argument, place)
	}
	if !ok {
		return r.unknown(whole, place, name+" cannot be worked out from the template")
	}
	if text, isText := out.(string); isText && (name == "Fn::Join" || name == "Fn::Sub") {
		return r.oneIdentity(text, place)
	}
	return out
}

// leaveOut tells of the side of Fn::If that a decided condition leaves out.
func (r *Resolver) leaveOut(condition string, holds bool, yes, no any, place string) {
	other := yes
	if holds {
		other = no
	}
	if Text(other, "Ref") != "AWS::NoValue" {
		r.OnLeftOut(Unresolved{Place: place, Text: Written(other), Reason: fmt.Sprintf("condition %s is %t here", condition, holds)})
	}
}

// unknown records and returns the marker of an intrinsic function.
func (r *Resolver) unknown(value any, place, reason string) any {
	text, err := json.Marshal(value)
	if err != nil {
		text = []byte(fmt.Sprint(value))
	}
	return r.Marker(r.stack.Name+" "+string(text), place, reason)
}

// Marker records and returns the marker ${body} for what cannot be known.
func (r *Resolver) Marker(body, place, reason string) string {
	text := "${" + body + "}"
	r.OnUnresolved(Unresolved{Place: place, Text: text, Reason: reason})
	return text
}

func (r *Resolver) ref(id, place string) any {
	if value, ok := r.pseudo(id); ok {
		if text, isText := value.(string); isText && IsUnresolved(text) {
			return r.Marker(strings.Trim(text, "${}"), place, NoFixedPlace)
		}
		return value
	}
	if value, ok := r.parameter(id, place); ok {
		return value
	}
	res, ok := r.stack.Resources[id]
	if !ok {
		return r.Marker(r.stack.Name+"."+id, place, "a parameter, whose value is only known when the stack is deployed")
	}
	if name, ok := r.physicalID(res, place); ok {
		return name
	}
	return r.Marker(r.stack.Name+"."+id, place, res.Type+" has no fixed name")
}

// pseudo returns the value of a pseudo parameter.
func (r *Resolver) pseudo(id string) (any, bool) {
	switch id {
	case "AWS::AccountId":
		return r.stack.Account, true
	case "AWS::Region":
		return r.stack.Region, true
	case "AWS::Partition", "AWS::URLSuffix":
		if IsUnresolved(r.stack.Region) {
			return "${" + id + "}", true
		}
		partition := PartitionOf(r.stack.Region)
		return map[string]string{"AWS::Partition": partition.Name, "AWS::URLSuffix": partition.Suffix}[id], true
	case "AWS::StackName":
		return r.stack.Name, true
	case "AWS::NoValue":
		return none, true
	}
	return nil, false
}

// attributeOf takes both forms of Fn::GetAtt apart.
func attributeOf(argument any) (id, attribute string, ok bool) {
	switch v := argument.(type) {
	case string:
		return strings.Cut(v, ".")
	case []any:
		if len(v) == 2 {
			id, ok = v[0].(string)
			attribute, isText := v[1].(string)
			return id, attribute, ok && isText
		}
	}
	return "", "", false
}

// scalar returns texts, numbers and booleans as they are written.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

func (r *Resolver) join(argument any, place string) (any, bool) {
	args, ok := argument.([]any)
	if !ok || len(args) != 2 {
		return nil, false
	}
	separator, ok := args[0].(string)
	items, isList := r.value(args[1], place).([]any)
	if !ok || !isList {
		return nil, false
	}
	parts := make([]string, len(items))
	for i, item := range items {
		if parts[i], ok = scalar(item); !ok {
			return nil, false
		}
	}
	if slices.ContainsFunc(parts, func(part string) bool { return IsDynamic(part) && strings.Contains(part, "}}") }) {
		return strings.Join(parts, separator), true // recorded already
	}
	return r.literal(strings.Join(parts, separator), place), true
}

var placeholder = regexp.MustCompile(`\$\{([^{}]+)\}`)

func (r *Resolver) sub(argument any, place string) (any, bool) {
	variables := map[string]any{}
	template, ok := argument.(string)
	if args, isList := argument.([]any); isList && len(args) == 2 {
		if template, ok = args[0].(string); ok {
			variables, ok = args[1].(map[string]any)
		}
	}
	if !ok {
		return nil, false
	}
	return r.literal(placeholder.ReplaceAllStringFunc(template, func(match string) string {
		name := strings.TrimSpace(match[2 : len(match)-1])
		if literal, isLiteral := strings.CutPrefix(name, "!"); isLiteral {
			return "${" + literal + "}"
		}
		var value any
		if variable, isVariable := variables[name]; isVariable {
			value = r.value(variable, place)
		} else if id, attribute, isAttribute := strings.Cut(name, "."); isAttribute {
			value = r.attribute(id, attribute, place)
		} else {
			value = r.ref(name, place)
		}
		text, isText := scalar(value)
		if !isText {
			return r.Marker(r.stack.Name+"."+name, place, "not a text")
		}
		return text
	}), place), true
}

func (r *Resolver) split(argument any, place string) (any, bool) {
	args, ok := argument.([]any)
	if !ok || len(args) != 2 {
		return nil, false
	}
	separator, ok := args[0].(string)
	text, isText := r.value(args[1], place).(string)
	if !ok || !isText || separator == "" {
		return nil, false
	}
	var out []any
	for _, part := range SplitOutsideMarkers(text, separator) {
		out = append(out, part)
	}
	if IsUnresolved(text) {
		if len(out) == 1 || IsDynamic(text) {
			return nil, false
		}
		r.OnUnresolved(Unresolved{Place: place, Text: text, Reason: fmt.Sprintf("split at %q as if no value that is not known had one", separator)})
	}
	return out, true
}

// SplitOutsideMarkers splits a text at a separator, but not within the markers of what is
// only known when the stack is deployed. The separator is not empty.
func SplitOutsideMarkers(text, separator string) []string {
	var out []string
	start, depth := 0, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '{' && (depth > 0 || i > 0 && text[i-1] == '$'):
			depth++
		case text[i] == '}' && depth > 0:
			depth--
		case depth == 0 && strings.HasPrefix(text[i:], separator):
			out = append(out, text[start:i])
			i += len(separator) - 1
			start = i + 1
		}
	}
	return append(out, text[start:])
}

func (r *Resolver) pick(argument any, place string) (any, bool) {
	args, ok := argument.([]any)
	if !ok || len(args) != 2 {
		return nil, false
	}
	text, _ := scalar(r.value(args[0], place))
	index, err := strconv.Atoi(text)
	items, isList := r.value(args[1], place).([]any)
	if err != nil || !isList || index < 0 || index >= len(items) {
		return nil, false
	}
	return items[index], true
}
