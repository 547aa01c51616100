package planned_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/accesstest"
)

var (
	account = accesstest.Account
	tagged  = accesstest.Tagged
	grant   = accesstest.Grant
	tag     = accesstest.Tag
)

func TestRead(t *testing.T) {
	env := mesh.Environment{Account: account, Region: "cn-north-1"}
	columns := []contract.Column{
		{Name: "day", Type: "date", Partition: 2}, {Name: "id", Type: "varchar(10)"}, {Name: "region", Type: "string", Partition: 1}, {Name: "n", Type: "smallint"},
	}
	table := func(name string, format contract.Format, columns ...contract.Column) mesh.TablePlan {
		return mesh.TablePlan{Database: "db", Location: "s3://lake/" + name + "/", Table: contract.Table{Name: name, Format: format, Columns: columns}}
	}
	got := planned.Read(&mesh.Plan{
		Foundations: []mesh.Foundation{{Environment: env, Admins: []string{"admin"}, Tags: []ontology.Tag{tag("m:domain", "clinical")}}},
		Domains: []mesh.DomainPlan{{
			Environment: env, LocationRole: "location",
			Databases: []mesh.DatabasePlan{{Name: "db", Location: "s3://lake/"}},
			Products: []mesh.ProductPlan{{
				Tables: []mesh.TablePlan{
					table("external", contract.FormatParquet, columns...), table("iceberg", contract.FormatIceberg, columns...),
				},
				Associations: []lf.TagAssociation{tagged(lf.Columns("db", "external", "n", "id"), "m:sensitivity", "phi")},
			}, {
				Tables: []mesh.TablePlan{table("unpartitioned", contract.FormatIceberg, columns[1], contract.Column{Name: "n", Type: "array<SmallInt>"})},
			}},
			Locations: []mesh.LocationPlan{{ARN: "arn:aws-cn:s3:::lake"}},
			Grants:    []lf.Grant{grant(lf.Database("db"), lf.Describe)},
		}},
		Consumers: []mesh.ConsumerPlan{{
			Environment: env, Filters: []lf.DataCellsFilter{{Database: "db", Table: "external", Name: "f", Rows: "n = 1"}},
			Grants: []lf.Grant{grant(lf.DataCells("db", "external", "f"), lf.Select)},
		}},
	})
	phi := accesstest.Conditions("m:sensitivity", "phi")
	want := &access.State{Catalogs: []access.Catalog{{
		Account: account, Region: "cn-north-1", Admins: []string{"admin"}, Tags: []ontology.Tag{tag("m:domain", "clinical")},
		Databases: []access.Database{{Name: "db", Location: "s3://lake"}},
		Tables: []access.Table{
			{
				Database: "db", Name: "external", Location: "s3://lake/external",
				Columns:       []access.Column{{Name: "id", Type: "varchar(10)"}, {Name: "n", Type: "smallint"}},
				PartitionKeys: []access.Column{{Name: "region", Type: "string"}, {Name: "day", Type: "date"}},
			},
			{
				Database: "db", Name: "iceberg", Location: "s3://lake/iceberg",
				Columns: []access.Column{{Name: "day", Type: "date"}, {Name: "id", Type: "string"}, {Name: "region", Type: "string"}, {Name: "n", Type: "int"}},
			},
			{
				Database: "db", Name: "unpartitioned", Location: "s3://lake/unpartitioned",
				Columns: []access.Column{{Name: "id", Type: "string"}, {Name: "n", Type: "array<int>"}},
			},
		},
		Locations: []access.Location{{ARN: "arn:aws-cn:s3:::lake", Role: "arn:aws-cn:iam::222222222222:role/location"}},
		Associations: []lf.TagAssociation{
			{Resource: lf.Columns("db", "external", "id").In(account), Tags: phi},
			{Resource: lf.Columns("db", "external", "n").In(account), Tags: phi},
		},
		Filters: []lf.DataCellsFilter{{Catalog: account, Database: "db", Table: "external", Name: "f", Rows: "n = 1"}},
		Grants: []lf.Grant{
			grant(lf.DataCells("db", "external", "f").In(account), lf.Select),
			grant(lf.Database("db").In(account), lf.Describe),
		},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadOfNothing(t *testing.T) {
	if got := planned.Read(nil); len(got.Catalogs) > 0 {
		t.Errorf("got %v", got)
	}
}

// The sample mesh says of itself that phi stays in its domain. The evaluator
// must find the same, without looking at the definition's rules.
func TestSampleKeepsPHIInItsDomain(t *testing.T) {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	for stage := range definition.Stages {
		plan, err := definition.Plan(stage)
		if err != nil {
			t.Fatal(err)
		}
		matrix := planned.Read(plan).Evaluate()
		if len(matrix.Rows) == 0 || len(matrix.Notes) != 2 || !strings.Contains(matrix.Notes[0], "Lake Formation lends credentials for whole tables") || !strings.Contains(matrix.Notes[1], "readers of FHIR store riverside-clinical-fhir get SELECT and DESCRIBE on all its tables when it is active, through database riverside_clinical_fhir:") {
			t.Errorf("%d rows, notes: %q; expected two, about the load of variants and the FHIR store", len(matrix.Rows), matrix.Notes)
		}
		for _, c := range planned.Read(plan).Catalogs {
			for _, store := range c.FhirStores {
				if clinical, _ := plan.Domain("clinical"); !slices.Equal(store.Readers, fhirReaders(clinical)) {
					t.Errorf("%s is read by %v", store.Name, store.Readers)
				}
			}
		}
		own := map[string]string{}
		for _, d := range plan.Domains {
			for _, job := range d.Jobs() {
				own[job] = d.Name
			}
		}
		phi, err := matrix.Filter(access.MatrixFilter{Sensitivity: ontology.PHI})
		if err != nil || len(phi.Rows) == 0 {
			t.Error("nobody sees phi, not even who works on it")
		}
		for _, r := range phi.Rows {
			if own[r.Principal] != r.Domain && !isKey(plan, r) && r.Database != plan.FhirStores[0].Database { // see TestOnlyTheJobReadsKeys
				t.Errorf("%s sees phi of %s in %s", r.Principal, r.Domain, r.Name())
			}
		}
		for _, r := range matrix.Rows {
			if r.Sees(access.Untagged) {
				t.Errorf("a column of %s has no sensitivity", r.Name())
			}
		}
	}
}

// fhirReaders are the roles of a domain's jobs that read its FHIR store, sorted.
func fhirReaders(d mesh.DomainPlan) []string {
	out := []string{d.JobRoleARN}
	for _, p := range d.Products {
		if p.Materialization.ReadsFhirStore() {
			out = append(out, p.Materialization.RoleARN)
		}
	}
	slices.Sort(out)
	return out
}
