package partition

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/ending"
	"github.com/lakemesh/lakemesh/constructs/entityresolution"
	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/lakeformation/rowfilter"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
	"github.com/lakemesh/lakemesh/constructs/omics"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/opendata"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/constructs/variants"
)

// place is where the constructs are put.
type place struct {
	region    string // "" when only the deployment knows
	partition string // for ARNs that an app writes out
	replica   string // another region of the partition
	home      string // the region of what only exists in some
}

const account = "111111111111"

var places = []place{
	{"us-gov-west-1", "aws-us-gov", "us-gov-east-1", "us-gov-west-1"},
	{"cn-north-1", "aws-cn", "cn-northwest-1", "cn-north-1"},
	{"", "${AWS::Partition}", "", "us-east-1"},
}

func (p place) stack(app awscdk.App, id string) awscdk.Stack {
	props := &awscdk.StackProps{}
	if p.region != "" {
		props.Env = &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(p.region)}
	}
	return awscdk.NewStack(app, jsii.String(id), props)
}

// arn is an ARN as an app writes it, here and where the partition is not known.
func (p place) arn(rest string) string {
	text := "arn:" + p.partition + ":" + rest
	if p.region == "" {
		return *awscdk.Fn_Sub(jsii.String(text), nil)
	}
	return text
}

// principal is a reader: by ARN where the partition is known, else a role of the app.
func (p place) principal(stack awscdk.Stack) governance.Principal {
	if p.region != "" {
		return governance.PrincipalOf(p.arn("iam::" + account + ":role/Analyst"))
	}
	return governance.RolePrincipal(awsiam.NewRole(stack, jsii.String("Principal"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()}))
}

func results() *contract.Table {
	return &contract.Table{Name: "results", Format: contract.FormatIceberg, Columns: []contract.Column{
		{Name: "specimen_id", Type: "string"}, {Name: "taken", Type: "timestamp", Partition: 1, Transform: contract.TransformDay},
	}}
}

// addConstructs makes one of each construct, with every option that names a service,
// a host or an ARN.
func addConstructs(app awscdk.App, p place) {
	stack := p.stack(app, "Lake")
	settings := governance.NewSettings(stack, jsii.String("Settings"), &governance.SettingsProps{Admins: []string{p.arn("iam::" + account + ":role/LakeAdmin")}})
	governance.NewOntology(stack, jsii.String("Ontology"), &governance.OntologyProps{Settings: settings, Tags: []ontology.Tag{{Key: "lab:zone", Values: []string{"raw"}}}})
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
		BucketNames:        &storage.BucketNames{Raw: jsii.String("lab-raw"), Curated: jsii.String("lab-curated"), Analytics: jsii.String("lab-analytics"), Logs: jsii.String("lab-logs")},
		Raw:                &storage.ZoneProps{EnableEventBridge: jsii.Bool(true)},
		Replication:        p.replication(),
		Inventory:          &storage.Inventory{},
		MalwareScan:        &storage.MalwareScan{DenyUnscannedReads: jsii.Bool(true)},
		OnlyOrganizationID: jsii.String("o-riverside1"),
		OnlyVPCEndpoints:   &storage.VPCEndpointAccess{EndpointIDs: []string{"vpce-0a1b2c3d4e5f60718"}, ExceptRoleARNs: []string{p.arn("iam::" + account + ":role/Job")}},
	})
	encryption := catalog.NewEncryption(stack, jsii.String("Encryption"), &catalog.EncryptionProps{Key: lake.Key()})
	addCatalog(stack, p, lake, encryption)
	monitoring.NewAlarmTopic(stack, jsii.String("Alarms"), &monitoring.AlarmTopicProps{Key: lake.Key(), Emails: []string{"lab@example.org"}})
	ending.NewWorkflow(stack, jsii.String("Ending"), &ending.WorkflowProps{
		Subscriptions: []ending.Subscription{{Name: "trial-7", LastDay: "2027-06-30"}},
		Grants: []ending.Grant{{Grant: lakeformation.Grant{
			Principal: account, Resource: lakeformation.Database("lab"), Permissions: []lakeformation.Permission{lakeformation.Describe},
		}, Needs: []string{"trial-7"}}},
		Role: ending.NewRole(stack, jsii.String("EndingRole"), jsii.String("lab-ended-access")), Key: lake.Key(),
	})
	monitoring.NewFreshness(stack, jsii.String("Freshness"), &monitoring.FreshnessProps{
		Mesh: jsii.String("river"), Domain: jsii.String("lab"), Key: lake.Key(), Products: []monitoring.FreshProduct{{
			Name: jsii.String("results"), Minutes: jsii.Number(60), Folders: []storage.S3Location{{Bucket: lake.Raw(), Prefix: jsii.String("results/")}},
			StateMachineARNs: []string{p.arn("states:" + p.home + ":" + account + ":stateMachine:results")},
		}},
	})
	addElsewhere(app, p)
	addHealth(app, p)
	addSequences(app, p)
}

// replication names a region, and with it a partition: there is none where the
// partition is not known.
func (p place) replication() *storage.Replication {
	if p.region == "" {
		return nil
	}
	return &storage.Replication{
		Region: jsii.String(p.replica), BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw-copy")},
		KeyARN: jsii.String(p.arn("kms:" + p.replica + ":" + account + ":key/11111111-2222-3333-4444-555555555555")),
	}
}

func addCatalog(stack awscdk.Stack, p place, lake *storage.LakeStorage, encryption *catalog.Encryption) {
	grants := governance.PermissionsOf(stack)
	location := governance.NewLocation(stack, jsii.String("Location"), &governance.LocationProps{
		ARN: jsii.String(p.arn("s3:::lab-curated")), Key: lake.Key(), Role: governance.NewLocationRole(stack, jsii.String("LocationRole"), nil),
	})
	database := catalog.NewDatabase(stack, jsii.String("Database"), &catalog.DatabaseProps{Name: jsii.String("lab"), LocationURI: jsii.String("s3://lab-curated/")})
	opendata.NewDataset(stack, jsii.String("OpenData"), &opendata.DatasetProps{
		Dataset: jsii.String("clinvar"), Database: database, Location: jsii.String("s3://reference-copies/clinvar/"),
	})
	opendata.NewDatabaseCopy(stack, jsii.String("DatabaseCopy"), &opendata.DatabaseCopyProps{
		Name: jsii.String("chembl"), URL: jsii.String("jdbc:postgresql://chembl.example.org/chembl?sslmode=verify-full"),
		Secret: awssecretsmanager.NewSecret(stack, jsii.String("ChemblSecret"), nil), Target: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("chembl/")},
		Subnet: awsec2.Subnet_FromSubnetAttributes(stack, jsii.String("Subnet"), &awsec2.SubnetAttributes{
			SubnetId: jsii.String("subnet-0123456789abcdef0"), AvailabilityZone: awscdk.Fn_Select(jsii.Number(0), awscdk.Fn_GetAzs(nil)), RouteTableId: jsii.String("rtb-0123456789abcdef0"),
		}),
		SecurityGroups: []awsec2.ISecurityGroup{awsec2.SecurityGroup_FromSecurityGroupId(stack, jsii.String("Group"), jsii.String("sg-0123456789abcdef0"), nil)},
		Tables:         map[string]string{"chembl_25_public_docs": "public.docs"},
	})
	table := catalog.NewTable(stack, jsii.String("Table"), &catalog.TableProps{Database: database, Table: results(), Location: jsii.String("s3://lab-curated/results/")})
	catalog.NewTableOptimizer(stack, jsii.String("Optimizer"), &catalog.TableOptimizerProps{
		Table: table, Role: catalog.NewOptimizerRole(stack, jsii.String("OptimizerRole"), nil), Regions: []string{p.home},
	})
	catalog.NewTableOptimizer(stack, jsii.String("OptimizerElsewhere"), &catalog.TableOptimizerProps{
		Table: table, Role: catalog.OptimizerRoleFromRoleArn(stack, jsii.String("OptimizerRoleElsewhere"), jsii.String(p.arn("iam::"+account+":role/Optimizer"))), Regions: []string{p.home},
	})
	catalog.NewView(stack, jsii.String("View"), &catalog.ViewProps{Database: database, Table: &contract.Table{
		Name: "recent", View: &contract.View{SQL: "SELECT specimen_id FROM results"}, Columns: []contract.Column{{Name: "specimen_id", Type: "string"}},
	}})
	reader := p.principal(stack)
	location.GrantAccess(reader)
	table.GrantRead(reader)
	filter := governance.NewDataCellsFilter(stack, jsii.String("Filter"), &governance.DataCellsFilterProps{
		Database: jsii.String("lab"), Table: jsii.String("results"), NamePrefix: jsii.String("cohort"), Rows: rowfilter.Equals("specimen_id", "1"),
	})
	grants.Grant(reader, filter.Resource(), []lakeformation.Permission{lakeformation.Select}, nil)
	governance.NewTagAssociation(stack, jsii.String("Tags"), &governance.TagAssociationProps{Association: lakeformation.TagAssociation{
		Resource: lakeformation.Database("lab"), Tags: []lakeformation.Condition{{Key: "lab:zone", Values: []string{"raw"}}},
	}})
	governance.NewDataProduct(stack, jsii.String("Product"), &governance.DataProductProps{
		Mesh: jsii.String("lab"), Domain: jsii.String("ward"), Product: jsii.String("results"),
	}).GrantRead(reader, &governance.GrantReadOptions{Sensitivity: []ontology.Sensitivity{ontology.Public}})
	crawler.NewCrawler(stack, jsii.String("Crawler"), &crawler.CrawlerProps{
		Database: database, S3: []crawler.S3Target{{Bucket: lake.Curated(), Prefix: jsii.String("claims/")}}, Events: &crawler.Events{},
		Permissions: grants, LocationARNs: []string{p.arn("s3:::lab-curated")}, CatalogKey: lake.Key(),
		Classifiers: []*crawler.Classifier{crawler.NewClassifier(stack, jsii.String("Classifier"), &crawler.ClassifierProps{Name: jsii.String("csv"), CSV: &crawler.CSV{}})},
	})
	group := query.NewWorkGroup(stack, jsii.String("WorkGroup"), &query.WorkGroupProps{Name: jsii.String("lab"), Key: lake.Key(), AccessLogs: lake.Logs()})
	query.NewJob(stack, jsii.String("Job"), &query.JobProps{
		WorkGroup: group, Description: jsii.String("Counts"), Statements: []string{"SELECT 1"}, Schedule: jsii.String("cron(15 2 * * ? *)"),
		After: []string{p.arn("states:us-east-1:" + account + ":stateMachine:earlier")}, StateMachineName: jsii.String("counts"),
		AfterElsewhere: []query.ForeignMachines{{
			RoleARN: jsii.String(p.arn("iam::222222222222:role/readiness")), StateMachineARNs: []string{p.arn("states:us-east-1:222222222222:stateMachine:earlier")},
		}},
		ForeignCatalogs: []query.ForeignCatalog{{Account: jsii.String("222222222222"), Region: stack.Region(), KeyAlias: jsii.String("lab-catalog")}},
		Writes:          []query.WrittenTable{{Table: catalog.TableFromName(stack, jsii.String("WrittenResults"), jsii.String("lab"), jsii.String("results")), Bucket: lake.Curated(), Prefix: jsii.String("results/")}},
	})
	query.NewReadinessRole(stack, jsii.String("Readiness"), &query.ReadinessRoleProps{
		StateMachineARNs: []string{p.arn("states:us-east-1:" + account + ":stateMachine:counts")}, Readers: []query.ForeignRole{{Account: jsii.String("222222222222"), RoleName: jsii.String("later")}},
	})
	query.NewSchemaEvolution(stack, jsii.String("Evolution"), &query.SchemaEvolutionProps{
		WorkGroup: group, Tables: []query.EvolvedTables{{Database: database, Bucket: lake.Curated(), Prefix: jsii.String("results/")}},
	})
	evaluator, _ := query.NewEvaluatorRole(stack, jsii.String("QualityRole"), &query.EvaluatorRoleProps{
		Owner: jsii.String("the lab"), WorkGroup: group, StateMachinePrefix: jsii.String("lab-"),
		Results: &query.WrittenTable{Table: catalog.TableFromName(stack, jsii.String("QualityResults"), jsii.String("lab"), jsii.String("quality_results")), Bucket: lake.Curated(), Prefix: jsii.String("quality/")},
	})
	query.NewEvaluation(stack, jsii.String("Evaluation"), &query.EvaluationProps{
		WorkGroup: group, Role: evaluator, Product: jsii.String("lab"), Inserts: []string{"INSERT INTO a SELECT ?, ?"}, Summary: jsii.String("SELECT ?, ?"), Rules: jsii.Number(1),
	})
	analyst := awsiam.NewRole(stack, jsii.String("Analyst"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	group.GrantQuery(analyst)
	query.NewWorkGroup(stack, jsii.String("Managed"), &query.WorkGroupProps{Name: jsii.String("managed"), Key: lake.Key()}).GrantQuery(analyst)
	lake.GrantReadWrite(ontology.Curated, analyst)
	_ = encryption
	jobs, _ := query.NewJobRole(stack, jsii.String("JobRole"), &query.JobRoleProps{Owner: jsii.String("the lab"), Lake: lake, WorkGroup: group})
	storage.NewKeyBucket(stack, jsii.String("KeyBucket"), &storage.KeyBucketProps{
		Key: lake.Key(), AccessLogs: lake.Logs(), Access: &storage.LakeFormationAccess{BreakGlassARNs: []string{*jobs.RoleArn()}},
	})
	catalog.NewEncryptionKey(stack, jsii.String("CatalogKey"), &catalog.EncryptionKeyProps{ReaderAccounts: []string{"222222222222"}})
	query.NewReaderPolicy(stack, jsii.String("ReaderPolicy"), &query.ReaderPolicyProps{WorkGroup: group})
}

// addElsewhere makes what stands beside a lake: its copy, links and imports.
func addElsewhere(app awscdk.App, p place) {
	copies := p.stack(app, "Copies")
	id := jsii.String("00112233445566778899aabbccddeeff")
	copyKey := awskms.NewKey(copies, jsii.String("Key"), nil)
	reader := awsiam.NewRole(copies, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	fhirstore.FhirStoreFromAttributes(copies, jsii.String("Store"), &fhirstore.FhirStoreAttributes{
		DatastoreName: jsii.String("other"), DatastoreID: id, Key: copyKey,
	}).GrantRead(reader)
	fhirstore.TransformationProfileFromAttributes(copies, jsii.String("Profile"), &fhirstore.TransformationProfileAttributes{ProfileID: id, SourceFormat: fhirstore.CSV})
	imagestore.ImageStoreFromAttributes(copies, jsii.String("Images"), &imagestore.ImageStoreAttributes{DatastoreID: id, Key: copyKey}).GrantRead(reader)
	storage.NewReplicaStorage(copies, jsii.String("Replica"), &storage.ReplicaStorageProps{BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw-copy")}})
	stack := p.stack(app, "Consumer")
	governance.NewPermissions(stack, jsii.String("Grants"))
	principal := p.principal(stack)
	governance.LocationFromArn(stack, jsii.String("Location"), jsii.String(p.arn("s3:::lab-results"))).GrantAccess(principal)
	governance.NewResourceLink(stack, jsii.String("Link"), &governance.ResourceLinkProps{
		Name: jsii.String("ward"), TargetAccount: jsii.String("222222222222"), TargetDatabase: jsii.String("lab"),
	}).GrantRead(principal, "results")
	imported := catalog.DatabaseFromName(stack, jsii.String("Database"), jsii.String("shared"))
	catalog.TableFromAttributes(stack, jsii.String("Table"), &catalog.TableAttributes{Database: imported, TableName: jsii.String("results")}).GrantRead(principal)
	catalog.TableFromName(stack, jsii.String("Other"), jsii.String("shared"), jsii.String("specimens")).GrantRead(principal)
	key := "kms:" + p.home + ":" + account + ":key/11111111-2222-3333-4444-555555555555"
	lake := storage.LakeStorageFromAttributes(stack, jsii.String("Lake"), &storage.LakeStorageAttributes{BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw")}, KeyARN: jsii.String(p.arn(key))})
	role := awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	lake.GrantRead(ontology.Raw, role)
	query.WorkGroupFromAttributes(stack, jsii.String("WorkGroup"), &query.WorkGroupAttributes{WorkGroupName: jsii.String("lab"), Key: lake.Key()}).GrantQuery(role)
	query.WorkGroupFromName(stack, jsii.String("OtherWorkGroup"), jsii.String("other")).GrantQuery(role)
}

// addHealth makes the stores and workflows of health services, as if they had come
// to the region.
func addHealth(app awscdk.App, p place) {
	stack := p.stack(app, "Health")
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{BucketNames: &storage.BucketNames{Raw: jsii.String("health-raw"), Curated: jsii.String("health-curated")}})
	group := query.NewWorkGroup(stack, jsii.String("WorkGroup"), &query.WorkGroupProps{Name: jsii.String("health"), Key: lake.Key(), AccessLogs: lake.Logs()})
	store := fhirstore.NewFhirStore(stack, jsii.String("Store"), &fhirstore.FhirStoreProps{
		DatastoreName: jsii.String("records"), Key: lake.Key(), Regions: []string{p.home},
		SmartOnFhir: &fhirstore.SmartOnFhir{
			IdentityProviderARN: jsii.String(p.arn("lambda:" + p.home + ":" + account + ":function:idp")),
			Metadata: jsii.String(`{"authorization_endpoint":"https://idp.example/a","token_endpoint":"https://idp.example/t","grant_types_supported":["authorization_code"],` +
				`"capabilities":["launch-ehr"],"code_challenge_methods_supported":["S256"]}`),
		},
	})
	principal := p.principal(stack)
	fhirstore.NewQueryAccessRole(stack, jsii.String("OpensTables"), nil)
	fhirstore.NewQueryAccess(stack, jsii.String("Queries"), &fhirstore.QueryAccessProps{Store: store, Principals: []governance.Principal{principal}})
	fhirstore.NewImport(stack, jsii.String("FhirImport"), &fhirstore.ImportProps{Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("fhir/")}})
	fhirstore.NewImport(stack, jsii.String("CcdaImport"), &fhirstore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("ccda/")},
		Profile: fhirstore.NewTransformationProfile(stack, jsii.String("Letters"), &fhirstore.TransformationProfileProps{
			ProfileName: jsii.String("letters"), SourceFormat: fhirstore.CCDA, StarterProfile: jsii.String(fhirstore.CcdaStarterKit), Key: lake.Key(),
		}),
	})
	fhirstore.NewExport(stack, jsii.String("Export"), &fhirstore.ExportProps{
		Store: store, Output: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("export/")}, WorkGroup: group,
		Statements: []fhirstore.Statement{{SQL: jsii.String("SELECT 1")}},
	})
	fhirstore.NewDeletionAlarm(stack, jsii.String("Deletion"), &fhirstore.DeletionAlarmProps{Store: store})
	fhirstore.NewDataAccessRole(stack, jsii.String("DataAccess"), &fhirstore.DataAccessRoleProps{
		Store: store, Output: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("other/")},
	})
	persons := entityresolution.NewSchemaMapping(stack, jsii.String("Persons"), &entityresolution.SchemaMappingProps{
		SchemaName: jsii.String("persons"), Fields: []entityresolution.Field{
			{Column: jsii.String("id"), Type: entityresolution.UniqueID}, {Column: jsii.String("email"), Type: entityresolution.EmailAddress, MatchKey: jsii.String("email")},
		},
	})
	entityresolution.NewMatchingWorkflow(stack, jsii.String("Matching"), &entityresolution.MatchingWorkflowProps{
		WorkflowName: jsii.String("persons"), Rules: []entityresolution.Rule{{Name: jsii.String("email"), MatchKeys: []string{"email"}}},
		Inputs: []entityresolution.Input{{
			Table: catalog.TableFromName(stack, jsii.String("Members"), jsii.String("registry"), jsii.String("members")),
			Files: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("members/")}, Schema: persons,
		}},
		Output: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("matches/")},
	})
	images := imagestore.NewImageStore(stack, jsii.String("Images"), &imagestore.ImageStoreProps{DatastoreName: jsii.String("images"), Key: lake.Key(), Regions: []string{p.home}})
	imagestore.NewImport(stack, jsii.String("DicomImport"), &imagestore.ImportProps{Store: images, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("dicom/")}})
	imagestore.NewMetadata(stack, jsii.String("Metadata"), &imagestore.MetadataProps{
		Store: images, DatabaseName: jsii.String("lab"), TableName: jsii.String("image_series"),
		Files: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String("image_series/")}, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("inbox/")},
		WorkGroup: group, Permissions: governance.PermissionsOf(stack), LocationARNs: []string{p.arn("s3:::health-raw")},
		Code: awslambda.Code_FromBucket(lake.Curated(), jsii.String("code.zip"), jsii.String("1")),
	})
	for _, engine := range variants.Engines() {
		variants.NewVariantLake(stack, jsii.String("Variants-"+string(engine)), &variants.VariantLakeProps{
			Engine: engine, DatabaseName: jsii.String("lab_" + string(engine[:3])), Permissions: governance.PermissionsOf(stack), LocationARNs: []string{p.arn("s3:::health-raw")},
			Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String(string(engine) + "/")}, Files: storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String(string(engine) + "/")},
		})
	}
}

// addSequences makes what HealthOmics has, as if it had come to the region.
func addSequences(app awscdk.App, p place) {
	stack := p.stack(app, "Sequences")
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{BucketNames: &storage.BucketNames{Raw: jsii.String("reads-raw")}})
	folder := func(prefix string) storage.S3Location {
		return storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String(prefix)}
	}
	home := []string{p.home}
	references := omics.NewReferenceStore(stack, jsii.String("References"), &omics.ReferenceStoreProps{Name: jsii.String("references"), Regions: home})
	reads := omics.NewSequenceStore(stack, jsii.String("Reads"), &omics.SequenceStoreProps{Name: jsii.String("reads"), Key: lake.Key(), AccessLogs: lake.Logs(), Regions: home})
	imports := omics.NewImportRole(stack, jsii.String("ImportRole"), &omics.ImportRoleProps{Input: folder("fastq/")})
	definition := omics.Definition{URI: jsii.String("s3://lab-workflows/germline-1.zip"), Engine: omics.WDL}
	germline := omics.NewWorkflow(stack, jsii.String("Workflow"), &omics.WorkflowProps{Name: jsii.String("germline"), Definition: definition, Regions: home})
	omics.NewWorkflowVersion(stack, jsii.String("Version"), &omics.WorkflowVersionProps{Workflow: germline, VersionName: jsii.String("2"), Definition: definition})
	group := omics.NewRunGroup(stack, jsii.String("Group"), &omics.RunGroupProps{
		Name: jsii.String("germline"), MaxCpus: jsii.Number(8), MaxRuns: jsii.Number(1), MaxDuration: awscdk.Duration_Hours(jsii.Number(1)), Regions: home,
	})
	cache := omics.NewRunCache(stack, jsii.String("Cache"), &omics.RunCacheProps{Name: jsii.String("germline"), Location: folder("cache/"), Regions: home})
	role := omics.NewRunRole(stack, jsii.String("RunRole"), &omics.RunRoleProps{
		Output: folder("vcf/"), Inputs: []storage.S3Location{folder("panels/")}, Cache: cache,
		SequenceStores: []omics.ISequenceStore{reads}, ReferenceStores: []omics.IReferenceStore{references},
		Repositories: []awsecr.IRepository{awsecr.NewRepository(stack, jsii.String("Images"), nil)},
	})
	scientist := awsiam.NewRole(stack, jsii.String("Scientist"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	germline.GrantRun(scientist, &omics.RunOptions{Role: role.Role(), Group: group, Cache: cache})
	reads.GrantImport(scientist, imports.Role())
	omics.ReferenceStoreFromAttributes(stack, jsii.String("OtherReferences"), &omics.ReferenceStoreAttributes{
		ReferenceStoreARN: jsii.String(p.arn("omics:" + p.home + ":" + account + ":referenceStore/1234567890")), Key: lake.Key(),
	}).GrantRead(scientist)
	omics.SequenceStoreFromAttributes(stack, jsii.String("OtherReads"), &omics.SequenceStoreAttributes{
		SequenceStoreARN: jsii.String(p.arn("omics:" + p.home + ":" + account + ":sequenceStore/1234567890")),
		S3AccessPointARN: jsii.String(p.arn("s3:" + p.home + ":222222222222:accesspoint/" + account + "-1234567890")), Key: lake.Key(),
	}).GrantRead(scientist)
}
