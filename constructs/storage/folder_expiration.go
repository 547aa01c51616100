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
	Prefix *string

	// AfterDays is the age at which current objects expire, in days, from 1; not
	// while S3 charges for the class that they have moved to, and not before an
	// ObjectLock ends. Required.
	AfterDays *float64
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
		prefix := cdkx.Value(f.Prefix, "")
		if !cdkx.IsFolder(prefix) || len(prefix) > maxPrefix {
			list.Addf(at+".Prefix", cdkx.Quote(prefix), folderSyntax, `write it like "fhir-exports/"`)
		}
		for j, earlier := range l.ExpireFolders[:i] {
			other := cdkx.Value(earlier.Prefix, "")
			if strings.HasPrefix(prefix, other) || strings.HasPrefix(other, prefix) {
				list.Addf(at+".Prefix", fmt.Sprintf("%s beside ExpireFolders[%d], %s", cdkx.Quote(prefix), j, cdkx.Quote(other)), "folders apart from each other", "leave one out: in S3 the shorter time would win")
			}
		}
		l.checkFolderDays(&list, at+".AfterDays", f.AfterDays)
	}
	return list
}

func (l Lifecycle) checkFolderDays(list *problem.List, path string, after *float64) {
	days, before := cdkx.Value(after, 0), len(*list)
	cdkx.CheckWhole(list, path, &days, "days", 1, 0, "say when the objects expire")
	if len(*list) > before {
		return
	}
	if all := cdkx.Value(l.ExpireDays, 0); all > 0 && days >= all {
		list.Addf(path, fmt.Sprintf("%s with ExpireDays %s", cdkx.Number(days), cdkx.Number(all)), fmt.Sprintf("less than %s, when all objects of the zone expire", cdkx.Number(all)), "expire the folder earlier, or leave it out")
	}
	for _, t := range l.Transitions {
		charged, moved := classes[t.StorageClass].charged, cdkx.Value(t.AfterDays, 0)
		if end := moved + charged; charged > 1 && days >= moved && days < end {
			list.Addf(path, fmt.Sprintf("%s, with a move to %s after %s", cdkx.Number(days), t.StorageClass, cdkx.Number(moved)), fmt.Sprintf("less than %s, or at least %s", cdkx.Number(moved), cdkx.Number(end)),
				fmt.Sprintf("expire the folder before the move or later: %s charges %s days at least", t.StorageClass, cdkx.Number(charged)))
		}
	}
}

// folderRules render the folders. Noncurrent versions and unfinished uploads are
// cleared away by the rule of the whole bucket.
func (l Lifecycle) folderRules() []*awss3.LifecycleRule {
	out := make([]*awss3.LifecycleRule, len(l.ExpireFolders))
	for i, f := range l.ExpireFolders {
		out[i] = &awss3.LifecycleRule{
			Id:         jsii.String(expireID + strings.TrimSuffix(*f.Prefix, "/")),
			Prefix:     f.Prefix,
			Expiration: awscdk.Duration_Days(f.AfterDays),
		}
	}
	return out
}
