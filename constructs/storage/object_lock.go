package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// LockMode is who may shorten or lift a lock.
type LockMode string

const (
	// Governance lets principals with s3:BypassGovernanceRetention lift a lock.
	Governance LockMode = "GOVERNANCE"
	// Compliance lets nobody lift a lock, not even the account's root user.
	Compliance LockMode = "COMPLIANCE"
)

// ObjectLock keeps every new object version from being overwritten or deleted
// for a while. Decide on it when the bucket is made and never remove it: S3 does
// not turn it off again, and a lock on files of table formats stops their
// maintenance from clearing old ones away. The bucket for access logs has none,
// because S3 delivers no logs to a bucket with a default retention.
//
// Source: "Locking objects with Object Lock", "Object Lock considerations";
// rules 8.2 and 8.5.
type ObjectLock struct {
	// Mode is Governance or Compliance. Required.
	Mode LockMode

	// Days is how long a version is locked from its upload, in days, 1 to 36500
	// (a hundred years, the most that S3 takes). Required.
	Days *float64
}

const maxLockDays = 36500

func (l *ObjectLock) problems(path string) problem.List {
	var list problem.List
	if l == nil {
		return nil
	}
	if l.Mode != Governance && l.Mode != Compliance {
		list.Addf(path+".Mode", cdkx.Quote(l.Mode), "GOVERNANCE or COMPLIANCE", "use a constant of this package")
	}
	if l.Days == nil {
		list.Addf(path+".Days", "nothing", "a whole number of days from 1 to 36500", "say how long versions are locked")
	}
	cdkx.CheckWhole(&list, path+".Days", l.Days, "days", 1, maxLockDays, "correct it")
	return list
}

func (l *ObjectLock) apply(props *awss3.BucketProps) {
	if l == nil {
		return
	}
	days := awscdk.Duration_Days(l.Days)
	props.ObjectLockEnabled = jsii.Bool(true)
	props.ObjectLockDefaultRetention = awss3.ObjectLockRetention_Governance(days)
	if l.Mode == Compliance {
		props.ObjectLockDefaultRetention = awss3.ObjectLockRetention_Compliance(days)
	}
}
