package query_test

import (
	"encoding/json"
	"slices"
	"strconv"
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

// props has what is required, from the stack's own key.
func props(stack awscdk.Stack) *query.WorkGroupProps {
	return &query.WorkGroupProps{Name: jsii.String("lab"), Key: awskms.NewKey(stack, jsii.String("Key"), nil)}
}

// withBucket has a bucket made for the results.
func withBucket(stack awscdk.Stack) *query.WorkGroupProps {
	p := props(stack)
	p.AccessLogs = awss3.NewBucket(stack, jsii.String("Logs"), nil)
	return p
}

func TestCallersCannotOverrideTheSettings(t *testing.T) {
	stack := cdktest.Stack()
	query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	template := cdktest.Of(t, stack)
	template.One(t, workGroupType, "Queries").Want(t, map[string]string{
		"Name":                  `"lab"`,
		"Description":           `null`,
		"State":                 `"ENABLED"`,
		"RecursiveDeleteOption": `false`,
		"WorkGroupConfiguration.EnforceWorkGroupConfiguration":    `true`,
		"WorkGroupConfiguration.PublishCloudWatchMetricsEnabled":  `true`,
		"WorkGroupConfiguration.RequesterPaysEnabled":             `false`,
		"WorkGroupConfiguration.BytesScannedCutoffPerQuery":       `1099511627776`,
		"WorkGroupConfiguration.EngineVersion":                    `{"SelectedEngineVersion":"Athena engine version 3"}`,
		"WorkGroupConfiguration.ManagedQueryResultsConfiguration": `{"Enabled":true,"EncryptionConfiguration":{"KmsKey":` + arn(template.One(t, keyType, "Key")) + `}}`,
		"WorkGroupConfiguration.ResultConfiguration":              `null`,
	})
	if made := template.Type(bucketType); len(made) != 0 {
		t.Errorf("buckets were made for results that Athena keeps: %v", made)
	}
}

// Athena encrypts what it keeps with the key, for workgroups of this account only.
func TestAthenaMayUseTheKey(t *testing.T) {
	stack := cdktest.Stack()
	p := props(stack)
	query.NewWorkGroup(stack, jsii.String("Queries"), p)
	other := *p
	other.Name = jsii.String("other")
	query.NewWorkGroup(stack, jsii.String("Other"), &other)
	const groups = `"arn:aws:athena:us-east-1:111111111111:workgroup/*"`
	const statement = `{"Action":["kms:Decrypt","kms:DescribeKey","kms:GenerateDataKey"],"Condition":{"ArnLike":{"aws:SourceArn":` + groups +
		`,"kms:EncryptionContext:aws:athena:arn":` + groups + `},"StringEquals":{"aws:SourceAccount":"111111111111"}},"Effect":"Allow",` +
		`"Principal":{"Service":"encryption.athena.amazonaws.com"},"Resource":"*"}`
	policy := cdktest.Of(t, stack).One(t, keyType, "Key").JSON("KeyPolicy")
	if n := strings.Count(policy, statement); n != 1 {
		t.Errorf("%d statements for Athena in\n%s", n, policy)
	}
}

// A workgroup stays, because Athena refuses to delete one with a history; what is
// to be deleted is deleted with its history.
func TestWorkGroupStaysUnlessItsHistoryMayGo(t *testing.T) {
	for _, forget := range []bool{false, true} {
		stack := cdktest.Stack()
		p := props(stack)
		p.DeleteHistory = jsii.Bool(forget)
		query.NewWorkGroup(stack, jsii.String("Queries"), p)
		r := cdktest.Of(t, stack).One(t, workGroupType, "Queries")
		if stays := r.DeletionPolicy == "RetainExceptOnCreate" && r.UpdateReplacePolicy == "Retain"; stays == forget {
			t.Errorf("DeleteHistory %v: DeletionPolicy %q, UpdateReplacePolicy %q", forget, r.DeletionPolicy, r.UpdateReplacePolicy)
		}
		r.Want(t, map[string]string{"RecursiveDeleteOption": strconv.FormatBool(forget)})
	}
}

func TestResultsBucket(t *testing.T) {
	stack := cdktest.Stack()
	query.NewWorkGroup(stack, jsii.String("Queries"), withBucket(stack))
	template := cdktest.Of(t, stack)
	template.One(t, workGroupType, "Queries").Want(t, map[string]string{
		"WorkGroupConfiguration.ManagedQueryResultsConfiguration":            `null`,
		"WorkGroupConfiguration.ResultConfiguration.ExpectedBucketOwner":     `"` + cdktest.Account + `"`,
		"WorkGroupConfiguration.ResultConfiguration.OutputLocation":          `{"Fn::Join":["",["s3://",{"Ref":"` + template.One(t, bucketType, "QueriesResults").ID + `"},"/lab/"]]}`,
		"WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration": `{"EncryptionOption":"SSE_KMS","KmsKey":` + arn(template.One(t, keyType, "Key")) + `}`,
	})
	results, logs := template.One(t, bucketType, "QueriesResults"), template.One(t, bucketType, "Logs")
	results.Want(t, map[string]string{
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
	p := withBucket(stack)
	p.Description = jsii.String("Queries of the lab")
	p.ResultsBucketName = jsii.String("lab-query-results")
	p.ResultsRetentionDays = jsii.Number(7)
	p.ScanLimitBytes = jsii.Number(10_000_000)
	query.NewWorkGroup(stack, jsii.String("Queries"), p)
	template := cdktest.Of(t, stack)
	template.One(t, workGroupType, "Queries").Want(t, map[string]string{
		"Description": `"Queries of the lab"`,
		"WorkGroupConfiguration.BytesScannedCutoffPerQuery": `10000000`,
	})
	template.One(t, bucketType, "QueriesResults").Want(t, map[string]string{
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
	template.One(t, workGroupType, "Queries").Want(t, map[string]string{
		"WorkGroupConfiguration.ResultConfiguration.OutputLocation": `"s3://lab-results/lab/"`,
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
	template.One(t, workGroupType, "Queries").Want(t, map[string]string{
		"WorkGroupConfiguration.ResultConfiguration.ExpectedBucketOwner": `{"Ref":"AWS::AccountId"}`,
	})
}

func TestNamedQueriesWaitForTheWorkGroup(t *testing.T) {
	stack := cdktest.Stack()
	group := query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	group.AddNamedQuery(jsii.String("Recent"), query.NamedQuery{Name: jsii.String("recent"), Description: jsii.String("Last week"), Database: jsii.String("lab"), SQL: jsii.String("SELECT 1")})
	template := cdktest.Of(t, stack)
	r := template.One(t, "AWS::Athena::NamedQuery", "QueriesRecent")
	r.Want(t, map[string]string{
		"Name": `"recent"`, "Description": `"Last week"`, "Database": `"lab"`, "QueryString": `"SELECT 1"`, "WorkGroup": `"lab"`,
	})
	if !slices.Equal(r.DependsOn, []string{template.One(t, workGroupType, "Queries").ID}) {
		t.Errorf("the query depends on %v", r.DependsOn)
	}

	cdktest.Same(t, cdktest.Panic(t, func() {
		group.AddNamedQuery(jsii.String("Bad"), query.NamedQuery{Name: jsii.String("bad"), Description: jsii.String(strings.Repeat("x", 1025)), SQL: jsii.String(strings.Repeat("x", 262_145))})
	}), `Test/Queries: query "bad": Description: got 1025 bytes; expected 1 to 1024
query "bad": Database: got 0 bytes; expected 1 to 255
query "bad": SQL: got 262145 bytes; expected 1 to 262144`)
}

// granted are the statements of a policy.
type granted struct {
	Sid       string
	Action    actions
	Resource  json.RawMessage
	Condition map[string]map[string]any
}

// actions are one or several.
type actions []string

func (a *actions) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		data = slices.Concat([]byte("["), data, []byte("]"))
	}
	return json.Unmarshal(data, (*[]string)(a))
}

func statementsOf(t *testing.T, policy cdktest.Resource) []granted {
	t.Helper()
	var out []granted
	if err := json.Unmarshal([]byte(policy.JSON("PolicyDocument.Statement")), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// allowing are the statements that allow an action.
func allowing(statements []granted, action string) []granted {
	return slices.DeleteFunc(slices.Clone(statements), func(s granted) bool { return !slices.Contains(s.Action, action) })
}

// What is granted on any resource changes nothing and reads no file.
func TestGrantQuery(t *testing.T) {
	stack := cdktest.Stack()
	group := query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	reader := awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	if !*group.GrantQuery(reader).Success() {
		t.Error("the grant says that it was not made")
	}
	template := cdktest.Of(t, stack)
	statements := statementsOf(t, template.One(t, "AWS::IAM::Policy", "Reader"))
	for _, s := range statements {
		for _, action := range s.Action {
			if strings.Contains(action, "*") {
				t.Errorf("wildcard action %s", action)
			}
			if string(s.Resource) == `"*"` && action != "lakeformation:GetDataAccess" && !slices.ContainsFunc([]string{"Get", "List", "BatchGet"}, func(verb string) bool {
				return strings.HasPrefix(action, "athena:"+verb) || strings.HasPrefix(action, "glue:"+verb)
			}) {
				t.Errorf("%s on every resource", action)
			}
			if strings.HasPrefix(action, "s3:") {
				t.Errorf("%s, although Athena keeps the results", action)
			}
		}
	}
	for action, resource := range map[string]string{
		"athena:GetQueryResults":      `"arn:aws:athena:us-east-1:111111111111:workgroup/lab"`,
		"athena:ListQueryExecutions":  `"arn:aws:athena:us-east-1:111111111111:workgroup/lab"`,
		"lakeformation:GetDataAccess": `"*"`,
		"kms:Decrypt":                 arn(template.One(t, keyType, "Key")),
	} {
		if found := allowing(statements, action); len(found) != 1 || string(found[0].Resource) != resource {
			t.Errorf("%s is allowed by %v", action, found)
		}
	}
}

// The key also encrypts the files of the lake: what is granted opens results of this
// workgroup and nothing else.
func TestDecryptOpensOnlyTheResultsOfTheWorkGroup(t *testing.T) {
	for _, inBucket := range []bool{false, true} {
		stack := cdktest.Stack()
		p := props(stack)
		want := `{"ArnEquals":{"kms:EncryptionContext:aws:athena:arn":"arn:aws:athena:us-east-1:111111111111:workgroup/lab"}}`
		if inBucket {
			p.Results = awss3.Bucket_FromBucketName(stack, jsii.String("Own"), jsii.String("lab-results"))
			want = `{"ArnLike":{"kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::lab-results","arn:aws:s3:::lab-results/lab/*"]}}`
		}
		reader := awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
		query.NewWorkGroup(stack, jsii.String("Queries"), p).GrantQuery(reader)
		opening := allowing(statementsOf(t, cdktest.Of(t, stack).One(t, "AWS::IAM::Policy", "Reader")), "kms:Decrypt")
		if len(opening) != 1 {
			t.Fatalf("%v", opening)
		}
		cdktest.Same(t, cdktest.Compact(opening[0].Condition), want)
	}
}

// In one bucket each workgroup reaches its own folder, by name and by content.
func TestWorkGroupsShareABucketByFolders(t *testing.T) {
	stack := cdktest.Stack()
	p := props(stack)
	p.Results = awss3.Bucket_FromBucketName(stack, jsii.String("Own"), jsii.String("lab-results"))
	reader := awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	query.NewWorkGroup(stack, jsii.String("Queries"), p).GrantQuery(reader)
	statements := statementsOf(t, cdktest.Of(t, stack).One(t, "AWS::IAM::Policy", "Reader"))
	cdktest.Same(t, string(allowing(statements, "s3:GetObject")[0].Resource), `"arn:aws:s3:::lab-results/lab/*"`)
	for _, action := range []string{"s3:ListBucket", "s3:ListBucketMultipartUploads"} {
		cdktest.Same(t, cdktest.Compact(allowing(statements, action)[0].Condition), `{"StringLike":{"s3:prefix":"lab/*"}}`)
	}
}

func TestGrantQueryToNobody(t *testing.T) {
	stack := cdktest.Stack()
	group := query.NewWorkGroup(stack, jsii.String("Queries"), props(stack))
	cdktest.Same(t, cdktest.Panic(t, func() { group.GrantQuery(nil) }),
		"Test/Queries: grantee: got nothing; expected a role, a user or another grantee; fix: pass one")
}

func TestTwoWorkGroupsOfOneName(t *testing.T) {
	stack := cdktest.Stack()
	p := props(stack)
	query.NewWorkGroup(stack, jsii.String("Queries"), p)
	cdktest.Same(t, cdktest.Panic(t, func() {
		query.NewWorkGroup(constructs.NewConstruct(stack, jsii.String("Part")), jsii.String("More"), p)
	}),
		`Test/Part/More: Name: got "lab", the name of the workgroup at Test/Queries; expected a name used once in the stack; fix: rename one of them, or use the one that is there`)
}

func TestWorkGroupProblems(t *testing.T) {
	stack := cdktest.Stack()
	p := props(stack)
	p.Name = jsii.String("lab queries")
	p.Description = jsii.String(strings.Repeat("x", 1025))
	p.Results = awss3.Bucket_FromBucketName(stack, jsii.String("Own"), jsii.String("lab-results"))
	p.ResultsBucketName = jsii.String("lab-query-results")
	p.ResultsRetentionDays = jsii.Number(7)
	p.ScanLimitBytes = jsii.Number(9_999_999)
	cdktest.Same(t, cdktest.Panic(t, func() { query.NewWorkGroup(stack, jsii.String("Queries"), p) }),
		`Test/Queries: Description: got 1025 characters; expected at most 1024; fix: shorten it
Name: got "lab queries"; expected 1 to 128 letters, digits, dots, underscores and hyphens; fix: correct it
ResultsBucketName: got "lab-query-results"; expected only with AccessLogs, which has a bucket made here; fix: set AccessLogs or remove it
ResultsRetentionDays: got 7; expected only with AccessLogs, which has a bucket made here; fix: set AccessLogs or remove it
ScanLimitBytes: got 9999999; expected a whole number of bytes from 10000000; fix: leave it out for 1 TiB`)
	p = withBucket(cdktest.Stack())
	p.Results = awss3.Bucket_FromBucketName(stack, jsii.String("Second"), jsii.String("lab-results"))
	p.ResultsRetentionDays = jsii.Number(0.5)
	p.ScanLimitBytes = awscdk.Token_AsNumber("later")
	cdktest.Same(t, cdktest.Panic(t, func() { query.NewWorkGroup(stack, jsii.String("Queries"), p) }),
		`Test/Queries: Results: got a bucket beside AccessLogs; expected one of them; fix: give AccessLogs to have a results bucket made, Results to use your own, or neither and Athena keeps the results
ResultsRetentionDays: got 0.5; expected a whole number of days from 1; fix: leave it out for 30 days
ScanLimitBytes: got a number known only at deployment; expected a whole number of bytes from 10000000; fix: pass the number itself: it is checked before deployment`)
	cdktest.Same(t, cdktest.Panic(t, func() { query.NewWorkGroup(stack, jsii.String("Queries"), nil) }),
		`Test/Queries: Key: got nothing; expected a KMS key; fix: pass the domain's key, LakeStorage.Key()
Name: got nothing; expected 1 to 128 letters, digits, dots, underscores and hyphens; fix: set Name`)
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
