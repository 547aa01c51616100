package odcs

import (
	"fmt"
	"regexp"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// File is a whole contract.
type File struct {
	APIVersion      version          `strict:"required" yaml:"apiVersion"`
	Kind            string           `strict:"required,enum=DataContract" yaml:"kind"`
	ID              string           `strict:"required,nonempty" yaml:"id"`
	Version         string           `strict:"required,nonempty" yaml:"version"`
	Status          string           `strict:"nonempty" yaml:"status"` // required before v3.2.0
	Name            string           `yaml:"name"`
	Tenant          string           `yaml:"tenant"`
	Tags            []string         `yaml:"tags"`
	Servers         []Server         `yaml:"servers"`
	DataProduct     string           `yaml:"dataProduct"`
	Description     Description      `yaml:"description"`
	Domain          string           `yaml:"domain"`
	Schema          []Object         `yaml:"schema"`
	Support         []Support        `yaml:"support"`
	Price           Price            `yaml:"price"`
	Team            Team             `yaml:"team"`
	Roles           []Role           `yaml:"roles"`
	SLADefault      string           `yaml:"slaDefaultElement"`
	SLA             []SLA            `yaml:"slaProperties"`
	Authorities     []Authority      `yaml:"authoritativeDefinitions"`
	Custom          CustomProperties `yaml:"customProperties"`
	ContractCreated string           `yaml:"contractCreatedTs"`
	Context         *Context         `strict:"since=v3.2.0" yaml:"context"`
}

// Description says in words what the data is for.
type Description struct {
	Usage       string           `yaml:"usage"`
	Purpose     string           `yaml:"purpose"`
	Limitations string           `yaml:"limitations"`
	Authorities []Authority      `yaml:"authoritativeDefinitions"`
	Custom      CustomProperties `yaml:"customProperties"`
}

// Authority is where something is defined with authority.
type Authority struct {
	ID          stableID `strict:"since=v3.1.0" yaml:"id"`
	URL         string   `strict:"required" yaml:"url"`
	Type        string   `strict:"required" yaml:"type"`
	Description string   `strict:"since=v3.1.0" yaml:"description"`
}

// Support is where questions about the product are answered.
type Support struct {
	ID            stableID         `strict:"since=v3.1.0" yaml:"id"`
	Channel       string           `strict:"required" yaml:"channel"`
	URL           string           `yaml:"url"`
	Description   string           `yaml:"description"`
	Tool          string           `yaml:"tool"`
	Scope         string           `yaml:"scope"`
	InvitationURL string           `yaml:"invitationUrl"`
	Custom        CustomProperties `strict:"since=v3.1.0" yaml:"customProperties"`
}

// Price is what the product costs.
type Price struct {
	ID       stableID `strict:"since=v3.1.0" yaml:"id"`
	Amount   float64  `yaml:"priceAmount"`
	Currency string   `yaml:"priceCurrency"`
	Unit     string   `yaml:"priceUnit"`
}

// Role is a role that may be asked for, with those who approve it.
type Role struct {
	ID          stableID         `strict:"since=v3.1.0" yaml:"id"`
	Role        string           `strict:"required" yaml:"role"`
	Description string           `yaml:"description"`
	Access      string           `yaml:"access"`
	First       string           `yaml:"firstLevelApprovers"`
	Second      string           `yaml:"secondLevelApprovers"`
	Custom      CustomProperties `yaml:"customProperties"`
}

// SLA is one promise about the product.
type SLA struct {
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
	Custom      CustomProperties `strict:"since=v3.2.0" yaml:"customProperties"`
	Authorities []Authority      `strict:"since=v3.2.0" yaml:"authoritativeDefinitions"`
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
