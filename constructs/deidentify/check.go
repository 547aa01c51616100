package deidentify

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

func (c *checker) plan() *Plan {
	p := &Plan{Source: c.source.Name, Target: c.target.Name, target: *c.target}
	c.table()
	if c.target.Deidentify == nil {
		return p
	}
	c.standard = cmp.Or(c.target.Deidentify.Standard, ontology.SafeHarbor)
	p.Standard = c.standard
	used := map[string]bool{}
	for i := range c.target.Columns {
		column := c.column(&c.target.Columns[i], i)
		for _, in := range column.inputs {
			used[strings.Split(in.path, ".")[0]] = true
		}
		if column.Method == ontology.Shift && column.Reason != "" {
			p.person = c.person()
		}
		p.Columns = append(p.Columns, column)
	}
	for i := range c.source.Columns {
		if column := &c.source.Columns[i]; !used[column.Name] {
			p.Dropped = append(p.Dropped, Dropped{Name: column.Name, Identifier: column.Identifier, Reason: whyDropped(column)})
		}
	}
	return p
}

// table checks what is about the whole target.
func (c *checker) table() {
	path := cmp.Or(c.target.Path, "table")
	d := c.target.Deidentify
	if d == nil {
		c.list.Addf(path, "a table without deidentify", "the table that it is made from", "set the custom property deidentify: {from: product.table}")
		return
	}
	if d.From.Table != c.source.Name {
		c.list.Addf(path+".deidentify", fmt.Sprintf("from: %q", d.From.Name()), "the source table "+c.source.Name, "name it")
	}
	if d.Standard != "" && !d.Standard.Valid() {
		c.list.Addf(path+".deidentify", fmt.Sprintf("the standard %q", d.Standard), problem.OneOf(ontology.DeidentifyStandards()), "write one of them")
	}
	if f := c.target.Format; c.target.View != nil || f != "" && f != contract.FormatIceberg {
		c.list.Addf(path, "a target that is no Iceberg table", "an Iceberg table, the only one that takes MERGE in Athena", "set the format iceberg")
	}
	if len(c.target.Columns) > 0 && len(c.target.PrimaryKeyColumns()) == 0 {
		c.list.Addf(path, "no primary key", "columns that tell the target's rows apart, by which later runs find them", "mark them primaryKey")
	}
}

// person resolves the column that tells patients apart.
func (c *checker) person() string {
	path, name := cmp.Or(c.target.Path, "table")+".deidentify", c.target.Deidentify.Person
	in, err := resolve(c.source, name)
	switch {
	case name == "":
		c.list.Addf(path, "no person, with the method shift", "the column of "+c.source.Name+" that tells patients apart, as all dates of a patient move alike", "add person")
	case err != nil:
		c.list.Addf(path, "the person "+name+": "+err.Error(), "a column of "+c.source.Name, "correct it")
	case !in.kind.IsText() && !in.kind.IsWhole():
		c.list.Addf(path, fmt.Sprintf("the person %s of the type %s", name, in.kind), "a text or a whole number", "name another column")
	default:
		return asText(in)
	}
	return ""
}

// column plans one column of the target.
func (c *checker) column(target *contract.Column, index int) Column {
	at := cmp.Or(target.Path, fmt.Sprintf("columns[%d]", index))
	d := target.Derivation
	if d == nil {
		d = &contract.Derivation{}
	}
	out := Column{Name: target.Name, Method: d.Method, kind: target.Type, values: d.Values, logic: strings.TrimSpace(d.Logic)}
	if out.Method == "" && out.logic != "" && len(d.Sources) == 0 {
		out.Method = ontology.Constant
	}
	if !c.inputs(&out, d, at) {
		return out
	}
	if out.Method == "" {
		out.Method = out.inputs[0].defaultMethod()
	}
	if target.Identifier != "" {
		c.list.Addf(at+".hipaaIdentifier", fmt.Sprintf("the identifier %s in column %q", target.Identifier, target.Name), "no identifier in a de-identified table", "leave the column out, or say that it holds none")
	}
	if !c.allowed(out, at) {
		return out
	}
	c.arguments(out, at)
	c.types(out, target, at)
	c.level(out, target, at)
	out.Reason = c.reason(out)
	return out
}

// inputs resolves the sources of a column: those it names, else the one with
// its own name.
func (c *checker) inputs(out *Column, d *contract.Derivation, at string) bool {
	if out.Method == ontology.Constant && len(d.Sources) == 0 {
		return true
	}
	if len(d.Sources) == 0 {
		if c.source.Column(out.Name) == nil {
			c.list.Addf(at, fmt.Sprintf("column %q, which says no source", out.Name), "a column of "+c.source.Name+" with its name, or its sources",
				"add transformSourceObjects, or transformLogic with a literal")
			return false
		}
		d = &contract.Derivation{Sources: []string{c.source.Name + "." + out.Name}}
	}
	found := true
	for i, path := range d.Sources {
		table, rest, _ := strings.Cut(path, ".")
		in, err := resolve(c.source, rest)
		if table != c.source.Name || rest == "" {
			err = errors.New("it is no column of " + c.source.Name)
		}
		if err != nil {
			c.list.Addf(fmt.Sprintf("%s.transformSourceObjects[%d]", at, i), fmt.Sprintf("%q: %s", path, err), "a column of the source, as "+c.source.Name+".column", "correct it")
			found = false
			continue
		}
		out.inputs = append(out.inputs, in)
		out.Sources = append(out.Sources, in.path)
	}
	return found
}

// allowed checks that the method is one for what the sources hold.
func (c *checker) allowed(out Column, at string) bool {
	if !out.Method.Valid() {
		c.list.Addf(at+".deidentify", fmt.Sprintf("the method %q", out.Method), problem.OneOf(ontology.Methods()), "write one of them")
		return false
	}
	least, most := sourcesOf(out.Method)
	if n := len(out.inputs); out.Method != ontology.Drop && (n < least || n > most) {
		c.list.Addf(at+".transformSourceObjects", fmt.Sprintf("the method %s with %d of its sources", out.Method, n), between(least, most), "correct the sources, or the method")
		return false
	}
	good := true
	for _, in := range out.inputs {
		methods := in.allowed(c.standard)
		if slices.Contains(methods, out.Method) {
			continue
		}
		good = false
		expected, fix := problem.OneOf(methods)+", by "+string(c.standard), "use one of these methods, or leave the column out"
		if len(methods) == 0 {
			expected, fix = "no column made of it", "leave the column out"
		}
		if out.Method == ontology.Shift && in.identifier == ontology.Date {
			fix = "use the year, or declare standard: expert-determination if an expert has found the shift safe"
		}
		c.list.Addf(at+".deidentify", in.describe()+by(out.Method), expected, fix)
	}
	if good && out.Method == ontology.Drop {
		c.list.Addf(at+".deidentify", "the method drop on a column of the target", "no column for what is dropped", "leave the column out")
		return false
	}
	return good
}

// sourcesOf is how many sources a method takes.
func sourcesOf(m ontology.Method) (least, most int) {
	switch m {
	case ontology.Constant:
		return 0, 0
	case ontology.Days:
		return 2, 2
	case ontology.AgeGroup:
		return 1, 2
	default:
		return 1, 1
	}
}

// arguments checks what belongs to some methods only.
func (c *checker) arguments(out Column, at string) {
	switch {
	case out.Method == ontology.Generalize && len(out.values) == 0:
		c.list.Addf(at+".deidentifyValues", "no values for generalize", "the values that may be seen", "list them; everything else becomes other")
	case out.Method != ontology.Generalize && out.values != nil:
		c.list.Addf(at+".deidentifyValues", fmt.Sprintf("values for the method %s", out.Method), "none", "remove them, or use generalize")
	}
	if out.Method != ontology.Constant && out.logic != "" {
		c.list.Addf(at+".transformLogic", "logic of its own for the method "+string(out.Method), "none: the SQL is written from the method",
			"compute the value in the source table, and say in words what happens in transformDescription")
	}
}

// level checks that the target column does not claim to be less sensitive than
// it is.
func (c *checker) level(out Column, target *contract.Column, at string) {
	least := ontology.Deidentified
	switch out.Method {
	case ontology.Constant:
		return
	case ontology.Keep:
		least = out.inputs[0].level
	default:
	}
	if got := target.Level(); got.Compare(least) < 0 {
		c.list.Addf(at+".classification", fmt.Sprintf("%s for a value made by %s", got, out.Method), "at least "+string(least), "classify it as "+string(least))
	}
}

// by names a method for messages. Drop is what is left where no method fits.
func by(m ontology.Method) string {
	if m == ontology.Drop {
		return ", for a column of the target"
	}
	return " by the method " + string(m)
}

func between(least, most int) string {
	if least == most {
		return fmt.Sprintf("exactly %d", least)
	}
	return fmt.Sprintf("%d or %d", least, most)
}

// New plans how target, which says deidentify, is made from source. The error
// is a problem.List with everything that is wrong at once; paths are those of
// the target's contract.
func New(source, target *contract.Table) (*Plan, error) {
	c := checker{source: source, target: target}
	p := c.plan()
	if err := c.list.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// Check reports what is wrong with how target is made from source: the error
// of New.
func Check(source, target *contract.Table) error {
	_, err := New(source, target)
	return err
}
