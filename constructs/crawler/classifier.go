package crawler

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ClassifierProps configures a Classifier: exactly one of CSV, JSON, XML and Grok.
type ClassifierProps struct {
	// Name of the classifier, 1 to 255 letters, digits, hyphens and underscores.
	// Default: CloudFormation generates it.
	Name *string

	// CSV reads delimited text.
	// Default: none.
	CSV *CSV

	// JSON reads the records at a path of a JSON document.
	// Default: none.
	JSON *JSON

	// XML reads the elements of one name.
	// Default: none.
	XML *XML

	// Grok reads lines by a pattern; VCFRecords and its like are ready to use.
	// Default: none.
	Grok *Grok
}

// Header says whether delimited files have column names.
type Header string

// What the first line of a delimited file is. Source: "CsvClassifier".
const (
	HeaderUnknown Header = "UNKNOWN" // Glue finds out
	HeaderPresent Header = "PRESENT" // column names
	HeaderAbsent  Header = "ABSENT"  // data
)

// CSV is delimited text.
type CSV struct {
	// Delimiter between columns, one character.
	// Default: a comma.
	Delimiter *string

	// Quote around values, one character, other than Delimiter.
	// Default: the double quote.
	Quote *string

	// Header says whether the first line names the columns.
	// Default: HeaderUnknown.
	Header Header

	// Columns are the names of the columns, each once.
	// Default: from the files.
	Columns []string

	// AllowSingleColumn takes files with one column.
	// Default: false.
	AllowSingleColumn *bool

	// DisableValueTrimming keeps the blanks around values.
	// Default: false.
	DisableValueTrimming *bool
}

// JSON is JSON documents with records below a path.
type JSON struct {
	// Path of the records, a JSONPath from $ with dots and brackets. Required.
	Path *string
}

// XML is XML documents with records in elements.
type XML struct {
	// Classification is the name of the format, for tables. Required.
	Classification *string

	// RowTag is the name of the element that is a record; it has children and is
	// not empty. Required.
	RowTag *string
}

var (
	jsonPath   = regexp.MustCompile(`^\$(\.[A-Za-z_*][\w-]*|\.\*|\[(\d+|\*|'[^']+')\])*$`)
	xmlRowTag  = regexp.MustCompile(`^[A-Za-z_][\w.:-]*$`)
	columnName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)
)

func (c *CSV) delimiter() string { return cdkx.Value(c.Delimiter, ",") }

func (c *CSV) quote() string { return cdkx.Value(c.Quote, `"`) }

func (c *CSV) header() Header { return cmp.Or(c.Header, HeaderUnknown) }

func (p *ClassifierProps) problems() problem.List {
	var list problem.List
	checkText(&list, "Name", p.Name, crawlerName, "1 to 255 letters, digits, hyphens and underscores")
	var kinds []string
	for _, kind := range []struct {
		name string
		set  bool
	}{{"CSV", p.CSV != nil}, {"JSON", p.JSON != nil}, {"XML", p.XML != nil}, {"Grok", p.Grok != nil}} {
		if kind.set {
			kinds = append(kinds, kind.name)
		}
	}
	if len(kinds) != 1 {
		list.Addf(strings.Join(append(kinds, "CSV")[:1], ""), fmt.Sprintf("%d kinds %v", len(kinds), kinds), "exactly one of CSV, JSON, XML and Grok", "make a classifier for each")
	}
	if p.CSV != nil {
		p.CSV.check(&list)
	}
	if p.JSON != nil && !jsonPath.MatchString(cdkx.Value(p.JSON.Path, "")) {
		list.Addf("JSON.Path", cdkx.Quote(cdkx.Value(p.JSON.Path, "")), "a JSONPath from $ with dots and brackets", `write it like "$.entry[*].resource"`)
	}
	if p.XML != nil {
		required(&list, "XML.Classification", p.XML.Classification)
		if !xmlRowTag.MatchString(cdkx.Value(p.XML.RowTag, "")) {
			list.Addf("XML.RowTag", cdkx.Quote(cdkx.Value(p.XML.RowTag, "")), "the name of an element, without brackets", `write it like "claim"`)
		}
	}
	if p.Grok != nil {
		p.Grok.check(&list)
	}
	return list
}

func (c *CSV) check(list *problem.List) {
	for _, symbol := range []struct{ path, value string }{{"CSV.Delimiter", c.delimiter()}, {"CSV.Quote", c.quote()}} {
		if utf8.RuneCountInString(symbol.value) != 1 {
			list.Addf(symbol.path, cdkx.Quote(symbol.value), "one character", "shorten it")
		}
	}
	if c.delimiter() == c.quote() {
		list.Addf("CSV.Quote", fmt.Sprintf("%q, as Delimiter", c.quote()), "another character than Delimiter", "change one of the two")
	}
	oneOf(list, "CSV.Header", c.header(), HeaderUnknown, HeaderPresent, HeaderAbsent)
	for i, name := range c.Columns {
		at := index("CSV.Columns", i)
		checkText(list, at, &name, columnName, "1 to 255 lower case letters, digits and underscores")
		if slices.Contains(c.Columns[:i], name) {
			list.Addf(at, fmt.Sprintf("%q twice", name), "each name once", "rename the column")
		}
	}
}

// Classifier tells crawlers how to read a format.
type Classifier struct {
	constructs.Construct

	resource awsglue.CfnClassifier
}

// NewClassifier makes a classifier of exactly one kind. It panics with every
// problem of the props at once.
// Source: "Writing custom classifiers".
func NewClassifier(scope constructs.Construct, id *string, props *ClassifierProps) *Classifier {
	p := cdkx.Value(props, ClassifierProps{})
	registry := cdkx.RegistryOf(scope)
	problems := p.problems()
	registry.CheckTaken(&problems, "Name", "classifier", p.Name)
	cdkx.Check(scope, id, problems)

	c := &Classifier{}
	cdkx.Add(c, scope, id)
	registry.Claim("classifier", p.Name, c)
	c.resource = awsglue.NewCfnClassifier(c, jsii.String("Resource"), p.render())
	return c
}

// ClassifierName is the name of the classifier.
func (c *Classifier) ClassifierName() *string { return c.resource.Ref() }

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (c *Classifier) Cfn() awsglue.CfnClassifier { return c.resource }

func (p *ClassifierProps) render() *awsglue.CfnClassifierProps {
	out := &awsglue.CfnClassifierProps{}
	switch {
	case p.CSV != nil:
		out.CsvClassifier = p.csv()
	case p.JSON != nil:
		out.JsonClassifier = &awsglue.CfnClassifier_JsonClassifierProperty{Name: p.Name, JsonPath: p.JSON.Path}
	case p.XML != nil:
		out.XmlClassifier = &awsglue.CfnClassifier_XMLClassifierProperty{
			Name: p.Name, Classification: p.XML.Classification, RowTag: p.XML.RowTag,
		}
	case p.Grok != nil:
		out.GrokClassifier = &awsglue.CfnClassifier_GrokClassifierProperty{
			Name: p.Name, Classification: p.Grok.Classification, GrokPattern: p.Grok.Pattern,
			CustomPatterns: p.Grok.CustomPatterns,
		}
	}
	return out
}

func (p *ClassifierProps) csv() *awsglue.CfnClassifier_CsvClassifierProperty {
	out := &awsglue.CfnClassifier_CsvClassifierProperty{
		Name:                 p.Name,
		Delimiter:            jsii.String(p.CSV.delimiter()),
		QuoteSymbol:          jsii.String(p.CSV.quote()),
		ContainsHeader:       jsii.String(string(p.CSV.header())),
		AllowSingleColumn:    jsii.Bool(cdkx.Value(p.CSV.AllowSingleColumn, false)),
		DisableValueTrimming: jsii.Bool(cdkx.Value(p.CSV.DisableValueTrimming, false)),
	}
	if len(p.CSV.Columns) > 0 {
		out.Header = cdkx.Strings(p.CSV.Columns)
	}
	return out
}
