package fhirstore_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func TestQueryAccess(t *testing.T) {
	h := newHospital(cdktest.Stack())
	access := fhirstore.NewQueryAccess(h.stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{
		Store: h.store(), Principals: principals(h), Role: awsiam.Role_FromRoleName(h.stack, jsii.String("Role"), jsii.String("records-queries"), nil),
	})
	if got := *access.ParameterName("link"); got != "/fhirstore/riverside-records/link" {
		t.Errorf("got %s", got)
	}
	if got := *access.DatabaseName(); got != "riverside_records" {
		t.Errorf("queries name the database %s", got)
	}
	template := cdktest.Of(t, h.stack)
	store := template.One(t, storeType, "Records").ID
	template.One(t, ruleType, "QueriesMachineActive").Want(t, map[string]string{
		"EventPattern": `{"detail":{"datastoreId":[{"Fn::GetAtt":["` + store + `","DatastoreId"]}]},"detail-type":["Data Store Active"],"source":["aws.healthlake"]}`,
	})
	template.One(t, ruleType, "QueriesMachineDeployed").Want(t, map[string]string{
		"EventPattern.detail": `{"stack-id":[{"Ref":"AWS::StackId"}],"status-details":{"status":["CREATE_COMPLETE","UPDATE_COMPLETE"]}}`,
	})
	template.One(t, "AWS::IAM::ManagedPolicy", "QueriesMachinePolicy").Want(t, map[string]string{"Roles": `["records-queries"]`})
	machine := template.One(t, machineType, "QueriesMachine")
	if role := plain(machine.Get("RoleArn")); !strings.HasSuffix(role, ":role/records-queries") {
		t.Errorf("the workflow works with %s", role)
	}

	d := definitionOf(t, template, "Queries")
	grants := d.States["GrantEach"].ItemProcessor
	for _, check := range []struct{ got, want string }{
		{d.States["IsStoreDone"].Default, "WaitForStore"},
		{cdktest.Compact(d.States["IsStoreDone"].Choices[1]), `{"Next":"FirstPage","StringEquals":"UPDATE_FAILED","Variable":"$.store.DatastoreProperties.DatastoreStatus"}`},
		{d.parameters("ListPrincipals"), `{"all":["arn:aws:iam::111111111111:role/Analyst","arn:aws:iam::111111111111:role/Steward"]}`},
		{grants.parameters("GrantLink"), `{"Permissions":["DESCRIBE"],"Principal":{"DataLakePrincipalIdentifier.$":"$.principal"},"Resource":{"Database":{"CatalogId":"111111111111","Name":"riverside_records"}}}`},
		{grants.parameters("GrantTables"), `{"Permissions":["DESCRIBE","SELECT"],"Principal":{"DataLakePrincipalIdentifier.$":"$.principal"},` +
			`"Resource":{"Table":{"CatalogId.$":"$.target.catalog","DatabaseName.$":"$.target.database","TableWildcard":{}}}}`},
		{cdktest.Compact(grants.States["GrantTables"].Catch), `[{"ErrorEquals":["LakeFormation.AccessDeniedException"],"Next":"GrantOtherwise"}]`},
		{grants.parameters("GrantOtherwise"), `{"Permissions":["DESCRIBE","SELECT"],"Principal":{"DataLakePrincipalIdentifier.$":"$.principal"},` +
			`"Resource":{"Table":{"CatalogId":"111111111111","DatabaseName":"riverside_records","TableWildcard":{}}}}`},
		{d.parameters("WriteLink"), `{"Name":"/fhirstore/riverside-records/link","Overwrite":true,"Type":"String","Value":"riverside_records"}`},
		{d.parameters("MakeLink"), `{"DatabaseInput":{"CreateTableDefaultPermissions":[],"Name":"riverside_records",` +
			`"TargetDatabase":{"CatalogId.$":"$.target.catalog","DatabaseName.$":"$.target.database"}}}`},
	} {
		if check.got != check.want {
			t.Errorf("got\n%s\nwant\n%s", check.got, check.want)
		}
	}
	covered(t, template, "QueriesMachine", d)
	policy := template.One(t, policyType, "QueriesMachinePolicy").JSON("PolicyDocument.Statement")
	for _, action := range []string{"glue:CreateDatabase", "glue:DeleteDatabase"} {
		_, statement, _ := strings.Cut(policy, `"Action":"`+action+`"`)
		statement, _, _ = strings.Cut(statement, `"Action"`)
		if !strings.Contains(statement, `:database/riverside_records"`) || strings.Contains(statement, `:database/*"`) {
			t.Errorf("%s on more than the own link: %s", action, statement)
		}
	}
}

// Permissions are taken back from whoever is no reader: tables before the link, one
// after another, and what is not there is no failure and not tried again.
func TestQueryAccessTakesBack(t *testing.T) {
	h := newHospital(cdktest.Stack())
	fhirstore.NewQueryAccess(h.stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{Store: h.store(), Principals: principals(h)})
	d := definitionOf(t, cdktest.Of(t, h.stack), "Queries")
	back := d.States["TakeBack"].ItemProcessor
	const tables = `{"Table":{"CatalogId.$":"$.tables.CatalogId","DatabaseName.$":"$.tables.DatabaseName","TableWildcard":{}}}`
	for _, check := range []struct{ got, want string }{
		{d.parameters("KeepReaders"), `{"all":["arn:aws:iam::111111111111:role/Analyst","arn:aws:iam::111111111111:role/Steward"],"defaults":{"PermissionsWithGrantOption":[]},"moved":false}`},
		{d.parameters("KeepNobody"), `{"all":[],"defaults":{"PermissionsWithGrantOption":[]},"moved":true}`},
		{d.parameters("ListHolders"), `{"MaxResults":100,"Resource":{"Database":{"CatalogId":"111111111111","Name":"riverside_records"}}}`},
		{back.States["Stays"].Default, "RevokeSelect"},
		{back.parameters("RevokeSelect"), `{"Permissions":["SELECT"],"Principal.$":"$.held.Principal","Resource":` + tables + `}`},
		{back.States["RevokeSelect"].Next, "RevokeDescribe"},
		{back.parameters("RevokeDescribe"), `{"Permissions":["DESCRIBE"],"Principal.$":"$.held.Principal","Resource":` + tables + `}`},
		{back.States["RevokeDescribe"].Next, "RevokeOtherSelect"},
		{back.States["RevokeOtherSelect"].Next, "RevokeOtherDescribe"},
		{back.States["RevokeOtherDescribe"].Next, "RevokeLink"},
		{back.parameters("RevokeLink"), `{"Permissions.$":"$.held.Permissions","PermissionsWithGrantOption.$":"$.held.PermissionsWithGrantOption",` +
			`"Principal.$":"$.held.Principal","Resource":{"Database":{"CatalogId":"111111111111","Name":"riverside_records"}}}`},
	} {
		if check.got != check.want {
			t.Errorf("got\n%s\nwant\n%s", check.got, check.want)
		}
	}
	for name, s := range back.States {
		if s.Type != "Task" {
			continue
		}
		absent := []string{"LakeFormation.InvalidInputException", "LakeFormation.EntityNotFoundException"}
		if name != "RevokeLink" {
			absent = append(absent, "LakeFormation.AccessDeniedException")
		}
		if !slices.Equal(s.Catch[0].ErrorEquals, absent) || !slices.Equal(s.Retry[0].ErrorEquals, absent) || s.Retry[0].MaxAttempts != 0 {
			t.Errorf("%s: retried %+v, caught %+v", name, s.Retry, s.Catch)
		}
		if s.Retry[1].ErrorEquals[0] != "LakeFormation.ConcurrentModificationException" {
			t.Errorf("%s does not wait for other changes: %+v", name, s.Retry)
		}
	}
}

// Without principals the workflow still runs: it takes the last one off.
func TestQueryAccessForNobody(t *testing.T) {
	h := newHospital(cdktest.Stack())
	fhirstore.NewQueryAccess(h.stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{Store: h.store(), DatabaseName: jsii.String("riverside_fhir")})
	template := cdktest.Of(t, h.stack)
	d := definitionOf(t, template, "Queries")
	if got := d.parameters("ListPrincipals"); got != `{"all":[]}` {
		t.Errorf("grants to %s", got)
	}
	if got := d.parameters("GetLink"); got != `{"Name":"riverside_fhir"}` {
		t.Errorf("the link is %s", got)
	}
}

func TestQueryAccessWithOwnCatalog(t *testing.T) {
	h := newHospital(cdktest.Stack())
	fhirstore.NewQueryAccess(h.stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{
		Store: h.store(), Principals: principals(h), TableCatalog: fhirstore.OwnCatalog, ParameterPrefix: jsii.String("/riverside/fhir"),
	})
	d := definitionOf(t, cdktest.Of(t, h.stack), "Queries")
	if got := d.States["GrantEach"].ItemProcessor.parameters("GrantTables"); !strings.Contains(got, `{"Table":{"CatalogId":"111111111111","DatabaseName":"riverside_records","TableWildcard":{}}}`) {
		t.Errorf("got %s", got)
	}
	if got := d.States["GrantEach"].ItemProcessor.parameters("GrantOtherwise"); !strings.Contains(got, `"CatalogId.$":"$.target.catalog"`) {
		t.Errorf("got %s", got)
	}
	if got := d.States["TakeBack"].ItemProcessor.parameters("RevokeSelect"); !strings.Contains(got, `{"Table":{"CatalogId":"111111111111","DatabaseName":"riverside_records","TableWildcard":{}}}`) {
		t.Errorf("got %s", got)
	}
}

func TestImport(t *testing.T) {
	h := newHospital(cdktest.Stack())
	i := fhirstore.NewImport(h.stack, jsii.String("Import"), &fhirstore.ImportProps{Store: h.store(), Landing: h.landing()})
	i.GrantStart(awsiam.NewRole(h.stack, jsii.String("Operator"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
	if i.Role() == nil || i.Alarms() == nil || i.StateMachineArn() == nil || i.DispatchStateMachineArn() == nil {
		t.Error("something cannot be reached")
	}
	template := cdktest.Of(t, h.stack)
	raw := template.One(t, "AWS::S3::Bucket", "LakeRaw")
	raw.Want(t, map[string]string{"NotificationConfiguration": `{"EventBridgeConfiguration":{"EventBridgeEnabled":true}}`})
	template.One(t, ruleType, "Import").Want(t, map[string]string{
		"EventPattern": `{"detail":{"bucket":{"name":[{"Ref":"` + raw.ID + `"}]},"object":{"key":[{"prefix":"fhir/_complete/"}]}},"detail-type":["Object Created"],"source":["aws.s3"]}`,
	})
	if n := len(template.Type(alarmType)); n != 5 {
		t.Errorf("%d alarms: failed and timed out of two machines, and undelivered events", n)
	}

	dispatch := definitionOf(t, template, "ImportDispatch")
	start := dispatch.States["StartImport"]
	if start.Catch[0].Next != "Duplicate" || dispatch.States["Duplicate"].Type != "Succeed" || !strings.Contains(cdktest.Compact(start.Parameters), `"Name.$":"$.token"`) {
		t.Errorf("an event that comes twice is not dropped: %+v", start)
	}
	covered(t, template, "ImportDispatch", dispatch)

	d := definitionOf(t, template, "ImportMachine")
	if d.TimeoutSeconds != 1500*300 || d.States["WaitForImport"].Seconds != 300 {
		t.Errorf("waits %d of %d seconds", d.States["WaitForImport"].Seconds, d.TimeoutSeconds)
	}
	role := "<" + template.One(t, roleType, "ImportDataAccess").ID + ">"
	wantStart := `{"ClientToken.$":"$.token","DataAccessRoleArn":"` + role + `","DatastoreId":"<` + template.One(t, storeType, "Records").ID + `>",` +
		`"InputDataConfig":{"S3Uri.$":"States.Format('s3://<` + raw.ID + `>/{}', $.folder)"},` +
		`"JobOutputDataConfig":{"S3Configuration":{"KmsKeyId":"<` + template.One(t, "AWS::KMS::Key", "Lake").ID + `>","S3Uri":"s3://<` + raw.ID + `>/fhir-import-results/"}}}`
	if got := decode(d.parameters("StartImport")); got != wantStart {
		t.Errorf("got\n%s\nwant\n%s", got, wantStart)
	}
	retry := d.States["StartImport"].Retry[0]
	if retry.ErrorEquals[0] != "HealthLake.ThrottlingException" || retry.MaxAttempts < 100 {
		t.Errorf("a full queue is not waited for: %+v", retry)
	}
	covered(t, template, "ImportMachine", d)
}

func decode(text string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(text)
}

// With a topic and folders of the caller's own, no other bucket is touched.
func TestImportWithFoldersOfItsOwn(t *testing.T) {
	h := newHospital(cdktest.Stack())
	topic := awssns.NewTopic(h.stack, jsii.String("Mine"), nil)
	fhirstore.NewImport(h.stack, jsii.String("Import"), &fhirstore.ImportProps{
		Store: h.store(), Landing: h.landing(), ValidationLevel: fhirstore.StructureOnly, PollInterval: awscdk.Duration_Minutes(jsii.Number(1)), AlarmTopic: topic,
		Results: &storage.S3Location{Bucket: h.lake.Analytics(), Prefix: jsii.String("results/")}, Quarantine: &storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("bad/")},
	})
	template := cdktest.Of(t, h.stack)
	if n := len(template.Type("AWS::SNS::Topic")); n != 1 {
		t.Errorf("%d topics", n)
	}
	d := definitionOf(t, template, "ImportMachine")
	for state, part := range map[string]string{
		"StartImport":  `"ValidationLevel":"structure-only"`,
		"ListFailures": `"Bucket":"<` + template.One(t, "AWS::S3::Bucket", "LakeAnalytics").ID + `>"`,
		"RecordJob":    `"Bucket":"<` + template.One(t, "AWS::S3::Bucket", "LakeCurated").ID + `>"`,
	} {
		if got := decode(d.parameters(state)); !strings.Contains(got, part) {
			t.Errorf("%s: no %s in %s", state, part, got)
		}
	}
	policy := template.One(t, policyType, "ImportMachinePolicy").JSON("PolicyDocument.Statement")
	if !strings.Contains(policy, `"/bad/*"`) || strings.Contains(policy, "s3:DeleteObject") {
		t.Errorf("got %s", policy)
	}
}

func TestExport(t *testing.T) {
	h := newHospital(cdktest.Stack())
	export := fhirstore.NewExport(h.stack, jsii.String("Export"), &fhirstore.ExportProps{
		Store: h.store(), Output: storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("fhir-exports/")},
		Schedule: jsii.String("cron(15 2 * * ? *)"), WorkGroup: h.workGroup(),
		Statements: []fhirstore.Statement{{SQL: jsii.String("MERGE INTO a")}, {SQL: jsii.String("INSERT INTO b SELECT ?"), PassJob: jsii.Bool(true)}},
		Writes:     []query.WrittenTable{{Table: catalog.TableFromName(h.stack, jsii.String("WrittenA"), jsii.String("riverside"), jsii.String("a")), Bucket: h.lake.Curated(), Prefix: jsii.String("a/")}},
	})
	if export.Role() == nil || export.QueryRole() == nil || export.Alarms() == nil || export.StateMachineArn() == nil {
		t.Error("something cannot be reached")
	}
	template := cdktest.Of(t, h.stack)
	template.One(t, ruleType, "Export").Want(t, map[string]string{"ScheduleExpression": `"cron(15 2 * * ? *)"`})
	d := definitionOf(t, template, "Export")
	token := `"ClientRequestToken.$":"States.Hash(States.Format('{} %d', $$.Execution.Id), 'SHA-256')",`
	if got, want := d.parameters("RunStatement1"), "{"+fmt.Sprintf(token, 1)+`"QueryString":"MERGE INTO a","WorkGroup":`; !strings.HasPrefix(got, want) {
		t.Errorf("got %s", got)
	}
	if got, want := d.parameters("RunStatement2"), "{"+fmt.Sprintf(token, 2)+`"ExecutionParameters.$":"States.Array(States.Format('\\'{}\\'', $.started.JobId))","QueryString":"INSERT INTO b SELECT ?",`; !strings.HasPrefix(got, want) {
		t.Errorf("got %s", got)
	}
	if next := d.States["IsStatement1Done"].Choices[0]["Next"]; next != "RunStatement2" {
		t.Errorf("the first statement leads to %v", next)
	}
	covered(t, template, "ExportMachine", d)

	// The role commits and writes the table it is said to write, and no other.
	policy := template.One(t, policyType, "ExportMachinePolicy").JSON("PolicyDocument.Statement")
	curated := template.One(t, "AWS::S3::Bucket", "LakeCurated").ID
	for _, part := range []string{`:database/riverside"`, `:table/riverside/a"`, `{"Action":["s3:AbortMultipartUpload","s3:GetObject","s3:PutObject"],"Effect":"Allow","Resource":{"Fn::Join":["",[{"Fn::GetAtt":["` + curated + `","Arn"]},"/a/*"]]}}`} {
		if !strings.Contains(policy, part) {
			t.Errorf("no %s in %s", part, policy)
		}
	}
	for _, statement := range template.One(t, policyType, "ExportMachinePolicy").Get("PolicyDocument.Statement").([]any) { //nolint:forcetypeassert // of a policy
		if text := cdktest.Compact(statement); strings.Contains(text, "glue:UpdateTable") && strings.Contains(text, "/*") {
			t.Errorf("more than one table is committed: %s", text)
		}
	}
}

func TestExportAlone(t *testing.T) {
	h := newHospital(cdktest.Stack())
	export := fhirstore.NewExport(h.stack, jsii.String("Export"), &fhirstore.ExportProps{Store: h.store(), Output: storage.S3Location{Bucket: h.lake.Curated(), Prefix: jsii.String("fhir-exports/")}})
	export.GrantStart(awsiam.NewRole(h.stack, jsii.String("Operator"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
	template := cdktest.Of(t, h.stack)
	if n := len(template.Type(ruleType)); n != 0 {
		t.Errorf("%d rules without a schedule", n)
	}
	d := definitionOf(t, template, "Export")
	if slices.Contains(d.actions(), "athena:startQueryExecution") || d.States["IsExportDone"].Choices[0]["Next"] != "Exported" {
		t.Error("an export without statements runs queries")
	}
	covered(t, template, "ExportMachine", d)
}

// covered checks that the role of a machine may make every call of its
// definition, and that whatever it passes goes to HealthLake only.
func covered(t *testing.T, template cdktest.Template, machine string, d definition) {
	t.Helper()
	policy := template.One(t, policyType, machine+"Policy").JSON("PolicyDocument.Statement")
	for _, call := range d.actions() {
		service, action, _ := strings.Cut(call, ":")
		needed := []string{service + ":" + strings.ToUpper(action[:1]) + action[1:]}
		if special, known := iamActions[call]; known {
			needed = special
		}
		for _, one := range needed {
			if !strings.Contains(policy, `"`+one+`"`) {
				t.Errorf("%s calls %s without %s", machine, call, one)
			}
		}
	}
	if strings.Count(policy, "iam:PassRole") != strings.Count(policy, `"Condition":{"StringEquals":{"iam:PassedToService":"healthlake.amazonaws.com"}}`) {
		t.Errorf("%s passes roles anywhere: %s", machine, policy)
	}
	for _, name := range slices.Sorted(maps.Keys(d.States)) {
		if s := d.States[name]; s.Type == "Task" && len(s.Retry) == 0 {
			t.Errorf("%s/%s is not retried", machine, name)
		}
	}
}

// iamActions are the calls whose IAM actions are named otherwise.
var iamActions = map[string][]string{
	"s3:listObjectsV2": {"s3:ListBucket"},
	"s3:copyObject":    {"s3:GetObject", "s3:PutObject"},
	"sns:publish":      {"sns:Publish"},
}
