package storage

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// StorageClass is a storage class that objects move to as they age. S3 One Zone-IA is
// not among them: it keeps the only copy in one Availability Zone.
type StorageClass string //nolint:revive // as CloudFormation and the CDK name it

// The storage classes, in the only order in which objects move through them
// ("Transitioning objects using Amazon S3 Lifecycle").
const (
	// StandardIA is Standard-Infrequent Access: at once readable, priced per read;
	// objects must be 30 days old and 30 days are charged.
	StandardIA StorageClass = "STANDARD_IA"
	// IntelligentTiering moves objects between tiers by how they are used.
	IntelligentTiering StorageClass = "INTELLIGENT_TIERING"
	// GlacierInstantRetrieval is at once readable; 90 days are charged.
	GlacierInstantRetrieval StorageClass = "GLACIER_IR"
	// GlacierFlexibleRetrieval must be restored before reading, in minutes to
	// hours; 90 days are charged. Queries skip or fail on what is in it.
	GlacierFlexibleRetrieval StorageClass = "GLACIER"
	// GlacierDeepArchive must be restored before reading, in up to 48 hours; 180
	// days are charged.
	GlacierDeepArchive StorageClass = "DEEP_ARCHIVE"
)

// Transition moves objects to a storage class.
type Transition struct {
	// AfterDays is the age of the objects that move, in days, from 1, or from 30
	// for StandardIA. Required.
	AfterDays *float64

	// StorageClass is where they move to. Required.
	StorageClass StorageClass
}

// Lifecycle says how the objects of a zone age. The zero value is the zone's
// default.
type Lifecycle struct {
	// Transitions move current objects to cheaper classes: each later than the one
	// before, further down the list of classes, and not before the minimum that S3
	// charges for the class has passed (30 days StandardIA, 90 days
	// GlacierInstantRetrieval and GlacierFlexibleRetrieval).
	// Default: raw StandardIA after 90 days and GlacierInstantRetrieval after 365;
	// the other zones IntelligentTiering after 30.
	Transitions []Transition

	// DisableTransitions keeps objects in S3 Standard.
	// Default: objects move.
	DisableTransitions *bool

	// ExpireDays is the age at which current objects expire, in days. It must be
	// later than the last transition by the minimum that S3 charges for its class.
	// In a versioned bucket the object becomes noncurrent and goes after
	// NoncurrentDays. Never use it below Iceberg or other table formats: their
	// metadata would name files that are gone.
	// Default: objects never expire.
	ExpireDays *float64

	// ExpireFolders are folders whose objects expire earlier than the zone's, or at
	// all; apart from each other, at most 999.
	// Default: none.
	ExpireFolders []FolderExpiration

	// NoncurrentDays is how long overwritten and deleted objects can be brought
	// back, in days.
	// Default: 90 in raw, 30 in the other zones.
	NoncurrentDays *float64

	// NoncurrentVersions is how many of the newest noncurrent versions are kept
	// beyond NoncurrentDays, 1 to 100.
	// Default: none.
	NoncurrentVersions *float64

	// AbortUploadDays is after how many days an unfinished multipart upload is
	// cleared away.
	// Default: 7.
	AbortUploadDays *float64
}

// classes says how far down the waterfall a class stands, the least age of
// objects that move to it, and the days that S3 charges at least.
var classes = map[StorageClass]struct{ rank, minAge, charged float64 }{
	StandardIA:               {1, 30, 30},
	IntelligentTiering:       {2, 1, 1},
	GlacierInstantRetrieval:  {3, 1, 90},
	GlacierFlexibleRetrieval: {4, 1, 90},
	GlacierDeepArchive:       {5, 1, 180},
}

const maxNoncurrentVersions = 100

func (l *Lifecycle) withDefaults(ofZone Lifecycle) Lifecycle {
	out := cdkx.Value(l, Lifecycle{})
	if out.Transitions == nil && !cdkx.Value(out.DisableTransitions, false) {
		out.Transitions = ofZone.Transitions
	}
	if out.NoncurrentDays == nil {
		out.NoncurrentDays = ofZone.NoncurrentDays
	}
	if out.AbortUploadDays == nil {
		out.AbortUploadDays = jsii.Number(7)
	}
	return out
}

// problems are those of a lifecycle with its defaults, at a path.
func (l Lifecycle) problems(path string) problem.List {
	var list problem.List
	if cdkx.Value(l.DisableTransitions, false) && l.Transitions != nil {
		list.Addf(path+".DisableTransitions", "true beside Transitions", "one of the two", "leave one out")
	}
	last, earliest := StorageClass(""), 1.0
	for i, t := range l.Transitions {
		at := fmt.Sprintf("%s.Transitions[%d]", path, i)
		class, known := classes[t.StorageClass]
		if !known {
			list.Addf(at+".StorageClass", cdkx.Quote(t.StorageClass), fmt.Sprintf("one of %v", classNames()), unknownClassFix(t.StorageClass))
			continue
		}
		if last != "" && class.rank <= classes[last].rank {
			list.Addf(at+".StorageClass", fmt.Sprintf("%s after %s", t.StorageClass, last), fmt.Sprintf("a class further down %v", classNames()), "reorder the transitions or leave one out")
		}
		if t.AfterDays == nil {
			list.Addf(at+".AfterDays", "nothing", "a whole number of days from "+cdkx.Number(max(earliest, class.minAge)), "say when the objects move")
			continue
		}
		cdkx.CheckWhole(&list, at+".AfterDays", t.AfterDays, "days", max(earliest, class.minAge), 0, minimumFix(last))
		last, earliest = t.StorageClass, *t.AfterDays+class.charged
	}
	cdkx.CheckWhole(&list, path+".ExpireDays", l.ExpireDays, "days", earliest, 0, minimumFix(last))
	list = append(list, l.folderProblems(path)...)
	cdkx.CheckWhole(&list, path+".NoncurrentDays", l.NoncurrentDays, "days", 1, 0, "leave it out for the default")
	cdkx.CheckWhole(&list, path+".AbortUploadDays", l.AbortUploadDays, "days", 1, 0, "leave it out for the default")
	cdkx.CheckWhole(&list, path+".NoncurrentVersions", l.NoncurrentVersions, "", 1, maxNoncurrentVersions, "leave it out to keep none")
	return list
}

func minimumFix(last StorageClass) string {
	if last == "" {
		return "move it later"
	}
	return fmt.Sprintf("move it later, or change the transition to %s, which charges %s days at least", last, cdkx.Number(classes[last].charged))
}

func unknownClassFix(class StorageClass) string {
	if class == "ONEZONE_IA" {
		return "use StandardIA: health data needs more than one Availability Zone"
	}
	return "use a constant of this package"
}

func classNames() []StorageClass {
	return []StorageClass{StandardIA, IntelligentTiering, GlacierInstantRetrieval, GlacierFlexibleRetrieval, GlacierDeepArchive}
}

// rules renders a lifecycle: a rule for the whole bucket, and one for each folder
// that expires.
func (l Lifecycle) rules(scope constructs.Construct) *[]*awss3.LifecycleRule {
	out := append([]*awss3.LifecycleRule{l.rule(scope)}, l.folderRules()...)
	return &out
}

// rule renders what holds for the whole bucket. By default it moves cold data to cheaper storage and
// clears away what no reader can see; it expires current objects only where a
// caller asks for it: table formats would lose files that their metadata still
// names.
func (l Lifecycle) rule(scope constructs.Construct) *awss3.LifecycleRule {
	rule := &awss3.LifecycleRule{
		Id:                                  jsii.String("tier-and-tidy"),
		NoncurrentVersionExpiration:         cdkx.Days(scope, *l.NoncurrentDays),
		AbortIncompleteMultipartUploadAfter: cdkx.Days(scope, *l.AbortUploadDays),
	}
	rule.NoncurrentVersionsToRetain = l.NoncurrentVersions
	if l.ExpireDays != nil {
		rule.Expiration = cdkx.Days(scope, *l.ExpireDays)
	}
	if len(l.Transitions) > 0 {
		transitions := make([]*awss3.Transition, len(l.Transitions))
		for i, t := range l.Transitions {
			transitions[i] = &awss3.Transition{
				StorageClass:    cdkx.StorageClass(scope, string(t.StorageClass)),
				TransitionAfter: cdkx.Days(scope, *t.AfterDays),
			}
		}
		rule.Transitions = &transitions
	}
	return rule
}

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
