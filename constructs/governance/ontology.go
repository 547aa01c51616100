package governance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// OntologyProps configures an Ontology.
type OntologyProps struct {
	// Tags are the LF-Tags with every value they may take: 1 to 50 values a key,
	// lower case because Lake Formation folds them. Required.
	Tags []ontology.Tag

	// Settings that make the deployment role an administrator. Those of the same
	// stack come first by themselves.
	// Default: none; the role is an administrator already, or the stack makes it one.
	Settings *Settings
}

// Ontology is LF-Tags of an account and region. Tags exist once per account: let the
// foundation of the environment own those of all domains, and a domain's stack those of
// the domain.
type Ontology struct {
	constructs.Construct

	tags []awslakeformation.CfnTag
}

const (
	maxTagKey    = 128
	maxTagValue  = 256
	maxTagValues = 50
)

// NewOntology makes an LF-Tag per entry, sorted by key. The tags are retained:
// deleting a tag that is assigned silently takes access away (rule 2.10). Values
// may be added later; a key that is renamed is a new tag.
//
// It panics with every problem of the props at once. Source: "AWS::LakeFormation::Tag".
func NewOntology(scope constructs.Construct, id *string, props *OntologyProps) *Ontology {
	p := cdkx.Value(props, OntologyProps{})
	cdkx.Check(scope, id, p.problems())

	o := &Ontology{}
	cdkx.Add(o, scope, id)
	home := order.Of(o)
	shared := order.Shared[tagging](home)
	byKey := map[string]ontology.Tag{}
	keys := []string{}
	for _, tag := range p.Tags {
		byKey[tag.Key] = tag
		keys = append(keys, tag.Key)
	}
	for _, key := range cdkx.Ascending(keys) {
		then := []cdkx.Then{cdkx.Retained}
		if p.Settings != nil {
			then = append(then, cdkx.WaitingFor(p.Settings.Cfn()))
		}
		tag := cdkx.Make[awslakeformation.CfnTag](o, key, &awslakeformation.CfnTagProps{
			CatalogId: cdkx.Account(o),
			TagKey:    jsii.String(key),
			TagValues: cdkx.Strings(cdkx.Ascending(byKey[key].Values)),
		}, then...)
		home.Add(&order.Node{Resource: tag, Names: []order.Name{order.Tag(key)}, Governed: true})
		shared.make(home, key)
		o.tags = append(o.tags, tag)
	}
	return o
}

// Tags are the CloudFormation resources, sorted by key.
func (o *Ontology) Tags() []awslakeformation.CfnTag {
	return slices.Clone(o.tags)
}

func (p *OntologyProps) problems() problem.List {
	var list problem.List
	if len(p.Tags) == 0 {
		list.Addf("Tags", "none", "at least one LF-Tag", "list the tags, for example a sensitivity with its levels")
	}
	keys := map[string]bool{}
	for i, tag := range p.Tags {
		path := fmt.Sprintf("Tags[%d]", i)
		checkTagText(&list, path+".Key", tag.Key, maxTagKey)
		if keys[tag.Key] {
			list.Addf(path+".Key", fmt.Sprintf("%q again", tag.Key), "each key once", "join the values under one key")
		}
		keys[tag.Key] = true
		if n := len(tag.Values); n < 1 || n > maxTagValues {
			list.Addf(path+".Values", fmt.Sprintf("%d values", n), fmt.Sprintf("1 to %d", maxTagValues), "split the values over several keys")
		}
		values := map[string]bool{}
		for j, value := range tag.Values {
			at := fmt.Sprintf("%s.Values[%d]", path, j)
			checkTagText(&list, at, value, maxTagValue)
			if values[value] {
				list.Addf(at, fmt.Sprintf("%q again", value), "each value once", "remove it")
			}
			values[value] = true
		}
	}
	return list
}

func checkTagText(list *problem.List, path, text string, limit int) {
	switch {
	case text == "" || len(text) > limit:
		list.Addf(path, fmt.Sprintf("%d characters", len(text)), fmt.Sprintf("1 to %d", limit), "choose another name")
	case text != strings.ToLower(text):
		list.Addf(path, fmt.Sprintf("%q", text), "lower case, as Lake Formation stores it", fmt.Sprintf("write %q", strings.ToLower(text)))
	}
}
