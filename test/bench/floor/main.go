// Command floor synthesizes what a program would that uses the CDK for Go and no
// library: N domains with three zones, a catalog, three crawlers, registered locations
// and the grants on them. It is what the CDK itself costs.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	lf "github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	n, err := strconv.Atoi(os.Getenv("N"))
	if err != nil {
		log.Fatal(err)
	}
	defer jsii.Close()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(os.Getenv("OUT"))})
	for i := range n {
		domain(app, i)
	}
	app.Synth(nil)
}

var account = jsii.String("111111111111")

func domain(app awscdk.App, i int) {
	stack := awscdk.NewStack(app, jsii.String(fmt.Sprintf("Domain%d", i)), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: account, Region: jsii.String("eu-west-1")},
	})
	key := awskms.NewKey(stack, jsii.String("Key"), &awskms.KeyProps{EnableKeyRotation: jsii.Bool(true)})
	logs := awss3.NewBucket(stack, jsii.String("Logs"), &awss3.BucketProps{
		Encryption: awss3.BucketEncryption_S3_MANAGED, EnforceSSL: jsii.Bool(true), BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
	})
	locations := awsiam.NewRole(stack, jsii.String("LocationRole"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lakeformation.amazonaws.com"), nil),
	})
	crawlers := awsiam.NewRole(stack, jsii.String("CrawlerRole"), &awsiam.RoleProps{
		AssumedBy:       awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
		ManagedPolicies: &[]awsiam.IManagedPolicy{awsiam.ManagedPolicy_FromAwsManagedPolicyName(jsii.String("service-role/AWSGlueServiceRole"))},
	})
	for _, zone := range []string{"raw", "curated", "analytics"} {
		bucket := awss3.NewBucket(stack, jsii.String(zone), &awss3.BucketProps{
			Encryption: awss3.BucketEncryption_KMS, EncryptionKey: key, BucketKeyEnabled: jsii.Bool(true), Versioned: jsii.Bool(true),
			EnforceSSL: jsii.Bool(true), BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
			ServerAccessLogsBucket: logs, ServerAccessLogsPrefix: jsii.String(zone),
		})
		bucket.GrantReadWrite(locations, nil)
		bucket.GrantRead(crawlers, nil)
		lf.NewCfnResource(stack, jsii.String("Location"+zone), &lf.CfnResourceProps{
			ResourceArn: bucket.BucketArn(), UseServiceLinkedRole: jsii.Bool(false), RoleArn: locations.RoleArn(),
		})
		catalog(stack, zone, jsii.String(fmt.Sprintf("domain%d_%s", i, zone)), bucket, crawlers)
	}
}

// catalog makes a database with its crawler and the crawler's grants.
func catalog(stack awscdk.Stack, zone string, name *string, bucket awss3.Bucket, role awsiam.Role) {
	database := awsglue.NewCfnDatabase(stack, jsii.String("Database"+zone), &awsglue.CfnDatabaseProps{
		CatalogId: account, DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{Name: name, LocationUri: bucket.S3UrlForObject(nil)},
	})
	awsglue.NewCfnCrawler(stack, jsii.String("Crawler"+zone), &awsglue.CfnCrawlerProps{
		Role: role.RoleArn(), DatabaseName: name,
		Targets: &awsglue.CfnCrawler_TargetsProperty{S3Targets: &[]*awsglue.CfnCrawler_S3TargetProperty{{Path: bucket.S3UrlForObject(nil)}}},
	}).AddResourceDependency(database, nil)
	principal := &lf.CfnPrincipalPermissions_DataLakePrincipalProperty{DataLakePrincipalIdentifier: role.RoleArn()}
	grant := func(id string, resource *lf.CfnPrincipalPermissions_ResourceProperty, permissions ...string) lf.CfnPrincipalPermissions {
		return lf.NewCfnPrincipalPermissions(stack, jsii.String(id+zone), &lf.CfnPrincipalPermissionsProps{
			Principal: principal, Resource: resource, Permissions: jsii.Strings(permissions...), PermissionsWithGrantOption: jsii.Strings(),
		})
	}
	grant("GrantDatabase", &lf.CfnPrincipalPermissions_ResourceProperty{
		Database: &lf.CfnPrincipalPermissions_DatabaseResourceProperty{CatalogId: account, Name: name},
	}, "CREATE_TABLE", "DESCRIBE").AddResourceDependency(database, nil)
	grant("GrantTables", &lf.CfnPrincipalPermissions_ResourceProperty{
		Table: &lf.CfnPrincipalPermissions_TableResourceProperty{CatalogId: account, DatabaseName: name, TableWildcard: map[string]any{}},
	}, "SELECT", "ALTER", "DESCRIBE").AddResourceDependency(database, nil)
	grant("GrantFiles", &lf.CfnPrincipalPermissions_ResourceProperty{
		DataLocation: &lf.CfnPrincipalPermissions_DataLocationResourceProperty{CatalogId: account, ResourceArn: bucket.BucketArn()},
	}, "DATA_LOCATION_ACCESS")
}
