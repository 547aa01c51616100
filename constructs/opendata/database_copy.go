package opendata

import (
	"crypto/sha256"
	_ "embed" // the job
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

//go:embed job/copy_tables.py
var copyTables []byte

// DatabaseCopyProps configures a DatabaseCopy.
type DatabaseCopyProps struct {
	// Name of the job and of the connection: letters, digits, _ and -, at most 128. Required.
	Name *string

	// URL is the JDBC URL of the database, without user and password. It asks for TLS with a
	// checked certificate, in the words of its driver: sslmode=verify-full (PostgreSQL),
	// sslMode=VERIFY_IDENTITY (MySQL), encrypt=true (SQL Server), tcps (Oracle). Required.
	URL *string

	// Secret has username and password of a user who reads the tables and nothing else. Required.
	Secret awssecretsmanager.ISecret

	// Subnet that the job connects from. It reaches S3, Secrets Manager and Glue by endpoints
	// or a NAT gateway. Required.
	Subnet awsec2.ISubnet

	// SecurityGroups of the job's network interfaces. One of them lets itself in on all TCP
	// ports, as Glue asks. Required.
	SecurityGroups []awsec2.ISecurityGroup

	// Tables are what is copied: folders of Target, with the table of the database that each
	// gets; a query in parentheses with a name behind it is taken too. For a Dataset that reads
	// the copy, folders are called as the tables of the catalogue. Required.
	Tables map[string]string

	// Target is where the folders are. A bucket that only Lake Formation reaches has to except
	// the job's role. Required.
	Target storage.S3Location

	// Workers of the job, of type G.1X with 4 vCPU and 16 GB each; from 2. A table is read by one
	// of them.
	// Default: 2.
	Workers *float64
}

// DatabaseCopy is a job of Glue 5.1 that copies tables of a database into S3 as Parquet: how
// ChEMBL and BindingDB, whose publishers give dumps of databases, get into the layout that
// Dataset reads.
type DatabaseCopy struct {
	constructs.Construct

	name       string
	role       awsiam.Role
	policy     awsiam.ManagedPolicy
	connection awsglue.CfnConnection
	job        awsglue.CfnJob
}

const (
	glueService = "glue.amazonaws.com"
	nameRule    = "1 to 128 letters, digits, _ and -"

	leastWorkers   = 2
	maxCopyMinutes = 8 * 60
)

var (
	copyName   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	folderName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)
)

// tls is how a URL of a driver asks for TLS.
var tls = map[string]string{
	"jdbc:postgresql:": "sslmode=verify-full", "jdbc:mysql:": "sslMode=VERIFY_IDENTITY", "jdbc:sqlserver:": "encrypt=true", "jdbc:oracle:thin:@tcps:": "tcps",
}

// NewDatabaseCopy makes the job and the connection that it uses. Nothing starts it: start-job-run
// does, by whom GrantStart lets. Each run replaces the folders of its tables, one after another.
// The role reads the one secret, writes below Target, and puts network interfaces into the
// subnet; a security configuration encrypts what the job writes down with the key of Target's
// bucket.
//
// It panics with every problem of the props at once.
//
// Sources: "AWS Glue connection properties"; "Setting up Amazon VPC for JDBC connections to
// Amazon RDS data stores from AWS Glue". Not run against AWS by this project.
func NewDatabaseCopy(scope constructs.Construct, id *string, props *DatabaseCopyProps) *DatabaseCopy {
	p := cdkx.Value(props, DatabaseCopyProps{})
	cdkx.Check(scope, id, p.problems())

	c := &DatabaseCopy{name: *p.Name}
	cdkx.Add(c, scope, id)
	target := workflow.At(p.Target.Bucket, p.Target.Prefix)
	script := scriptAsset(c)
	c.connection = c.newConnection(&p)
	c.role = awsiam.NewRole(c, jsii.String("Role"), &awsiam.RoleProps{
		Description: jsii.String("Copies tables of a database into S3"), AssumedBy: workflow.OnBehalf(c, glueService, nil),
	})
	c.policy = c.newPolicy(&p, target, script)
	tables, err := json.Marshal(p.Tables)
	cdkx.Fail(c, err)
	c.job = awsglue.NewCfnJob(c, jsii.String("Job"), &awsglue.CfnJobProps{
		Name: p.Name, Description: jsii.String("Copies tables of a database into S3"),
		Role: cdkx.RoleARN(c.role), GlueVersion: jsii.String("5.1"),
		Command: &awsglue.CfnJob_JobCommandProperty{
			Name: jsii.String("glueetl"), PythonVersion: jsii.String("3"), ScriptLocation: script.S3ObjectUrl(),
		},
		Connections: &awsglue.CfnJob_ConnectionsListProperty{Connections: jsii.Strings(c.name)},
		WorkerType:  jsii.String("G.1X"), NumberOfWorkers: jsii.Number(cdkx.Value(p.Workers, leastWorkers)),
		Timeout: jsii.Number(maxCopyMinutes), MaxRetries: jsii.Number(0),
		ExecutionProperty:     &awsglue.CfnJob_ExecutionPropertyProperty{MaxConcurrentRuns: jsii.Number(1)},
		SecurityConfiguration: c.newSecurity(target).Ref(),
		DefaultArguments: map[string]any{
			"--job-language": "python", "--connection": c.name, "--tables": string(tables), "--target": target.URI(),
			"--enable-metrics": "true", "--enable-continuous-cloudwatch-log": "true",
		},
	})
	c.job.AddResourceDependency(c.connection, nil)
	c.job.AddResourceDependency(cdkx.L1(c.policy), nil)
	return c
}

// Role is what the job works with.
func (c *DatabaseCopy) Role() awsiam.Role { return c.role }

// JobName is the name of the job.
func (c *DatabaseCopy) JobName() *string { return jsii.String(c.name) }

// Job is the CloudFormation resource of the job.
func (c *DatabaseCopy) Job() awsglue.CfnJob { return c.job }

// Connection is the CloudFormation resource of the connection.
func (c *DatabaseCopy) Connection() awsglue.CfnConnection { return c.connection }

// GrantStart lets a grantee start the job, and see and stop its runs.
func (c *DatabaseCopy) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee:      grantee,
		Actions:      jsii.Strings("glue:BatchStopJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun"),
		ResourceArns: jsii.Strings(cdkx.ARN(c, "glue", "job/"+c.name)),
	})
}

// newConnection makes the connection: where the database is, and which secret opens it.
func (c *DatabaseCopy) newConnection(p *DatabaseCopyProps) awsglue.CfnConnection {
	var groups []*string
	for _, g := range p.SecurityGroups {
		groups = append(groups, g.SecurityGroupId())
	}
	return awsglue.NewCfnConnection(c, jsii.String("Connection"), &awsglue.CfnConnectionProps{
		CatalogId: cdkx.Account(c),
		ConnectionInput: &awsglue.CfnConnection_ConnectionInputProperty{
			Name: p.Name, ConnectionType: jsii.String("JDBC"),
			ConnectionProperties: map[string]any{
				"JDBC_CONNECTION_URL": p.URL, "JDBC_ENFORCE_SSL": "true", "SECRET_ID": p.Secret.SecretName(),
			},
			PhysicalConnectionRequirements: &awsglue.CfnConnection_PhysicalConnectionRequirementsProperty{
				AvailabilityZone: p.Subnet.AvailabilityZone(), SubnetId: p.Subnet.SubnetId(), SecurityGroupIdList: &groups,
			},
		},
	})
}

// newSecurity encrypts with the key of the target what the job writes, its logs too.
func (c *DatabaseCopy) newSecurity(target workflow.Location) awsglue.CfnSecurityConfiguration {
	key := jsii.String(target.KeyARN())
	groups := cdkx.ARN(c, "logs", "log-group:"+cdkx.GlueJobLogs+"*")
	cdkx.AllowOnce(target.Bucket.EncryptionKey(), "logs of "+groups, func() *awsiam.PolicyStatementProps { return cdkx.EncryptLogs(c, groups) })
	return awsglue.NewCfnSecurityConfiguration(c, jsii.String("Security"), &awsglue.CfnSecurityConfigurationProps{
		Name: jsii.String(c.name),
		EncryptionConfiguration: &awsglue.CfnSecurityConfiguration_EncryptionConfigurationProperty{
			CloudWatchEncryption: &awsglue.CfnSecurityConfiguration_CloudWatchEncryptionProperty{
				CloudWatchEncryptionMode: jsii.String("SSE-KMS"), KmsKeyArn: key,
			},
			JobBookmarksEncryption: &awsglue.CfnSecurityConfiguration_JobBookmarksEncryptionProperty{
				JobBookmarksEncryptionMode: jsii.String("CSE-KMS"), KmsKeyArn: key,
			},
			S3Encryptions: &[]any{&awsglue.CfnSecurityConfiguration_S3EncryptionProperty{
				S3EncryptionMode: jsii.String("SSE-KMS"), KmsKeyArn: key,
			}},
		},
	})
}

func (c *DatabaseCopy) newPolicy(p *DatabaseCopyProps, target workflow.Location, script awss3assets.Asset) awsiam.ManagedPolicy {
	logs := cdkx.ARN(c, "logs", "log-group:"+cdkx.GlueJobLogs+"*")
	tag := workflow.Allow([]string{cdkx.ARN(c, "ec2", "network-interface/*")}, "ec2:CreateTags", "ec2:DeleteTags")
	tag.AddCondition(jsii.String("ForAllValues:StringEquals"), map[string]any{"aws:TagKeys": []string{"aws-glue-service-resource"}})
	statements := []awsiam.PolicyStatement{
		target.List(), target.Objects("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"), target.Encrypt(),
		workflow.Allow([]string{*cdkx.BucketARN(script.Bucket()) + "/" + *script.S3ObjectKey()}, "s3:GetObject"),
		workflow.Allow([]string{*p.Secret.SecretArn()}, "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"),
		workflow.Allow([]string{cdkx.ARN(c, "glue", "catalog"), cdkx.ARN(c, "glue", "connection/"+c.name)}, "glue:GetConnection"),
		workflow.Allow([]string{"*"}, "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
			"ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcAttribute", "ec2:DescribeVpcEndpoints"),
		tag,
		workflow.Allow([]string{logs, logs + ":*"}, "logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
		workflow.Allow([]string{"*"}, "cloudwatch:PutMetricData", "glue:GetSecurityConfiguration"),
	}
	if key := p.Secret.EncryptionKey(); key != nil {
		statements = append(statements, workflow.Allow([]string{*cdkx.KeyARN(key)}, "kms:Decrypt"))
	}
	policy := awsiam.NewManagedPolicy(c, jsii.String("Policy"), &awsiam.ManagedPolicyProps{
		Description: jsii.String("What a job that copies tables of a database may do"), Roles: &[]awsiam.IRole{c.role}, Statements: &statements,
	})
	cdkx.Acknowledge(cdkx.L1(policy), cdkx.Acknowledgement{
		Rule:   "AwsSolutions-IAM5",
		Reason: "Keys of files are not known before, and the wildcard ends at the folder of the copy. Network interfaces are made as the job runs, and neither they nor metrics can be named.",
	})
	return policy
}

// scriptAsset is the job's script; its hash is that of its text.
func scriptAsset(c constructs.Construct) awss3assets.Asset {
	folder, err := os.MkdirTemp("", "opendata-")
	cdkx.Fail(c, err)
	defer os.RemoveAll(folder) // the CDK has its copy then
	file := filepath.Join(folder, "copy_tables.py")
	cdkx.Fail(c, os.WriteFile(file, copyTables, 0o600))
	sum := sha256.Sum256(copyTables)
	return awss3assets.NewAsset(c, jsii.String("Script"), &awss3assets.AssetProps{
		Path: &file, AssetHashType: awscdk.AssetHashType_CUSTOM, AssetHash: jsii.String(hex.EncodeToString(sum[:])),
	})
}

func (p *DatabaseCopyProps) problems() problem.List {
	var list problem.List
	cdkx.CheckName(&list, "Name", p.Name, copyName, nameRule)
	p.checkURL(&list)
	for path, missing := range map[string]bool{"Secret": p.Secret == nil, "Subnet": p.Subnet == nil, "SecurityGroups": len(p.SecurityGroups) == 0} {
		if missing {
			list.Addf(path, "nothing", "what the job connects with", "set "+path)
		}
	}
	if len(p.Tables) == 0 {
		list.Addf("Tables", "nothing", "at least one table", `write for example {"chembl_25_public_docs": "public.docs"}`)
	}
	for _, folder := range slices.Sorted(maps.Keys(p.Tables)) {
		path := problem.Key("Tables", folder)
		if !folderName.MatchString(folder) {
			list.Addf(path, fmt.Sprintf("the folder %q", folder), "1 to 255 lower case letters, digits and _", "call it as the table of the catalogue")
		}
		if strings.TrimSpace(p.Tables[folder]) == "" {
			list.Addf(path, "nothing", "a table of the database", "name it with its schema, such as public.docs")
		}
	}
	target := workflow.At(p.Target.Bucket, p.Target.Prefix)
	target.Check(&list, "Target", "chembl_25/")
	if w := cdkx.Value(p.Workers, leastWorkers); w < leastWorkers || w != float64(int(w)) {
		list.Addf("Workers", fmt.Sprint(w), "a whole number from 2", "leave it out for 2")
	}
	return list.Sorted()
}

func (p *DatabaseCopyProps) checkURL(list *problem.List) {
	url := cdkx.Value(p.URL, "")
	for prefix, words := range tls {
		driver := strings.TrimSuffix(prefix, "@tcps:")
		switch {
		case !strings.HasPrefix(url, driver):
			continue
		case strings.Contains(strings.ToLower(url), "password="):
			list.Addf("URL", "a URL with a password", "a URL without one", "put user and password into the secret")
		case !strings.Contains(url, words):
			list.Addf("URL", fmt.Sprintf("%q, which does not ask for TLS with a checked certificate", url), "a URL with "+words, "add it, and let the database take nothing else")
		}
		return
	}
	list.Addf("URL", cdkx.Quote(url), "a JDBC URL of "+strings.Join(slices.Sorted(maps.Keys(tls)), ", "), "write it as the database's driver takes it")
}
