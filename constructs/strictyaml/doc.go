// Package strictyaml decodes one YAML document into Go structs and reports
// every mistake at once, each with its file, line, column, path and source
// lines: unknown, missing and repeated keys, values of the wrong kind and
// values outside an enumeration.
//
// A struct says what it accepts with two tags. The yaml tag gives the key; a
// field without one is not read. The strict tag gives, separated by commas:
//
//	required        the key must be there and its value must not be null
//	nonempty        a string, list or map that is given must not be empty
//	enum=a|b|c      the string must be one of these
//	spelled         numbers and booleans in a value of type any are a [Spelling]
//	since=v2        the key came with that edition of the format
//	until=v1        the key went after that edition
//	rest            the field, a map[string]any without a yaml tag, takes the keys
//	                that are unknown, which are then no mistake
//
// A word of an enumeration that came with an edition is written c@v2. Editions
// count for [Document.DecodeEdition] only.
//
// For example:
//
//	type domain struct {
//		Name  string   `yaml:"name" strict:"required"`
//		Mode  string   `yaml:"mode" strict:"enum=events|schedule"`
//		Paths []string `yaml:"paths"`
//		Extra any      `yaml:"extra"` // anything is accepted, nothing is checked
//	}
//
//	doc, err := strictyaml.Parse("mesh.yaml", data)
//	if err != nil {
//		return nil, err
//	}
//	var d domain
//	list := doc.Decode(&d)
//	if d.Mode == "events" && len(d.Paths) == 0 {
//		list.Add(doc.Problem("paths", "nothing", "a path to watch", "add a path"))
//	}
//	return &d, list.Err()
//
// Later checks place their own findings with [Document.Problem] and
// [Document.Place]. A type whose YAML may take several shapes implements
// [Decoder].
//
// Input is not trusted: documents, nesting and alias expansion are bounded, and
// no input makes the package panic.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package strictyaml
