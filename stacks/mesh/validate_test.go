package mesh_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/golden"
)

// breakage is one way to break the small mesh.
type breakage struct {
	name  string
	apply func(d *mesh.Definition)
}

// Every check, with the exact message; see testdata/validate.golden.
func TestValidate(t *testing.T) {
	var out strings.Builder
	for _, b := range slices.Concat(meshBreakages(), productBreakages(), subscriptionBreakages(), fhirBreakages()) {
		d := small()
		b.apply(d)
		err := d.Validate()
		if err == nil {
			t.Errorf("%s: nothing is reported", b.name)
			continue
		}
		for _, p := range problem.Of(err) {
			if p.Path == "" || p.Got == "" || p.Expected == "" || p.Fix == "" {
				t.Errorf("%s: incomplete problem %+v", b.name, p)
			}
		}
		fmt.Fprintf(&out, "== %s\n%v\n", b.name, err)
	}
	golden.Check(t, filepath.Join("testdata", "validate.golden"), []byte(out.String()))
}

func TestSmallIsValid(t *testing.T) {
	if err := small().Validate(); err != nil {
		t.Error(err)
	}
}

func meshBreakages() []breakage {
	stage := func(name string, change func(s *mesh.Stage)) func(d *mesh.Definition) {
		return func(d *mesh.Definition) {
			s := d.Stages[name]
			change(&s)
			d.Stages[name] = s
		}
	}
	return []breakage{
		{"empty definition", func(d *mesh.Definition) { *d = mesh.Definition{} }},
		{"apiVersion", func(d *mesh.Definition) { d.APIVersion = "lakemesh/v2" }},
		{"mesh name in upper case", func(d *mesh.Definition) { d.Name = "River" }},
		{"mesh name with two hyphens", func(d *mesh.Definition) { d.Name = "ri--ver" }},
		{"mesh name too long", func(d *mesh.Definition) { d.Name = strings.Repeat("r", 21) }},
		{"mesh name reserved", func(d *mesh.Definition) { d.Name = "sthree-river" }},
		{"guardrail unknown", func(d *mesh.Definition) { d.Guardrails[0].Name = "phi-stay-in-domain" }},
		{"guardrail twice", func(d *mesh.Definition) { d.Guardrails = append(d.Guardrails, d.Guardrails[0]) }},
		{"stage name", func(d *mesh.Definition) {
			d.Stages["QA"] = mesh.Stage{Region: "eu-west-1", Accounts: map[string]string{"main": "555555555555"}}
		}},
		{"region", stage("dev", func(s *mesh.Stage) { s.Region = "us-east1" })},
		{"region missing", stage("dev", func(s *mesh.Stage) { s.Region = "" })},
		{"no account", stage("dev", func(s *mesh.Stage) { s.Accounts = nil })},
		{"account id", stage("dev", func(s *mesh.Stage) { s.Accounts["main"] = "11111111111" })},
		{"account name", stage("dev", func(s *mesh.Stage) { s.Accounts["Spare"] = "444444444444" })},
		{"stages share an environment", stage("dev", func(s *mesh.Stage) { s.Region, s.Accounts["main"] = "ap-southeast-2", "333333333333" })},
		{"deployment role malformed", stage("dev", func(s *mesh.Stage) { s.DeploymentRole = "lake deployer" })},
		{"deployment role is a user", stage("dev", func(s *mesh.Stage) { s.DeploymentRole = "arn:aws:iam::{main}:user/deployer" })},
		{"deployment role of another partition", stage("dev", func(s *mesh.Stage) { s.DeploymentRole = "arn:aws-cn:iam::{main}:role/deployer" })},
		{"deployment role of another account", stage("dev", func(s *mesh.Stage) { s.DeploymentRole = "arn:aws:iam::999999999999:role/deployer" })},
		{"deployment role of an unknown account", stage("dev", func(s *mesh.Stage) { s.DeploymentRole = "arn:aws:iam::{mian}:role/deployer" })},
		{"admin is no role", func(d *mesh.Definition) { d.Admins[0] = "111111111111" }},
		{"admin of another partition", func(d *mesh.Definition) { d.Admins[0] = "arn:aws-cn:iam::{main}:role/LakeAdmin" }},
		{"admin is a pipeline role", func(d *mesh.Definition) { d.Admins[0] = "arn:aws:iam::{main}:role/river-clinical-pipeline-us-east-1" }},
		{"principal of another partition", func(d *mesh.Definition) { d.Principals["board"] = "arn:aws-cn:iam::222222222222:role/Board" }},
		{"group of another partition", func(d *mesh.Definition) {
			d.Principals["board"] = "arn:aws-us-gov:identitystore:::group/11111111-2222-3333-4444-555555555555"
		}},
		{"SAML group of another partition", func(d *mesh.Definition) {
			d.Principals["board"] = "arn:aws-us-gov:iam::999999999999:saml-provider/idp:group/board"
		}},
		{"organization of another partition", stage("dev", func(s *mesh.Stage) {
			s.Sharing.Organization = "arn:aws-cn:organizations::555555555555:organization/o-riverside1"
		})},
		{"organizational unit of another partition", func(d *mesh.Definition) {
			d.Subscriptions[0].Share = "arn:aws-cn:organizations::555555555555:ou/o-riverside1/ou-ab12-cdefghij"
		}},
		{"admin twice", func(d *mesh.Definition) { d.Admins = append(d.Admins, d.Admins[0]) }},
		{"too many admins", func(d *mesh.Definition) {
			for i := range 29 {
				d.Admins = append(d.Admins, fmt.Sprintf("arn:aws:iam::111111111111:user/u%d", i))
			}
		}},
		{"admin of another account", func(d *mesh.Definition) { d.Admins[0] = "arn:aws:iam::999999999999:role/LakeAdmin" }},
		{"admin of an account that a stage lacks", func(d *mesh.Definition) { d.Admins[0] = "arn:aws:iam::{spare}:role/LakeAdmin" }},
		{"principal malformed", func(d *mesh.Definition) { d.Principals["analysts"] = "role/Analyst" }},
		{"principal is everybody", func(d *mesh.Definition) { d.Principals["analysts"] = "IAM_ALLOWED_PRINCIPALS" }},
		{"principal of an unknown account", func(d *mesh.Definition) { d.Principals["analysts"] = "arn:aws:iam::{mian}:role/Analyst" }},
		{"principal is an admin", func(d *mesh.Definition) { d.Principals["analysts"] = "arn:aws:iam::111111111111:role/LakeAdmin" }},
		{"principal has two names", func(d *mesh.Definition) { d.Principals["board"] = d.Principals["analysts"] }},
		{"principal named as a pipeline", func(d *mesh.Definition) {
			d.Principals["clinical-pipeline"] = "arn:aws:iam::111111111111:role/Job"
		}},
		{"principal without a name", func(d *mesh.Definition) { d.Principals[""] = "arn:aws:iam::111111111111:role/Job" }},
		{"principal is a pipeline role", func(d *mesh.Definition) {
			d.Principals["jobs"] = "arn:aws:iam::111111111111:role/river-clinical-pipeline-us-east-1"
		}},
		{"domain name", func(d *mesh.Definition) { d.Domains[0].Name = "Clinical Data" }},
		{"domain name too long", func(d *mesh.Definition) { d.Domains[2].Name = strings.Repeat("r", 33) }},
		{"domain name twice", func(d *mesh.Definition) { d.Domains[2].Name = "clinical" }},
		{"domain account unknown", func(d *mesh.Definition) { d.Domains[0].Account = "mian" }},
		{"domain account not in every stage", func(d *mesh.Definition) { d.Domains[0].Account = "spare" }},
		{"domain account missing", func(d *mesh.Definition) { d.Domains[0].Account = "" }},
		{"domain owner missing", func(d *mesh.Definition) { d.Domains[0].Owner = "" }},
		{"domain owner is no address", func(d *mesh.Definition) { d.Domains[0].Owner = "Clinical Data <clinical@river.example>" }},
		{"query without name", func(d *mesh.Definition) { d.Domains[2].Queries[0].Name = " " }},
		{"query twice", func(d *mesh.Definition) { d.Domains[2].Queries[1].Name = "cohort" }},
		{"query name too long", func(d *mesh.Definition) { d.Domains[2].Queries[0].Name = strings.Repeat("q", 129) }},
		{"query description too long", func(d *mesh.Definition) { d.Domains[2].Queries[0].Description = strings.Repeat("q", 1025) }},
		{"query without sql", func(d *mesh.Definition) { d.Domains[2].Queries[0].SQL = "" }},
		{"query too long", func(d *mesh.Definition) { d.Domains[2].Queries[0].SQL = strings.Repeat("q", 262145) }},
		{"bucket and role names too long", func(d *mesh.Definition) {
			d.Name = "riverside-health-sys"
			d.Domains[2].Queries = nil
			d.Subscriptions = nil
			d.Domains[2].Name = "research-and-outcomes-registry"
		}},
		{"stack names collide", func(d *mesh.Definition) {
			d.Domains = append(d.Domains,
				mesh.Domain{Name: "foundation", Account: "main", Owner: "a@b.example"},
				mesh.Domain{Name: "research-subscriptions", Account: "main", Owner: "a@b.example"})
		}},
		{"too many LF-Tag keys in one account", func(d *mesh.Definition) {
			for i := range 996 {
				d.Domains = append(d.Domains, mesh.Domain{Name: fmt.Sprintf("d%d", i), Account: "main", Owner: "a@b.example"})
			}
		}},
		{"too many products", func(d *mesh.Definition) {
			for i := range 48 {
				k := encounters()
				k.Name, k.Tables[0].Name = fmt.Sprintf("p%d", i), fmt.Sprintf("t%d", i)
				d.Domains[0].Contracts = append(d.Domains[0].Contracts, k)
			}
		}},
	}
}

func productBreakages() []breakage {
	first := func(change func(k *contract.Contract)) func(d *mesh.Definition) {
		return func(d *mesh.Definition) {
			d.Subscriptions = nil
			change(d.Domains[0].Contracts[0])
		}
	}
	id := func(change func(c *contract.Column)) func(d *mesh.Definition) {
		return first(func(k *contract.Contract) { change(&k.Tables[0].Columns[0]) })
	}
	external := func(domain int, location string) func(d *mesh.Definition) {
		return func(d *mesh.Definition) {
			k := encounters()
			k.Name, k.Domain, k.Tables[0].Name, k.Tables[0].Location = "extra", "", "extra", location
			d.Domains[domain].Contracts = append(d.Domains[domain].Contracts, k)
		}
	}
	made := func(change func(d *mesh.Definition, source, target *contract.Table)) func(d *mesh.Definition) {
		return func(d *mesh.Definition) {
			d.Subscriptions = nil
			source, target := &d.Domains[0].Contracts[0].Tables[0], &d.Domains[0].Contracts[1].Tables[0]
			*target = contract.Table{
				Name: "patients", Deidentify: &contract.Deidentify{From: contract.ParseReference("encounters.encounter")},
				Columns: []contract.Column{column("id", "string", ontology.Internal)},
			}
			target.Columns[0].PrimaryKey = 1
			change(d, source, target)
		}
	}
	return []breakage{
		{"deidentified from a table that is not there", made(func(_ *mesh.Definition, _, target *contract.Table) {
			target.Deidentify.From = contract.ParseReference("encounters.visit")
		})},
		{"deidentified from another domain", made(func(_ *mesh.Definition, _, target *contract.Table) {
			target.Deidentify.From = contract.ParseReference("labs.results")
		})},
		{"deidentified from no table", made(func(_ *mesh.Definition, _, target *contract.Table) {
			target.Deidentify.From = contract.ParseReference("")
		})},
		{"deidentified with a name", made(func(_ *mesh.Definition, source, target *contract.Table) {
			name := column("name", "string", ontology.Deidentified)
			name.Derivation = &contract.Derivation{Sources: []string{"encounter." + source.Columns[1].Name}}
			target.Columns = append(target.Columns, name)
		})},
		{"deidentified with what is not classified", made(func(_ *mesh.Definition, _, target *contract.Table) {
			target.Columns = append(target.Columns, column("note", "string", ontology.Deidentified))
		})},
		{"deidentified in a product of phi", made(func(d *mesh.Definition, _, _ *contract.Table) {
			d.Domains[0].Contracts[1].Sensitivity = ontology.PHI
		})},
		{"product without name", first(func(k *contract.Contract) { k.Name = "" })},
		{"product name", first(func(k *contract.Contract) { k.Name = "Lab-Results" })},
		{"product name too long", first(func(k *contract.Contract) { k.Name = strings.Repeat("p", 257) })},
		{"product twice", first(func(k *contract.Contract) { k.Name = "patient_deid" })},
		{"product of another domain", first(func(k *contract.Contract) { k.Domain = "research" })},
		{"product retired", first(func(k *contract.Contract) { k.Status = "retired" })},
		{"product zone", first(func(k *contract.Contract) { k.Zone = "gold" })},
		{"product without tables", first(func(k *contract.Contract) { k.Tables = nil })},
		{"product is nil", func(d *mesh.Definition) { d.Domains[2].Contracts = []*contract.Contract{nil} }},
		{"table twice in a zone", func(d *mesh.Definition) {
			d.Domains[0].Contracts[0].Zone = ontology.Analytics
			d.Domains[0].Contracts[0].Tables[0].Name = "patients"
		}},
		{"table twice in a contract", first(func(k *contract.Contract) { k.Tables = append(k.Tables, k.Tables[0]) })},
		{"table name", first(func(k *contract.Contract) { k.Tables[0].Name = "Encounter" })},
		{"table without columns", first(func(k *contract.Contract) { k.Tables[0].Columns = nil })},
		{"column name too long", id(func(c *contract.Column) { c.Name = strings.Repeat("c", 256) })},
		{"column type", id(func(c *contract.Column) { c.Type = "" })},
		{"classification unknown", id(func(c *contract.Column) { c.Classification = "publik" })},
		{"classification and sensitivity differ", id(func(c *contract.Column) { c.Classification = "phi" })},
		{"identifier unknown", id(func(c *contract.Column) { c.Identifier, c.Sensitivity = "shoe_size", ontology.PHI })},
		{"identifier below phi", id(func(c *contract.Column) { c.Identifier = ontology.MedicalRecordNumber })},
		{"identifier in a deidentified product", func(d *mesh.Definition) {
			d.Guardrails = nil
			c := column("mrn", "string", ontology.PHI)
			c.Identifier = ontology.MedicalRecordNumber
			t := &d.Domains[0].Contracts[1].Tables[0]
			t.Columns = append(t.Columns, c)
		}},
		{"column above its product", first(func(k *contract.Contract) {
			k.Sensitivity = ontology.Deidentified
			k.Tables[0].Columns = k.Tables[0].Columns[2:]
		})},
		{"location malformed", external(0, "s3://bucket")},
		{"location of another domain", external(0, "s3://lab-archive/results/")},
		{"location inside one of another domain", external(0, "s3://lab-archive/results/2030/")},
		{"location around one of another domain", external(0, "s3://lab-archive/")},
		{"location inside one of the domain", external(1, "s3://lab-archive/results/2030/")},
		{"location in a lake", external(0, "s3://river-lab-core-raw-111111111111-us-east-1/x/")},
		{"location in a log bucket", external(0, "s3://river-lab-core-logs-111111111111-us-east-1/")},
	}
}

func subscriptionBreakages() []breakage {
	at := func(i int, change func(s *mesh.Subscription)) func(d *mesh.Definition) {
		return func(d *mesh.Definition) { change(&d.Subscriptions[i]) }
	}
	rows := func(condition string) func(d *mesh.Definition) {
		return at(0, func(s *mesh.Subscription) { s.Rows = rowfilter.Raw(condition) })
	}
	pipelines := func(pairs ...[2]string) func(d *mesh.Definition) {
		return func(d *mesh.Definition) {
			d.Domains[2].Contracts = []*contract.Contract{labs()}
			d.Domains[2].Contracts[0].Name, d.Domains[2].Contracts[0].Tables = "counts", labs().Tables[1:]
			d.Domains[2].Contracts[0].Tables[0].Location = ""
			d.Subscriptions = nil
			for _, pair := range pairs {
				d.Subscriptions = append(d.Subscriptions, mesh.Subscription{
					Consumer: pair[0], Principals: []string{pair[0] + "-pipeline"}, Product: pair[1],
					Purpose: "p", Approver: "a@b.example", Expires: "2030-01-01",
				})
			}
		}
	}
	return []breakage{
		{"consumer unknown", at(0, func(s *mesh.Subscription) { s.Consumer, s.Principals = "reserch", []string{"analysts"} })},
		{"consumer is the producer", at(0, func(s *mesh.Subscription) { s.Consumer, s.Principals = "clinical", []string{"analysts"} })},
		{"product unknown", at(0, func(s *mesh.Subscription) { s.Product = "clinical.patient_did" })},
		{"product without domain", at(0, func(s *mesh.Subscription) { s.Product = "encounters" })},
		{"no principals", at(0, func(s *mesh.Subscription) { s.Principals = nil })},
		{"principal unknown", at(0, func(s *mesh.Subscription) { s.Principals[1] = "analyst" })},
		{"principal twice", at(0, func(s *mesh.Subscription) { s.Principals[1] = s.Principals[0] })},
		{"pipeline of another domain", at(0, func(s *mesh.Subscription) { s.Principals[0] = "lab-core-pipeline" })},
		{"sensitivity unknown", at(0, func(s *mesh.Subscription) { s.Sensitivity[0] = "deidentifed" })},
		{"sensitivity twice", at(0, func(s *mesh.Subscription) { s.Sensitivity = []string{"public", "Public"} })},
		{"sensitivity that no column has", at(1, func(s *mesh.Subscription) { s.Sensitivity = []string{"public", "internal"} })},
		{"default sensitivity that no column has", at(2, func(s *mesh.Subscription) { s.Sensitivity = nil })},
		{"phi leaves its domain", at(1, func(s *mesh.Subscription) { s.Sensitivity = []string{"phi"} })},
		{"rows blank", rows(" ")},
		{"rows too long", rows("study_id = '" + strings.Repeat("x", 2048) + "'")},
		{"rows on two lines", rows("study_id = 'a'\nOR study_id = 'b'")},
		{"rows with a semicolon", rows("study_id = 'a;'")},
		{"rows with a function", rows("lower(study_id) = 'a'")},
		{"rows compare columns", rows("study_id = batch")},
		{"rows on a missing column", rows("birth_year > 1950")},
		{"rows on an array", rows("codes = 'x' AND study_id = 'a'")},
		{"rows of another type", rows("study_id = 5")},
		{"rows with null partition", func(d *mesh.Definition) {
			d.Domains[0].Contracts[1].Tables = d.Domains[0].Contracts[1].Tables[:1]
			d.Subscriptions[0].Rows = rowfilter.Raw("year IS NOT NULL")
		}},
		{"rows with a backslash", rows(`study_id = 'a\'`)},
		{"columns listed and excepted", at(0, func(s *mesh.Subscription) { s.Columns, s.Except = []string{"study_id"}, []string{"codes"} })},
		{"columns unknown, hidden and twice", at(0, func(s *mesh.Subscription) {
			s.Columns = []string{"studyid", "batch", "codes", "codes", "Birth_Year"}
		})},
		{"excepted columns unknown and hidden", at(1, func(s *mesh.Subscription) { s.Except = []string{"shoe_size", "value"} })},
		{"every column excepted", at(2, func(s *mesh.Subscription) { s.Except = []string{"id"} })},
		{"filter name of columns too long", func(d *mesh.Definition) {
			d.Domains[0].Contracts[1].Name = strings.Repeat("p", 240)
			d.Subscriptions[0].Product, d.Subscriptions[0].Rows = "clinical."+strings.Repeat("p", 240), rowfilter.Condition{}
			d.Subscriptions[0].Except = []string{"codes"}
		}},
		{"filter name too long", func(d *mesh.Definition) {
			d.Domains[0].Contracts[1].Name = strings.Repeat("p", 240)
			d.Subscriptions[0].Product = "clinical." + strings.Repeat("p", 240)
		}},
		{"no purpose", at(0, func(s *mesh.Subscription) { s.Purpose = " " })},
		{"no approver", at(0, func(s *mesh.Subscription) { s.Approver = "" })},
		{"approver is no address", at(0, func(s *mesh.Subscription) { s.Approver = "the privacy office" })},
		{"no end", at(0, func(s *mesh.Subscription) { s.Expires = "" })},
		{"end is no day", at(0, func(s *mesh.Subscription) { s.Expires = "2030-02-30" })},
		{"product twice for a principal", func(d *mesh.Definition) {
			again := d.Subscriptions[0]
			again.Principals, again.Rows = []string{"analysts"}, rowfilter.Condition{}
			d.Subscriptions = append(d.Subscriptions, again)
		}},
		{"one principal for two consumers", func(d *mesh.Definition) {
			d.Domains[0].Contracts[0].Zone = ontology.Analytics
			d.Subscriptions[2].Principals = []string{"analysts"}
		}},
		{"pipelines of two domains in a circle", pipelines([2]string{"lab-core", "research.counts"}, [2]string{"research", "lab-core.labs"})},
		{"pipelines of three domains in a circle", pipelines(
			[2]string{"clinical", "lab-core.labs"}, [2]string{"lab-core", "research.counts"}, [2]string{"research", "clinical.patient_deid"})},
	}
}

// People of two domains may read each other's products; only jobs may not.
func TestPeopleMayReadInCircles(t *testing.T) {
	d := small()
	d.Domains[2].Contracts = []*contract.Contract{{Name: "counts", Tables: []contract.Table{{Name: "counts", Columns: []contract.Column{column("n", "int", ontology.Public)}}}}}
	d.Subscriptions = append(d.Subscriptions, mesh.Subscription{Consumer: "clinical", Principals: []string{"board"}, Product: "research.counts", Purpose: "p", Approver: "a@b.example", Expires: "2030-01-01"})
	if err := d.Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidateAt(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	if err := small().ValidateAt(day("2030-01-31").Add(23 * time.Hour)); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	err := small().ValidateAt(day("2030-02-01"))
	want := "subscriptions[2].expires: got 2030-01-31, which is over; expected a day that is not before 2030-02-01; fix: take the subscription out, or agree on a new end"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, expected %s", err, want)
	}
	broken := small()
	broken.Subscriptions[0].Purpose = ""
	err = broken.ValidateAt(day("2040-01-01"))
	var list problem.List
	if !errors.As(err, &list) || len(list) != 4 {
		t.Errorf("got %v, expected the three ends and the purpose", err)
	}
}

func TestRegions(t *testing.T) {
	if n := len(mesh.Regions()); n < 34 {
		t.Errorf("%d regions", n)
	}
	for region, partition := range map[string]string{"eu-west-1": "aws", "cn-north-1": "aws-cn", "us-gov-east-1": "aws-us-gov"} {
		if got := mesh.Partition(region); got != partition {
			t.Errorf("%s: got %s", region, got)
		}
	}
}
