package e2e

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/fhirdata"
)

// hospital is the deployed FHIR store of the domain clinical.
type hospital struct {
	cloud
	cfg      aws.Config
	plan     mesh.FhirStorePlan
	raw      string // bucket
	alarms   string // ARN of the domain's topic
	machines map[string]string
}

// checkFhir takes a FHIR store through its first days: its tables are opened, a
// delivery arrives, and a malformed one.
func checkFhir(t *testing.T, l *life, cfg aws.Config, plan *mesh.Plan) {
	store, ok := plan.FhirStore("clinical")
	if !ok {
		t.Fatal("clinical has no FHIR store")
	}
	domain, _ := plan.Domain("clinical")
	h := hospital{
		cloud: cloud{endpoint: l.app.Server.Endpoint(), region: store.Environment.Region}, cfg: cfg, plan: store,
		raw: domain.Buckets[ontology.Raw], alarms: domain.Alarms.TopicARN, machines: physical(t, cfg, store.StackName, "AWS::StepFunctions::StateMachine"),
	}
	t.Run("tables are opened", h.checkOpened)
	t.Run("a delivery is imported", h.checkDelivery)
	t.Run("a malformed delivery is quarantined", h.checkMalformed)
}

// checkOpened tells the workflow that the stack was deployed, as CloudFormation
// does, and reads the grants back from Lake Formation.
func (h hospital) checkOpened(t *testing.T) {
	stacks, err := cloudformation.NewFromConfig(h.cfg).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &h.plan.StackName})
	if err != nil {
		t.Fatal(err)
	}
	detail, _ := json.Marshal(map[string]any{"stack-id": stacks.Stacks[0].StackId, "status-details": map[string]string{"status": "CREATE_COMPLETE"}})
	h.call(t, "events", "AWSEvents.PutEvents", map[string]any{"Entries": []any{map[string]string{
		"Source": "aws.cloudformation", "DetailType": "CloudFormation Stack Status Change", "Detail": string(detail),
	}}}, nil)
	for _, e := range h.ended(t, starting(t, h.machines, "QueriesMachine"), 1) {
		if e.Status != "SUCCEEDED" {
			t.Fatalf("%+v", e)
		}
	}

	parameter := func(what string) string { return h.parameter(t, h.plan.Parameters+"/"+what) }
	id := h.id(t)
	var described struct {
		DatastoreProperties struct{ DatastoreName, DatastoreStatus, DatastoreEndpoint string }
	}
	h.call(t, "healthlake", "HealthLake.DescribeFHIRDatastore", map[string]any{"DatastoreId": id}, &described)
	p := described.DatastoreProperties
	if p.DatastoreName != "riverside-clinical-fhir" || p.DatastoreStatus != "ACTIVE" || p.DatastoreEndpoint != parameter("endpoint") {
		t.Errorf("the store is %+v; its endpoint is written down as %s", p, parameter("endpoint"))
	}
	reader, account := h.plan.Readers[0].Identifier, h.plan.Environment.Account
	if parameter("catalog") == account {
		t.Error("the tables are in the account's own catalog")
	}
	if got := parameter("link"); got != h.plan.Database || got != "riverside_clinical_fhir" {
		t.Errorf("queries name %s, planned is %s", got, h.plan.Database)
	}
	granted, err := lakeformation.NewFromConfig(h.cfg).ListPermissions(t.Context(), &lakeformation.ListPermissionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var grants []string
	for _, g := range granted.PrincipalResourcePermissions {
		if aws.ToString(g.Principal.DataLakePrincipalIdentifier) != reader {
			continue
		}
		text, _ := json.Marshal(g.Permissions)
		switch r := g.Resource; {
		case r.Database != nil:
			grants = append(grants, aws.ToString(r.Database.CatalogId)+"/"+aws.ToString(r.Database.Name)+string(text))
		case r.Table != nil && r.Table.TableWildcard != nil:
			grants = append(grants, aws.ToString(r.Table.CatalogId)+"/"+aws.ToString(r.Table.DatabaseName)+"/*"+string(text))
		}
	}
	for _, want := range []string{
		account + "/" + parameter("link") + `["DESCRIBE"]`,
		parameter("catalog") + "/" + parameter("database") + `/*["DESCRIBE","SELECT"]`,
	} {
		if !slices.Contains(grants, want) {
			t.Errorf("no %s in %v", want, grants)
		}
	}
}

// id is the id of the store.
func (h hospital) id(t *testing.T) string {
	t.Helper()
	return starting(t, physical(t, h.cfg, h.plan.StackName, "AWS::HealthLake::FHIRDatastore"), "Store")
}

// deliver puts the files of a delivery and completes it.
func (h hospital) deliver(t *testing.T, name string, files map[string][]byte) {
	t.Helper()
	put := func(key string, body []byte) {
		if _, err := s3Client(h.cfg).PutObject(t.Context(), &s3.PutObjectInput{Bucket: &h.raw, Key: &key, Body: strings.NewReader(string(body))}); err != nil {
			t.Fatal(err)
		}
	}
	for file, body := range files {
		put(h.plan.Landing+name+"/"+file, body)
	}
	put(h.plan.Landing+"_complete/"+name, nil)
}

// imported waits for a number of imports and returns that of the delivery.
func (h hospital) imported(t *testing.T, number int, delivery string) execution {
	t.Helper()
	for _, e := range h.ended(t, starting(t, h.machines, "ImportMachine"), number) {
		if strings.Contains(e.Input, `"`+delivery+`"`) {
			return e
		}
	}
	t.Fatalf("no import of %s", delivery)
	return execution{}
}

func (h hospital) checkDelivery(t *testing.T) {
	const patients = 3
	resources := fhirdata.Patients(1, patients)
	files, err := fhirdata.Files(resources)
	if err != nil {
		t.Fatal(err)
	}
	h.deliver(t, "2026-11-23", files)
	if e := h.imported(t, 1, "2026-11-23"); e.Status != "SUCCEEDED" {
		t.Fatalf("%+v", e)
	}
	var listed struct {
		Jobs []struct {
			Report struct {
				Imported int `json:"TotalNumberOfResourcesImported"`
			} `json:"JobProgressReport"`
		} `json:"ImportJobPropertiesList"`
	}
	h.call(t, "healthlake", "HealthLake.ListFHIRImportJobs", map[string]any{"DatastoreId": h.id(t)}, &listed)
	if len(listed.Jobs) != 1 || listed.Jobs[0].Report.Imported != len(resources) {
		t.Errorf("jobs %+v; expected one that imported %d resources", listed.Jobs, len(resources))
	}
}

// checkMalformed subscribes to the topic of alarms, as the team would.
func (h hospital) checkMalformed(t *testing.T) {
	queues := sqs.NewFromConfig(h.cfg)
	queue, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("notices")})
	if err != nil {
		t.Fatal(err)
	}
	h.form(t, "sns", url.Values{
		"Action": {"Subscribe"}, "Version": {"2010-03-31"}, "Protocol": {"sqs"},
		"TopicArn": {h.alarms},
		"Endpoint": {"arn:aws:sqs:" + h.region + ":" + h.plan.Environment.Account + ":notices"},
	})
	h.deliver(t, "malformed", map[string][]byte{"Patient.ndjson": []byte(strings.Join(fhirdata.Malformed(), "\n") + "\n")})
	if e := h.imported(t, 2, "malformed"); e.Status != "FAILED" || e.Error != "Quarantined" {
		t.Fatalf("%+v", e)
	}
	kept, err := s3Client(h.cfg).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &h.raw, Prefix: aws.String(h.plan.Quarantine + "malformed/")})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(kept.Contents, func(o s3types.Object) bool { return strings.HasSuffix(aws.ToString(o.Key), "/record.json") }) {
		t.Errorf("the quarantine holds %d objects and no record", len(kept.Contents))
	}
	heard, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
	if err != nil {
		t.Fatal(err)
	}
	if len(heard.Messages) != 1 || !strings.Contains(aws.ToString(heard.Messages[0].Body), "Delivery malformed") {
		t.Errorf("the topic said %+v", heard.Messages)
	}
}
