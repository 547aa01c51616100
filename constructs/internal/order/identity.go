package order

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// Identity says what a text is that may hold tokens. Nothing of it holds the text
// or the number of a token, or the name of a stage.
type Identity struct {
	// Same is equal for texts that are the same once deployed: a role of the app
	// with a name and its ARN written out, the partition known or not.
	Same string

	// Text names it for people and for ids: a plain text as it is, a resource of
	// the app by its place in its stack.
	Text string

	// Owners make what the text refers to.
	Owners []Owner
}

// Owner is a resource of the app that a token stands for.
type Owner struct {
	Path  string // in the tree, for messages
	Stack *Stack // that makes it
}

// Made reports whether the app makes it, so that CloudFormation waits for it.
func (i Identity) Made() bool { return len(i.Owners) > 0 }

const anyPartition = "arn:*:"

var (
	tokenText     = regexp.MustCompile(`\$\{Token\[[^\]]*\]\}`)
	pseudo        = regexp.MustCompile(`\$\{AWS::(AccountId|Region|Partition)\}`)
	somePartition = regexp.MustCompile(`^arn:(?:\$\{AWS::Partition\}|aws[a-z-]*):`)
)

// Identify says what a text is, in this stack.
func (s *Stack) Identify(text string) Identity {
	if !cdkx.HoldsToken(text) {
		return Identity{Same: s.fold(text), Text: text}
	}
	if found, seen := s.identities[text]; seen {
		return found
	}
	var id Identity
	at := 0
	for _, span := range tokenText.FindAllStringIndex(text, -1) {
		before := text[at:span[0]]
		same, shown := s.token(text[span[0]:span[1]], &id)
		if whole := span[1]-span[0] == len(text); !whole && shown != same {
			shown = "${" + shown + "}"
		}
		id.Same += before + same
		id.Text += before + shown
		at = span[1]
	}
	id.Same, id.Text = s.fold(id.Same+text[at:]), id.Text+text[at:]
	s.identities[text] = id
	return id
}

// MakesRole enters a role that the stack makes at a path, under a name or none: what
// its ARN is need not be asked then.
func (s *Stack) MakesRole(arn *string, path string, name *string) {
	owner := Owner{Path: path, Stack: s}
	place := s.Name + strings.TrimPrefix(path, s.Outer.Path)
	same := owner.identity("role", name, nil, "Arn", "${"+place+ownL1+".Arn}")
	s.identities[*arn] = Identity{Same: s.fold(same), Text: place, Owners: []Owner{owner}}
}

// ownL1 is the resource of an L2, which is what people know.
const ownL1 = "/Resource"

// fold takes out what is known of the environment, and the partition, which
// follows from the account.
func (s *Stack) fold(text string) string {
	return somePartition.ReplaceAllLiteralString(s.known(text), anyPartition)
}

// known replaces the account, region and partition where they are.
func (s *Stack) known(text string) string {
	if !strings.Contains(text, "${AWS::") {
		return text
	}
	return pseudo.ReplaceAllStringFunc(text, func(found string) string {
		value := map[string]string{
			"${AWS::AccountId}": s.Account, "${AWS::Region}": s.Region, "${AWS::Partition}": s.Partition(),
		}[found]
		if value == "" {
			return found
		}
		return value
	})
}

// token says what one token is, and notes who owns it.
func (s *Stack) token(marker string, id *Identity) (same, text string) {
	if reference, ok := awscdk.Tokenization_ReverseString(jsii.String(marker)).FirstToken().(awscdk.Reference); ok {
		if attribute := *reference.DisplayName(); !strings.HasPrefix(attribute, "AWS::") {
			return s.reference(reference.Target(), attribute, id)
		}
	}
	flat := flatten(s.Stack.Resolve(jsii.String(marker)))
	return flat, flat
}

// reference says what an attribute of a construct is: what the app calls it
// where it has a name, else its place in its stack.
func (s *Stack) reference(target constructs.IConstruct, attribute string, id *Identity) (same, text string) {
	path := cdkx.PathOf(target)
	owner := Owner{Path: strings.TrimSuffix(path, ownL1), Stack: stackOf(target)}
	if !slices.Contains(id.Owners, owner) {
		id.Owners = append(id.Owners, owner)
	}
	place := owner.Stack.Name + strings.TrimPrefix(path, owner.Stack.Outer.Path)
	text = strings.TrimSuffix(place, ownL1)
	if attribute != "Arn" {
		text += "." + attribute
	}
	unknown := "${" + place + "." + attribute + "}"
	switch r := target.(type) {
	case awsiam.CfnRole:
		return owner.identity("role", r.RoleName(), r.Path(), attribute, unknown), text
	case awsiam.CfnUser:
		return owner.identity("user", r.UserName(), r.Path(), attribute, unknown), text
	case awss3.CfnBucket:
		bucket := "${" + place + "}"
		if name := plain(r.BucketName()); name != "" {
			bucket = name
		}
		switch attribute {
		case "Arn":
			return anyPartition + "s3:::" + bucket, text
		case "Ref":
			return bucket, text
		}
	case awsglue.CfnDatabase:
		if name := databaseName(r.DatabaseInput()); attribute == "Ref" && name != "" {
			return name, name
		}
	}
	return unknown, text
}

// identity is the ARN or name of what IAM makes under a name.
func (o Owner) identity(kind string, name, path *string, attribute, unknown string) string {
	called, folder := plain(name), cdkx.Value(path, "/")
	switch {
	case called == "" || cdkx.HoldsToken(folder):
	case attribute == "Arn":
		return o.Stack.known(anyPartition + "iam::${AWS::AccountId}:" + kind + folder + called)
	case attribute == "Ref":
		return called
	}
	return unknown
}

// plain is a text that is known before deployment, else "".
func plain(text *string) string { return known(cdkx.Value(text, "")) }

func databaseName(input any) string {
	switch input := input.(type) {
	case *awsglue.CfnDatabase_DatabaseInputProperty:
		return plain(input.Name)
	case map[string]any:
		name, _ := input["name"].(string)
		return known(name)
	}
	return ""
}

// flatten writes what a token resolves to as one text: functions that only the
// deployment can work out as ${…} or as JSON with sorted keys.
func flatten(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	function, _ := value.(map[string]any)
	if len(function) == 1 {
		for name, argument := range function {
			if text, ok := call(name, argument); ok {
				return text
			}
		}
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

func call(name string, argument any) (string, bool) {
	switch argument := argument.(type) {
	case string:
		switch name {
		case "Ref":
			return "${" + argument + "}", true
		case "Fn::Sub":
			return argument, true
		}
	case []any:
		if name == "Fn::Join" && len(argument) == 2 {
			return join(argument)
		}
		if name == "Fn::GetAtt" && len(argument) == 2 {
			return fmt.Sprintf("${%v.%v}", argument[0], argument[1]), true
		}
	}
	return "", false
}

func join(argument []any) (string, bool) {
	separator, plain := argument[0].(string)
	list, isList := argument[1].([]any)
	if !plain || !isList {
		return "", false
	}
	parts := make([]string, len(list))
	for i, part := range list {
		parts[i] = flatten(part)
	}
	return strings.Join(parts, separator), true
}
