package governance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

const tagType = "AWS::LakeFormation::Tag"

func TestOntologyIsSortedAndRetained(t *testing.T) {
	stack := cdktest.Stack()
	settings := governance.NewSettings(stack, jsii.String("Settings"), nil)
	tags := governance.NewOntology(stack, jsii.String("Ontology"), &governance.OntologyProps{
		Tags: []ontology.Tag{
			{Key: "lab:zone", Values: []string{"raw", "curated", "analytics"}},
			{Key: "lab:sensitivity", Values: []string{"public", "phi"}},
		},
		Settings: settings,
	})
	usableAsScope(t, tags)
	template := cdktest.Of(t, stack)
	for key, values := range map[string]string{"lab:sensitivity": `["phi","public"]`, "lab:zone": `["analytics","curated","raw"]`} {
		r := template.One(t, tagType, "Ontology"+strings.ReplaceAll(key, ":", ""))
		r.Want(t, map[string]string{"CatalogId": `"` + cdktest.Account + `"`, "TagKey": `"` + key + `"`, "TagValues": values})
		retained(t, r)
		dependsOn(t, r, template.One(t, settingsType, "Settings").ID)
	}
	made := tags.Tags()
	if len(made) != 2 || *made[0].TagKey() != "lab:sensitivity" || *made[1].TagKey() != "lab:zone" {
		t.Errorf("Tags() is %v", made)
	}
}

func TestOntologyAlone(t *testing.T) {
	stack := cdktest.Stack()
	governance.NewOntology(stack, jsii.String("Ontology"), &governance.OntologyProps{Tags: []ontology.Tag{{Key: "zone", Values: []string{"raw"}}}})
	dependsOn(t, cdktest.Of(t, stack).One(t, tagType, "Ontology"))
}

func TestOntologyProblems(t *testing.T) {
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprint("v", i)
	}
	cdktest.Same(t, cdktest.Panic(t, func() {
		governance.NewOntology(cdktest.Stack(), jsii.String("Ontology"), &governance.OntologyProps{Tags: []ontology.Tag{
			{Key: "Zone", Values: []string{"raw", "raw", "Curated", ""}},
			{Key: "zone"},
			{Key: "zone", Values: many},
			{Key: strings.Repeat("k", 129), Values: []string{strings.Repeat("v", 257)}},
		}})
	}), `Test/Ontology: Tags[0].Key: got "Zone"; expected lower case, as Lake Formation stores it; fix: write "zone"
Tags[0].Values[1]: got "raw" again; expected each value once; fix: remove it
Tags[0].Values[2]: got "Curated"; expected lower case, as Lake Formation stores it; fix: write "curated"
Tags[0].Values[3]: got 0 characters; expected 1 to 256; fix: choose another name
Tags[1].Values: got 0 values; expected 1 to 50; fix: split the values over several keys
Tags[2].Key: got "zone" again; expected each key once; fix: join the values under one key
Tags[2].Values: got 51 values; expected 1 to 50; fix: split the values over several keys
Tags[3].Key: got 129 characters; expected 1 to 128; fix: choose another name
Tags[3].Values[0]: got 257 characters; expected 1 to 256; fix: choose another name`)
	cdktest.Same(t, cdktest.Panic(t, func() { governance.NewOntology(cdktest.Stack(), jsii.String("Ontology"), nil) }),
		"Test/Ontology: Tags: got none; expected at least one LF-Tag; fix: list the tags, for example a sensitivity with its levels")
}
