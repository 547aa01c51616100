package contract

import (
	"fmt"
	"regexp"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// The odcs types mirror a file of the standard. A tag says which versions have a
// key, where not all do. Where the text of a version and its JSON schema differ,
// what either knows is accepted.

type odcsFile struct {
	APIVersion      version          `strict:"required" yaml:"apiVersion"`
	Kind            string           `strict:"required,enum=DataContract" yaml:"kind"`
	ID              string           `strict:"required,nonempty" yaml:"id"`
	Version         string           `strict:"required,nonempty" yaml:"version"`
	Status          string           `strict:"nonempty" yaml:"status"` // required before v3.2.0
	Name            string           `yaml:"name"`
	Tenant          string           `yaml:"tenant"`
	Tags            []string         `yaml:"tags"`
	Servers         []odcsServer     `yaml:"servers"`
	DataProduct     string           `yaml:"dataProduct"`
	Description     odcsDescription  `yaml:"description"`
	Domain          string           `yaml:"domain"`
	Schema          []odcsObject     `yaml:"schema"`
	Support         []odcsSupport    `yaml:"support"`
	Price           odcsPrice        `yaml:"price"`
	Team            odcsTeam         `yaml:"team"`
	Roles           []odcsRole       `yaml:"roles"`
	SLADefault      string           `yaml:"slaDefaultElement"`
	SLA             []odcsSLA        `yaml:"slaProperties"`
	Authorities     []odcsAuthority  `yaml:"authoritativeDefinitions"`
	Custom          customProperties `yaml:"customProperties"`
	ContractCreated string           `yaml:"contractCreatedTs"`
	Context         *odcsContext     `strict:"since=v3.2.0" yaml:"context"`
}

type odcsDescription struct {
	Usage       string           `yaml:"usage"`
	Purpose     string           `yaml:"purpose"`
	Limitations string           `yaml:"limitations"`
	Authorities []odcsAuthority  `yaml:"authoritativeDefinitions"`
	Custom      customProperties `yaml:"customProperties"`
}

type odcsAuthority struct {
	ID          stableID `strict:"since=v3.1.0" yaml:"id"`
	URL         string   `strict:"required" yaml:"url"`
	Type        string   `strict:"required" yaml:"type"`
	Description string   `strict:"since=v3.1.0" yaml:"description"`
}

type odcsSupport struct {
	ID            stableID         `strict:"since=v3.1.0" yaml:"id"`
	Channel       string           `strict:"required" yaml:"channel"`
	URL           string           `yaml:"url"`
	Description   string           `yaml:"description"`
	Tool          string           `yaml:"tool"`
	Scope         string           `yaml:"scope"`
	InvitationURL string           `yaml:"invitationUrl"`
	Custom        customProperties `strict:"since=v3.1.0" yaml:"customProperties"`
}

type odcsPrice struct {
	ID       stableID `strict:"since=v3.1.0" yaml:"id"`
	Amount   float64  `yaml:"priceAmount"`
	Currency string   `yaml:"priceCurrency"`
	Unit     string   `yaml:"priceUnit"`
}

type odcsRole struct {
	ID          stableID         `strict:"since=v3.1.0" yaml:"id"`
	Role        string           `strict:"required" yaml:"role"`
	Description string           `yaml:"description"`
	Access      string           `yaml:"access"`
	First       string           `yaml:"firstLevelApprovers"`
	Second      string           `yaml:"secondLevelApprovers"`
	Custom      customProperties `yaml:"customProperties"`
}

type odcsSLA struct {
	ID          stableID         `strict:"since=v3.1.0" yaml:"id"`
	Property    string           `strict:"required" yaml:"property"`
	Value       any              `strict:"required" yaml:"value"`
	ValueExt    any              `yaml:"valueExt"`
	Unit        string           `yaml:"unit"`
	Element     string           `yaml:"element"`
	Driver      string           `yaml:"driver"`
	Description string           `strict:"since=v3.1.0" yaml:"description"`
	Scheduler   string           `strict:"since=v3.1.0" yaml:"scheduler"`
	Schedule    string           `strict:"since=v3.1.0" yaml:"schedule"`
	Custom      customProperties `strict:"since=v3.2.0" yaml:"customProperties"`
	Authorities []odcsAuthority  `strict:"since=v3.2.0" yaml:"authoritativeDefinitions"`
}

// stableID is an identifier that other parts of a contract refer to.
type stableID string

var stableIDPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// DecodeStrict accepts letters, digits, _ and -.
func (id *stableID) DecodeStrict(n strictyaml.Node) {
	var s string
	n.Decode(&s)
	if n.Kind() == strictyaml.String && !stableIDPattern.MatchString(s) {
		n.Report(fmt.Sprintf("the id %q", s), "letters, digits, _ and - only", "choose an id without other characters")
	}
	*id = stableID(s)
}
