package contract

import (
	"cmp"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// odcsTeam is an object since v3.1 and was a list of members before.
type odcsTeam struct {
	ID          stableID         `strict:"since=v3.1.0" yaml:"id"`
	Name        string           `yaml:"name"`
	Description string           `yaml:"description"`
	Members     []odcsMember     `yaml:"members"`
	Tags        []string         `yaml:"tags"`
	Custom      customProperties `yaml:"customProperties"`
	Authorities []odcsAuthority  `yaml:"authoritativeDefinitions"`
}

type odcsMember struct {
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
	Custom      customProperties `strict:"since=v3.1.0" yaml:"customProperties"`
	Authorities []odcsAuthority  `strict:"since=v3.1.0" yaml:"authoritativeDefinitions"`
}

// DecodeStrict accepts both forms.
func (t *odcsTeam) DecodeStrict(n strictyaml.Node) {
	if n.Kind() == strictyaml.Sequence {
		n.Decode(&t.Members)
		return
	}
	type plain odcsTeam
	n.Decode((*plain)(t))
}

// members are those with a name.
func (t *odcsTeam) members() []Member {
	var out []Member
	for _, m := range t.Members {
		if name := cmp.Or(m.Username, m.Name); name != "" {
			out = append(out, Member{Name: name, Role: m.Role, Until: m.DateOut})
		}
	}
	return out
}
