package contract

import "github.com/lakemesh/lakemesh/constructs/strictyaml"

// odcsContext is what a contract or table tells tools that answer questions: a
// text, or instructions with statements that were checked.
type odcsContext struct {
	Instructions string             `yaml:"instructions"`
	Statements   []contextStatement `yaml:"verifiedStatements"`
	Constraints  []contextLimit     `yaml:"constraints"`
}

type contextStatement struct {
	ID          string           `yaml:"id"`
	Question    string           `strict:"required" yaml:"question"`
	Answer      string           `yaml:"answer"`
	Tags        []string         `yaml:"tags"`
	Custom      customProperties `yaml:"customProperties"`
	Authorities []odcsAuthority  `yaml:"authoritativeDefinitions"`
}

type contextLimit struct {
	ID          string           `yaml:"id"`
	Constraint  string           `strict:"required" yaml:"constraint"`
	Tags        []string         `yaml:"tags"`
	Custom      customProperties `yaml:"customProperties"`
	Authorities []odcsAuthority  `yaml:"authoritativeDefinitions"`
}

// DecodeStrict accepts both forms.
func (c *odcsContext) DecodeStrict(n strictyaml.Node) {
	if n.Kind() == strictyaml.String {
		n.Decode(&c.Instructions)
		return
	}
	type plain odcsContext
	n.Decode((*plain)(c))
}
