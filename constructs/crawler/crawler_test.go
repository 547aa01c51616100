package crawler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/schedule"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func TestDefaults(t *testing.T) {
	template := of(t, func(lake, *crawler.CrawlerProps) {})
	raw := template.One(t, bucketType, "Raw")
	template.One(t, crawlerType, "Claims").Want(t, map[string]string{
		"Name":                         `null`,
		"Schedule":                     `null`,
		"Configuration":                `null`,
		"DatabaseName":                 `"riverside_raw"`,
		"RecrawlPolicy":                `{"RecrawlBehavior":"CRAWL_EVERYTHING"}`,
		"SchemaChangePolicy":           `{"DeleteBehavior":"LOG","UpdateBehavior":"UPDATE_IN_DATABASE"}`,
		"LakeFormationConfiguration":   `{"UseLakeFormationCredentials":true}`,
		"Targets":                      `{"S3Targets":[{"Path":{"Fn::Join":["",["s3://",{"Ref":"` + raw.ID + `"},"/claims/"]]}}]}`,
		"CrawlerSecurityConfiguration": `"` + securityName(t, template) + `"`,
	})
	for _, unwanted := range []string{"AWS::Lambda::Function", "AWS::CloudFormation::CustomResource", "Custom::S3BucketNotifications", "AWS::IAM::Policy", queueType} {
		if found := template.Type(unwanted); len(found) > 0 {
			t.Errorf("%s: %s", unwanted, found[0].ID)
		}
	}
}

func securityName(t *testing.T, template cdktest.Template) string {
	t.Helper()
	name, _ := template.One(t, "AWS::Glue::SecurityConfiguration", "").Get("Name").(string)
	return name
}

func TestSchedules(t *testing.T) {
	for _, rate := range schedule.Rates() {
		if err := schedule.Check(rate.Cron()); err != nil {
			t.Errorf("%s: %v", rate, err)
		}
	}
	template := of(t, func(_ lake, p *crawler.CrawlerProps) { p.Every = schedule.Weekly })
	template.One(t, crawlerType, "").Want(t, map[string]string{"Schedule": `{"ScheduleExpression":"cron(0 3 ? * SUN *)"}`})
	template = of(t, func(_ lake, p *crawler.CrawlerProps) { p.Schedule = jsii.String("cron(15 12 * * ? *)") })
	template.One(t, crawlerType, "").Want(t, map[string]string{"Schedule": `{"ScheduleExpression":"cron(15 12 * * ? *)"}`})
}

func TestNewFoldersOnlyLog(t *testing.T) {
	template := of(t, func(_ lake, p *crawler.CrawlerProps) { p.Recrawl = crawler.NewFolders })
	template.One(t, crawlerType, "").Want(t, map[string]string{
		"RecrawlPolicy":      `{"RecrawlBehavior":"CRAWL_NEW_FOLDERS_ONLY"}`,
		"SchemaChangePolicy": `{"DeleteBehavior":"LOG","UpdateBehavior":"LOG"}`,
	})
}

func TestConfiguration(t *testing.T) {
	template := of(t, func(_ lake, p *crawler.CrawlerProps) {
		p.CombineSchemas, p.MergeNewColumns, p.InheritFromTable = jsii.Bool(true), jsii.Bool(true), jsii.Bool(true)
		p.TableLevel, p.TableThreshold = jsii.Number(3), jsii.Number(20)
	})
	template.One(t, crawlerType, "").Want(t, map[string]string{
		"Configuration": `"{\"Version\":1.0,\"Grouping\":{\"TableGroupingPolicy\":\"CombineCompatibleSchemas\",\"TableLevelConfiguration\":3},` +
			`\"CrawlerOutput\":{\"Partitions\":{\"AddOrUpdateBehavior\":\"InheritFromTable\"},\"Tables\":{\"AddOrUpdateBehavior\":\"MergeNewColumns\",\"TableThreshold\":20}}}"`,
	})
}

func TestGrants(t *testing.T) {
	template := of(t, func(_ lake, p *crawler.CrawlerProps) {})
	got := grants(template)
	expected := []string{
		`{"DataLocation":{"CatalogId":"111111111111","ResourceArn":"arn:aws:s3:::riverside-raw"}} ["DATA_LOCATION_ACCESS"] []`,
		`{"Database":{"CatalogId":"111111111111","Name":"riverside_raw"}} ["DESCRIBE","CREATE_TABLE"] []`,
		`{"Table":{"CatalogId":"111111111111","DatabaseName":"riverside_raw","TableWildcard":{}}} ["DESCRIBE","SELECT","ALTER"] []`,
	}
	if !slices.Equal(got, expected) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(expected, "\n"))
	}
	made := template.One(t, crawlerType, "")
	role := template.One(t, "AWS::IAM::Role", "ClaimsRole")
	for _, g := range template.Type(grantType) {
		if !slices.Contains(made.DependsOn, g.ID) {
			t.Errorf("the crawler does not wait for %s", g.ID)
		}
		g.Want(t, map[string]string{"Principal": `{"DataLakePrincipalIdentifier":` + arn(role) + `}`})
	}
	location := template.One(t, "AWS::LakeFormation::Resource", "")
	if g := template.One(t, grantType, "GrantsRoleDataLocation"); !slices.Contains(g.DependsOn, location.ID) {
		t.Errorf("the grant does not wait for the location: %v", g.DependsOn)
	}
}

func grants(template cdktest.Template) []string {
	var out []string
	for _, g := range template.Type(grantType) {
		out = append(out, g.JSON("Resource")+" "+g.JSON("Permissions")+" "+g.JSON("PermissionsWithGrantOption"))
	}
	slices.Sort(out)
	return out
}

func TestDropTableGrantsDrop(t *testing.T) {
	template := of(t, func(_ lake, p *crawler.CrawlerProps) { p.DeleteBehavior = crawler.DropTable })
	if got := strings.Join(grants(template), "\n"); !strings.Contains(got, `["DESCRIBE","SELECT","ALTER","DROP"]`) {
		t.Errorf("got %s", got)
	}
	if policy := template.One(t, policyType, "ClaimsPolicy").JSON("PolicyDocument"); !strings.Contains(policy, "glue:DeleteTable") {
		t.Errorf("got %s", policy)
	}
}

func TestCrossAccount(t *testing.T) {
	template := of(t, func(_ lake, p *crawler.CrawlerProps) {
		p.Locations, p.LocationAccount = nil, jsii.String("222222222222")
		p.LocationARNs = []string{"arn:aws:s3:::riverside-raw/claims"}
	})
	template.One(t, crawlerType, "").Want(t, map[string]string{
		"LakeFormationConfiguration": `{"AccountId":"222222222222","UseLakeFormationCredentials":true}`,
	})
	if got := strings.Join(grants(template), "\n"); !strings.Contains(got, `{"CatalogId":"222222222222","ResourceArn":"arn:aws:s3:::riverside-raw/claims"}`) {
		t.Errorf("got %s", got)
	}
}

func TestAfter(t *testing.T) {
	template := of(t, func(l lake, p *crawler.CrawlerProps) {
		first := awskms.NewCfnKey(l.stack, jsii.String("First"), nil)
		p.After = append(p.After, first)
	})
	for _, r := range append(template.Type(grantType), template.One(t, crawlerType, "")) {
		if !template.After(r.ID, "First") {
			t.Errorf("%s does not wait: %v", r.ID, r.DependsOn)
		}
	}
}

// actions are all actions of a policy document, and the resources beside them.
func policyText(t *testing.T, template cdktest.Template) string {
	t.Helper()
	return template.One(t, policyType, "ClaimsPolicy").JSON("PolicyDocument.Statement")
}

func TestRoleReadsThroughLakeFormationOnly(t *testing.T) {
	text := policyText(t, of(t, func(lake, *crawler.CrawlerProps) {}))
	for _, unwanted := range []string{`"s3:`, `"sqs:`, `"ec2:`, `glue:*`, `glue:Delete`, `secretsmanager`} {
		if strings.Contains(text, unwanted) {
			t.Errorf("%s in %s", unwanted, text)
		}
	}
	for _, wanted := range []string{
		`"lakeformation:GetDataAccess"`, `"logs:AssociateKmsKey"`, `"arn:aws:logs:us-east-1:111111111111:log-group:/aws-glue/crawlers*"`,
		`"arn:aws:glue:us-east-1:111111111111:table/riverside_raw/*"`,
	} {
		if !strings.Contains(text, wanted) {
			t.Errorf("no %s in %s", wanted, text)
		}
	}
}

func TestRoleReadsItsFoldersOnly(t *testing.T) {
	template := of(t, func(_ lake, p *crawler.CrawlerProps) {
		p.DisableLakeFormationCredentials, p.Permissions, p.Locations = jsii.Bool(true), nil, nil
	})
	raw := template.One(t, bucketType, "Raw")
	text := policyText(t, template)
	for _, wanted := range []string{
		`{"Action":"s3:GetObject","Effect":"Allow","Resource":{"Fn::Join":["",[` + arn(raw) + `,"/claims/*"]]}}`,
		`{"Action":"s3:ListBucket","Condition":{"StringLike":{"s3:prefix":["claims","claims/*"]}},"Effect":"Allow","Resource":` + arn(raw) + `}`,
	} {
		if !strings.Contains(text, wanted) {
			t.Errorf("no %s in %s", wanted, text)
		}
	}
	if strings.Contains(text, "lakeformation:") {
		t.Errorf("got %s", text)
	}
	template.One(t, crawlerType, "").Want(t, map[string]string{"LakeFormationConfiguration": `{"UseLakeFormationCredentials":false}`})
}

func TestOtherTargets(t *testing.T) {
	l := newLake(cdktest.Stack())
	p := l.own()
	p.Iceberg = []crawler.IcebergTarget{{Bucket: l.bucket, Prefix: jsii.String("iceberg/"), MaximumDepth: jsii.Number(4)}}
	p.Delta = []crawler.DeltaTarget{{Bucket: l.bucket, Prefix: jsii.String("delta/visits/")}}
	p.JDBC = []crawler.JDBCTarget{{Connection: jsii.String("ehr"), Path: jsii.String("clinic/%"), Exclusions: []string{"clinic/tmp_*"}, Secret: awssecretsmanager.NewSecret(l.stack, jsii.String("Secret"), nil)}}
	crawler.NewCrawler(l.stack, jsii.String("Claims"), p)
	template := cdktest.Of(t, l.stack)
	template.One(t, crawlerType, "").Want(t, map[string]string{
		"Targets.S3Targets": `null`,
		"Targets.IcebergTargets.0.MaximumTraversalDepth": `4`,
		"Targets.DeltaTargets.0.WriteManifest":           `false`,
		"Targets.DeltaTargets.0.CreateNativeDeltaTable":  `true`,
		"Targets.JdbcTargets":                            `[{"ConnectionName":"ehr","Exclusions":["clinic/tmp_*"],"Path":"clinic/%"}]`,
	})
	text := policyText(t, template)
	for _, wanted := range []string{`connection/ehr"`, `"secretsmanager:GetSecretValue"`, `"/iceberg/*"`, `"/delta/visits/*"`} {
		if !strings.Contains(text, wanted) {
			t.Errorf("no %s in %s", wanted, text)
		}
	}
}

func TestCatalogTarget(t *testing.T) {
	template := of(t, func(l lake, p *crawler.CrawlerProps) {
		p.Database, p.S3 = nil, nil
		p.Catalog = []catalog.ITable{l.table("claims")}
	})
	template.One(t, crawlerType, "").Want(t, map[string]string{
		"Targets": `{"CatalogTargets":[{"DatabaseName":"riverside_raw","Tables":["claims"]}]}`, "DatabaseName": `null`,
	})
	if text := policyText(t, template); strings.Contains(text, "CreateTable") || !strings.Contains(text, "table/riverside_raw/claims") {
		t.Errorf("got %s", text)
	}
	if got := strings.Join(grants(template), "\n"); strings.Contains(got, "CREATE_TABLE") || !strings.Contains(got, `"Name":"claims"`) {
		t.Errorf("got %s", got)
	}
}

func TestLogsAreEncrypted(t *testing.T) {
	template := of(t, func(lake, *crawler.CrawlerProps) {})
	key := template.One(t, keyType, "ClaimsKey")
	template.One(t, "AWS::Glue::SecurityConfiguration", "").Want(t, map[string]string{
		"EncryptionConfiguration": `{"CloudWatchEncryption":{"CloudWatchEncryptionMode":"SSE-KMS","KmsKeyArn":` + arn(key) + `},` +
			`"JobBookmarksEncryption":{"JobBookmarksEncryptionMode":"CSE-KMS","KmsKeyArn":` + arn(key) + `},` +
			`"S3Encryptions":[{"KmsKeyArn":` + arn(key) + `,"S3EncryptionMode":"SSE-KMS"}]}`,
	})
	if key.DeletionPolicy != "RetainExceptOnCreate" || key.Get("EnableKeyRotation") != true {
		t.Errorf("%s: %v", key.DeletionPolicy, key.Get("EnableKeyRotation"))
	}
	condition := `"Condition":{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":"arn:aws:logs:us-east-1:111111111111:log-group:/aws-glue/crawlers*"}},` +
		`"Effect":"Allow","Principal":{"Service":"logs.us-east-1.amazonaws.com"}`
	if policy := key.JSON("KeyPolicy"); !strings.Contains(policy, condition) {
		t.Errorf("got %s", policy)
	}
}

func TestOwnKey(t *testing.T) {
	template := of(t, func(l lake, p *crawler.CrawlerProps) {
		p.Key = awskms.NewKey(l.stack, jsii.String("Mine"), nil)
		p.CatalogKey = awskms.Key_FromKeyArn(l.stack, jsii.String("Catalog"), jsii.String("arn:aws:kms:us-east-1:111111111111:key/1"))
	})
	if keys := template.Type(keyType); len(keys) != 1 {
		t.Errorf("%d keys", len(keys))
	}
	if text := policyText(t, template); !strings.Contains(text, "key/1") {
		t.Errorf("got %s", text)
	}
}

func TestFailuresAreReported(t *testing.T) {
	template := of(t, func(lake, *crawler.CrawlerProps) {})
	topic := template.One(t, "AWS::SNS::Topic", "Claims")
	made := template.One(t, crawlerType, "")
	template.One(t, "AWS::Events::Rule", "").Want(t, map[string]string{
		"EventPattern": `{"detail":{"crawlerName":[{"Ref":"` + made.ID + `"}],"state":["Failed"]},"detail-type":["Glue Crawler State Change"],"source":["aws.glue"]}`,
		"Targets":      `[{"Arn":{"Ref":"` + topic.ID + `"},"Id":"Topic"}]`,
	})
	topic.Want(t, map[string]string{"KmsMasterKeyId": arn(template.One(t, keyType, "ClaimsKey"))})
	statements := template.One(t, "AWS::SNS::TopicPolicy", "").JSON("PolicyDocument.Statement")
	for _, wanted := range []string{`"aws:SecureTransport":"false"`, `"Service":"events.amazonaws.com"`} {
		if !strings.Contains(statements, wanted) {
			t.Errorf("no %s in %s", wanted, statements)
		}
	}
}

func TestAlarmTopicAndNoAlarms(t *testing.T) {
	template := of(t, func(l lake, p *crawler.CrawlerProps) {
		p.AlarmTopic = awssns.NewTopic(l.stack, jsii.String("Ops"), nil)
	})
	if topics := template.Type("AWS::SNS::Topic"); len(topics) != 1 {
		t.Errorf("%d topics", len(topics))
	}
	template = of(t, func(_ lake, p *crawler.CrawlerProps) { p.DisableAlarms = jsii.Bool(true) })
	if len(template.Type("AWS::SNS::Topic"))+len(template.Type("AWS::Events::Rule")) != 0 {
		t.Error("alarms all the same")
	}
}

func TestGrantStart(t *testing.T) {
	l := newLake(cdktest.Stack())
	made := crawler.NewCrawler(l.stack, jsii.String("Claims"), l.props())
	role := awsiam.NewRole(l.stack, jsii.String("Operator"), &awsiam.RoleProps{AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil)})
	made.GrantStart(role)
	if made.Queues() != nil || made.Alarms() == nil || made.Role() == nil || made.Key() == nil || made.CrawlerName() == nil || made.Cfn() == nil {
		t.Error("an accessor is wrong")
	}
	template := cdktest.Of(t, l.stack)
	template.One(t, "AWS::IAM::Policy", "Operator").Want(t, map[string]string{
		"PolicyDocument.Statement": `[{"Action":["glue:GetCrawler","glue:StartCrawler","glue:StopCrawler"],"Effect":"Allow","Resource":` +
			`{"Fn::Join":["",["arn:aws:glue:us-east-1:111111111111:crawler/",{"Ref":"` + template.One(t, crawlerType, "").ID + `"}]]}}]`,
	})
}

// What the app makes comes before the crawler and its grants, without After.
func TestCrawlerWaitsForItsDatabaseAndTables(t *testing.T) {
	l := newLake(cdktest.Stack())
	database := catalog.NewDatabase(l.stack, jsii.String("Own"), &catalog.DatabaseProps{Name: jsii.String("lab")})
	table := catalog.NewTable(l.stack, jsii.String("Visits"), &catalog.TableProps{Database: database, Table: &contract.Table{
		Name: "visits", Format: contract.FormatParquet, Location: "s3://riverside-raw/visits/", Columns: []contract.Column{{Name: "id", Type: "string"}},
	}})
	into, over := l.props(), l.props()
	into.Database, into.Permissions = database, nil // the Permissions are those of the stack
	over.Database, over.S3, over.Catalog = nil, nil, []catalog.ITable{table}
	crawler.NewCrawler(l.stack, jsii.String("Into"), into)
	crawler.NewCrawler(l.stack, jsii.String("Over"), over)
	template := cdktest.Of(t, l.stack)
	first, second := template.One(t, "AWS::Glue::Database", "").ID, template.One(t, "AWS::Glue::Table", "").ID
	for prefix, needed := range map[string]string{"Into": first, "Over": second} {
		if made := template.One(t, crawlerType, prefix); !slices.Contains(made.DependsOn, needed) {
			t.Errorf("%s waits for %v, not for %s", prefix, made.DependsOn, needed)
		}
	}
	for _, g := range template.Type(grantType) {
		text := g.JSON("Resource")
		if strings.Contains(text, `"visits"`) && !template.After(g.ID, second) || strings.Contains(text, "TableWildcard") && !template.After(g.ID, first) {
			t.Errorf("%s waits for %v", text, g.DependsOn)
		}
	}
}

func TestNamesAreTakenOncePerStack(t *testing.T) {
	l := newLake(cdktest.Stack())
	p := l.props()
	p.Name = jsii.String("claims")
	crawler.NewCrawler(l.stack, jsii.String("Claims"), p)
	const want = `Test/Again: Name: got "claims", the name of the crawler at Test/Claims; expected a name used once in the stack`
	if got := cdktest.Panic(t, func() { crawler.NewCrawler(l.stack, jsii.String("Again"), p) }); !strings.HasPrefix(got, want) {
		t.Errorf("got %s", got)
	}
	classifier := &crawler.ClassifierProps{Name: jsii.String("claims"), JSON: &crawler.JSON{Path: jsii.String("$")}}
	crawler.NewClassifier(l.stack, jsii.String("Classifier"), classifier)
	if got := cdktest.Panic(t, func() { crawler.NewClassifier(l.stack, jsii.String("Same"), classifier) }); !strings.Contains(got, "the name of the classifier at Test/Classifier") {
		t.Errorf("got %s", got)
	}
}

func TestNothingIsNamed(t *testing.T) {
	l := newLake(cdktest.Stack())
	made := crawler.NewCrawler(l.stack, jsii.String("Claims"), l.props())
	days := awscdk.NewCfnParameter(l.stack, jsii.String("Days"), &awscdk.CfnParameterProps{Type: jsii.String("Number")}).ValueAsNumber()
	for want, call := range map[string]func(){
		"scope: got nothing":    func() { crawler.NewCrawler(nil, jsii.String("New"), l.props()) },
		"id: got nothing":       func() { crawler.NewCrawler(l.stack, nil, l.props()) },
		"New: CSV: got 0 kinds": func() { crawler.NewClassifier(nil, jsii.String("New"), nil) },
		"Test/Claims: grantee: got nothing; expected a role, a user": func() { made.GrantStart(nil) },
		"Events.RetentionDays: got a number known only at deployment; expected a whole number from 1 to 14": func() {
			p := l.props()
			p.Events = &crawler.Events{RetentionDays: days}
			crawler.NewCrawler(l.stack, jsii.String("New"), p)
		},
	} {
		if got := cdktest.Panic(t, call); !strings.Contains(got, want) {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}
