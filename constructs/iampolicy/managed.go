package iampolicy

// managedPolicies are policies of AWS, by name, as far as they are about objects, keys and
// who may grant. Source: "AWS managed policy reference".
var managedPolicies = map[string][]Statement{
	"AdministratorAccess":    {allow("*")},
	"PowerUserAccess":        {{Name: "1", NotActions: []string{"iam:*", "organizations:*", "account:*"}, Resources: []string{"*"}}},
	"AmazonS3FullAccess":     {allow("s3:*")},
	"AmazonS3ReadOnlyAccess": {allow("s3:get*", "s3:list*", "s3:describe*")},
	"ReadOnlyAccess":         {allow("s3:get*", "s3:list*", "s3:describe*", "kms:describe*", "kms:get*", "kms:list*", "lakeformation:get*", "lakeformation:list*")},
	"IAMFullAccess":          {allow("iam:*")},
	"AWSLakeFormationDataAdmin": {
		allow("lakeformation:*"),
		{Name: "2", Deny: true, Actions: []string{"lakeformation:putdatalakesettings"}, Resources: []string{"*"}},
	},
	"AmazonAthenaFullAccess": {
		allow("lakeformation:getdataaccess"),
		{Name: "2", Actions: []string{"s3:getobject", "s3:putobject", "s3:abortmultipartupload"}, Resources: []string{"arn:aws*:s3:::aws-athena-query-results-*"}},
		{Name: "3", Actions: []string{"s3:getobject"}, Resources: []string{"arn:aws*:s3:::athena-examples*"}},
	},
	"AWSGlueServiceRole": {
		{Name: "1", Actions: []string{"s3:getobject", "s3:putobject", "s3:deleteobject"}, Resources: []string{"arn:aws*:s3:::aws-glue-*/*", "arn:aws*:s3:::*/*aws-glue-*/*"}},
		{Name: "2", Actions: []string{"s3:getobject"}, Resources: []string{"arn:aws*:s3:::crawler-public*", "arn:aws*:s3:::aws-glue-*"}},
	},

	// These are about none of it.
	"AWSLambdaBasicExecutionRole":          nil,
	"AWSLambdaVPCAccessExecutionRole":      nil,
	"AWSXRayDaemonWriteAccess":             nil,
	"AmazonAPIGatewayPushToCloudWatchLogs": nil,
	"AmazonECSTaskExecutionRolePolicy":     nil,
	"AmazonSSMManagedInstanceCore":         nil,
	"CloudWatchAgentServerPolicy":          nil,
	"CloudWatchFullAccess":                 nil,
	"CloudWatchLogsFullAccess":             nil,
	"CloudWatchReadOnlyAccess":             nil,
	"SecurityAudit":                        nil,
	"ViewOnlyAccess":                       nil,
}

func allow(actions ...string) Statement {
	return Statement{Name: "1", Actions: actions, Resources: []string{"*"}}
}
