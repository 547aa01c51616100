package governance_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

const associationType = "AWS::LakeFormation::TagAssociation"

func TestTagAssociation(t *testing.T) {
	const own = `"CatalogId":"` + cdktest.Account + `"`
	for _, test := range []struct {
		target   lakeformation.Resource
		rendered string
	}{
		{lakeformation.Database("lab"), `{"Database":{` + own + `,"Name":"lab"}}`},
		{lakeformation.Table("lab", "results"), `{"Table":{` + own + `,"DatabaseName":"lab","Name":"results"}}`},
		{
			lakeformation.Columns("lab", "results", "value", "id"),
			`{"TableWithColumns":{` + own + `,"ColumnNames":["id","value"],"DatabaseName":"lab","Name":"results"}}`,
		},
	} {
		stack := cdktest.Stack()
		database := catalog.NewDatabase(stack, jsii.String("Lab"), &catalog.DatabaseProps{Name: jsii.String("lab")})
		tags := governance.NewTagAssociation(stack, jsii.String("Tags"), &governance.TagAssociationProps{
			Association: lakeformation.TagAssociation{Resource: test.target, Tags: []lakeformation.Condition{
				{Key: "lab:sensitivity", Values: []string{"phi"}},
				{Key: "lab:zone", Values: []string{"curated"}},
			}},
			Fixed: jsii.Bool(true),
			After: []awscdk.CfnResource{database.Cfn()},
		})
		usableAsScope(t, tags)
		template := cdktest.Of(t, stack)
		r := template.One(t, associationType, "Tags")
		r.Want(t, map[string]string{
			"Resource": test.rendered,
			"LFTags":   `[{` + own + `,"TagKey":"lab:sensitivity","TagValues":["phi"]},{` + own + `,"TagKey":"lab:zone","TagValues":["curated"]}]`,
		})
		dependsOn(t, r, template.One(t, "AWS::Glue::Database", "Lab").ID)
		cdktest.Same(t, r.UpdateReplacePolicy+" "+r.DeletionPolicy, "Retain Delete")
	}
}

// A column or a key that is taken out takes its own resource with it, and moves no other.
func TestTagAssociationOfEachColumnAndKey(t *testing.T) {
	of := func(columns []string, keys ...string) map[string]string {
		stack := cdktest.Stack()
		var tags []lakeformation.Condition
		for _, key := range keys {
			tags = append(tags, lakeformation.Condition{Key: key, Values: []string{"a"}})
		}
		made := governance.NewTagAssociation(stack, jsii.String("Tags"), &governance.TagAssociationProps{
			Association: lakeformation.TagAssociation{Resource: lakeformation.Columns("lab", "results", columns...), Tags: tags},
		})
		out := map[string]string{}
		for _, r := range cdktest.Of(t, stack).Type(associationType) {
			out[r.ID] = r.JSON("Resource.TableWithColumns.ColumnNames") + r.JSON("LFTags.0.TagKey")
		}
		if len(out) != len(made.Cfn()) {
			t.Errorf("%d resources, and Cfn gives %d", len(out), len(made.Cfn()))
		}
		return out
	}
	all := of([]string{"id", "value"}, "lab:zone", "lab:consent")
	fewer := of([]string{"value"}, "lab:zone")
	if len(all) != 4 || len(fewer) != 1 {
		t.Fatalf("got %v and %v", all, fewer)
	}
	for id, what := range fewer {
		if all[id] != what {
			t.Errorf("%s is %s alone and %q among the others", id, what, all[id])
		}
	}
}

func TestTagAssociationProblems(t *testing.T) {
	one := []lakeformation.Condition{{Key: "lab:zone", Values: []string{"raw"}}}
	for _, test := range []struct {
		association lakeformation.TagAssociation
		text        string
	}{
		{
			lakeformation.TagAssociation{},
			`Test/Tags: Association.Resource: got ""; expected a database, a table or columns; fix: use lakeformation.Database, Table or Columns
Association.Tags: got 0 tags; expected 1 to 50; fix: assign at least one tag`,
		},
		{
			lakeformation.TagAssociation{Resource: lakeformation.Location("arn:aws:s3:::lab"), Tags: one},
			`Test/Tags: Association.Resource: got "DataLocation"; expected a database, a table or columns; fix: use lakeformation.Database, Table or Columns`,
		},
		{
			lakeformation.TagAssociation{Resource: lakeformation.Table("lab", lakeformation.AllTables), Tags: one},
			`Test/Tags: Association.Resource: got Table lab.*; expected one table; fix: tag the database; its tables inherit`,
		},
		{
			lakeformation.TagAssociation{Resource: lakeformation.Columns("lab", "results"), Tags: one},
			`Test/Tags: Association.Resource: got TableWithColumns lab.results(* except ); expected columns by name; fix: list the columns; an association has no wildcard`,
		},
		{
			lakeformation.TagAssociation{Resource: lakeformation.Database("lab"), Tags: []lakeformation.Condition{
				{Key: "lab:zone", Values: []string{"raw", "curated"}},
				{Key: "lab:zone", Values: []string{"Raw"}},
				{Key: "Lab:Zone"},
			}},
			`Test/Tags: Association.Tags[0].Values: got 2 values; expected one value; fix: a resource has one value per key
Association.Tags[1].Key: got "lab:zone" again; expected each key once; fix: a resource has one value per key
Association.Tags[1].Values[0]: got "Raw"; expected lower case, as Lake Formation stores it; fix: write "raw"
Association.Tags[2].Key: got "Lab:Zone"; expected lower case, as Lake Formation stores it; fix: write "lab:zone"
Association.Tags[2].Values: got 0 values; expected one value; fix: a resource has one value per key`,
		},
	} {
		cdktest.Same(t, cdktest.Panic(t, func() {
			governance.NewTagAssociation(cdktest.Stack(), jsii.String("Tags"), &governance.TagAssociationProps{Association: test.association})
		}), test.text)
	}
}
