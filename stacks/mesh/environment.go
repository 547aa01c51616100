package mesh

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

// Environment is an account and a region.
type Environment struct {
	Account string // 12-digit id
	Region  string // name of the AWS region
}

// String names the environment as people say it: account/region.
func (e Environment) String() string { return fmt.Sprintf("%s/%s", e.Account, e.Region) }

func compareEnvironments(a, b Environment) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region))
}

var accountID = regexp.MustCompile(`^\d{12}$`)

// accountWord is the name of an account of the stage where an ARN has its
// account id, in braces.
var accountWord = regexp.MustCompile(`\{([^{}]*)\}`)

// accountOf is the account id in an ARN, or "".
func accountOf(arn string) string {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) < 6 {
		return ""
	}
	return fields[4]
}

// Regions returns every AWS region that a stage can name, sorted. A mesh names its
// region in full, and a misspelt one would only be noticed by the deployment.
func Regions() []string {
	return []string{
		"af-south-1",
		"ap-east-1", "ap-east-2",
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
		"ap-south-1", "ap-south-2",
		"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
		"ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"ca-central-1", "ca-west-1",
		"cn-north-1", "cn-northwest-1",
		"eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
		"eu-west-1", "eu-west-2", "eu-west-3",
		"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
		"us-east-1", "us-east-2",
		"us-gov-east-1", "us-gov-west-1",
		"us-west-1", "us-west-2",
	}
}

// Partition returns the AWS partition of a region, such as aws or aws-us-gov.
func Partition(region string) string { return template.PartitionOf(region).Name }
