package odcs

import (
	"fmt"
	"regexp"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// objectRelationship is a foreign key of a table.
type objectRelationship struct {
	ID     string           `strict:"since=v3.2.0" yaml:"id"`
	Type   string           `strict:"enum=foreignKey" yaml:"type"`
	From   references       `strict:"required" yaml:"from"`
	To     references       `strict:"required" yaml:"to"`
	Custom CustomProperties `yaml:"customProperties"`
}

// DecodeStrict checks that both ends have the same shape.
func (r *objectRelationship) DecodeStrict(n strictyaml.Node) {
	type plain objectRelationship
	n.Decode((*plain)(r))
	from, to := r.From, r.To
	if from.names != nil && to.names != nil && (from.list != to.list || len(from.names) != len(to.names)) {
		n.Report(fmt.Sprintf("a relationship from %d to %d columns", len(from.names), len(to.names)),
			"two names, or two lists of the same length", "pair each column in from with one in to")
	}
}

// propertyRelationship is a foreign key of one column, which is its from.
type propertyRelationship struct {
	ID     string           `strict:"since=v3.2.0" yaml:"id"`
	Type   string           `strict:"enum=foreignKey" yaml:"type"`
	To     references       `strict:"required" yaml:"to"`
	Custom CustomProperties `yaml:"customProperties"`
}

// references are one or several columns, here or in another contract.
type references struct {
	names []string
	list  bool
}

var (
	shortReference = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)+$`)
	fullReference  = regexp.MustCompile(`^(?:(?:https?://)?[A-Za-z0-9._\-/]+\.ya?ml#)?/?[A-Za-z_][A-Za-z0-9_]*/[A-Za-z0-9_-]+(?:/[A-Za-z_][A-Za-z0-9_]*/[A-Za-z0-9_-]+)*$`)
)

// DecodeStrict accepts a name or a list of names.
func (r *references) DecodeStrict(n strictyaml.Node) {
	if n.Kind() == strictyaml.Sequence {
		r.list = true
		n.Decode(&r.names)
		if len(r.names) == 0 {
			n.Report("an empty list", "at least one column", "name a column")
		}
	} else {
		var name string
		n.Decode(&name)
		r.names = []string{name}
	}
	for _, name := range r.names {
		if name != "" && !shortReference.MatchString(name) && !fullReference.MatchString(name) {
			n.Report(fmt.Sprintf("the reference %q", name), "table.column, or schema/<id>/properties/<id>", "name a column of a table")
		}
	}
}
