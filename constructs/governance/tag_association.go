package governance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// TagAssociationProps configures a TagAssociation.
type TagAssociationProps struct {
	// Association is the database, table or columns and the tags they get, one
	// value per key. Required.
	Association lakeformation.TagAssociation

	// Fixed says that the target and the keys of this construct never change, only
	// the values: it is true where the construct's id follows from both. Everything
	// then stands in one CloudFormation resource.
	// Default: false, a resource for each column and key, so that a column or a key
	// that is taken out loses its tag.
	Fixed *bool

	// After lists what must exist before and this library does not know of. The
	// database, the table and the LF-Tags that it makes in the same stack come first
	// by themselves.
	// Default: none.
	After []awscdk.CfnResource
}

// TagAssociation puts LF-Tags on a database, a table or columns. A table inherits
// the tags of its database and a column those of its table, key by key, until it
// has a value of its own.
type TagAssociation struct {
	constructs.Construct

	association lakeformation.TagAssociation
	made        []awslakeformation.CfnTagAssociation // one after another
}

// NewTagAssociation assigns LF-Tags to exactly one database, table or list of
// columns of the stack's catalog. It panics with every problem of the props at once.
//
// A changed value is one deployment. Every property of an association is
// create-only, so CloudFormation makes a new one, which gives the key its new
// value, and then deletes the old one; what that does to a key that has another
// value by now is not documented. So a replaced association is not deleted
// (UpdateReplacePolicy is Retain), and nothing is left of it, as a resource has one
// value per key. One that is taken out of the program is deleted, and its key with
// it. That the new value replaces the old one is documented for the API
// (AddLFTagsToResource) and not proven by this project through CloudFormation.
// Source: "AWS::LakeFormation::TagAssociation"; rule 2.11.
func NewTagAssociation(scope constructs.Construct, id *string, props *TagAssociationProps) *TagAssociation {
	p := cdkx.Value(props, TagAssociationProps{})
	cdkx.Check(scope, id, p.problems())

	t := &TagAssociation{association: p.Association}
	cdkx.Add(t, scope, id)
	home := order.Of(t)
	for _, part := range p.parts() {
		t.add(part, p.After)
	}
	home.Add(t.node(home))
	order.Shared[tagging](home).assign(home, p.Association)
	return t
}

// Cfn are the CloudFormation resources, for properties that this construct does
// not set: one after another, sorted by column and key.
func (t *TagAssociation) Cfn() []awslakeformation.CfnTagAssociation { return slices.Clone(t.made) }

// last is the resource that is made when all the others are.
func (t *TagAssociation) last() awslakeformation.CfnTagAssociation { return t.made[len(t.made)-1] }

// associationPart is what one CloudFormation resource assigns, under the id of its construct.
type associationPart struct {
	id          string
	association lakeformation.TagAssociation
}

// parts are the resources of an association. Unless it is fixed, each is identified
// by its column and key, so that taking one out deletes just that.
func (p *TagAssociationProps) parts() []associationPart {
	target := p.Association.Resource
	if cdkx.Value(p.Fixed, false) {
		return []associationPart{{id: "Resource", association: p.Association}}
	}
	targets := []lakeformation.Resource{target}
	if target.Kind == lakeformation.KindColumns {
		targets = nil
		for _, column := range cdkx.Ascending(target.Columns) {
			targets = append(targets, lakeformation.Columns(target.Database, target.Table, column).In(target.Catalog))
		}
	}
	var out []associationPart
	for _, r := range targets {
		tags := slices.SortedFunc(slices.Values(p.Association.Tags), func(a, b lakeformation.Condition) int { return strings.Compare(a.Key, b.Key) })
		for _, tag := range tags {
			sum := sha256.Sum256([]byte(r.Key() + "\n" + tag.Key))
			out = append(out, associationPart{
				id:          hex.EncodeToString(sum[:4]),
				association: lakeformation.TagAssociation{Resource: r, Tags: []lakeformation.Condition{tag}},
			})
		}
	}
	return out
}

// add renders one part, after the one before it: to Lake Formation all of them may
// change one thing, and concurrent changes fail (rule 2.14).
func (t *TagAssociation) add(part associationPart, after []awscdk.CfnResource) {
	target := part.association.Resource
	catalog := catalogOf(target, t)
	tags := make([]any, len(part.association.Tags))
	for i, tag := range part.association.Tags {
		tags[i] = &awslakeformation.CfnTagAssociation_LFTagPairProperty{
			CatalogId: catalog, TagKey: jsii.String(tag.Key), TagValues: cdkx.Strings(tag.Values),
		}
	}
	if len(t.made) > 0 {
		after = append([]awscdk.CfnResource{t.last()}, after...)
	}
	t.made = append(t.made, cdkx.Make[awslakeformation.CfnTagAssociation](t, part.id, &awslakeformation.CfnTagAssociationProps{
		Resource: resourceProperty(target, catalog),
		LfTags:   &tags,
	}, keptWhenReplaced, cdkx.WaitingFor(after...)))
}

func keptWhenReplaced(b *batch.Batch, resource any) {
	b.Call(resource, "applyRemovalPolicy", awscdk.RemovalPolicy_RETAIN)
	b.Call(resource, "addOverride", "DeletionPolicy", "Delete")
}

// node says what the association needs and where it stands among those of the same
// database or table: what is on a table comes before what is on its columns.
func (t *TagAssociation) node(home *order.Stack) *order.Node {
	r := t.association.Resource
	n := &order.Node{Resource: t.made[0], Last: t.last(), Steps: len(t.made), Governed: true}
	target := order.Database(r.Database)
	if r.Kind != lakeformation.KindDatabase {
		target = order.Table(r.Database, r.Table)
	}
	n.Needs = []order.Name{target}
	n.Tags = &target
	for _, tag := range t.association.Tags {
		n.Needs = append(n.Needs, order.Tag(tag.Key))
		n.Rank += " " + tag.Key
	}
	shown := mapTexts(r, func(text string) string { return home.Identify(text).Text })
	n.Rank = fmt.Sprint(r.Kind == lakeformation.KindColumns, shown.Key(), n.Rank)
	return n
}

func (p *TagAssociationProps) problems() problem.List {
	var list problem.List
	r := p.Association.Resource
	switch {
	case r.Kind == lakeformation.KindColumns && (len(r.Columns) == 0 || slices.Contains(r.Columns, lakeformation.AllColumns)):
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
