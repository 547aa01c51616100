package storage

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// LakeStorageProps configures a LakeStorage. The zero value is complete.
type LakeStorageProps struct {
	// BucketNames fixes the names of the buckets. Names are global: give them only
	// where other stacks or accounts have to know them.
	// Default: CloudFormation generates every name.
	BucketNames *BucketNames

	// Key encrypts the zone buckets. Its policy must let the principals that use
	// the buckets use it.
	// Default: a new customer managed key, rotated every year and retained.
	Key awskms.IKey

	// KeyAlias is the alias of the key that is made when Key is nil, without "alias/".
	// Default: no alias.
	KeyAlias *string

	// LogRetentionDays is how long access logs are kept, in days, from 1.
	// Default: 2192, the six years for which HIPAA asks to keep records
	// (45 CFR 164.316(b)(2)(i)).
	LogRetentionDays *float64
}

// BucketNames are the names of a lake's buckets; an empty one is generated.
type BucketNames struct {
	Raw       string
	Curated   string
	Analytics string
	Logs      string
}

func (n BucketNames) zone(z ontology.Zone) string {
	switch z {
	case ontology.Raw:
		return n.Raw
	case ontology.Curated:
		return n.Curated
	default:
		return n.Analytics
	}
}

const defaultLogRetentionDays = 2192

// bucketName is S3's general purpose bucket naming rule without dots, which
// break TLS certificates ("Bucket naming rules").
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)

func (p *LakeStorageProps) withDefaults() LakeStorageProps {
	out := LakeStorageProps{}
	if p != nil {
		out = *p
	}
	if out.BucketNames == nil {
		out.BucketNames = &BucketNames{}
	}
	days := cdkx.Value(out.LogRetentionDays, defaultLogRetentionDays)
	out.LogRetentionDays = &days
	return out
}

func (p *LakeStorageProps) problems() problem.List {
	var list problem.List
	seen := map[string]string{}
	for _, named := range []struct{ path, name string }{
		{"BucketNames.Raw", p.BucketNames.Raw},
		{"BucketNames.Curated", p.BucketNames.Curated},
		{"BucketNames.Analytics", p.BucketNames.Analytics},
		{"BucketNames.Logs", p.BucketNames.Logs},
	} {
		if named.name == "" || cdkx.IsToken(named.name) {
			continue
		}
		if !bucketName.MatchString(named.name) {
			list.Addf(named.path, fmt.Sprintf("%q", named.name),
				"3 to 63 lower case letters, digits and hyphens, with a letter or digit at both ends", "choose another name")
		}
		if other, taken := seen[named.name]; taken {
			list.Addf(named.path, fmt.Sprintf("%q, as %s", named.name, other), "a name of its own", "choose another name")
		}
		seen[named.name] = named.path
	}
	if *p.LogRetentionDays < 1 || *p.LogRetentionDays != float64(int(*p.LogRetentionDays)) {
		list.Addf("LogRetentionDays", fmt.Sprint(*p.LogRetentionDays), "a whole number of days from 1", "leave it out for six years")
	}
	if p.Key != nil && p.KeyAlias != nil {
		list.Addf("KeyAlias", fmt.Sprintf("%q beside Key", *p.KeyAlias), "an alias only for the key that is made here", "give the alias to your own key")
	}
	return list
}
