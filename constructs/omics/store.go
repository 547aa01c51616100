package omics

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// The actions of each grant on stores.
// Source: "Actions, resources, and condition keys for AWS HealthOmics".
var (
	readReferences   = []string{"omics:GetReference", "omics:GetReferenceMetadata", "omics:GetReferenceStore", "omics:ListReferences"}
	importReferences = []string{"omics:GetReferenceImportJob", "omics:GetReferenceStore", "omics:ListReferenceImportJobs", "omics:StartReferenceImportJob"}
	readReads        = []string{
		"omics:GetReadSet", "omics:GetReadSetActivationJob", "omics:GetReadSetMetadata", "omics:GetSequenceStore", "omics:ListReadSets",
		"omics:StartReadSetActivationJob",
	}
	importReads = []string{"omics:GetReadSetImportJob", "omics:GetSequenceStore", "omics:ListReadSetImportJobs", "omics:StartReadSetImportJob"}
	uploadReads = []string{
		"omics:AbortMultipartReadSetUpload", "omics:CompleteMultipartReadSetUpload", "omics:CreateMultipartReadSetUpload",
		"omics:ListMultipartReadSetUploads", "omics:ListReadSetUploadParts", "omics:UploadReadSetPart",
	}
)

// readKey are the uses of a store's key that go with reading.
// Source: "Data protection in AWS HealthOmics".
func readKey() []*string { return *jsii.Strings("kms:Decrypt", "kms:DescribeKey") }

// writeKey are those that go with writing.
func writeKey() []*string {
	return *jsii.Strings("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
}

// keepStore retains a store, guards it, and warns where its stack can be deleted.
func keepStore(store constructs.Construct, resource awscdk.CfnResource, kind string) {
	cdkx.Retain(resource)
	cdkx.RegistryOf(store).Guard(store, resource)
	if !cdkx.Value(cdkx.StackOf(store).TerminationProtection(), false) {
		cdkx.Warn(store, "lakemesh:omics:terminationProtection",
			"The stack of a "+kind+" store has no termination protection; set TerminationProtection in its props")
	}
}

// grantImport lets the grantee start and follow imports into a store.
func grantImport(store constructs.Construct, grantee awsiam.IGrantable, role awsiam.IRole, key awskms.IKey, arn string, actions []string) awsiam.Grant {
	cdkx.Argument(store, "grantee", grantee, aGrantee)
	cdkx.Argument(store, "role", role, "the role that imports read with, such as that of an ImportRole")
	grantee.GrantPrincipal().AddToPrincipalPolicy(workflow.PassRole(role, service))
	key.Grant(grantee, writeKey()...)
	return cdkx.Allow("", []string{arn}, actions...).Grant(grantee)
}

var storeARN = regexp.MustCompile(`^arn:aws[a-z-]*:omics:[a-z0-9-]+:[0-9]{12}:(referenceStore|sequenceStore)/[0-9]{10,36}$`)

// checkStoreARN reports what is wrong with the ARN and the key of a store that exists.
func checkStoreARN(list *problem.List, scope constructs.Construct, path, kind string, arn *string, key awskms.IKey) {
	switch {
	case arn == nil:
		list.Addf(path, "nothing", "the ARN of a store", "copy it from the stores of HealthOmics")
	case !cdkx.HoldsToken(*arn) && (!storeARN.MatchString(*arn) || !strings.Contains(*arn, ":"+kind+"/")):
		list.Addf(path, cdkx.Quote(*arn), "an ARN like arn:aws:omics:us-east-1:111111111111:"+kind+"/1234567890", "copy it from the stores of HealthOmics")
	default:
		cdkx.CheckPartition(list, scope, path, *arn)
	}
	if cdkx.Missing(key) {
		list.Addf("Key", "nothing", "the key that encrypts the store", "set Key, for example by awskms.Key_FromKeyArn")
	}
}

// idOf is the id that the ARN of a store ends with.
func idOf(arn string) string {
	if !cdkx.HoldsToken(arn) {
		return arn[strings.LastIndex(arn, "/")+1:]
	}
	return *awscdk.Fn_Select(jsii.Number(1), awscdk.Fn_Split(jsii.String("/"), &arn, nil))
}
