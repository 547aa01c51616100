package odcs

import "github.com/lakemesh/lakemesh/constructs/strictyaml"

// Team is an object since v3.1 and was a list of members before.
type Team struct {
	ID          stableID         `strict:"since=v3.1.0" yaml:"id"`
	Name        string           `yaml:"name"`
	Description string           `yaml:"description"`
	Members     []Member         `yaml:"members"`
	Tags        []string         `yaml:"tags"`
	Custom      CustomProperties `yaml:"customProperties"`
	Authorities []Authority      `yaml:"authoritativeDefinitions"`
}

// Member is one of the team.
type Member struct {
	ID          stableID         `strict:"since=v3.1.0" yaml:"id"`
	Username    string           `yaml:"username"`
	Name        string           `yaml:"name"`
	Description string           `yaml:"description"`
	Comment     string           `strict:"until=v3.0.2" yaml:"comment"`
	Role        string           `yaml:"role"`
	DateIn      string           `yaml:"dateIn"`
	DateOut     string           `yaml:"dateOut"`
	ReplacedBy  string           `yaml:"replacedByUsername"`
	Tags        []string         `strict:"since=v3.1.0" yaml:"tags"`
	Custom      CustomProperties `strict:"since=v3.1.0" yaml:"customProperties"`
	Authorities []Authority      `strict:"since=v3.1.0" yaml:"authoritativeDefinitions"`
}

// DecodeStrict accepts both forms.
func (t *Team) DecodeStrict(n strictyaml.Node) {
	if n.Kind() == strictyaml.Sequence {
		n.Decode(&t.Members)
		return
	}
	type plain Team
	n.Decode((*plain)(t))
}
