package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// clinicMesh is a small mesh whose access changes step by step: what stands in angle
// brackets is what the steps replace.
const clinicMesh = `apiVersion: lakemesh/v1
name: clinic
stages:
  dev:
    region: us-east-1
    accounts: {lab: "111111111111", research: "<research>"}
    sharing: {organization: "arn:aws:organizations::333333333333:organization/o-clinic12345"}
admins: ["arn:aws:iam::{lab}:role/LakeAdmin", "arn:aws:iam::{research}:role/LakeAdmin"]
ontology: {consent: [not-required, research, treatment]}
principals:
  analysts: arn:aws:iam::{research}:role/Analyst
  board: arn:aws:iam::{research}:role/Board
domains:
  - {name: lab, account: lab, owner: lab@clinic.example, products: [visits.odcs.yaml]}
  - {name: research, account: research, owner: research@clinic.example}
<subscriptions>`

const clinicSubscription = `subscriptions:
  - consumer: research
    principals: <principals>
    product: lab.visits
    sensitivity: <sensitivity>
<limits>    purpose: ward statistics
    approver: lab@clinic.example
    expires: <expires>
`

const clinicContract = `apiVersion: v3.1.0
kind: DataContract
id: 5d0d1ee2-1c6c-4f5a-9b3d-0a6c3f0f4b11
name: visits
version: 1.0.0
status: active
team: {name: lab, members: [{username: lab@clinic.example, role: owner}]}
customProperties: [{property: zone, value: curated}]
schema:
  - name: arrivals
    physicalType: table
    properties:
      - {name: id, logicalType: string, classification: phi, primaryKey: true, primaryKeyPosition: 1}
      - {name: ward, logicalType: string, classification: public}
  - name: visits
    physicalType: table
<table>    properties:
      - {name: id, logicalType: string, classification: phi, primaryKey: true, primaryKeyPosition: 1}
      - {name: study_id, logicalType: string, classification: deidentified}
      - {name: ward, logicalType: string, classification: <ward>}
      - {name: score, logicalType: number, physicalType: "decimal(5,2)", classification: public}
  - name: wards
    physicalType: table
    customProperties: [{property: sql, value: "SELECT min(id) AS id, ward FROM {visits.visits} GROUP BY ward"}]
    properties:
      - {name: id, logicalType: string, classification: phi, primaryKey: true, primaryKeyPosition: 1}
      - {name: ward, logicalType: string, classification: phi}
`

// What is written in the angle brackets at first, and by each step.
var clinicFirst = map[string]string{
	"research": "111111111111", "principals": "[analysts]", "sensitivity": "[public, internal]", "limits": "", "table": "", "ward": "internal",
	"expires": "2029-06-30",
}

// In one account each change of who may see what is one deployment: nothing is in the
// way of itself, nothing is left, what is read back is what the plan says, and it shows
// what the subscription says.
func TestEachChangeOfAccessIsOneDeployment(t *testing.T) {
	l, now := startClinic(t)
	before := l.deployed(t, l.prepared(t))
	for _, step := range []struct {
		name  string
		write map[string]string
	}{
		{"another level", map[string]string{"sensitivity": "[public, internal, deidentified]"}},
		{"a row filter", map[string]string{"limits": "    rows: \"ward = 'A'\"\n    columns: [study_id, ward, score]\n"}},
		{"other rows", map[string]string{"limits": "    rows: \"ward = 'B'\"\n    columns: [study_id, ward, score]\n"}},
		{"other columns", map[string]string{"limits": "    except: [score]\n"}},
		{"no limits", map[string]string{"limits": ""}},
		{"a column that is less sensitive", map[string]string{"ward": "deidentified", "sensitivity": "[public, deidentified]"}},
		{"a column of another level, and levels that go", map[string]string{"ward": "public", "sensitivity": "[public]"}},
		{"a column that is phi, as its table is", map[string]string{"ward": "phi"}},
		{"a column that is less sensitive again", map[string]string{"ward": "internal", "sensitivity": "[public, internal]"}},
		{"a key of the ontology", map[string]string{
			"table":  "    customProperties: [{property: lfTags, value: {consent: research}}]\n",
			"limits": "    tags: {consent: [research]}\n",
		}},
		{"another value of the key", map[string]string{
			"table":  "    customProperties: [{property: lfTags, value: {consent: treatment}}]\n",
			"limits": "    tags: {consent: [treatment]}\n",
		}},
		{"no key", map[string]string{"table": "", "limits": ""}},
		{"a table that a job reads and now writes", map[string]string{
			"table": "    customProperties: [{property: sql, value: \"SELECT id, CAST(NULL AS varchar) AS study_id, ward, CAST(NULL AS decimal(5,2)) AS score FROM {visits.arrivals}\"}]\n",
			"ward":  "phi", "sensitivity": "[public]",
		}},
		{"a table that the job reads only again", map[string]string{"table": "", "ward": "internal", "sensitivity": "[public, internal]"}},
		{"another reader", map[string]string{"principals": "[board]"}},
	} {
		for name, value := range step.write {
			now[name] = value
		}
		l.writeClinic(t, now)
		l.log.Reset()
		plan := l.plan(t)
		after := l.deployed(t, plan)
		l.checkColumns(t, after, plan)
		if t.Failed() {
			t.Fatalf("%s", step.name)
		}
		if diff := access.Diff(before, after); diff.Empty() {
			t.Errorf("%s: nothing changed", step.name)
		}
		before = after
	}
}

// Between accounts a subscription that shows something else ends and begins: the
// consumer takes back first, and nothing of it is left. The app says so.
func TestChangeOfAccessBetweenAccounts(t *testing.T) {
	l, now := startClinic(t)
	now["research"] = "222222222222"
	l.writeClinic(t, now)
	l.deployed(t, l.prepared(t))

	now["subscriptions"] = ""
	l.writeClinic(t, now)
	without := l.plan(t)
	l.log.Reset()
	consumer, _ := without.Consumer("research")
	l.must(t, l.app.DeployOnly(t.Context(), consumer.StackName))
	if said := "takes back what it reads of account 111111111111: deploy in this order: cdk deploy --exclusively " + consumer.StackName; !strings.Contains(l.log.String(), said) {
		t.Errorf("the app does not say %q:\n%s", said, l.log)
	}
	l.deployed(t, without)

	delete(now, "subscriptions")
	now["sensitivity"] = "[public, internal, deidentified]"
	l.writeClinic(t, now)
	with := l.plan(t)
	l.checkColumns(t, l.deployed(t, with), with)
}

// startClinic writes the mesh as it is at first.
func startClinic(t *testing.T) (*life, map[string]string) {
	t.Helper()
	l := start(t, "dev")
	l.mesh = filepath.Join(t.TempDir(), "mesh.yaml")
	l.app.Mesh = l.mesh
	now := maps.Clone(clinicFirst)
	l.writeClinic(t, now)
	return l, now
}

// writeClinic writes the mesh with what the steps have replaced so far.
func (l *life) writeClinic(t *testing.T, values map[string]string) {
	t.Helper()
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "<"+name+">", value)
	}
	fill := strings.NewReplacer(pairs...)
	mesh := clinicMesh
	if _, taken := values["subscriptions"]; !taken {
		mesh = strings.Replace(mesh, "<subscriptions>", clinicSubscription, 1)
	}
	l.must(t, os.WriteFile(l.mesh, []byte(fill.Replace(mesh)), 0o600))
	l.must(t, os.WriteFile(filepath.Join(filepath.Dir(l.mesh), "visits.odcs.yaml"), []byte(fill.Replace(clinicContract)), 0o600))
}
