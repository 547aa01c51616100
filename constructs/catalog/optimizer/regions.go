package optimizer

// Regions are those of "Supported Regions for table optimizers", sorted.
func Regions() []string {
	return []string{
		"ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ca-central-1",
		"eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "sa-east-1", "us-east-1", "us-east-2", "us-west-2",
	}
}

// TablesPerPolicy is of how many tables a managed policy of an optimizer role speaks: more
// would pass its limit of 6144 characters.
const TablesPerPolicy = 10
