package governance

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// TagAssociationProps configures a TagAssociation.
type TagAssociationProps struct {
	// Association is the database, table or columns and the tags they get, one
	// value per key. Required.
	Association lakeformation.TagAssociation

	// After lists what must exist before: the database or table, and the tags
	// where they stand in the same stack.
	// Default: none.
	After []awscdk.CfnResource
}

// TagAssociation puts LF-Tags on a database, a table or columns. A table inherits
// the tags of its database and a column those of its table, key by key, until it
// has a value of its own.
type TagAssociation struct {
	constructs.Construct

	association lakeformation.TagAssociation
	resource    awslakeformation.CfnTagAssociation
}

// NewTagAssociation assigns LF-Tags to exactly one resource of the stack's
// catalog. Every property is create-only: a change replaces the association.
// It panics with every problem of the props at once.
// Source: "AWS::LakeFormation::TagAssociation"; rule 2.11.
func NewTagAssociation(scope constructs.Construct, id *string, props *TagAssociationProps) *TagAssociation {
	p := TagAssociationProps{}
	if props != nil {
		p = *props
	}
	cdkx.Check(scope, id, p.problems())

	t := &TagAssociation{association: p.Association}
	constructs.NewConstruct_Override(t, scope, id)
	target := p.Association.Resource
	catalog := catalogOf(target, t)
	tags := make([]any, len(p.Association.Tags))
	for i, tag := range p.Association.Tags {
		tags[i] = &awslakeformation.CfnTagAssociation_LFTagPairProperty{
			CatalogId: catalog, TagKey: jsii.String(tag.Key), TagValues: cdkx.Strings(tag.Values),
		}
	}
	t.resource = awslakeformation.NewCfnTagAssociation(t, jsii.String("Resource"), &awslakeformation.CfnTagAssociationProps{
		Resource: associationTarget(target, catalog),
		LfTags:   &tags,
	})
	for _, needed := range p.After {
		t.resource.AddResourceDependency(needed, nil)
	}
	return t
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (t *TagAssociation) Cfn() awslakeformation.CfnTagAssociation { return t.resource }

func associationTarget(r lakeformation.Resource, catalog *string) *awslakeformation.CfnTagAssociation_ResourceProperty {
	out := &awslakeformation.CfnTagAssociation_ResourceProperty{}
	switch r.Kind {
	case lakeformation.KindDatabase:
		out.Database = &awslakeformation.CfnTagAssociation_DatabaseResourceProperty{CatalogId: catalog, Name: jsii.String(r.Database)}
	case lakeformation.KindTable:
		out.Table = &awslakeformation.CfnTagAssociation_TableResourceProperty{
			CatalogId: catalog, DatabaseName: jsii.String(r.Database), Name: jsii.String(r.Table),
		}
	default:
		out.TableWithColumns = &awslakeformation.CfnTagAssociation_TableWithColumnsResourceProperty{
			CatalogId: catalog, DatabaseName: jsii.String(r.Database), Name: jsii.String(r.Table), ColumnNames: cdkx.Strings(r.Columns),
		}
	}
	return out
}

func (p *TagAssociationProps) problems() problem.List {
	var list problem.List
	r := p.Association.Resource
	switch {
	case r.Kind == lakeformation.KindColumns && len(r.Columns) == 0:
		list.Addf("Association.Resource", r.Key(), "columns by name", "list the columns; an association has no wildcard")
	case r.Kind == lakeformation.KindTable && r.Table == lakeformation.AllTables:
		list.Addf("Association.Resource", r.Key(), "one table", "tag the database; its tables inherit")
	case r.Kind != lakeformation.KindDatabase && r.Kind != lakeformation.KindTable && r.Kind != lakeformation.KindColumns:
		list.Addf("Association.Resource", fmt.Sprintf("%q", r.Kind), "a database, a table or columns", "use lakeformation.Database, Table or Columns")
	}
	if n := len(p.Association.Tags); n < 1 || n > maxTagValues {
		list.Addf("Association.Tags", fmt.Sprintf("%d tags", n), fmt.Sprintf("1 to %d", maxTagValues), "assign at least one tag")
	}
	keys := map[string]bool{}
	for i, tag := range p.Association.Tags {
		path := fmt.Sprintf("Association.Tags[%d]", i)
		checkTagText(&list, path+".Key", tag.Key, maxTagKey)
		if keys[tag.Key] {
			list.Addf(path+".Key", fmt.Sprintf("%q again", tag.Key), "each key once", "a resource has one value per key")
		}
		keys[tag.Key] = true
		if len(tag.Values) != 1 {
			list.Addf(path+".Values", fmt.Sprintf("%d values", len(tag.Values)), "one value", "a resource has one value per key")
			continue
		}
		checkTagText(&list, path+".Values[0]", tag.Values[0], maxTagValue)
	}
	return list
}
