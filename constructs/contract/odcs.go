package contract

import (
	"fmt"
	"regexp"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// The odcs types mirror a file of the standard, every version of it that is
// read together: what any of them knows is accepted, the rest is reported.

type odcsFile struct {
	APIVersion      string           `strict:"required,nonempty" yaml:"apiVersion"`
	Kind            string           `strict:"required,enum=DataContract" yaml:"kind"`
	ID              string           `strict:"required,nonempty" yaml:"id"`
	Version         string           `strict:"required,nonempty" yaml:"version"`
	Status          string           `strict:"required,nonempty" yaml:"status"`
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
}

type odcsDescription struct {
	Usage       string           `yaml:"usage"`
	Purpose     string           `yaml:"purpose"`
	Limitations string           `yaml:"limitations"`
	Authorities []odcsAuthority  `yaml:"authoritativeDefinitions"`
	Custom      customProperties `yaml:"customProperties"`
}

type odcsAuthority struct {
	ID          stableID `yaml:"id"`
	URL         string   `strict:"required" yaml:"url"`
	Type        string   `strict:"required" yaml:"type"`
	Description string   `yaml:"description"`
}

type odcsSupport struct {
	ID            stableID         `yaml:"id"`
	Channel       string           `strict:"required" yaml:"channel"`
	URL           string           `yaml:"url"`
	Description   string           `yaml:"description"`
	Tool          string           `yaml:"tool"`
	Scope         string           `yaml:"scope"`
	InvitationURL string           `yaml:"invitationUrl"`
	Custom        customProperties `yaml:"customProperties"`
}

type odcsPrice struct {
	ID       stableID `yaml:"id"`
	Amount   float64  `yaml:"priceAmount"`
	Currency string   `yaml:"priceCurrency"`
	Unit     string   `yaml:"priceUnit"`
}

type odcsRole struct {
	ID          stableID         `yaml:"id"`
	Role        string           `strict:"required" yaml:"role"`
	Description string           `yaml:"description"`
	Access      string           `yaml:"access"`
	First       string           `yaml:"firstLevelApprovers"`
	Second      string           `yaml:"secondLevelApprovers"`
	Custom      customProperties `yaml:"customProperties"`
}

type odcsSLA struct {
	ID          stableID `yaml:"id"`
	Property    string   `strict:"required" yaml:"property"`
	Value       any      `strict:"required" yaml:"value"`
	ValueExt    any      `yaml:"valueExt"`
	Unit        string   `yaml:"unit"`
	Element     string   `yaml:"element"`
	Driver      string   `yaml:"driver"`
	Description string   `yaml:"description"`
	Scheduler   string   `yaml:"scheduler"`
	Schedule    string   `yaml:"schedule"`
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
