package query

import (
	"errors"
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

	// Key encrypts the results. A key of this app is extended for Athena; the policy
	// of another one must let encryption.athena.amazonaws.com use it. Required.
	Key awskms.IKey

	// AccessLogs has a bucket made here for the results, and receives its access
	// logs: for tools that read files, or need results for longer than a day.
	// Default: Athena keeps the results itself, for 24 hours.
	AccessLogs awss3.IBucket

	// Results is a bucket of your own for the results, instead of the one that
	// AccessLogs has made. Several workgroups may share it: each writes below a folder
	// of its own name. It must not be a registered Lake Formation location: Athena
	// writes results with the caller's own permissions.
	// Default: Athena keeps the results itself, for 24 hours.
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

	// DeleteHistory deletes the workgroup with the stack, and with it its saved
	// queries and its history.
	// Default: false, the workgroup stays. Athena refuses to delete one that has
	// saved queries or a history, which would leave the stack half deleted.
	DeleteHistory *bool
}

const (
	defaultResultsRetentionDays = 30
	defaultScanLimit            = 1 << 40
	minScanLimit                = 10_000_000
)

// workGroupName is the API's pattern ("CreateWorkGroup").
var workGroupName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)

const workGroupNameRule = "1 to 128 letters, digits, dots, underscores and hyphens"

func (p *WorkGroupProps) withDefaults() WorkGroupProps {
	out := cdkx.Value(p, WorkGroupProps{})
	limit := cdkx.Value(out.ScanLimitBytes, defaultScanLimit)
	out.ScanLimitBytes = &limit
	return out
}

func (p *WorkGroupProps) problems() problem.List {
	var list problem.List
	cdkx.CheckName(&list, "Name", p.Name, workGroupName, workGroupNameRule)
	cdkx.CheckLength(&list, "Description", p.Description, 1024)
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a KMS key", "pass the domain's key, LakeStorage.Key()")
	}
	if !cdkx.Missing(p.Results) && !cdkx.Missing(p.AccessLogs) {
		list.Addf("Results", "a bucket beside AccessLogs", "one of them",
			"give AccessLogs to have a results bucket made, Results to use your own, or neither and Athena keeps the results")
	}
	p.checkBucket(&list)
	cdkx.CheckWhole(&list, "ScanLimitBytes", p.ScanLimitBytes, "bytes", minScanLimit, 0, "leave it out for 1 TiB")
	return list
}

// checkBucket checks what is said about the bucket that is made here.
func (p *WorkGroupProps) checkBucket(list *problem.List) {
	const made = "only with AccessLogs, which has a bucket made here"
	if !cdkx.Missing(p.AccessLogs) {
		cdkx.CheckWhole(list, "ResultsRetentionDays", p.ResultsRetentionDays, "days", 1, 0, "leave it out for 30 days")
		return
	}
	if p.ResultsBucketName != nil {
		list.Addf("ResultsBucketName", cdkx.Quote(*p.ResultsBucketName), made, "set AccessLogs or remove it")
	}
	if p.ResultsRetentionDays != nil {
		list.Addf("ResultsRetentionDays", cdkx.Number(*p.ResultsRetentionDays), made, "set AccessLogs or remove it")
	}
}

// NamedQuery is a saved query.
type NamedQuery struct {
	// Name of 1 to 128 characters. Required.
	Name *string

	// Description is what the console shows; at most 1024 characters.
	// Default: none.
	Description *string

	// Database that unqualified table names mean. Required.
	Database *string

	// SQL of 1 to 262,144 bytes. Required.
	SQL *string
}

func (q NamedQuery) check() error {
	var errs []error
	within := func(field string, value *string, least, most int) {
		if n := len(cdkx.Value(value, "")); n < least || n > most {
			errs = append(errs, fmt.Errorf("query %q: %s: got %d bytes; expected %d to %d", cdkx.Value(q.Name, ""), field, n, least, most))
		}
	}
	within("Name", q.Name, 1, 128)
	if q.Description != nil {
		within("Description", q.Description, 1, 1024)
	}
	within("Database", q.Database, 1, 255)
	within("SQL", q.SQL, 1, 262_144)
	return errors.Join(errs...)
}
