package healthomics

// StoreRegions are those with reference and sequence stores, sorted.
// Source: CloudFormation's schemas of AWS::Omics::SequenceStore, November 2026.
func StoreRegions() []string {
	return []string{"ap-southeast-1", "eu-central-1", "eu-west-1", "eu-west-2", "il-central-1", "us-east-1", "us-west-2"}
}

// WorkflowRegions are those with workflows, run groups and run caches, sorted.
// Source: CloudFormation's schemas of AWS::Omics::Workflow, November 2026.
func WorkflowRegions() []string {
	return []string{
		"ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "eu-central-1", "eu-west-1", "eu-west-2", "il-central-1",
		"us-east-1", "us-east-2", "us-west-2",
	}
}
