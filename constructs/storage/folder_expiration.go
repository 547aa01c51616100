package storage

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// FolderExpiration lets the objects of one folder expire, where a zone keeps all
// others: what is copied there again and again, such as exports.
//
// An expired object becomes noncurrent and goes for good after NoncurrentDays of the
// zone's Lifecycle. An object that moves to another class on the same day moves
// first and expires a day later. Copies made by Replication do not expire with it:
// give the zone of ReplicaStorage the same folders. Never name a folder of tables:
// their metadata would name files that are gone.
//
// Sources: "Expiring objects", "How Amazon S3 handles conflicts in lifecycle
// configurations".
type FolderExpiration struct {
	// Prefix is the folder, such as "fhir-exports/": letters, digits and any of
	// ._=-, without a slash before and with one behind, at most 248 characters.
	// Required.
	Prefix string

	// AfterDays is the age at which current objects expire, in days, from 1; not
	// while S3 charges for the class that they have moved to, and not before an
	// ObjectLock ends. Required.
	AfterDays int
}

const (
	expireID     = "expire-"
	maxPrefix    = 255 - len(expireID) // the id of a rule has at most 255 characters
	maxRules     = 1000                // in the lifecycle configuration of a bucket
	folderSyntax = "a folder of letters, digits and any of ._=-, without a slash before and with one behind, at most 248 characters"
)

// folderProblems are those of the folders of a lifecycle with its defaults.
func (l Lifecycle) folderProblems(path string) problem.List {
	var list problem.List
	if n := len(l.ExpireFolders); n >= maxRules {
		list.Addf(path+".ExpireFolders", fmt.Sprint(n), fmt.Sprintf("at most %d", maxRules-1), "name folders that hold several of them")
	}
	for i, f := range l.ExpireFolders {
		at := fmt.Sprintf("%s.ExpireFolders[%d]", path, i)
		if !cdkx.IsFolder(f.Prefix) || len(f.Prefix) > maxPrefix {
			list.Addf(at+".Prefix", fmt.Sprintf("%q", f.Prefix), folderSyntax, `write it like "fhir-exports/"`)
		}
		for j, other := range l.ExpireFolders[:i] {
			if strings.HasPrefix(f.Prefix, other.Prefix) || strings.HasPrefix(other.Prefix, f.Prefix) {
				list.Addf(at+".Prefix", fmt.Sprintf("%q beside ExpireFolders[%d], %q", f.Prefix, j, other.Prefix), "folders apart from each other", "leave one out: in S3 the shorter time would win")
			}
		}
		l.checkFolderDays(&list, at+".AfterDays", f.AfterDays)
	}
	return list
}

func (l Lifecycle) checkFolderDays(list *problem.List, path string, days int) {
	if days < 1 {
		list.Addf(path, fmt.Sprint(days), "a number of days from 1", "say when the objects expire")
		return
	}
	if l.ExpireDays > 0 && days >= l.ExpireDays {
		list.Addf(path, fmt.Sprintf("%d with ExpireDays %d", days, l.ExpireDays), fmt.Sprintf("less than %d, when all objects of the zone expire", l.ExpireDays), "expire the folder earlier, or leave it out")
	}
	for _, t := range l.Transitions {
		charged := classes[t.Class].charged
		if end := t.AfterDays + charged; charged > 1 && days >= t.AfterDays && days < end {
			list.Addf(path, fmt.Sprintf("%d, with a move to %s after %d", days, t.Class, t.AfterDays), fmt.Sprintf("less than %d, or at least %d", t.AfterDays, end), fmt.Sprintf("expire the folder before the move or later: %s charges %d days at least", t.Class, charged))
		}
	}
}

// folderRules render the folders. Noncurrent versions and unfinished uploads are
// cleared away by the rule of the whole bucket.
func (l Lifecycle) folderRules() []*awss3.LifecycleRule {
	out := make([]*awss3.LifecycleRule, len(l.ExpireFolders))
	for i, f := range l.ExpireFolders {
		out[i] = &awss3.LifecycleRule{
			Id:         jsii.String(expireID + strings.TrimSuffix(f.Prefix, "/")),
			Prefix:     jsii.String(f.Prefix),
			Expiration: awscdk.Duration_Days(jsii.Number(f.AfterDays)),
		}
	}
	return out
}
