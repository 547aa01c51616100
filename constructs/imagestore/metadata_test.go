package imagestore_test

import (
	"debug/elf"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/flags"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/policy"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func kept(t *testing.T, change func(lab, *imagestore.MetadataProps)) (*imagestore.Metadata, cdktest.Template) {
	t.Helper()
	l := newLab(cdktest.Stack())
	p := l.metadata()
	if change != nil {
		change(l, p)
	}
	m := imagestore.NewMetadata(l.stack, jsii.String("Metadata"), p)
	return m, cdktest.Of(t, l.stack)
}

func TestEventsOfTheStoreReachTheFunction(t *testing.T) {
	m, template := kept(t, nil)
	if m.Queue() == nil || m.DeadLetters() == nil || m.Function() == nil || m.Cfn() == nil || m.Alarms() == nil || *m.LandingTable().TableName() != "image_series_inbox" {
		t.Error("the accessors do not give what was made")
	}
	queue, dead := template.One(t, "AWS::SQS::Queue", "MetadataQueue"), template.One(t, "AWS::SQS::Queue", "MetadataDeadLetters")
	rule := template.One(t, "AWS::Events::Rule", "MetadataChanged")
	rule.Want(t, map[string]string{
		"EventPattern": `{"detail":{"datastoreId":[{"Fn::GetAtt":["` + template.One(t, storeType, "Images").ID + `","DatastoreId"]}]},` +
			`"detail-type":["Image Set Created","Image Set Copied","Image Set Updated","Image Set Deleted"],"source":["aws.medical-imaging"]}`,
		"Targets": `[{"Arn":{"Fn::GetAtt":["` + queue.ID + `","Arn"]},"DeadLetterConfig":{"Arn":{"Fn::GetAtt":["` + dead.ID + `","Arn"]}},"Id":"Queue"}]`,
	})
	queue.Want(t, map[string]string{
		"RedrivePolicy": `{"deadLetterTargetArn":{"Fn::GetAtt":["` + dead.ID + `","Arn"]},"maxReceiveCount":5}`, "VisibilityTimeout": `720`,
		"KmsMasterKeyId": `{"Fn::GetAtt":["` + template.One(t, "AWS::KMS::Key", "Key").ID + `","Arn"]}`,
	})
	for _, id := range []string{"MetadataQueue", "MetadataDeadLetters"} {
		contains(t, template.One(t, "AWS::SQS::QueuePolicy", id).JSON("PolicyDocument"), `{"ArnEquals":{"aws:SourceArn":{"Fn::GetAtt":["`+rule.ID+`","Arn"]}}}`)
	}
	template.One(t, "AWS::Lambda::EventSourceMapping", "Metadata").Want(t, map[string]string{
		"EventSourceArn": `{"Fn::GetAtt":["` + queue.ID + `","Arn"]}`, "FunctionResponseTypes": `["ReportBatchItemFailures"]`, "BatchSize": `10`,
		"ScalingConfig": `{"MaximumConcurrency":5}`,
	})
	template.One(t, alarmType, "MetadataUnread").Want(t, map[string]string{"Dimensions.0.Value": `{"Fn::GetAtt":["` + dead.ID + `","QueueName"]}`})
}

func TestFunctionCanReadMetadataAndWriteTheInboxOnly(t *testing.T) {
	_, template := kept(t, nil)
	function := template.One(t, "AWS::Lambda::Function", "Metadata")
	logs := template.One(t, "AWS::Logs::LogGroup", "MetadataLogs")
	function.Want(t, map[string]string{
		"Runtime": `"provided.al2023"`, "Architectures": `["arm64"]`, "ReservedConcurrentExecutions": `null`, "VpcConfig": `null`,
		"Environment.Variables.INBOX_PREFIX": `"imaging/inbox/"`, "LoggingConfig": `{"LogGroup":{"Ref":"` + logs.ID + `"}}`,
	})
	if logs.Get("KmsKeyId") == nil || logs.JSON("LogGroupName") != `"/lakemesh/imagestore/Test-Metadata-D8499D41"` || logs.DeletionPolicy != "RetainExceptOnCreate" {
		t.Errorf("logs: %+v", logs)
	}
	contains(t, template.One(t, "AWS::KMS::Key", "Key").JSON("KeyPolicy"), `:log-group:/lakemesh/imagestore/Test-Metadata-D8499D41"`)
	policy := template.One(t, policyType, "MetadataFunctionPolicy").JSON("PolicyDocument.Statement")
	var actions []string
	for _, m := range regexp.MustCompile(`"([a-z0-9-]+:[A-Za-z*]+)"`).FindAllStringSubmatch(policy, -1) {
		actions = append(actions, m[1])
	}
	slices.Sort(actions)
	if got, want := strings.Join(slices.Compact(actions), " "), "kms:Decrypt kms:DescribeKey kms:GenerateDataKey* logs:CreateLogStream logs:PutLogEvents "+
		"medical-imaging:GetImageSet medical-imaging:GetImageSetMetadata s3:PutObject sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage"; got != want {
		t.Errorf("the function may %s", got)
	}
	contains(t, policy, `"/imaging/inbox/*"`)
	if inline := template.Type("AWS::IAM::Policy"); len(inline) > 0 {
		t.Errorf("inline policies: %v", inline)
	}
}

func TestInboxIsMergedOnSchedule(t *testing.T) {
	_, template := kept(t, nil)
	template.One(t, "AWS::Events::Rule", "MetadataRefreshSchedule").Want(t, map[string]string{"ScheduleExpression": `"rate(1 hour)"`})
	machine := definition(t, template.One(t, machineType, "MetadataRefresh"))
	start := state(t, machine, "Start")
	contains(t, start, `"WorkGroup":"imaging"`, `"Resource":"arn:aws:states:::aws-sdk:athena:startQueryExecution"`, `"ClientRequestToken.$":"States.Hash($$.Execution.Id, 'SHA-256')"`,
		`MERGE INTO \"riverside_imaging\".\"image_series\" t USING (`, `FROM \"riverside_imaging\".\"image_series_inbox\"`)
	contains(t, state(t, machine, "IsMergeDone"), `{"Next":"Refused","StringEquals":"FAILED"`, `{"Next":"Merged","StringEquals":"SUCCEEDED"`)
	template.One(t, alarmType, "MetadataRefreshFailed")

	inbox := template.One(t, "AWS::Glue::Table", "MetadataInbox")
	inbox.Want(t, map[string]string{
		"TableInput.PartitionKeys.0.Name":       `"day"`,
		"TableInput.StorageDescriptor.Location": `"s3://riverside-raw/imaging/inbox/"`,
	})
	contains(t, inbox.JSON("TableInput.Parameters"), `"projection.day.type":"date"`, `"storage.location.template":"s3://riverside-raw/imaging/inbox/${day}/"`)
	contains(t, inbox.JSON("TableInput.StorageDescriptor.Columns"), `"Name":"study_date","Type":"string"`, `"Name":"deleted","Type":"boolean"`)
}

// The statement's role reads the inbox by Lake Formation alone, and writes the files of
// the table and no others; the machine waits for its grants.
func TestRefreshIsGranted(t *testing.T) {
	_, template := kept(t, nil)
	role := template.One(t, roleType, "MetadataRefreshRole")
	got := map[string]string{}
	machine := template.One(t, machineType, "MetadataRefresh")
	for _, grant := range template.Type("AWS::LakeFormation::PrincipalPermissions") {
		grant.Want(t, map[string]string{"Principal.DataLakePrincipalIdentifier": `{"Fn::GetAtt":["` + role.ID + `","Arn"]}`})
		resource, _ := grant.Get("Resource").(map[string]any)
		kind := slices.Collect(maps.Keys(resource))[0]
		name, _ := grant.Get("Resource." + kind + ".Name").(string)
		got[kind+" "+name] = grant.JSON("Permissions")
		if !slices.Contains(machine.DependsOn, grant.ID) {
			t.Errorf("the machine does not wait for %s", grant.ID)
		}
	}
	for resource, permissions := range map[string]string{
		"TableWithColumns image_series_inbox": `["SELECT"]`, "TableWithColumns image_series": `["SELECT"]`,
		"Table image_series": `["DESCRIBE","INSERT","DELETE","ALTER"]`, "DataLocation ": `["DATA_LOCATION_ACCESS"]`,
	} {
		if got[resource] != permissions {
			t.Errorf("%s: %s, want %s", resource, got[resource], permissions)
		}
	}
	policy := template.One(t, policyType, "MetadataRefreshPolicy").JSON("PolicyDocument")
	raw := template.One(t, "AWS::S3::Bucket", "Raw").ID
	contains(t, policy, `"lakeformation:GetDataAccess"`, `"glue:UpdateTable"`, `:table/riverside_imaging/image_series"`,
		`{"Action":["s3:AbortMultipartUpload","s3:GetObject","s3:PutObject"],"Effect":"Allow","Resource":{"Fn::Join":["",[{"Fn::GetAtt":["`+raw+`","Arn"]},"/image_series/*"]]}}`)
	if strings.Contains(policy, "imaging/inbox") {
		t.Errorf("files are read without Lake Formation: %s", policy)
	}
}

// The schema is a valid contract, whose identifiers are all named and PHI.
func TestMetadataTable(t *testing.T) {
	table := imagestore.MetadataTable("image_series")
	c := contract.Contract{Name: "image_series", Zone: ontology.Curated, Tables: []contract.Table{table}}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	if problems := table.StorageProblems(); len(problems) > 0 {
		t.Error(problems)
	}
	if c.MaxSensitivity() != ontology.PHI || len(table.PrimaryKeyColumns()) != 2 {
		t.Errorf("%s, key %v", c.MaxSensitivity(), table.PrimaryKeyColumns())
	}
	for name, want := range map[string]struct {
		identifier  ontology.Identifier
		sensitivity ontology.Sensitivity
	}{
		"patient_id": {ontology.MedicalRecordNumber, ontology.PHI}, "patient_name": {ontology.Name, ontology.PHI}, "study_date": {ontology.Date, ontology.PHI},
		"accession_number": {ontology.OtherUniqueID, ontology.PHI}, "series_description": {"", ontology.PHI}, "modality": {"", ontology.Deidentified},
		"body_part_examined": {"", ontology.Deidentified}, "institution_name": {ontology.GeographicDetail, ontology.PHI},
	} {
		column := table.Column(name)
		if column == nil || column.Identifier != want.identifier || column.Sensitivity != want.sensitivity || column.Classification != string(want.sensitivity) {
			t.Errorf("%s is %+v", name, column)
		}
	}
	for _, column := range table.Columns {
		if column.Identifier != "" && column.Sensitivity != ontology.PHI {
			t.Errorf("%s identifies and is %s", column.Name, column.Sensitivity)
		}
	}
}

// Without Code the function is built at synthesis, for Linux on ARM, and named
// after its sources.
func TestFunctionIsBuiltAtSynthesis(t *testing.T) {
	hashes := map[string]bool{}
	for range 2 {
		context, folder := flags.Recommended(), t.TempDir()
		app := awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: &folder, AnalyticsReporting: jsii.Bool(false)})
		l := newLab(awscdk.NewStack(app, jsii.String("Test"), nil))
		p := l.metadata()
		p.Code = nil
		imagestore.NewMetadata(l.stack, jsii.String("Metadata"), p)
		app.Synth(nil)
		built, err := filepath.Glob(filepath.Join(folder, "asset.*", "bootstrap"))
		if err != nil || len(built) != 1 {
			t.Fatalf("%v, %v", built, err)
		}
		program, err := elf.Open(built[0])
		if err != nil {
			t.Fatal(err)
		}
		if program.Machine != elf.EM_AARCH64 {
			t.Errorf("built for %v", program.Machine)
		}
		if info, err := os.Stat(built[0]); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("not a program: %v, %v", info, err)
		}
		program.Close()
		hashes[filepath.Base(filepath.Dir(built[0]))] = true
	}
	if len(hashes) != 1 {
		t.Errorf("the same sources are called %v", hashes)
	}
}

// A table and locations of another stack are known by name; the rest is the same.
func TestMetadataOfATableElsewhere(t *testing.T) {
	_, template := kept(t, func(l lab, p *imagestore.MetadataProps) {
		p.Table = catalog.TableFromName(l.stack, jsii.String("Theirs"), jsii.String("lakeside_curated"), jsii.String("series"))
		p.Locations = []governance.ILocation{governance.LocationFromArn(l.stack, jsii.String("Elsewhere"), jsii.String("arn:aws:s3:::lakeside-raw"))}
		p.LocationARNs = []string{"arn:aws:s3:::lakeside-curated"}
		p.RefreshRoleName = jsii.String("lakeside-series")
	})
	refresh := definition(t, template.One(t, machineType, "MetadataRefresh"))
	contains(t, state(t, refresh, "Start"), `MERGE INTO \"lakeside_curated\".\"series\" t`, `FROM \"lakeside_curated\".\"series_inbox\"`)
	template.One(t, roleType, "MetadataRefreshRole").Want(t, map[string]string{"RoleName": `"lakeside-series"`})
	inbox := template.One(t, "AWS::Glue::Table", "MetadataInbox")
	inbox.Want(t, map[string]string{"DatabaseName": `"lakeside_curated"`})
	var granted []string
	for _, grant := range template.Type("AWS::LakeFormation::PrincipalPermissions") {
		granted = append(granted, grant.JSON("Resource"))
	}
	slices.Sort(granted)
	const catalog = `"CatalogId":"111111111111",`
	if expected := []string{
		`{"DataLocation":{` + catalog + `"ResourceArn":"arn:aws:s3:::lakeside-curated"}}`, `{"DataLocation":{` + catalog + `"ResourceArn":"arn:aws:s3:::lakeside-raw"}}`,
		`{"Table":{` + catalog + `"DatabaseName":"lakeside_curated","Name":"series"}}`,
		`{"TableWithColumns":{` + catalog + `"ColumnWildcard":{},"DatabaseName":"lakeside_curated","Name":"series"}}`,
		`{"TableWithColumns":{` + catalog + `"ColumnWildcard":{},"DatabaseName":"lakeside_curated","Name":"series_inbox"}}`,
	}; !slices.Equal(granted, expected) {
		t.Errorf("grants on\n%s", strings.Join(granted, "\n"))
	}
}

// The lake that the library makes by default, whose buckets CloudFormation names, holds
// the inbox as well, and the first program a reader writes has no finding of the rules.
func TestInboxInALakeWithGeneratedNames(t *testing.T) {
	app := awscdk.NewApp(nil)
	policy.Use(app)
	stack := awscdk.NewStack(app, jsii.String("Test"), &awscdk.StackProps{
		Env:                   &awscdk.Environment{Account: jsii.String(cdktest.Account), Region: jsii.String(cdktest.Region)},
		TerminationProtection: jsii.Bool(true),
	})
	settings := governance.NewSettings(stack, jsii.String("Settings"), nil)
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	location := governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{ARN: lake.Raw().BucketArn(), Key: lake.Key()})
	location.Cfn().AddResourceDependency(settings.Cfn(), nil)
	database := catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("imaging")})
	database.Cfn().AddResourceDependency(location.Cfn(), nil)
	series := imagestore.MetadataTable("series")
	table := catalog.NewTable(stack, jsii.String("Series"), &catalog.TableProps{
		Database: database, Table: &series, Location: lake.Raw().S3UrlForObject(jsii.String("series/")),
	})
	imagestore.NewMetadata(stack, jsii.String("Metadata"), &imagestore.MetadataProps{
		Store: imagestore.NewImageStore(stack, jsii.String("Images"), &imagestore.ImageStoreProps{DatastoreName: jsii.String("imaging"), Key: lake.Key()}),
		Table: table, Files: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("series/")}, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("inbox/")},
		WorkGroup: query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{Name: jsii.String("imaging"), Key: lake.Key(), AccessLogs: lake.Logs()}),
		Locations: []governance.ILocation{location},
		Code:      awslambda.Code_FromBucketV2(lake.Raw(), jsii.String("function.zip"), &awslambda.BucketOptions{ObjectVersion: jsii.String("1")}),
	})
	app.Synth(nil) // panics on a finding

	template := cdktest.Of(t, stack)
	raw := `{"Ref":"` + template.One(t, "AWS::S3::Bucket", "LakeRaw").ID + `"}`
	inbox := template.One(t, "AWS::Glue::Table", "MetadataInbox")
	contains(t, inbox.JSON("TableInput.StorageDescriptor.Location"), raw, `"/inbox/"`)
	contains(t, inbox.JSON("TableInput.Parameters"), `"storage.location.template":{"Fn::Join":["",["s3://",`+raw+`,"/inbox/${day}/"]]}`)
	if id := template.One(t, "AWS::LakeFormation::Resource", "Location").ID; !slices.Contains(inbox.DependsOn, id) {
		t.Errorf("the inbox is made before its location: %v", inbox.DependsOn)
	}
}

func TestEveryProblemOfMetadata(t *testing.T) {
	l := newLab(cdktest.Stack())
	wrong := l.metadata()
	wrong.Landing = storage.S3Location{Bucket: awss3.NewBucket(l.stack, jsii.String("Other"), &awss3.BucketProps{Encryption: awss3.BucketEncryption_KMS, EncryptionKey: l.key}), Prefix: jsii.String("inbox")}
	wrong.LandingTable, wrong.Schedule, wrong.Locations = jsii.String("image_series"), jsii.String("hourly"), []governance.ILocation{nil}
	half := newLab(cdktest.Stack()).metadata()
	half.Table, half.TableName = nil, jsii.String("image-series")
	for name, test := range map[string]struct {
		props *imagestore.MetadataProps
		path  string
		want  string
	}{
		"nothing": {nil, os.Getenv("PATH"), `Test/Metadata: Files.Bucket: got nothing; expected a bucket; fix: set it, for example to a zone of the lake
Files.Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "image_series/"
Landing.Bucket: got nothing; expected a bucket; fix: set it, for example to a zone of the lake
Landing.Prefix: got ""; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "dicom/"
Locations: got none; expected the registered locations of Table and Landing; fix: set Locations
Store: got nothing; expected a store; fix: make one with NewImageStore, or refer to one with ImageStoreFromAttributes
Table: got nothing; expected a table made from MetadataTable; fix: set Table
WorkGroup: got nothing; expected a workgroup; fix: set WorkGroup`},
		"wrong": {wrong, os.Getenv("PATH"), `Test/Metadata: Landing.Prefix: got "inbox"; expected folders of letters, digits and any of ._=- that end with a slash; fix: write it like "dicom/"
LandingTable: got "image_series", as Table; expected a name of its own; fix: choose another name
Locations[0]: got nothing; expected a registered location; fix: leave it out
Schedule: got "hourly": a schedule is written as "cron(minutes hours day-of-month month day-of-week year)"; expected a rate or a cron of EventBridge; fix: write it like "rate(1 hour)"`},
		"half a name": {half, os.Getenv("PATH"), `Test/Metadata: DatabaseName: got nothing; expected 1 to 255 lower case letters, digits and underscores; fix: set DatabaseName
LandingTable: got "image-series_inbox"; expected 1 to 255 lower case letters, digits and underscores; fix: correct it
TableName: got "image-series"; expected 1 to 255 lower case letters, digits and underscores; fix: correct it`},
		"no Go": {func() *imagestore.MetadataProps { p := newLab(cdktest.Stack()).metadata(); p.Code = nil; return p }(), t.TempDir(),
			`Test/Metadata: Code: got nothing, and no go command to build it; expected a built function; fix: install Go, or set Code`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", test.path)
			if got := cdktest.Panic(t, func() { imagestore.NewMetadata(l.stack, jsii.String("Metadata"), test.props) }); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
