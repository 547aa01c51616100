package workflow

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	"github.com/lakemesh/lakemesh/test/deploy"
)

const (
	ownLink  = "riverside_records"
	stranger = "arn:aws:iam::111111111111:role/Stranger"
	everyone = "IAM_ALLOWED_PRINCIPALS"
)

// The events of HealthLake and of CloudFormation start the workflow; running it
// again changes nothing.
func (h *hospital) testAccess(t *testing.T) {
	var first []string
	for number, event := range []object{
		{"Source": "aws.healthlake", "DetailType": "Data Store Active", "Detail": `{"datastoreId": "` + h.store(t) + `"}`},
		{"Source": "aws.cloudformation", "DetailType": "CloudFormation Stack Status Change",
			"Detail": `{"stack-id": "` + h.stack + `", "status-details": {"status": "UPDATE_COMPLETE"}}`},
	} {
		h.call(t, "events", "AWSEvents.PutEvents", object{"Entries": []object{event}}, nil)
		for _, e := range h.runs(t, h.query, number+1) {
			h.ended(t, e, "SUCCEEDED", "")
		}
		now := append(h.grants(t, ""), h.databases(t)...)
		if number == 0 {
			first = now
		} else if !slices.Equal(now, first) {
			t.Errorf("the second run changed\n%v to\n%v", first, now)
		}
	}
	h.opened(t, h.store(t))
}

// Who is no reader any more, who was granted by hand and who is granted by default
// lose all that they have; the role of the workflow, which made the link, does not.
func (h *hospital) testTakenBack(t *testing.T) {
	link, tables := h.link(), h.tables(t)
	role := h.role(t)
	h.grant(t, role, link, types.PermissionDescribe, types.PermissionDrop)
	h.grant(t, everyone, link, types.PermissionDescribe) // and nothing on the tables
	h.grant(t, stranger, link, types.PermissionDescribe)
	h.grant(t, stranger, tables, types.PermissionSelect) // without DESCRIBE
	_, err := h.lake(t).GrantPermissions(t.Context(), &lakeformation.GrantPermissionsInput{
		Principal: holder(stranger), Resource: link,
		Permissions: []types.Permission{types.PermissionDrop}, PermissionsWithGrantOption: []types.Permission{types.PermissionDrop},
	})
	must(t, err)

	h.ended(t, h.start(t, h.query, object{}), "SUCCEEDED", "")
	h.opened(t, h.store(t))
	for _, gone := range []string{stranger, everyone} {
		if got := h.grants(t, gone); len(got) > 0 {
			t.Errorf("%s still has %v", gone, got)
		}
	}
	h.nobody(t, "Nobody")
	if got := h.grants(t, analyst); len(got) > 0 {
		t.Errorf("who left still has %v", got)
	}
	if got := h.grants(t, role); len(got) != 1 || !strings.HasSuffix(got[0], `["DESCRIBE","DROP"]`) {
		t.Errorf("the role of the workflow has %v", got)
	}

	// Who comes back is granted again.
	h.ended(t, h.start(t, h.query, object{}), "SUCCEEDED", "")
	h.opened(t, h.store(t))
}

// Where Lake Formation denies the grant in HealthLake's catalog it is made in the
// account's own, and taken back from there too.
func (h *hospital) testDenied(t *testing.T) {
	h.nobody(t, "NobodyBefore")
	h.script(t, object{"operation": "GrantPermissions", "account": h.parameter(t, "catalog"), "error": "AccessDeniedException"})
	h.ended(t, h.start(t, h.query, object{}), "SUCCEEDED", "")
	want := []string{analyst + ": " + account + "/" + ownLink + `/*["DESCRIBE","SELECT"]`, analyst + ": " + account + "/" + ownLink + `["DESCRIBE"]`}
	if got := h.grants(t, analyst); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for range 4 { // what was denied once is denied again
		h.script(t, object{"operation": "RevokePermissions", "account": h.parameter(t, "catalog"), "error": "AccessDeniedException"})
	}
	h.nobody(t, "NobodyAfter")
	if got := h.grants(t, analyst); len(got) > 0 {
		t.Errorf("who left still has %v", got)
	}
	h.control(t, http.MethodDelete, "script", nil)
	h.ended(t, h.start(t, h.query, object{}), "SUCCEEDED", "")
	h.opened(t, h.store(t))
}

// nobody runs the workflow of a store without readers.
func (h *hospital) nobody(t *testing.T, name string) {
	t.Helper()
	machine := h.like(t, h.query, name, `"all":["`+analyst+`"]`, `"all":[]`)
	h.ended(t, h.start(t, machine, object{}), "SUCCEEDED", "")
}

// With more holders than a page has, none is passed over, whether they stay or go.
func (h *hospital) testPages(t *testing.T) {
	var strangers []string
	for i := range 5 {
		who := fmt.Sprintf("%s%d", stranger, i)
		h.grant(t, who, h.link(), types.PermissionDescribe)
		h.grant(t, who, h.tables(t), types.PermissionSelect, types.PermissionDescribe)
		strangers = append(strangers, who)
	}
	machine := h.like(t, h.query, "Pages", `"MaxResults":100`, `"MaxResults":2`)
	h.ended(t, h.start(t, machine, object{}), "SUCCEEDED", "")
	for _, who := range strangers {
		if got := h.grants(t, who); len(got) > 0 {
			t.Errorf("%s still has %v", who, got)
		}
	}
	h.opened(t, h.store(t))
}

// A store that is still being created is waited for, and HealthLake's link to it is
// told from that to the other store. The workflow's link moves to the new store, and
// nobody keeps anything on the tables of the old one.
func (h *hospital) testReplaced(t *testing.T) {
	h.script(t, object{"operation": "CreateFHIRDatastore", "seconds": 1800})
	var slow struct {
		ID     string `json:"DatastoreId"`
		Status string `json:"DatastoreStatus"`
	}
	h.call(t, "healthlake", "HealthLake.CreateFHIRDatastore", object{"DatastoreTypeVersion": "R4"}, &slow)
	if slow.Status != "CREATING" {
		t.Fatalf("the store is %s", slow.Status)
	}
	h.grant(t, stranger, h.link(), types.PermissionDescribe)
	h.grant(t, stranger, h.tables(t), types.PermissionSelect, types.PermissionDescribe)
	machine := h.like(t, h.query, "Slow", h.store(t), slow.ID)
	h.ended(t, h.start(t, machine, object{}), "SUCCEEDED", "")
	h.opened(t, slow.ID)
	for _, who := range []string{analyst, stranger} {
		for _, grant := range h.grants(t, who) {
			if strings.Contains(grant, h.store(t)) || who == stranger {
				t.Errorf("%s still has %s", who, grant)
			}
		}
	}
	h.slow = slow.ID
}

// The link of a store that is gone, with its tables, moves too, also when both events
// start the workflow at once.
func (h *hospital) testDeleted(t *testing.T) {
	h.call(t, "healthlake", "HealthLake.DeleteFHIRDatastore", object{"DatastoreId": h.slow}, nil)
	var runs [2]execution
	for i := range runs {
		h.call(t, "states", "AWSStepFunctions.StartExecution", object{"stateMachineArn": h.query, "input": "{}"}, &runs[i])
	}
	for _, e := range runs {
		h.ended(t, h.await(t, e), "SUCCEEDED", "")
	}
	h.opened(t, h.store(t), h.slow)
}

// A database that is no link holds somebody's data.
func (h *hospital) testNameTaken(t *testing.T) {
	h.call(t, "glue", "AWSGlue.CreateDatabase", object{"DatabaseInput": object{
		"Name": "riverside_taken", "Description": "Not ours", "CreateTableDefaultPermissions": []any{},
	}}, nil)
	h.grant(t, stranger, &types.Resource{Database: &types.DatabaseResource{Name: aws.String("riverside_taken")}}, types.PermissionDescribe)
	before := append(h.grants(t, ""), h.databases(t)...)
	machine := h.like(t, h.query, "Taken", ownLink, "riverside_taken")
	e := h.start(t, machine, object{})
	h.ended(t, e, "FAILED", "NameTaken")
	if !strings.Contains(e.Cause, "The database riverside_taken exists and is no resource link") {
		t.Errorf("the run says %s", e.Cause)
	}
	if after := append(h.grants(t, ""), h.databases(t)...); !slices.Equal(before, after) {
		t.Errorf("the run changed\n%v to\n%v", before, after)
	}
}

// opened checks the parameters, that the link leads to the store, and that the
// analyst has the grants on the link and the tables of a store and no others.
//
// A grant on tables of a store that is gone cannot be taken back, as nobody can name
// them any more; it shows nothing, and no later store has its name.
func (h *hospital) opened(t *testing.T, store string, gone ...string) {
	t.Helper()
	link, catalog, database := h.parameter(t, "link"), h.parameter(t, "catalog"), h.parameter(t, "database")
	if link != ownLink || catalog == account || !strings.Contains(database, store) || !strings.Contains(h.parameter(t, "endpoint"), store) {
		t.Errorf("link %s, catalog %s, database %s", link, catalog, database)
	}
	if want := ownLink + " -> " + catalog + "/" + database; !slices.Contains(h.databases(t), want) {
		t.Errorf("no %s in %v", want, h.databases(t))
	}
	want := []string{analyst + ": " + account + "/" + link + `["DESCRIBE"]`, analyst + ": " + catalog + "/" + database + `/*["DESCRIBE","SELECT"]`}
	got := slices.DeleteFunc(h.grants(t, analyst), func(grant string) bool {
		return slices.ContainsFunc(gone, func(id string) bool { return strings.Contains(grant, id) })
	})
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func (h *hospital) parameter(t *testing.T, name string) string {
	t.Helper()
	var got struct{ Parameter struct{ Value string } }
	h.call(t, "ssm", "AmazonSSM.GetParameter", object{"Name": "/fhirstore/riverside-records/" + name}, &got)
	return got.Parameter.Value
}

func (c *cloud) lake(t *testing.T) *lakeformation.Client {
	t.Helper()
	config, err := deploy.Config(t.Context(), c.server, environment)
	must(t, err)
	return lakeformation.NewFromConfig(config)
}

// link is the workflow's link, and tables are those that it leads to now.
func (h *hospital) link() *types.Resource {
	return &types.Resource{Database: &types.DatabaseResource{CatalogId: aws.String(account), Name: aws.String(ownLink)}}
}

func (h *hospital) tables(t *testing.T) *types.Resource {
	t.Helper()
	return &types.Resource{Table: &types.TableResource{
		CatalogId: aws.String(h.parameter(t, "catalog")), DatabaseName: aws.String(h.parameter(t, "database")), TableWildcard: &types.TableWildcard{},
	}}
}

func holder(who string) *types.DataLakePrincipal {
	return &types.DataLakePrincipal{DataLakePrincipalIdentifier: &who}
}

// grant is what somebody does by hand.
func (c *cloud) grant(t *testing.T, who string, on *types.Resource, permissions ...types.Permission) {
	t.Helper()
	_, err := c.lake(t).GrantPermissions(t.Context(), &lakeformation.GrantPermissionsInput{Principal: holder(who), Resource: on, Permissions: permissions})
	must(t, err)
}

// grants are all that a principal has, "" for every principal, sorted.
func (c *cloud) grants(t *testing.T, who string) []string {
	t.Helper()
	var out []string
	pages := lakeformation.NewListPermissionsPaginator(c.lake(t), &lakeformation.ListPermissionsInput{})
	for pages.HasMorePages() {
		got, err := pages.NextPage(t.Context())
		must(t, err)
		for _, p := range got.PrincipalResourcePermissions {
			name := aws.ToString(p.Principal.DataLakePrincipalIdentifier)
			if who != "" && name != who {
				continue
			}
			text, err := json.Marshal(p.Permissions)
			must(t, err)
			switch r := p.Resource; {
			case r.Database != nil:
				name += ": " + aws.ToString(r.Database.CatalogId) + "/" + aws.ToString(r.Database.Name)
			case r.Table != nil && r.Table.TableWildcard != nil:
				name += ": " + aws.ToString(r.Table.CatalogId) + "/" + aws.ToString(r.Table.DatabaseName) + "/*"
			}
			out = append(out, name+string(text))
		}
	}
	slices.Sort(out)
	return out
}

// databases are those of the account, and where links lead to, sorted.
func (h *hospital) databases(t *testing.T) []string {
	t.Helper()
	var listed struct {
		DatabaseList []struct {
			Name           string
			Description    string
			TargetDatabase struct{ CatalogId, DatabaseName string } //nolint:revive // the names of the API
		}
	}
	h.call(t, "glue", "AWSGlue.GetDatabases", object{}, &listed)
	var out []string
	for _, d := range listed.DatabaseList {
		text := d.Name + d.Description
		if d.TargetDatabase.CatalogId != "" {
			text += " -> " + d.TargetDatabase.CatalogId + "/" + d.TargetDatabase.DatabaseName
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}

// role is the role of the workflow.
func (h *hospital) role(t *testing.T) string {
	t.Helper()
	var known struct {
		RoleARN string `json:"roleArn"`
	}
	h.call(t, "states", "AWSStepFunctions.DescribeStateMachine", object{"stateMachineArn": h.query}, &known)
	return known.RoleARN
}
