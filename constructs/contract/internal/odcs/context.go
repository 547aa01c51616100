package odcs

import "github.com/lakemesh/lakemesh/constructs/strictyaml"

// Context is what a contract or table tells tools that answer questions: a
// text, or instructions with statements that were checked.
type Context struct {
	Instructions string             `yaml:"instructions"`
	Statements   []contextStatement `yaml:"verifiedStatements"`
	Constraints  []contextLimit     `yaml:"constraints"`
}

type contextStatement struct {
	ID          string           `yaml:"id"`
	Question    string           `strict:"required" yaml:"question"`
	Answer      string           `yaml:"answer"`
	Tags        []string         `yaml:"tags"`
	Custom      CustomProperties `yaml:"customProperties"`
	Authorities []Authority      `yaml:"authoritativeDefinitions"`
}

type contextLimit struct {
	ID          string           `yaml:"id"`
	Constraint  string           `strict:"required" yaml:"constraint"`
	Tags        []string         `yaml:"tags"`
	Custom      CustomProperties `yaml:"customProperties"`
	Authorities []Authority      `yaml:"authoritativeDefinitions"`
}

// DecodeStrict accepts both forms.
func (c *Context) DecodeStrict(n strictyaml.Node) {
	if n.Kind() == strictyaml.String {
		n.Decode(&c.Instructions)
		return
	}
	type plain Context
	n.Decode((*plain)(c))
}
