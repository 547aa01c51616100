package mesh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// valley has a payer that makes a view of its members of what hospital and lab publish, and
// a board that makes counts of that view. In stage one all stand in one account, in stage
// apart each in its own.
func valley() *mesh.Definition {
	column := func(name string, level ontology.Sensitivity) contract.Column {
		return contract.Column{Name: name, Type: "string", Classification: string(level), Sensitivity: level}
	}
	product := func(name string, tables ...contract.Table) *contract.Contract {
		return &contract.Contract{APIVersion: "v3.1.0", ID: name, Name: name, Version: "1.0.0", Status: "active", Owner: "team@example.org", Zone: ontology.Curated, Tables: tables}
	}
	table := func(name, query string, columns ...contract.Column) contract.Table {
		columns[0].PrimaryKey = 1
		return contract.Table{Name: name, Format: contract.FormatIceberg, TransformLogic: query, Columns: columns}
	}
	domain := func(name string, contracts ...*contract.Contract) mesh.Domain {
		return mesh.Domain{Name: name, Account: name, Owner: "team@example.org", Contracts: contracts}
	}
	subscription := func(consumer, product string, levels ...string) mesh.Subscription {
		return mesh.Subscription{
			Consumer: consumer, Principals: []string{mesh.JobPrincipal(consumer)}, Product: product, Sensitivity: levels,
			Purpose: "care", Approver: "team@example.org", Expires: "2030-06-30",
		}
	}
	token, mrn := column("token", ontology.Deidentified), column("mrn", ontology.PHI)
	visits := subscription("payer", "hospital.visits", "internal", "deidentified")
	visits.Rows = rowfilter.Equals("ward", rowfilter.Value{Type: rowfilter.Text, Text: "a"})
	return &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "valley", Guardrails: []mesh.GuardrailRule{{Name: mesh.PHIStaysInDomain}},
		Ontology: map[string][]string{"consent": {"none", "research", "treatment"}},
		Stages: map[string]mesh.Stage{
			"one":   {Region: "us-east-1", Accounts: map[string]string{"hospital": "111111111111", "lab": "111111111111", "payer": "111111111111", "board": "111111111111"}},
			"apart": {Region: "us-east-1", Accounts: map[string]string{"hospital": "222222222222", "lab": "333333333333", "payer": "444444444444", "board": "444444444444"}, Sharing: mesh.Sharing{Acceptance: "the platform team"}},
		},
		Domains: []mesh.Domain{
			domain("board", product("counts", table("count", "SELECT m.token AS token, count(*) AS n FROM {payer.members.member} AS m GROUP BY m.token", token, column("n", ontology.Deidentified)))),
			domain("hospital",
				product("record", table("seen", "SELECT v.token AS token FROM {visits.visit} AS v", token, mrn)),
				product("visits", table("visit", "", token, mrn, column("ward", ontology.Internal)), table("ward", "SELECT v.ward FROM {visits.visit} AS v", column("ward", ontology.Internal)))),
			domain("lab", product("labs", table("lab", "", token, column("value", ontology.Deidentified), mrn))),
			domain("payer", product("members", table("member",
				"SELECT v.token, max(l.value) AS value\nFROM {hospital.visits.visit} AS v JOIN {lab.labs.lab} AS l ON l.token = v.token\nWHERE v.ward = 'a'\nGROUP BY v.token",
				token, column("value", ontology.Deidentified)))),
		},
		Subscriptions: []mesh.Subscription{visits, subscription("payer", "lab.labs", "deidentified"), subscription("board", "payer.members", "deidentified")},
	}
}

// query is the query of a table of the mesh, to be changed.
func query(d *mesh.Definition, domain, product string) *contract.Table {
	for i := range d.Domains {
		for _, k := range d.Domains[i].Contracts {
			if d.Domains[i].Name == domain && k.Name == product {
				return &k.Tables[0]
			}
		}
	}
	return nil
}

func TestJobsReadBySubscriptions(t *testing.T) {
	for stage, catalog := range map[string]string{"one": "", "apart": "222222222222"} {
		p := plan(t, valley(), stage)
		payer, _ := p.Domain("payer")
		job := productOf(t, payer, "members").Materialization
		if got := fmt.Sprint(job.Statements[0].Subscribed); got != "[{hospital.visits.visit} {lab.labs.lab}]" || len(job.Statements[0].Reads) > 0 {
			t.Errorf("%s: reads %s", stage, got)
		}
		for _, part := range []string{`"valley_hospital_curated"."visit" AS v`, `"valley_lab_curated"."lab" AS l`} {
			if !strings.Contains(job.Statements[0].SQL, part) {
				t.Errorf("%s is not in\n%s", part, job.Statements[0].SQL)
			}
		}
		consumer, _ := p.Consumer("payer")
		var own, pipeline []string
		for _, g := range consumer.Grants {
			short := fmt.Sprint(g.Resource.Key(), g.Permissions)
			switch g.Principal {
			case job.RoleARN:
				own = append(own, short)
			case payer.JobRoleARN:
				pipeline = append(pipeline, short)
			}
		}
		if len(own) < 4 || !slices.Equal(own, pipeline) {
			t.Errorf("%s: the job is granted\n%s\nand the pipeline\n%s", stage, strings.Join(own, "\n"), strings.Join(pipeline, "\n"))
		}
		if filtered := strings.Join(own, "\n"); !strings.Contains(filtered, "payer_visits") || !strings.Contains(filtered, catalog) {
			t.Errorf("%s: no filter, or not of catalog %s:\n%s", stage, catalog, filtered)
		}
		for _, product := range payer.Products {
			for _, g := range product.Grants {
				if strings.Contains(g.Resource.Key(), "hospital") {
					t.Errorf("%s: the product grants %s", stage, g.Key())
				}
			}
		}
	}
}

// Jobs come after all that fills what they read, later on the clock, and look at another
// account with its role.
func TestJobsComeAfterThoseOfOtherDomains(t *testing.T) {
	for _, stage := range []string{"one", "apart"} {
		p := plan(t, valley(), stage)
		job := func(domain, product string) *mesh.JobPlan {
			d, _ := p.Domain(domain)
			return productOf(t, d, product).Materialization
		}
		visits, members, counts := job("hospital", "visits"), job("payer", "members"), job("board", "counts")
		if got := fmt.Sprint(visits.Schedule, members.Schedule, counts.Schedule); got != "cron(15 1 * * ? *)cron(20 1 * * ? *)cron(25 1 * * ? *)" {
			t.Errorf("%s: at %s", stage, got)
		}
		if !slices.Equal(counts.After, []string{members.StateMachineARN}) || len(counts.AfterElsewhere) > 0 { // one account in both stages
			t.Errorf("%s: counts come after %v, %v", stage, counts.After, counts.AfterElsewhere)
		}
		if stage == "one" {
			if !slices.Equal(members.After, []string{visits.StateMachineARN}) || members.AfterElsewhere != nil || members.Catalogs != nil || p.Shares != nil {
				t.Errorf("members come after %v", members.After)
			}
			continue
		}
		const role = "valley-hospital-readiness.payer-us-east-1"
		elsewhere := fmt.Sprint(members.AfterElsewhere)
		if want := "[{arn:aws:iam::222222222222:role/" + role + " [" + visits.StateMachineARN + "]}]"; elsewhere != want || len(members.After) > 0 {
			t.Errorf("members come after %v, %s", members.After, elsewhere)
		}
		if got := fmt.Sprint(members.Catalogs); got != "[222222222222/us-east-1 333333333333/us-east-1]" {
			t.Errorf("reads the catalogs %s", got)
		}
		for _, share := range p.Shares {
			want := "[]"
			if share.Domain == "hospital" {
				want = "[{payer 444444444444/us-east-1 " + role + " [" + members.Role + "] [" + visits.StateMachineARN + "]}]"
			}
			if got := fmt.Sprint(share.Readiness); got != want {
				t.Errorf("%s lets look %s", share.Domain, got)
			}
		}
	}
}

// With share: principals the producer grants to the job itself.
func TestProducersGrantToJobs(t *testing.T) {
	d := valley()
	for i := range d.Subscriptions {
		d.Subscriptions[i].Share = mesh.SharePrincipals
	}
	p := plan(t, d, "apart")
	payer, _ := p.Domain("payer")
	job := productOf(t, payer, "members").Materialization.RoleARN
	i := slices.IndexFunc(p.Shares, func(s mesh.SharePlan) bool { return s.Domain == "hospital" })
	if !slices.ContainsFunc(p.Shares[i].Grants, func(g lf.Grant) bool { return g.Principal == job }) {
		t.Errorf("the share grants %v", p.Shares[i].Grants)
	}
}

func TestComposedProblems(t *testing.T) {
	const at = "domains[3].contracts[0].tables[0]"
	member := func(sql string) func(*mesh.Definition) {
		return func(d *mesh.Definition) { query(d, "payer", "members").TransformLogic = sql }
	}
	const rest = " FROM {hospital.visits.visit} AS v JOIN {lab.labs.lab} AS l ON l.token = v.token"
	for _, c := range []struct {
		name   string
		change func(d *mesh.Definition)
		want   []string
	}{
		{"nothing", func(*mesh.Definition) {}, nil},
		{"names", member("SELECT 1 AS token, 2 AS value FROM {clinic.visits.visit}, {hospital.fhirStore.patient}, {hospital.visits.visits}, {payer.members.member}, {lab.labs.lab}"), []string{
			at + `.sql: got {clinic.visits.visit}, of "clinic", which is no domain; expected a domain: one of board, hospital, lab, payer; fix: correct it`,
			at + `.sql: got {hospital.fhirStore.patient}, of the FHIR store of another domain; expected tables of products; fix: subscribe to a product that domain hospital makes of it`,
			at + `.sql: got {hospital.visits.visits}, which domain hospital does not publish; expected a table of its products: one of hospital.record.seen, hospital.visits.visit, hospital.visits.ward; fix: correct it (did you mean "hospital.visits.visit"?)`,
			at + `.sql: got {payer.members.member}, of the domain itself; expected {product.table} for a table of the same domain; fix: write {members.member}`,
		}},
		{"no subscription", func(d *mesh.Definition) { d.Subscriptions = slices.Delete(d.Subscriptions, 1, 2) }, []string{
			at + `.sql: got {lab.labs.lab}, to which no subscription lets payer-pipeline; expected a subscription of domain payer to lab.labs for payer-pipeline; fix: agree on one with the owner of lab.labs, with the levels and columns that the query reads, or take the table out`,
		}},
		{"hidden columns", member("SELECT v.token,\n  v.mrn AS value" + rest + " WHERE l.mrn = ''"), []string{
			at + `.sql: got column "mrn" of {hospital.visits.visit}, which is phi, (line 2, column 3 of the query); expected columns that the subscription of payer-pipeline shows (subscriptions[0]): token, ward; fix: leave it out, or agree with the owner of hospital.visits that the subscription shows it`,
			at + `.sql: got column "mrn" of {lab.labs.lab}, which is phi, (line 2, column 104 `,
		}},
		{"every column", member("SELECT v.*, l.value" + rest), []string{
			at + `.sql: got column "mrn" of {hospital.visits.visit}, which is phi, (line 1, column 8 of the query); expected columns that`,
		}},
		{"a table without braces", member("SELECT v.token, w.ward AS value" + rest + ", valley_hospital_curated.ward AS w"), []string{
			at + `.sql: got the table valley_hospital_curated.ward beside tables of other domains (line 1, column 114 of the query); expected every table in braces; fix: write it as {product.table} or {domain.product.table}`,
		}},
		{"not SQL", member("SELECT v.token value value" + rest), []string{at + ".sql: got ", " of the query)"}},
		{"no such column", member("SELECT v.token, l.valu AS value" + rest), []string{at + `.sql: got `, "valu", "line 1, column 17 of the query"}},
		{"a lower level", func(d *mesh.Definition) {
			t := query(d, "payer", "members")
			t.Columns[1].Sensitivity, t.Columns[1].Classification = ontology.Internal, "internal"
		}, []string{
			at + `.columns[1]: got internal for column "value", which is made of value of {lab.labs.lab}, which is deidentified; expected a level that is not lower than deidentified; fix: classify it so, and the product; only deidentify leads to a lower level`,
		}},
		{"a lower count", func(d *mesh.Definition) {
			t := query(d, "board", "counts")
			t.Columns[1].Sensitivity, t.Columns[1].Classification = ontology.Public, "public"
		}, []string{`domains[0].contracts[0].tables[0].columns[1]: got public for column "n", which is made of the rows of {payer.members.member}, which is deidentified`}},
		{"phi that filters", func(d *mesh.Definition) {
			d.Guardrails = nil
			d.Subscriptions[0].Sensitivity = append(d.Subscriptions[0].Sensitivity, "phi")
			member("SELECT v.token, l.value" + rest + " WHERE v.mrn = 'x'")(d)
		}, []string{at + `.sql: got mrn of {hospital.visits.visit}, which is phi and decides which rows there are, for column "token", which is deidentified; expected columns that are phi`}},
		{"a freer tag", func(d *mesh.Definition) {
			d.Domains[2].Contracts[0].LFTags = []contract.LFTag{{Key: "consent", Value: "research"}}
			d.Domains[1].Contracts[1].LFTags = []contract.LFTag{{Key: "consent", Value: "none"}}
			d.Domains[3].Contracts[0].LFTags = []contract.LFTag{{Key: "consent", Value: "none"}}
		}, []string{at + `.columns[0]: got consent none for column "token", which is made of or chosen by token of {lab.labs.lab}, whose consent is research; expected a value that restricts as much as research`}},
		{"phi of its own domain", func(d *mesh.Definition) {
			k := d.Domains[1].Contracts[0]
			k.Tables[0].TransformLogic, k.Tables[0].Columns = "SELECT v.mrn AS token FROM {visits.visit} AS v", k.Tables[0].Columns[:1]
		}, []string{`domains[1].contracts[0].tables[0].columns[0]: got deidentified for column "token", which is made of mrn of {visits.visit}, which is phi`}},
		{"a circle", func(d *mesh.Definition) {
			d.Domains[2].Contracts[0].Tables[0].TransformLogic = "SELECT m.token, m.value, '' AS mrn FROM {payer.members.member} AS m"
		}, []string{"a circle of products: payer.members.member reads lab.labs.lab, lab.labs.lab reads payer.members.member"}},
	} {
		d := valley()
		c.change(d)
		err := d.Validate()
		if len(c.want) == 0 && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s:\n%s\nis not in\n%v", c.name, want, err)
			}
		}
	}
}

// A subscription that has ended and that a job needs is told before anything is deployed.
func TestEndedSubscriptionsOfJobs(t *testing.T) {
	d := valley()
	d.Subscriptions[1].Expires = "2029-12-31"
	if _, err := d.PlanAt("one", time.Date(2029, 12, 31, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Error(err)
	}
	_, err := d.PlanAt("one", time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	want := "domains[3].contracts[0].tables[0].sql: got {lab.labs.lab}, while the subscription of payer-pipeline to lab.labs ended on 2029-12-31; " +
		"expected a subscription that lasts while a job reads by it; fix: agree on a new end with the owner of lab.labs, or take the table out"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
