package strictyaml

// Decoder is implemented, with a pointer receiver, by types whose YAML may take
// several shapes: look at the kind, then decode into the shape that fits. It is
// not called for null.
type Decoder interface {
	// DecodeStrict reads the value from the node and reports what is wrong with it there.
	DecodeStrict(n Node)
}

// Node is one value of a document, as a [Decoder] sees it.
type Node struct {
	n    *node
	path string
	dec  *decoder
}

// Kind says what the value is.
func (n Node) Kind() Kind { return n.n.kind }

// Path is the property path of the value.
func (n Node) Path() string { return n.path }

// Text is a scalar as the file spells it, without its quotes; "" for a list, a
// mapping and null.
func (n Node) Text() string { return n.n.text }

// Spelled returns the value as Go sees any, with each scalar that is no text and
// no null as a [Spelling]: 01 and 1.50 keep their digits.
func (n Node) Spelled() any { return n.n.spelled() }

// Has reports whether the value is a mapping with the key.
func (n Node) Has(key string) bool { return n.n.kind == Mapping && n.n.entry(key) != nil }

// Report adds a problem at the value.
func (n Node) Report(got, expected, fix string) {
	n.dec.add(n.n.line, n.n.column, n.path, got, expected, fix)
}

// ReportAt adds a problem at a path, which is one of the document, not one below
// the value.
func (n Node) ReportAt(path, got, expected, fix string) {
	line, column := n.dec.doc.Position(path)
	n.dec.add(line, column, path, got, expected, fix)
}

// Describe says what the value is, for the first argument of Report.
func (n Node) Describe() string { return describe(n.n) }
