package governance

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

type ResourceLinkProps struct {
	Name, TargetAccount, TargetDatabase, TargetRegion *string
}

type ResourceLink struct {
	constructs.Construct
	resource awsglue.CfnDatabase
}

func NewResourceLink(scope constructs.Construct, id *string, props *ResourceLinkProps) *ResourceLink {
	l := &ResourceLink{}
	constructs.NewConstruct_Override(l, scope, id)
	l.resource = awsglue.NewCfnDatabase(l, jsii.String("Resource"), &awsglue.CfnDatabaseProps{
		CatalogId: awscdk.Stack_Of(l).Account(),
		DatabaseInput: &awsglue.CfnDatabase_DatabaseInputProperty{
			Name:           props.Name,
			TargetDatabase: &awsglue.CfnDatabase_DatabaseIdentifierProperty{CatalogId: props.TargetAccount, DatabaseName: props.TargetDatabase, Region: props.TargetRegion},
		},
	})
	return l
}

func (l *ResourceLink) Cfn() awsglue.CfnDatabase { return l.resource }
