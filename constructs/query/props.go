package query

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// WorkGroupProps configures a WorkGroup.
type WorkGroupProps struct {
	// Name of the workgroup: letters, digits and ._- , at most 128. Required.
	Name *string

	// Description is what the console shows; at most 1024 characters.
	// Default: none.
	Description *string

	// Key encrypts the results. Required.
	Key awskms.IKey

	// AccessLogs receives the access logs of the results bucket that is made here.
	// Default: none; then give Results, a bucket whose access you log yourself.
	AccessLogs awss3.IBucket

	// Results is the bucket for query results. It must not be a registered Lake
	// Formation location: Athena writes results with the caller's own permissions.
	// Default: a new bucket, private, encrypted with Key, versioned, retained.
	Results awss3.IBucket

	// ResultsBucketName fixes the name of the bucket that is made here.
	// Default: CloudFormation generates it.
	ResultsBucketName *string

	// ResultsRetentionDays is how long results are kept in the bucket that is made
	// here, in days, from 1.
	// Default: 30.
	ResultsRetentionDays *float64

	// ScanLimitBytes stops a query that scans more; at least 10,000,000.
	// Default: 1 TiB, at Athena's list price about five US dollars.
	ScanLimitBytes *float64
}

const (
	defaultResultsRetentionDays = 30
	defaultScanLimit            = 1 << 40
	minScanLimit                = 10_000_000
)

// workGroupName is the API's pattern ("CreateWorkGroup").
var workGroupName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)

func (p *WorkGroupProps) withDefaults() WorkGroupProps {
	out := WorkGroupProps{}
	if p != nil {
		out = *p
	}
	days := cdkx.Value(out.ResultsRetentionDays, defaultResultsRetentionDays)
	out.ResultsRetentionDays = &days
	limit := cdkx.Value(out.ScanLimitBytes, defaultScanLimit)
	out.ScanLimitBytes = &limit
	return out
}

func (p *WorkGroupProps) problems() problem.List {
	var list problem.List
	if name := cdkx.Value(p.Name, ""); !workGroupName.MatchString(name) {
		list.Addf("Name", fmt.Sprintf("%q", name), "1 to 128 letters, digits, dots, underscores and hyphens", "set Name")
	}
	if n := len(cdkx.Value(p.Description, "")); n > 1024 {
		list.Addf("Description", fmt.Sprintf("%d characters", n), "at most 1024", "shorten it")
	}
	if p.Key == nil {
		list.Addf("Key", "nothing", "a KMS key", "pass the domain's key, LakeStorage.Key()")
	}
	if (p.Results == nil) == (p.AccessLogs == nil) {
		list.Addf("Results", "both or neither of Results and AccessLogs", "one of them",
			"give AccessLogs to have a results bucket made, or Results to use your own")
	}
	if p.Results != nil && p.ResultsBucketName != nil {
		list.Addf("ResultsBucketName", fmt.Sprintf("%q beside Results", *p.ResultsBucketName), "a name only for the bucket that is made here", "remove one of them")
	}
	if days := *p.ResultsRetentionDays; days < 1 || days != float64(int(days)) {
		list.Addf("ResultsRetentionDays", fmt.Sprint(days), "a whole number of days from 1", "leave it out for 30 days")
	}
	if limit := *p.ScanLimitBytes; limit < minScanLimit {
		list.Addf("ScanLimitBytes", fmt.Sprintf("%.0f", limit), fmt.Sprintf("at least %d", minScanLimit), "leave it out for 1 TiB")
	}
	return list
}
