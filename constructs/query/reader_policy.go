package query

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ReaderPolicyProps configures NewReaderPolicy.
type ReaderPolicyProps struct {
	// WorkGroup is where the reader queries. Required.
	WorkGroup IWorkGroup

	// Reader is whom the policy is for, as Lake Formation knows principals. The use of the
	// workgroup is allowed to a role or a user alone, wherever the policy is attached;
	// groups and accounts cannot be told from one request.
	// Default: whoever the policy is attached to.
	Reader *string

	// ForeignCatalogs are the encrypted catalogs elsewhere that the reader reads tables of.
	// Default: none.
	ForeignCatalogs []ForeignCatalog

	// PolicyName fixes the name of the policy.
	// Default: CloudFormation generates it.
	PolicyName *string

	// Description of the policy: who attaches it to whom. It cannot be changed later.
	// Default: none.
	Description *string
}

// NewReaderPolicy makes a managed policy for someone who queries in a workgroup of
// their own, to be attached by whoever owns the role or the user. What the reader sees
// is granted in Lake Formation.
//
// It panics with every problem of the props at once.
// Source: "aws:PrincipalArn".
func NewReaderPolicy(scope constructs.Construct, id *string, props *ReaderPolicyProps) awsiam.ManagedPolicy {
	p := cdkx.Value(props, ReaderPolicyProps{})
	var list problem.List
	if cdkx.Missing(p.WorkGroup) {
		list.Addf("WorkGroup", "nothing", "a workgroup", "set WorkGroup")
	}
	cdkx.Check(scope, id, list)

	statements := append(p.WorkGroup.statements(), foreignCatalogs(scope, p.ForeignCatalogs)...)
	reader, err := lakeformation.ParsePrincipal(cdkx.Value(p.Reader, ""))
	if err == nil && (reader.Kind == lakeformation.IAMRole || reader.Kind == lakeformation.IAMUser) {
		statements[0].Only("ArnEquals", "aws:PrincipalArn", p.Reader)
	}
	policy := awsiam.NewManagedPolicy(scope, id, &awsiam.ManagedPolicyProps{
		ManagedPolicyName: p.PolicyName, Description: p.Description, Document: cdkx.Document(statements),
	})
	cdkx.Acknowledge(cdkx.L1(policy), reviewedWildcards)
	return policy
}

// ForeignCatalog is the encrypted Glue catalog of another account or region, whose
// tables are read through links.
type ForeignCatalog struct {
	// Account and Region of the catalog. Required.
	Account, Region *string

	// KeyAlias is the alias of the key that encrypts it, without "alias/". Required.
	KeyAlias *string
}

// foreignCatalogs lets a principal use the keys of catalogs, through Glue only. The id
// of a key is not known before it is made, so its alias says which one (rule 5.7).
// Source: "Allowing users in other accounts to use a KMS key", "kms:ResourceAliases".
func foreignCatalogs(scope constructs.Construct, catalogs []ForeignCatalog) []cdkx.Statement {
	var out []cdkx.Statement
	for i, c := range catalogs {
		key := "arn:" + *cdkx.Partition(scope) + ":kms:" + *c.Region + ":" + *c.Account + ":key/*"
		out = append(out, cdkx.Allow(fmt.Sprintf("ForeignCatalogKey%d", i), []string{key}, "kms:Decrypt", "kms:DescribeKey").
			Only("StringEquals", "kms:ViaService", cdkx.ViaService(cdkx.StackOf(scope), "glue", *c.Region)).
			Only("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/"+*c.KeyAlias))
	}
	return out
}

// reviewedWildcards is why the wildcards of the policies here stay.
var reviewedWildcards = cdkx.Acknowledgement{
	Rule: "AwsSolutions-IAM5",
	Reason: "The wildcards stand for the objects of the domain's own buckets, and for catalog calls " +
		"whose tables Lake Formation grants one by one; no other domain's files are in reach.",
}
