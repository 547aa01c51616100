package access_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/render"
)

func TestDiffOfEqualStates(t *testing.T) {
	d := access.Diff(riverside(t), riverside(t))
	if !d.Empty() {
		t.Errorf("got %v and %v", d.Changes, d.Rights)
	}
	for _, write := range []func(io.Writer, *access.Difference) error{render.Difference, render.DifferenceMarkdown} {
		var got strings.Builder
		if err := write(&got, d); err != nil || got.String() != "No differences.\n" {
			t.Errorf("got %q, %v", got.String(), err)
		}
	}
}

func TestDiff(t *testing.T) {
	readPublic := grant(tables("m:sensitivity", "public"), lf.Select, lf.Describe)
	for _, test := range []struct {
		name    string
		before  []lf.Grant
		change  func(*access.Catalog)
		changes []string
		rights  []string
	}{
		{"a grant more", nil, func(c *access.Catalog) { c.Grants = append(c.Grants, readPublic) },
			[]string{"extra C: grant " + analyst + " on LFTagPolicy TABLE where m:sensitivity=public: DESCRIBE, SELECT"},
			[]string{"+ Analyst gains DESCRIBE on db.patients", "+ Analyst gains SELECT on 1 public column of db.patients: study"}},
		{"a grant less", []lf.Grant{readPublic}, func(c *access.Catalog) { c.Grants = nil },
			[]string{"missing C: grant " + analyst + " on LFTagPolicy TABLE where m:sensitivity=public: DESCRIBE, SELECT"},
			[]string{"- Analyst loses DESCRIBE on db.patients", "- Analyst loses SELECT on 1 public column of db.patients: study"}},
		{"more permissions", []lf.Grant{readPublic}, func(c *access.Catalog) {
			c.Grants = append(c.Grants, grant(lf.Table("db", "patients"), lf.Insert, lf.Delete))
		},
			[]string{"extra C: grant " + analyst + " on Table db.patients: INSERT, DELETE"},
			[]string{"+ Analyst gains INSERT, DELETE on db.patients"}},
		{"the right to pass on", []lf.Grant{readPublic}, func(c *access.Catalog) { c.Grants[0].Grantable = []lf.Permission{lf.Select} },
			[]string{"changed C: grant " + analyst + " on LFTagPolicy TABLE where m:sensitivity=public: DESCRIBE, SELECT -> DESCRIBE, SELECT; may pass on SELECT"},
			[]string{"+ Analyst gains the right to pass on SELECT on db.patients"}},
		{"a column is relabelled", []lf.Grant{readPublic}, func(c *access.Catalog) {
			c.Associations[2] = tagged(lf.Columns("db", "patients", "mrn"), "m:sensitivity", "public")
		},
			[]string{"changed C: tags on TableWithColumns db.patients(mrn): m:sensitivity=phi -> m:sensitivity=public"},
			[]string{"+ Analyst gains SELECT on 1 public column of db.patients: mrn (was phi)"}},
		{"a column more, seen by inheritance", []lf.Grant{grant(lf.Table("db", "patients"), lf.Select)}, func(c *access.Catalog) {
			c.Tables[0].Columns = append(c.Tables[0].Columns, access.Column{Name: "zip", Type: "string"})
		},
			[]string{"extra C: column db.patients.zip: string"},
			[]string{"+ Analyst gains SELECT on 1 deidentified column of db.patients: zip"}},
		{"a table more is one line, its columns are not repeated", nil, func(c *access.Catalog) {
			c.Tables = append(c.Tables, access.Table{Database: "db", Name: "t", Location: "s3://b/t/", Columns: []access.Column{{Name: "a", Type: "int"}}})
		}, []string{"extra C: table db.t: s3://b/t"}, nil},
		{"a type", nil, func(c *access.Catalog) { c.Tables[0].Columns[3].Type = "bigint" }, []string{"changed C: column db.patients.year: int -> bigint"}, nil},
		{"a column becomes a partition key", nil, func(c *access.Catalog) {
			c.Tables[0].PartitionKeys = append(c.Tables[0].PartitionKeys, c.Tables[0].Columns[3])
			c.Tables[0].Columns = c.Tables[0].Columns[:3]
		}, []string{"changed C: column db.patients.year: int -> int partition key"}, nil},
		{"rows are narrowed", []lf.Grant{grant(lf.Table("db", "patients"), lf.Select)}, func(c *access.Catalog) {
			c.Filters = []lf.DataCellsFilter{{Database: "db", Table: "patients", Name: "f", Rows: "study = '1'", Columns: []string{"key"}}}
			c.Grants = []lf.Grant{grant(lf.DataCells("db", "patients", "f"), lf.Select)}
		},
			[]string{
				"extra C: filter db.patients[f]: key where study = '1'",
				"extra C: grant " + analyst + " on DataCellsFilter db.patients[f]: SELECT",
				"missing C: grant " + analyst + " on Table db.patients: SELECT",
			},
			[]string{
				"- Analyst loses SELECT on 1 phi column of db.patients: mrn",
				"- Analyst loses SELECT on 2 deidentified columns of db.patients: year, day",
				"- Analyst loses SELECT on 1 public column of db.patients: study",
				"- Analyst loses rows of 1 deidentified column of db.patients (key): now study = '1' instead of every row",
			}},
		{"administrators, locations, tags, links and defaults", nil, func(c *access.Catalog) {
			c.Admins, c.ReadOnlyAdmins = []string{analyst}, []string{"arn:aws:iam::222222222222:role/Auditor"}
			c.Locations = []access.Location{{ARN: "arn:aws:s3:::b"}}
			c.Tags = append(c.Tags, tag("m:domain", "clinical"))
			c.Databases = append(c.Databases, access.Database{Name: "link", Target: "111111111111/db"})
			c.OpenByDefault = []string{"tables"}
		},
			[]string{
				"extra C: administrator " + analyst,
				"extra C: database link: link to 111111111111/db",
				"extra C: default permissions new tables: open to IAM_ALLOWED_PRINCIPALS",
				"extra C: location arn:aws:s3:::b: service-linked role",
				"extra C: read-only administrator arn:aws:iam::222222222222:role/Auditor",
				"extra C: tag m:domain: clinical",
			},
			[]string{
				"+ Analyst gains administration of 222222222222/us-east-1: can grant itself anything",
				"+ Auditor gains read-only administration of 222222222222/us-east-1: sees every table's metadata and every grant",
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before, after := patients(test.before...), patients(slices.Clone(test.before)...)
			test.change(&after.Catalogs[0])
			d := access.Diff(before, after)
			var changes, rights []string
			for _, c := range d.Changes {
				changes = append(changes, strings.Replace(c.String(), account+"/"+region, "C", 1))
			}
			for _, r := range d.Rights {
				rights = append(rights, r.String())
			}
			if diff := cmp.Diff(test.changes, changes); diff != "" {
				t.Errorf("changes (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(test.rights, rights); diff != "" {
				t.Errorf("rights (-want +got)\n%s", diff)
			}

			back := access.Diff(after, before)
			if len(back.Changes) != len(d.Changes) || len(back.Rights) != len(d.Rights) {
				t.Errorf("the other way: %v, %v", back.Changes, back.Rights)
			}
			for _, r := range back.Rights {
				if forth := slices.ContainsFunc(d.Rights, func(f access.RightChange) bool { return f.Gain == r.Loss && f.Loss == r.Gain }); !forth {
					t.Errorf("the other way: %s", r)
				}
			}
		})
	}
}

// Widening the rows is no loss, replacing the condition is a gain and a loss.
func TestDiffOfRows(t *testing.T) {
	filtered := func(rows ...string) *access.State {
		s := patients()
		for i, r := range rows {
			f := lf.DataCellsFilter{Database: "db", Table: "patients", Name: "f" + string(rune('a'+i)), Rows: r, Columns: []string{"mrn"}}
			s.Catalogs[0].Filters = append(s.Catalogs[0].Filters, f)
			s.Catalogs[0].Grants = append(s.Catalogs[0].Grants, grant(f.Resource(), lf.Select))
		}
		return s
	}
	for _, test := range []struct {
		name          string
		before, after []string
		want          string
	}{
		{"one more", []string{"a"}, []string{"a", "b"}, "+ Analyst gains rows of 1 phi column of db.patients (mrn): now (a) OR (b) instead of a"},
		{"one less", []string{"a", "b"}, []string{"b"}, "- Analyst loses rows of 1 phi column of db.patients (mrn): now b instead of (a) OR (b)"},
		{"every row", []string{"a"}, []string{""}, "+ Analyst gains rows of 1 phi column of db.patients (mrn): now every row instead of a"},
		{"another", []string{"a"}, []string{"b"}, "~ Analyst sees other rows of 1 phi column of db.patients (mrn): now b instead of a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := access.Diff(filtered(test.before...), filtered(test.after...))
			if len(d.Rights) != 1 || d.Rights[0].String() != test.want {
				t.Errorf("got %v", d.Rights)
			}
		})
	}
}

func TestDifferenceWithout(t *testing.T) {
	after := patients(grant(lf.Table("db", "patients"), lf.Select))
	after.Catalogs[0].Admins = []string{analyst}
	if d := access.Diff(patients(), after); d.Empty() || !d.Without(analyst).Empty() {
		t.Errorf("got %v without the analyst", d.Without(analyst).Changes)
	}
}

func TestDiffOfUnresolved(t *testing.T) {
	after := patients()
	after.Unresolved = []access.Unresolved{{Place: "S Old", Text: "AWS::LakeFormation::Permissions", Reason: "legacy"}}
	d := access.Diff(patients(), after)
	if len(d.Changes) != 1 || d.Changes[0].String() != "extra templates: unresolved S Old AWS::LakeFormation::Permissions: legacy" {
		t.Errorf("got %v", d.Changes)
	}
}
