package query_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const (
	workGroupType = "AWS::Athena::WorkGroup"
	bucketType    = "AWS::S3::Bucket"
	keyType       = "AWS::KMS::Key"
)

// props has what is required, from the stack's own key and log bucket.
func props(stack awscdk.Stack) *query.WorkGroupProps {
	return &query.WorkGroupProps{
		Name:       jsii.String("lab"),
		Key:        awskms.NewKey(stack, jsii.String("Key"), nil),
		AccessLogs: awss3.NewBucket(stack, jsii.String("Logs"), nil),
	}
}

func TestCallersCannotOverrideTheSettings(t *testing.T) {
	stack := cdktest.Stack()
	query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	template := cdktest.Of(t, stack)
	want(t, template.One(t, workGroupType, "Queries"), map[string]string{
		"Name":                  `"lab"`,
		"Description":           `null`,
		"State":                 `"ENABLED"`,
		"RecursiveDeleteOption": `false`,
		"WorkGroupConfiguration.EnforceWorkGroupConfiguration":               `true`,
		"WorkGroupConfiguration.PublishCloudWatchMetricsEnabled":             `true`,
		"WorkGroupConfiguration.RequesterPaysEnabled":                        `false`,
		"WorkGroupConfiguration.BytesScannedCutoffPerQuery":                  `1099511627776`,
		"WorkGroupConfiguration.EngineVersion":                               `{"SelectedEngineVersion":"Athena engine version 3"}`,
		"WorkGroupConfiguration.ManagedQueryResultsConfiguration":            `null`,
		"WorkGroupConfiguration.ResultConfiguration.ExpectedBucketOwner":     `"` + cdktest.Account + `"`,
		"WorkGroupConfiguration.ResultConfiguration.OutputLocation":          `{"Fn::Join":["",["s3://",{"Ref":"` + template.One(t, bucketType, "QueriesResults").ID + `"},"/results/"]]}`,
		"WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration": `{"EncryptionOption":"SSE_KMS","KmsKey":` + arn(template.One(t, keyType, "Key")) + `}`,
	})
}

func TestResultsBucket(t *testing.T) {
	stack := cdktest.Stack()
	query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	template := cdktest.Of(t, stack)
	results, logs := template.One(t, bucketType, "QueriesResults"), template.One(t, bucketType, "Logs")
	want(t, results, map[string]string{
		"BucketName":                     `null`,
		"PublicAccessBlockConfiguration": `{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}`,
		"OwnershipControls.Rules":        `[{"ObjectOwnership":"BucketOwnerEnforced"}]`,
		"VersioningConfiguration.Status": `"Enabled"`,
		"LoggingConfiguration":           `{"DestinationBucketName":{"Ref":"` + logs.ID + `"},"LogFilePrefix":"results/"}`,
		"BucketEncryption.ServerSideEncryptionConfiguration": `[{"BucketKeyEnabled":true,"ServerSideEncryptionByDefault":{"KMSMasterKeyID":` +
			arn(template.One(t, keyType, "Key")) + `,"SSEAlgorithm":"aws:kms"}}]`,
		"LifecycleConfiguration.Rules": `[{"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1},"ExpirationInDays":30,"Id":"expire-results",` +
			`"NoncurrentVersionExpiration":{"NoncurrentDays":1},"Status":"Enabled"}]`,
	})
	if results.DeletionPolicy != "RetainExceptOnCreate" || results.UpdateReplacePolicy != "Retain" {
		t.Errorf("DeletionPolicy %q, UpdateReplacePolicy %q", results.DeletionPolicy, results.UpdateReplacePolicy)
	}
	policy := template.One(t, "AWS::S3::BucketPolicy", "QueriesResults").JSON("PolicyDocument.Statement")
	for _, condition := range []string{`{"Bool":{"aws:SecureTransport":"false"}}`, `{"NumericLessThan":{"s3:TlsVersion":1.2}}`} {
		if !strings.Contains(policy, `"Condition":`+condition+`,"Effect":"Deny"`) {
			t.Errorf("no deny under %s:\n%s", condition, policy)
		}
	}
	if policy := template.One(t, "AWS::S3::BucketPolicy", "Logs").JSON("PolicyDocument"); !strings.Contains(policy, "logging.s3.amazonaws.com") {
		t.Errorf("the logs of the results bucket are not delivered:\n%s", policy)
	}
}

func TestResultsOfProps(t *testing.T) {
	stack := cdktest.Stack()
	p := props(stack)
	p.Description = jsii.String("Queries of the lab")
	p.ResultsBucketName = jsii.String("lab-query-results")
	p.ResultsRetentionDays = jsii.Number(7)
	p.ScanLimitBytes = jsii.Number(10_000_000)
	query.NewWorkGroup(stack, jsii.String("Queries"), p)
	template := cdktest.Of(t, stack)
	want(t, template.One(t, workGroupType, "Queries"), map[string]string{
		"Description": `"Queries of the lab"`,
		"WorkGroupConfiguration.BytesScannedCutoffPerQuery": `10000000`,
	})
	want(t, template.One(t, bucketType, "QueriesResults"), map[string]string{
		"BucketName": `"lab-query-results"`,
		"LifecycleConfiguration.Rules.0.ExpirationInDays": `7`,
	})
}

func TestOwnResultsBucket(t *testing.T) {
	stack := cdktest.Stack()
	own := awss3.Bucket_FromBucketName(stack, jsii.String("Own"), jsii.String("lab-results"))
	group := query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{
		Name:    jsii.String("lab"),
		Key:     awskms.NewKey(stack, jsii.String("Key"), nil),
		Results: own,
	})
	if group.Results() != own {
		t.Error("Results() is another bucket")
	}
	template := cdktest.Of(t, stack)
	if made := template.Type(bucketType); len(made) != 0 {
		t.Errorf("a bucket was made beside the one that was given: %v", made)
	}
	want(t, template.One(t, workGroupType, "Queries"), map[string]string{
		"WorkGroupConfiguration.ResultConfiguration.OutputLocation": `"s3://lab-results/results/"`,
	})
}

func TestWorksWithoutFeatureFlags(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Test"), nil)
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	query.NewWorkGroup(stack, jsii.String("Queries"), &query.WorkGroupProps{Name: jsii.String("lab"), Key: lake.Key(), AccessLogs: lake.Logs()})
	template := cdktest.Of(t, stack)
	if acl := template.One(t, bucketType, "LakeLogs").Get("AccessControl"); acl != nil {
		t.Errorf("the log bucket has ACLs off and an ACL: %v", acl)
	}
	logs := template.One(t, "AWS::S3::BucketPolicy", "LakeLogs").JSON("PolicyDocument.Statement")
	if source := `"aws:SourceArn":` + arn(template.One(t, bucketType, "QueriesResults")); !strings.Contains(logs, source) {
		t.Errorf("the logs of the results bucket are not delivered:\n%s", logs)
	}
	want(t, template.One(t, workGroupType, "Queries"), map[string]string{
		"WorkGroupConfiguration.ResultConfiguration.ExpectedBucketOwner": `{"Ref":"AWS::AccountId"}`,
	})
}

func TestNamedQueriesWaitForTheWorkGroup(t *testing.T) {
	stack := cdktest.Stack()
	group := query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	group.AddNamedQuery(jsii.String("Recent"), query.NamedQuery{Name: "recent", Description: "Last week", Database: "lab", SQL: "SELECT 1"})
	template := cdktest.Of(t, stack)
	r := template.One(t, "AWS::Athena::NamedQuery", "QueriesRecent")
	want(t, r, map[string]string{
		"Name": `"recent"`, "Description": `"Last week"`, "Database": `"lab"`, "QueryString": `"SELECT 1"`, "WorkGroup": `"lab"`,
	})
	if !slices.Equal(r.DependsOn, []string{template.One(t, workGroupType, "Queries").ID}) {
		t.Errorf("the query depends on %v", r.DependsOn)
	}

	wantText(t, cdktest.Panic(t, func() {
		group.AddNamedQuery(jsii.String("Bad"), query.NamedQuery{Name: "bad", Description: strings.Repeat("x", 1025), SQL: strings.Repeat("x", 262_145)})
	}), `Test/Queries: query "bad": Description: got 1025 bytes; expected 1 to 1024
query "bad": Database: got 0 bytes; expected 1 to 255
query "bad": SQL: got 262145 bytes; expected 1 to 262144`)
}

func TestGrantQuery(t *testing.T) {
	stack := cdktest.Stack()
	group := query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	reader := awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	group.GrantQuery(reader)
	template := cdktest.Of(t, stack)

	var statements []struct {
		Sid      string
		Action   []string
		Resource json.RawMessage
	}
	if err := json.Unmarshal([]byte(template.One(t, "AWS::IAM::Policy", "Reader").JSON("PolicyDocument.Statement")), &statements); err != nil {
		t.Fatal(err)
	}
	results := arn(template.One(t, bucketType, "QueriesResults"))
	resources := map[string]string{
		"RunQueries":     `"arn:aws:athena:us-east-1:111111111111:workgroup/lab"`,
		"ReadCatalog":    `"*"`,
		"KeepResults":    `{"Fn::Join":["",[` + results + `,"/results/*"]]}`,
		"FindResults":    results,
		"EncryptResults": arn(template.One(t, keyType, "Key")),
	}
	for _, s := range statements {
		wantText(t, string(s.Resource), resources[s.Sid])
		delete(resources, s.Sid)
		for _, action := range s.Action {
			if strings.Contains(action, "*") {
				t.Errorf("%s: wildcard action %s", s.Sid, action)
			}
			// Where any resource goes, nothing may be changed and no file be read.
			if s.Sid == "ReadCatalog" && action != "lakeformation:GetDataAccess" && !slices.ContainsFunc([]string{"Get", "List", "BatchGet"}, func(verb string) bool {
				return strings.HasPrefix(action, "athena:"+verb) || strings.HasPrefix(action, "glue:"+verb)
			}) {
				t.Errorf("%s on every resource", action)
			}
		}
		if s.Sid == "ReadCatalog" && !slices.Contains(s.Action, "lakeformation:GetDataAccess") {
			t.Error("without lakeformation:GetDataAccess no query reads a governed table")
		}
	}
	if len(resources) > 0 {
		t.Errorf("statements are missing: %v", resources)
	}
}

func TestWorkGroupProblems(t *testing.T) {
	stack := cdktest.Stack()
	p := props(stack)
	p.Name = jsii.String("lab queries")
	p.Description = jsii.String(strings.Repeat("x", 1025))
	p.Results = awss3.Bucket_FromBucketName(stack, jsii.String("Own"), jsii.String("lab-results"))
	p.ResultsBucketName = jsii.String("lab-query-results")
	p.ResultsRetentionDays = jsii.Number(0.5)
	p.ScanLimitBytes = jsii.Number(9_999_999)
	wantText(t, cdktest.Panic(t, func() { query.NewWorkGroup(stack, jsii.String("Queries"), p) }),
		`Test/Queries: Description: got 1025 characters; expected at most 1024; fix: shorten it
Name: got "lab queries"; expected 1 to 128 letters, digits, dots, underscores and hyphens; fix: set Name
Results: got both or neither of Results and AccessLogs; expected one of them; fix: give AccessLogs to have a results bucket made, or Results to use your own
ResultsBucketName: got "lab-query-results" beside Results; expected a name only for the bucket that is made here; fix: remove one of them
ResultsRetentionDays: got 0.5; expected a whole number of days from 1; fix: leave it out for 30 days
ScanLimitBytes: got 9999999; expected at least 10000000; fix: leave it out for 1 TiB`)
	wantText(t, cdktest.Panic(t, func() { query.NewWorkGroup(stack, jsii.String("Queries"), nil) }),
		`Test/Queries: Key: got nothing; expected a KMS key; fix: pass the domain's key, LakeStorage.Key()
Name: got ""; expected 1 to 128 letters, digits, dots, underscores and hyphens; fix: set Name
Results: got both or neither of Results and AccessLogs; expected one of them; fix: give AccessLogs to have a results bucket made, or Results to use your own`)
	if stack.Node().TryFindChild(jsii.String("Queries")) != nil {
		t.Error("a half-made workgroup is left in the tree")
	}
}

func TestWorkGroupIsAConstruct(t *testing.T) {
	stack := cdktest.Stack()
	group := query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	awss3.NewBucket(group, jsii.String("Inside"), nil)
	if !slices.ContainsFunc(*stack.Node().Children(), func(c constructs.IConstruct) bool { return c == constructs.IConstruct(group) }) {
		t.Error("the workgroup is not among the children of its stack")
	}
	cdktest.Of(t, stack).One(t, bucketType, "QueriesInside")
}
