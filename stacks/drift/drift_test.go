package drift_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
	"github.com/lakemesh/lakemesh/stacks/drift"
	at "github.com/lakemesh/lakemesh/test/accesstest"
	"github.com/lakemesh/lakemesh/test/golden"
)

const (
	key      = at.Account + "/" + at.Region
	deployer = "arn:aws:iam::222222222222:role/cdk-exec"
	crawler  = "arn:aws:iam::222222222222:role/jobs/Crawler"
	admin    = "arn:aws:iam::222222222222:role/Admin"
	auditor  = "arn:aws:iam::222222222222:role/team/Auditor"
	nurse    = "arn:aws:iam::222222222222:role/Nurse"
	reader   = "arn:aws:iam::222222222222:role/StoreReader"
	second   = "arn:aws:iam::222222222222:role/SecondReader"
)

var today = time.Date(2030, 7, 2, 0, 0, 0, 0, time.UTC)

// lake is what templates say of one account, with a grant of each kind.
func lake() *access.State {
	study := at.Grant(lf.DataCells("db", "patients", "study"), lf.Select)
	study.Principal = nurse
	s := at.Patients(
		at.Grant(at.TablesTagged("m:sensitivity", "deidentified|public"), lf.Describe, lf.Select),
		study,
		lf.Grant{Principal: deployer, Resource: lf.Database("db"), Permissions: []lf.Permission{lf.Describe}},
	)
	c := &s.Catalogs[0]
	c.Admins = []string{admin}
	c.Tags = append(c.Tags, at.Tag("m:sensitivity", "deidentified", "phi", "public"), at.Tag("m:domain", "clinical"), at.Tag("m:product", "patients"))
	c.Locations = []access.Location{{ARN: "arn:aws:s3:::lake", Role: "arn:aws:iam::222222222222:role/Location"}}
	c.Filters = []lf.DataCellsFilter{{Database: "db", Table: "patients", Name: "study", Columns: []string{"study"}, Rows: "study = 'a'"}}
	c.FhirStores = []access.FhirStore{{Name: "store", Database: "fhir", Readers: []string{reader, second}}}
	return s
}

// find compares an account with the templates, after what was done to it.
func find(do func(c *access.Catalog, r *live.Reading)) *drift.Report {
	reading := &live.Reading{
		Places: []live.Place{{Account: at.Account, Region: at.Region}}, State: lake(),
		Callers:  map[string]string{key: "arn:aws:sts::222222222222:assumed-role/Auditor/lakemesh"},
		Creators: map[string]string{},
	}
	c := &reading.State.Catalogs[0]
	c.FhirStores, c.OptInsKnown = nil, true
	c.ReadOnlyAdmins = []string{auditor}
	do(c, reading)
	reading.State.Normalize()
	expected := lake()
	expected.Normalize()
	return drift.Find(&drift.Templates{
		Others: []string{"shared_*"},
		State:  expected, Deployers: []string{deployer}, Roles: []string{crawler}, Settings: []string{key},
	}, reading, today)
}

// told are the findings with their rights.
func told(r *drift.Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, string(f.Kind)+": "+f.Text)
		for _, right := range f.Rights {
			out = append(out, "  "+right)
		}
	}
	return append(out, r.Rights...)
}

func grantOf(principal string, r lf.Resource, permissions ...lf.Permission) lf.Grant {
	return lf.Grant{Principal: principal, Resource: r, Permissions: permissions}
}

// Each thing that somebody does by hand is found, as what it is, with who gains and loses
// what by it.
func TestByHand(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*access.Catalog)
		want []string
	}{
		"nothing": {func(*access.Catalog) {}, nil},
		"granted": {func(c *access.Catalog) {
			c.Grants = append(c.Grants, grantOf("arn:aws:iam::111111111111:role/Guest", lf.Columns("db", "patients", "mrn"), lf.Select))
		}, []string{
			"granted: Guest of account 111111111111 holds SELECT on column db.patients.mrn, which no template grants",
			"  + Guest gains SELECT on 1 phi column of db.patients: mrn",
		}},
		"one more permission, and to pass on": {func(c *access.Catalog) {
			c.Grants[0].Permissions, c.Grants[0].Grantable = append(c.Grants[0].Permissions, "ALTER"), []lf.Permission{lf.Describe}
		}, []string{
			"granted: Analyst holds DESCRIBE, SELECT, ALTER; may pass on DESCRIBE on all tables with m:sensitivity=deidentified|public; the templates say DESCRIBE, SELECT",
			"  + Analyst gains the right to pass on DESCRIBE on db.patients",
		}},
		"revoked": {func(c *access.Catalog) { c.Grants = slices.Delete(c.Grants, 0, 1) }, []string{
			"revoked: Analyst does not hold DESCRIBE, SELECT on all tables with m:sensitivity=deidentified|public any more, which the templates grant",
			"  - Analyst loses DESCRIBE on db.patients",
			"  - Analyst loses SELECT on 3 deidentified columns of db.patients: key, year, day",
			"  - Analyst loses SELECT on 1 public column of db.patients: study",
		}},
		"one permission less": {func(c *access.Catalog) { c.Grants[0].Permissions = []lf.Permission{lf.Select} }, []string{
			"revoked: Analyst holds SELECT on all tables with m:sensitivity=deidentified|public; the templates say DESCRIBE, SELECT",
			"  - Analyst loses DESCRIBE on db.patients",
		}},
		"another value": {func(c *access.Catalog) {
			c.Associations[2] = at.Tagged(lf.Columns("db", "patients", "mrn"), "m:sensitivity", "public")
		}, []string{
			"tagged: column db.patients.mrn bears m:sensitivity=public; the templates say m:sensitivity=phi",
			"  + Analyst gains SELECT on 1 public column of db.patients: mrn (was phi)",
		}},
		"a tag taken away": {func(c *access.Catalog) { c.Associations = slices.Delete(c.Associations, 2, 3) }, []string{
			"tagged: column db.patients.mrn bears no LF-Tag of its own any more; the templates say m:sensitivity=phi",
			"  + Analyst gains SELECT on 1 deidentified column of db.patients: mrn (was phi)",
		}},
		"a tag put on": {func(c *access.Catalog) {
			c.Associations = append(c.Associations, at.Tagged(lf.Columns("db", "patients", "year"), "m:sensitivity", "phi"))
		}, []string{
			"tagged: column db.patients.year bears m:sensitivity=phi; the templates put no LF-Tag on it",
			"  - Analyst loses SELECT on 1 deidentified column of db.patients: year",
		}},
		"a filter widened": {func(c *access.Catalog) { c.Filters[0].Columns, c.Filters[0].Rows = []string{"study", "year"}, "" }, []string{
			"filter: filter db.patients[study] shows study, year where every row; the templates say study where study = 'a'",
			"  + Nurse gains SELECT on 1 deidentified column of db.patients: year",
			"  + Nurse gains rows of 1 public column of db.patients (study): now every row instead of study = 'a'",
		}},
		"a filter gone, with its grant": {func(c *access.Catalog) { c.Filters, c.Grants = nil, slices.Delete(c.Grants, 1, 2) }, []string{
			"revoked: Nurse does not hold SELECT on filter db.patients[study] any more, which the templates grant",
			"  - Nurse loses SELECT on 1 public column of db.patients where study = 'a': study",
			"filter: filter db.patients[study] was deleted: it showed study where study = 'a'",
			"  - Nurse loses SELECT on 1 public column of db.patients where study = 'a': study",
		}},
		"a location taken away": {func(c *access.Catalog) { c.Locations = nil }, []string{
			"location: arn:aws:s3:::lake is not registered any more (was: arn:aws:iam::222222222222:role/Location), so Lake Formation does not guard its files",
		}},
		"a location registered": {func(c *access.Catalog) { c.Locations = append(c.Locations, access.Location{ARN: "arn:aws:s3:::more"}) }, []string{
			"location: arn:aws:s3:::more is registered (service-linked role), and no template registers it",
		}},
		"hybrid access": {func(c *access.Catalog) { c.Locations[0].Hybrid = true }, []string{
			"opened: arn:aws:s3:::lake is registered with arn:aws:iam::222222222222:role/Location, in hybrid access mode; the templates say arn:aws:iam::222222222222:role/Location",
		}},
		"administrators": {func(c *access.Catalog) {
			c.Admins, c.ReadOnlyAdmins = []string{nurse}, append(c.ReadOnlyAdmins, reader)
		}, []string{
			"administrator: Admin is no administrator of the data lake any more",
			"  - Admin loses administration of 222222222222/us-east-1: can grant itself anything",
			"administrator: Nurse was made an administrator of the data lake, who can grant itself anything",
			"  + Nurse gains administration of 222222222222/us-east-1: can grant itself anything",
			"administrator: StoreReader was made a read-only administrator of the data lake",
			"  + StoreReader gains read-only administration of 222222222222/us-east-1: sees every table's metadata and every grant",
		}},
		"settings": {func(c *access.Catalog) {
			c.OpenByDefault, c.FullTableAccess, c.ExternalFiltering = []string{"tables"}, true, []string{"999999999999"}
		}, []string{
			"opened: credentials for whole tables: lent to engines that do not filter; the templates do not allow it",
			"opened: external data filtering: by engines of 999999999999; the templates do not allow it",
			"opened: new tables are open to IAM_ALLOWED_PRINCIPALS; the templates close them",
		}},
		"open to all": {func(c *access.Catalog) {
			c.Grants = append(c.Grants, grantOf(access.IAMAllowedPrincipals, lf.Table("db", "patients"), "ALL"))
		}, []string{
			"opened: IAM_ALLOWED_PRINCIPALS holds ALL on table db.patients, which no template grants",
			"  + IAM_ALLOWED_PRINCIPALS gains DESCRIBE, INSERT, DELETE, ALTER, DROP on db.patients",
			"  + IAM_ALLOWED_PRINCIPALS gains SELECT on 1 phi column of db.patients: mrn",
			"  + IAM_ALLOWED_PRINCIPALS gains SELECT on 3 deidentified columns of db.patients: key, year, day",
			"  + IAM_ALLOWED_PRINCIPALS gains SELECT on 1 public column of db.patients: study",
		}},
		"columns": {func(c *access.Catalog) {
			c.Tables[0].Columns = []access.Column{{Name: "key", Type: "string"}, {Name: "mrn", Type: "string"}, {Name: "study", Type: "int"}, {Name: "name", Type: "string"}}
		}, []string{
			"catalog: column db.patients.name (string) was added",
			"  + Analyst gains SELECT on 1 deidentified column of db.patients: name",
			"catalog: column db.patients.study is int; the templates say string",
			"catalog: column db.patients.year (int) was taken away",
			"  - Analyst loses SELECT on 1 deidentified column of db.patients: year",
		}},
		"a table": {func(c *access.Catalog) {
			c.Tables = append(c.Tables, access.Table{Database: "db", Name: "mine", Location: "s3://mine", Columns: []access.Column{{Name: "x", Type: "int"}}})
			c.Associations = append(c.Associations, at.Tagged(lf.Table("db", "mine"), "m:sensitivity", "public"))
		}, []string{
			"tagged: table db.mine bears m:sensitivity=public; the templates put no LF-Tag on it",
			"  + Analyst gains DESCRIBE on db.mine",
			"  + Analyst gains SELECT on 1 public column of db.mine: x",
			"catalog: table db.mine (s3://mine) is in no template",
			"  + Analyst gains DESCRIBE on db.mine",
			"  + Analyst gains SELECT on 1 public column of db.mine: x",
		}},
		"a database, with all that is in it": {func(c *access.Catalog) {
			c.Databases = append(c.Databases, access.Database{Name: "legacy", Location: "s3://legacy"})
			c.Tables = append(c.Tables, access.Table{Database: "legacy", Name: "old", Columns: []access.Column{{Name: "x", Type: "int"}}})
			c.Grants = append(c.Grants, grantOf(nurse, lf.Table("legacy", "old"), lf.Select))
		}, []string{
			"catalog: database legacy (s3://legacy) is in no template, with all that is in it",
			"  + Nurse gains SELECT on 1 untagged column of legacy.old: x",
		}},
		"values of a tag": {func(c *access.Catalog) {
			c.Tags[0] = at.Tag("m:sensitivity", "deidentified", "phi", "public", "secret")
		}, []string{
			"catalog: LF-Tag m:sensitivity has the values deidentified, phi, public, secret; the templates say deidentified, phi, public",
		}},
	} {
		got := told(find(func(catalog *access.Catalog, _ *live.Reading) { c.do(catalog) }))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// What the deployment and its workflows lead to is not reported, and notes say so.
func TestOurs(t *testing.T) {
	got := find(func(c *access.Catalog, r *live.Reading) {
		c.Tables = append(c.Tables, access.Table{Database: "db", Name: "landed", Columns: []access.Column{{Name: "x", Type: "int"}}})
		r.Creators[key+" db.landed"] = "arn:aws:sts::222222222222:assumed-role/Crawler/AWS-Crawler"
		c.Databases = append(c.Databases, access.Database{Name: "fhir", Target: "999999999999/store"}, access.Database{Name: "healthlakes_own", Target: "999999999999/store"})
		c.Grants = append(c.Grants,
			grantOf(crawler, lf.Table("db", "landed"), "ALL"),
			grantOf(deployer, lf.Table("db", "patients"), "ALL"),
			grantOf(reader, lf.Database("fhir"), lf.Describe),
			grantOf(second, lf.Database("fhir"), lf.Describe),
			grantOf(reader, lf.Table("store", "*").In("999999999999"), lf.Describe, lf.Select),
			grantOf(second, lf.Table("store", "*").In("999999999999"), lf.Describe, lf.Select),
		)
	})
	if !got.Empty() {
		t.Errorf("got %s", strings.Join(told(got), "\n"))
	}
	want := []string{
		"222222222222/us-east-1: Auditor, who reads this, is a read-only administrator that no template names",
		"222222222222/us-east-1: made by crawlers and jobs of the templates, and not reported: db.landed",
	}
	if diff := cmp.Diff(want, got.Notes); diff != "" {
		t.Error(diff)
	}

	// Of a store that is not opened yet there is only the link of HealthLake.
	got = find(func(c *access.Catalog, _ *live.Reading) {
		c.Databases = append(c.Databases, access.Database{Name: "healthlakes_own", Target: "999999999999/store"}, access.Database{Name: "other", Target: "999999999999/other"})
	})
	if n := len(got.Findings); n != 1 || got.Findings[0].Subject != "other" {
		t.Errorf("%d findings: %s", n, strings.Join(told(got), "\n"))
	}

	// The same by somebody else is reported.
	got = find(func(c *access.Catalog, r *live.Reading) {
		c.Tables = append(c.Tables, access.Table{Database: "db", Name: "landed"})
		r.Creators[key+" db.landed"] = "arn:aws:sts::222222222222:assumed-role/Nurse/eva"
		c.Databases = append(c.Databases, access.Database{Name: "fhir", Target: "999999999999/store"})
		c.Grants = append(c.Grants,
			grantOf(nurse, lf.Table("db", "landed"), "ALL"),
			grantOf(second, lf.Database("fhir"), lf.Describe),
			grantOf(second, lf.Table("store", "*").In("999999999999"), lf.Describe, lf.Select),
			grantOf(nurse, lf.Table("store", "*").In("999999999999"), lf.Select),
		)
	})
	wantTold := []string{
		"granted: Nurse holds ALL on table db.landed, which no template grants",
		"  + Nurse gains DESCRIBE, SELECT, INSERT, DELETE, ALTER, DROP on db.landed",
		"granted: Nurse holds SELECT on all tables of store of account 999999999999, which no template grants",
		"  + Nurse gains SELECT on store.*",
		"revoked: StoreReader does not hold DESCRIBE on database fhir any more, which the templates grant",
		"  - StoreReader loses DESCRIBE on fhir (database)",
		"revoked: StoreReader does not hold DESCRIBE, SELECT on all tables of store of account 999999999999 any more, which the templates grant",
		"  - StoreReader loses DESCRIBE, SELECT on store.*",
		"catalog: table db.landed () is in no template",
		"  + Nurse gains DESCRIBE, SELECT, INSERT, DELETE, ALTER, DROP on db.landed",
	}
	if diff := cmp.Diff(wantTold, told(got)); diff != "" {
		t.Error(diff)
	}
}

// Databases of others are noted, but for what somebody else's templates could not make: a
// database of the templates is theirs, whatever it is called.
func TestOthers(t *testing.T) {
	got := find(func(c *access.Catalog, _ *live.Reading) {
		for _, name := range []string{"shared_labs", "labs"} {
			c.Databases = append(c.Databases, access.Database{Name: name})
			c.Tables = append(c.Tables, access.Table{Database: name, Name: "t", Columns: []access.Column{{Name: "x", Type: "int"}}})
			c.Associations = append(c.Associations, at.Tagged(lf.Table(name, "t"), "m:sensitivity", "public"))
			c.Grants = append(c.Grants, grantOf(nurse, lf.Table(name, "t"), lf.Select))
		}
	})
	if len(got.Findings) != 1 || got.Findings[0].Subject != "labs" || len(got.Rights) > 0 {
		t.Errorf("got %s", strings.Join(told(got), "\n"))
	}
	if want := "222222222222/us-east-1: databases of others, which are not reported: shared_labs"; !slices.Contains(got.Notes, want) {
		t.Errorf("notes %q", got.Notes)
	}
}

// A subscription that has ended is revoked, or its grants are reported.
func TestEnded(t *testing.T) {
	ended := func(lastDay string, revoked bool) *drift.Report {
		expected := lake()
		c := &expected.Catalogs[0]
		g := at.Grant(lf.Table("db", "patients"), lf.Select)
		c.Grants = append(c.Grants, g)
		c.Subscriptions = []access.SubscribedGrants{{Subscription: access.Subscription{Name: "research/clinical.patients/analysts", LastDay: lastDay}, Grants: []lf.Grant{g}}}
		expected.Normalize()
		found := lake()
		found.Catalogs[0].FhirStores = nil
		if !revoked {
			found.Catalogs[0].Grants = append(found.Catalogs[0].Grants, g)
		}
		found.Normalize()
		return drift.Find(&drift.Templates{State: expected, Settings: []string{key}}, &live.Reading{
			Places: []live.Place{{Account: at.Account, Region: at.Region}}, State: found,
		}, today)
	}
	const late = "not-ended: Analyst still holds SELECT on table db.patients, for subscriptions whose last day was 2030-06-30 or before: research/clinical.patients/analysts"
	for _, c := range []struct {
		lastDay string
		revoked bool
		want    string
	}{
		{"2030-06-30", true, ""},
		{"2030-07-01", false, ""}, // the workflow of the day may not have run
		{"2030-06-30", false, late},
		{"2030-07-02", false, ""},
		{"2030-07-02", true, "revoked: Analyst does not hold SELECT on table db.patients any more, which the templates grant, for research/clinical.patients/analysts (until 2030-07-02)\n  - Analyst loses SELECT on 1 phi column of db.patients: mrn"},
	} {
		if got := strings.Join(told(ended(c.lastDay, c.revoked)), "\n"); got != c.want {
			t.Errorf("%s, revoked %t: got %s", c.lastDay, c.revoked, got)
		}
	}
}

// What could not be read is not reported as if it were gone, and is said.
func TestUnread(t *testing.T) {
	for part, do := range map[live.Part]func(*access.Catalog){
		live.Everything:  func(c *access.Catalog) { *c = access.Catalog{Account: c.Account, Region: c.Region} },
		live.Settings:    func(c *access.Catalog) { c.Admins, c.ReadOnlyAdmins = nil, nil },
		live.Locations:   func(c *access.Catalog) { c.Locations = nil },
		live.Tags:        func(c *access.Catalog) { c.Tags = nil },
		live.Databases:   func(c *access.Catalog) { c.Databases, c.Tables, c.Associations, c.Filters = nil, nil, nil, nil },
		live.Tables:      func(c *access.Catalog) { c.Tables, c.Associations, c.Filters = nil, c.Associations[:1], nil },
		live.Assigned:    func(c *access.Catalog) { c.Associations = nil },
		live.Filters:     func(c *access.Catalog) { c.Filters = nil },
		live.Permissions: func(c *access.Catalog) { c.Grants = nil },
		live.OptIns:      func(*access.Catalog) {},
		live.Catalogs:    func(*access.Catalog) {},
	} {
		for _, about := range [][]string{nil, {"db", "db.patients"}} {
			got := find(func(c *access.Catalog, r *live.Reading) {
				do(c)
				r.Problems = []live.Problem{{Account: at.Account, Region: at.Region, Call: "lakeformation:Call", Part: part, About: about, Err: errors.New("refused")}}
			})
			if !got.Empty() || len(got.Unread) != 1 {
				t.Errorf("%s: %v, %s", part, got.Unread, strings.Join(told(got), "\n"))
			}
		}
	}
	got := find(func(c *access.Catalog, r *live.Reading) {
		c.Locations, c.Associations = nil, nil
		r.Problems = []live.Problem{{Account: at.Account, Region: at.Region, Part: live.Assigned, About: []string{"db.patients"}, Err: errors.New("refused")}}
	})
	if len(got.Findings) != 2 || got.Findings[0].Subject != "Database db" || got.Findings[1].Kind != drift.Location {
		t.Errorf("what was read is not reported: %s", strings.Join(told(got), "\n"))
	}
}

// Settings that no template has are noted, not compared.
func TestSettingsOfOthers(t *testing.T) {
	expected := lake()
	expected.Catalogs[0].Admins = nil
	expected.Normalize()
	found := lake()
	found.Catalogs[0].FhirStores, found.Catalogs[0].OpenByDefault = nil, []string{"tables"}
	found.Normalize()
	got := drift.Find(&drift.Templates{State: expected}, &live.Reading{Places: []live.Place{{Account: at.Account, Region: at.Region}}, State: found}, today)
	want := "222222222222/us-east-1: no template sets the data lake settings, so they are not compared: administrators are Admin; new ones are open to IAM_ALLOWED_PRINCIPALS of: tables"
	if !got.Empty() || !slices.Contains(got.Notes, want) {
		t.Errorf("%v, %q", told(got), got.Notes)
	}
}

func TestFormats(t *testing.T) {
	report := find(func(c *access.Catalog, r *live.Reading) {
		c.Admins = append(c.Admins, nurse)
		c.Associations[2] = at.Tagged(lf.Columns("db", "patients", "mrn"), "m:sensitivity", "public")
		r.Problems = []live.Problem{{Account: at.Account, Region: at.Region, Call: "lakeformation:ListResources", Part: live.Locations, Err: errors.New("refused")}}
	})
	for _, name := range strings.Split(drift.FormatNames(), ", ") {
		write, err := drift.ParseFormat(name)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := write(&out, report); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, filepath.Join("testdata", "report."+name), out.Bytes())
	}
	if _, err := drift.ParseFormat("xml"); err == nil || !strings.Contains(err.Error(), "expected one of csv") {
		t.Errorf("got %v", err)
	}
}
