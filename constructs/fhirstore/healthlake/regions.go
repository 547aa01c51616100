package healthlake

// Regions are those of "AWS HealthLake endpoints and quotas", sorted.
func Regions() []string {
	return []string{"ap-south-1", "ap-southeast-2", "ca-central-1", "eu-west-1", "eu-west-2", "us-east-1", "us-east-2", "us-west-2"}
}
