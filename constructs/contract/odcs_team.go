package contract

import (
	"strings"

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

// owner returns who answers for the product: of those who have not left, the
// one whose role is owner, else one whose role ends in it, else the first.
func (t *odcsTeam) owner() string {
	best, rank := "", 0
	for _, m := range t.Members {
		name := m.Username
		if name == "" {
			name = m.Name
		}
		r := 1
		switch role := strings.ToLower(strings.TrimSpace(m.Role)); {
		case m.DateOut != "" || name == "":
			continue
		case role == "owner":
			r = 3
		case strings.HasSuffix(role, "owner"):
			r = 2
		}
		if r > rank {
			best, rank = name, r
		}
	}
	return best
}
