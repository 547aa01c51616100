package contract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// physical is a value whose physical type is read, with the type that its logical
// type stands for.
type physical struct {
	b       *builder
	v       *odcs.Value
	at      string
	path    string // of physicalType
	logical gluetype.Type
}

const ofCatalog = "a type of the Glue catalog, or one that maps to it exactly"

// resolve returns the type of the value. What the physical type says counts,
// because it is about the data; nothing that the logical type says is lost in
// silence.
func (p physical) resolve() gluetype.Type {
	found, err := gluetype.FromPhysical(p.v.PhysicalType, p.b.database(), p.v.LogicalType == "integer")
	if err != nil {
		p.unmapped(err)
		return p.logical
	}
	t := found.Type
	switch {
	case p.wholeNumber(t):
		return p.logical
	case p.logical.Name == "timestamp" && t.Name == "date":
		p.problem("a date, beside a logical type with a time of day", "a type that keeps the time", "write physicalType: timestamp, or logicalType: date without hours in its format")
		return p.logical
	case t.Open() || p.isJSON() && !p.logical.Primitive():
		return p.open(t)
	}
	t = p.fill(t, p.logical, "")
	if found.Zoned {
		p.warn("a timestamp with a time zone", "timestamp, which has none in the catalog", "nothing, if the instant is enough: it is kept in UTC, without the offset")
	}
	if found.Nanoseconds && p.b.iceberg {
		p.warn("more than six digits of a second in an Iceberg table", "microseconds", "nothing, if they are enough; else keep it as a string or bigint")
	}
	return t
}

func (p physical) problem(finding, expected, fix string) {
	p.b.problem(p.path, fmt.Sprintf("%q: %s", brief(p.v.PhysicalType), finding), expected, fix)
}

func (p physical) warn(finding, expected, fix string) {
	p.b.warn(p.path, fmt.Sprintf("%q: %s", brief(p.v.PhysicalType), finding), expected, fix)
}

// unmapped says what to write in the place of a type that maps to nothing.
func (p physical) unmapped(err error) {
	write := ""
	if e := new(gluetype.UnmappedError); errors.As(err, &e) {
		write = e.Write
	}
	switch {
	case strings.HasSuffix(err.Error(), " is missing") && strings.ContainsAny(err.Error(), ">)]"):
		write = "close every bracket"
	case write != "":
		write = "write physicalType: " + write
	case p.v.LogicalType != "" && !p.logical.HasOpen():
		write = "write physicalType: " + brief(p.logical.String()) + ", if that is what the data is"
	default:
		write = "write for example bigint, decimal(10,2) or array<string>"
	}
	p.problem(err.Error(), ofCatalog, write)
}

// wholeNumber reports NUMBER(5) of a whole number, which a bigint holds.
func (p physical) wholeNumber(t gluetype.Type) bool {
	const most = 18 // digits of a bigint
	return p.v.LogicalType == "integer" && t.Name == "decimal" && t.Args[0] <= most && t.Args[1] == 0 && p.word() == "number"
}

// word is the first one of the physical type.
func (p physical) word() string {
	text := strings.ToLower(strings.TrimSpace(p.v.PhysicalType))
	if end := strings.IndexFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' }); end >= 0 {
		return text[:end]
	}
	return text
}

// isJSON reports names for values whose inside the database does not know.
func (p physical) isJSON() bool {
	return slices.Contains([]string{"json", "jsonb", "variant", "super", "object"}, p.word())
}

// open takes the inside of a value from its logical type, where the physical one
// does not say it.
func (p physical) open(t gluetype.Type) gluetype.Type {
	written := p.v.PhysicalType
	switch {
	case t.Name == p.logical.Name, p.isJSON() && (p.v.LogicalType != "" || !p.logical.Primitive()):
		return p.logical
	case p.isJSON():
		p.warn("an object without properties", "its properties", "list them; until then it counts as a string with JSON in it")
		return gluetype.Type{Name: "string"}
	case t.Name == "map" && p.logical.Name == "struct":
		p.problem("a map beside properties, which are the fields of a struct", "what the keys and the values are",
			"write physicalType: "+mapOf(p.logical)+", and remove the properties; "+odcs.V320+" has logicalType: map")
	case p.logical.Primitive():
		p.problem(written+" does not say of what", ofCatalog, "write "+map[string]string{
			"array": "physicalType: array<string>, or add items", "map": "physicalType: map<string,string>", "struct": "physicalType: struct<name:string>, or list its properties",
		}[t.Name])
	default:
		p.problem(fmt.Sprintf("an %s beside what is %s", t.Name, brief(p.logical.String())), "the same in both", "correct one of the two")
	}
	return p.logical
}

// mapOf proposes the map that somebody meant who listed fields.
func mapOf(t gluetype.Type) string {
	value := "string"
	for i, f := range t.Fields {
		if i > 0 && f.Type.String() != value {
			return "map<string,string>"
		}
		value = f.Type.String()
	}
	return "map<string," + value + ">"
}

// fill takes from the logical type what the physical one leaves open, and reports
// fields that only one of the two has.
func (p physical) fill(t, logical gluetype.Type, in string) gluetype.Type {
	inside := len(p.v.Properties) > 0 || p.v.Items != nil || p.v.Map != nil
	switch {
	case t.Open() && t.Name == logical.Name:
		return logical
	case t.Open():
		p.problem(in+t.Name+" does not say of what", ofCatalog, "write what is inside, or let logicalType, properties and items say it")
		return gluetype.Type{Name: "string"}
	case t.Primitive() && !logical.Primitive() && inside:
		p.scalar(t, logical)
		return t
	case t.Primitive() || logical.Primitive() || !inside:
		return p.closed(t, in)
	case t.Name != logical.Name:
		p.problem(fmt.Sprintf("%s%s beside what is %s", in, t.Name, brief(logical.String())), "the same in both", "correct one of the two")
		return p.closed(t, in)
	case t.Name == "struct":
		return p.fields(t, logical, in)
	}
	fields := slices.Clone(t.Fields)
	for i := range fields {
		fields[i].Type = p.fill(fields[i].Type, logical.Fields[i].Type, in)
	}
	t.Fields = fields
	return t
}

// closed reports what a type leaves open that nothing else says.
func (p physical) closed(t gluetype.Type, in string) gluetype.Type {
	if t.HasOpen() {
		p.problem(in+"a part of it does not say of what", ofCatalog, "write what is inside each array, map and struct")
		return gluetype.Type{Name: "string"}
	}
	return t
}

// scalar is a value with an inside that is stored as one.
func (p physical) scalar(t, logical gluetype.Type) {
	if t.Name == "string" || t.Name == "varchar" || t.Name == "char" || t.Name == "binary" {
		p.warn("a text for what has "+insideOf(logical), "physicalType: "+brief(logical.String()), "nothing, if it is text with JSON in it: no column has the fields; else correct the type")
		return
	}
	p.problem("one value for what has "+insideOf(logical), "physicalType: "+brief(logical.String()), "correct physicalType, or remove what is inside")
}

func insideOf(t gluetype.Type) string {
	return map[string]string{"struct": "properties", "array": "items", "map": "keys and values"}[t.Name]
}

// fields compares a struct with the properties.
func (p physical) fields(t, logical gluetype.Type, in string) gluetype.Type {
	var lacks, more []string
	for _, f := range logical.Fields {
		if t.IndexOf(f.Name) < 0 {
			lacks = append(lacks, in+f.Name+":"+brief(f.Type.String()))
		}
	}
	fields := slices.Clone(t.Fields)
	for i, f := range fields {
		at := logical.IndexOf(f.Name)
		if at < 0 {
			more = append(more, in+f.Name)
			continue
		}
		fields[i].Type = p.fill(f.Type, logical.Fields[at].Type, in+f.Name+".")
	}
	if len(lacks) > 0 {
		p.problem("it lacks "+strings.Join(lacks, ", ")+", which the properties have", "the same fields in both", "add them, or write physicalType: struct")
	}
	if len(more) > 0 {
		p.problem("it has "+strings.Join(more, ", ")+", which the properties lack", "the same fields in both", "list them among the properties, or write physicalType: struct")
	}
	t.Fields = fields
	return t
}

// database is the one that the contract's physical types are written for: that of
// its servers, where they are of one.
func (b *builder) database() gluetype.Database {
	found := gluetype.Common
	for i := range b.raw.Servers {
		of := map[string]gluetype.Database{
			"bigquery": gluetype.BigQuery, "mysql": gluetype.MySQL, "oracle": gluetype.Oracle,
			"postgresql": gluetype.PostgreSQL, "postgres": gluetype.PostgreSQL, "redshift": gluetype.Redshift,
			"snowflake": gluetype.Snowflake, "sqlserver": gluetype.SQLServer, "synapse": gluetype.SQLServer,
		}[b.raw.Servers[i].Type]
		if i > 0 && of != found {
			return gluetype.Common
		}
		found = of
	}
	return found
}
