package storage

import (
	"fmt"
	"regexp"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// bucketName is S3's general purpose bucket naming rule without dots, which
// break TLS certificates ("Bucket naming rules").
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)

const (
	maxBucketName  = 63
	bucketNameRule = "3 to 63 lower case letters, digits and hyphens, with a letter or digit at both ends"
)

// BucketNames are the names of a lake's buckets. A name may hold tokens, such as
// the account's.
type BucketNames struct {
	// Raw is the bucket for data as it arrives.
	// Default: a generated name.
	Raw *string

	// Curated is the bucket for typed and checked data.
	// Default: a generated name.
	Curated *string

	// Analytics is the bucket for data shaped for consumers.
	// Default: a generated name.
	Analytics *string

	// Logs is the bucket for access logs.
	// Default: a generated name.
	Logs *string
}

// NewBucketNames names the bucket of each zone, and that of the access logs.
func NewBucketNames(zones map[ontology.Zone]string, logs string) *BucketNames {
	return &BucketNames{
		Raw:       jsii.String(zones[ontology.Raw]),
		Curated:   jsii.String(zones[ontology.Curated]),
		Analytics: jsii.String(zones[ontology.Analytics]),
		Logs:      jsii.String(logs),
	}
}

type namedField struct {
	zone ontology.Zone // "" is none, for the logs
	path string
	name *string
}

func (n BucketNames) fields() []namedField {
	return []namedField{
		{ontology.Raw, "BucketNames.Raw", n.Raw},
		{ontology.Curated, "BucketNames.Curated", n.Curated},
		{ontology.Analytics, "BucketNames.Analytics", n.Analytics},
		{"", "BucketNames.Logs", n.Logs},
	}
}

// named says which field of a lake's BucketNames has a name.
func (n BucketNames) named() map[string]string {
	out := map[string]string{}
	for _, f := range n.fields() {
		if f.name != nil {
			out[*f.name] = f.path
		}
	}
	return out
}

// kindBucket is what the registry of a stack knows the names of.
const kindBucket = "bucket"

// taken are names that another construct of the stack has.
func (n BucketNames) taken(registry *cdkx.Registry) problem.List {
	var list problem.List
	for _, f := range n.fields() {
		registry.CheckTaken(&list, f.path, kindBucket, f.name)
	}
	return list
}

func (n BucketNames) claim(registry *cdkx.Registry, owner constructs.Construct) {
	for _, f := range n.fields() {
		registry.Claim(kindBucket, f.name, owner)
	}
}

// problems are those of names that are fixed; tokens are taken.
func (n BucketNames) problems() problem.List {
	var list problem.List
	seen := map[string]string{}
	for _, named := range n.fields() {
		if named.name == nil {
			continue
		}
		name := *named.name
		if !cdkx.HoldsToken(name) && !bucketName.MatchString(name) {
			list.Addf(named.path, cdkx.Quote(name), bucketNameRule, "choose another name, or leave it out for a generated one")
		}
		if other, taken := seen[name]; taken {
			list.Addf(named.path, fmt.Sprintf("%s, as %s", cdkx.Quote(name), other), "a name of its own", "choose another name")
		}
		seen[name] = named.path
	}
	return list
}

// zone is the name of a zone's bucket, nil where there is none.
func (n BucketNames) zone(zone ontology.Zone) *string {
	for _, f := range n.fields() {
		if f.zone == zone {
			return f.name
		}
	}
	return nil
}
