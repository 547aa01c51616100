package omics_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/omics"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func ExampleNewWorkflow() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Genomics"), &awscdk.StackProps{TerminationProtection: jsii.Bool(true)})
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	folder := func(prefix string) storage.S3Location {
		return storage.S3Location{Bucket: lake.Zone(ontology.Raw), Prefix: jsii.String(prefix)}
	}
	scientist := awsiam.NewRole(stack, jsii.String("Scientist"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})

	// Genomes and reads, each store retained and encrypted with the lake's key.
	references := omics.NewReferenceStore(stack, jsii.String("References"), &omics.ReferenceStoreProps{
		Name: jsii.String("references"), Key: lake.Key(),
	})
	reads := omics.NewSequenceStore(stack, jsii.String("Reads"), &omics.SequenceStoreProps{
		Name: jsii.String("reads"), Key: lake.Key(), PropagatedSetLevelTags: []string{"study"},
	})
	imports := omics.NewImportRole(stack, jsii.String("ImportRole"), &omics.ImportRoleProps{Input: folder("fastq/")})
	reads.GrantImport(scientist, imports.Role())

	// The first definition stays as it is; each change of the files is a version.
	germline := omics.NewWorkflow(stack, jsii.String("Germline"), &omics.WorkflowProps{
		Name: jsii.String("germline"),
		Definition: omics.Definition{
			URI: jsii.String("s3://riverside-workflows/germline-1.0.0.zip"), Engine: omics.WDL,
			Parameters: map[string]omics.Parameter{"reads": {Description: jsii.String("read set of one sample")}},
		},
	})
	omics.NewWorkflowVersion(stack, jsii.String("Current"), &omics.WorkflowVersionProps{
		Workflow: germline, Definition: omics.Definition{Path: jsii.String("testdata/germline"), Engine: omics.WDL},
	})

	// Runs are limited, repeat no task that succeeded, and reach what is named here.
	group := omics.NewRunGroup(stack, jsii.String("Group"), &omics.RunGroupProps{
		Name: jsii.String("germline"), MaxCpus: jsii.Number(256), MaxRuns: jsii.Number(10), MaxDuration: awscdk.Duration_Hours(jsii.Number(24)),
	})
	cache := omics.NewRunCache(stack, jsii.String("Cache"), &omics.RunCacheProps{Name: jsii.String("germline"), Location: folder("run-cache/")})
	role := omics.NewRunRole(stack, jsii.String("RunRole"), &omics.RunRoleProps{
		Output: folder("vcf/"), Cache: cache,
		SequenceStores: []omics.ISequenceStore{reads}, ReferenceStores: []omics.IReferenceStore{references},
		Repositories: []awsecr.IRepository{awsecr.NewRepository(stack, jsii.String("Images"), nil)},
	})
	germline.GrantRun(scientist, &omics.RunOptions{Role: role.Role(), Group: group, Cache: cache})

	template := assertions.Template_FromStack(stack, nil)
	for _, kind := range []string{"ReferenceStore", "SequenceStore", "Workflow", "WorkflowVersion", "RunGroup", "RunCache"} {
		fmt.Println(len(*template.FindResources(jsii.String("AWS::Omics::"+kind), nil)), kind)
	}
	// Output:
	// 1 ReferenceStore
	// 1 SequenceStore
	// 1 Workflow
	// 1 WorkflowVersion
	// 1 RunGroup
	// 1 RunCache
}
