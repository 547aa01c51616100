package contract

import (
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// APIVersions returns the versions of the standard that are read, oldest first.
// Each is read by its own rules: a key that only another version has is unknown.
func APIVersions() []string { return odcs.Versions() }

// Contract is a data product as its ODCS file describes it. It can be loaded
// from a file or written as a Go value.
type Contract struct {
	File        string // where it was loaded from; "" for a Go value
	APIVersion  string // v3.0.0 … v3.1.0
	ID          string // identifier of the contract in the standard
	Name        string // name of the data product: custom property product, else dataProduct, else name
	Version     string // semantic version of the contract
	Status      string // proposed, draft, active, deprecated or retired
	Domain      string // the domain the contract says it belongs to; "" when it does not say
	Tenant      string // the organisation that the contract is for
	Description string // description.purpose
	Usage       string `json:",omitempty"` // description.usage: how the data is meant to be used
	Limitations string `json:",omitempty"` // description.limitations: what it is not for, and what is not allowed
	// Owner is who answers for the product: the team member whose role is owner, else
	// the first; an e-mail address or user name. A contract has no clock: an owner who
	// leaves on some day counts where no other one stays. See OwnerAt.
	Owner string
	Team  []Member `json:",omitempty"` // who answers for the product, in the order of the file
	Tags  []string // those of the standard; no LF-Tags

	// Sensitivity is the most sensitive data that the product may hold, from the
	// custom property "sensitivity". Where it is not declared it is the most
	// sensitive of the columns.
	Sensitivity ontology.Sensitivity
	// Zone is the zone of the lake that the tables stand in, from the custom
	// property "zone"; Curated where it is not declared.
	Zone ontology.Zone

	// Parts is how many stacks a mesh spreads the tables over, of a product too large for
	// one, from the custom property "parts": 1 to 64; 0 where it is not declared, which is
	// 1. A table's name alone says which part it stands in; another number moves tables.
	Parts int `json:",omitempty"`

	// LegalHold says why no row of the product may be deleted for its age, such as the name
	// of a case, from the custom property "legalHold"; "" is no hold.
	LegalHold string `json:",omitempty"`

	// LFTags hold for every table that has no value of its own for the key.
	LFTags []LFTag `json:",omitempty"`

	Tables []Table // one for each object of the schema
	SLA    SLA     // what the owner promises

	// NamePath is the key of the file that Name stands at, for messages; "" for a Go
	// value, and where the file's name is taken.
	NamePath string `json:"-"`

	// Warnings are findings that do not stop a load, for example a column
	// without a classification, which then counts as PHI.
	Warnings problem.List
}

// Table returns the table with the catalog name, or nil.
func (c *Contract) Table(name string) *Table {
	for i := range c.Tables {
		if c.Tables[i].Name == name {
			return &c.Tables[i]
		}
	}
	return nil
}

// OwnerAt is who answers for the product on a day: of the team's members who have
// not left before it, the one whose role is owner, else one whose role ends in it,
// else the first. Where the contract has no team it is Owner.
func (c *Contract) OwnerAt(day time.Time) string {
	if len(c.Team) == 0 {
		return c.Owner
	}
	today := day.Format(time.DateOnly)
	name, _ := ownerOf(c.Team, func(m Member) bool { return m.Until == "" || dayOf(m.Until) >= today })
	return name
}
