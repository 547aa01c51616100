package crawler

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

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
