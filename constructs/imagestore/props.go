package imagestore

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ImageStoreProps configures an ImageStore. Nothing of it can be changed later:
// a change replaces the store, and the images stay in the old one.
//
// An empty store costs nothing. Images cost about 0.105 USD per GB and month, and 0.006
// in the archive tier that HealthImaging moves resting ones to. These numbers are
// third-party; see AWS's price list.
type ImageStoreProps struct { //nolint:revive // the CDK names props after their construct
	// DatastoreName is 1 to 256 letters, digits and any of ._/#- . Required, and a
	// plain string.
	DatastoreName *string

	// Key encrypts the images. Whoever creates the store needs kms:CreateGrant on
	// it, which the default policy of a CDK key leaves to IAM. Required.
	Key awskms.IKey

	// Tags of the store, decided for good when it is made. Tags of the app, the stage
	// or the stack's construct tree are not put on it.
	// Default: none.
	Tags map[string]string

	// Regions are those that HealthImaging is available in, for a region that is newer
	// than this version of the library.
	// Default: the regions of "AWS HealthImaging endpoints and quotas".
	Regions []string
}

var datastoreName = regexp.MustCompile(`^[A-Za-z0-9._/#-]{1,256}$`)

func (p *ImageStoreProps) withDefaults() ImageStoreProps {
	out := cdkx.Value(p, ImageStoreProps{})
	out.Tags, out.Regions = maps.Clone(out.Tags), slices.Clone(out.Regions)
	if len(out.Regions) == 0 {
		out.Regions = schema.Regions()
	}
	return out
}

func (p *ImageStoreProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	cdkx.CheckName(&list, "DatastoreName", p.DatastoreName, datastoreName, "1 to 256 letters, digits and any of ._/#-")
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a customer managed key", "pass the key of the domain")
	}
	p.checkTags(&list)
	if cdkx.Missing(scope) {
		return list
	}
	if region := *cdkx.Region(scope); !cdkx.HoldsToken(region) && !slices.Contains(p.Regions, region) {
		list.Addf("Regions", "a stack in "+region, "one of "+strings.Join(p.Regions, ", "),
			"move the stack; name the region in Regions if HealthImaging has come to it")
	}
	return list
}

func (p *ImageStoreProps) checkTags(list *problem.List) {
	if len(p.Tags) > 50 {
		list.Addf("Tags", fmt.Sprintf("%d tags", len(p.Tags)), "at most 50", "leave some out")
	}
	for _, key := range slices.Sorted(maps.Keys(p.Tags)) {
		path := fmt.Sprintf("Tags[%q]", key)
		if key == "" || len(key) > 128 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			list.Addf(path, fmt.Sprintf("the key %q", key), "1 to 128 characters that do not start with aws:", "rename it")
		}
		if len(p.Tags[key]) > 256 {
			list.Addf(path, fmt.Sprintf("%d characters", len(p.Tags[key])), "at most 256", "shorten it")
		}
		if cdkx.HoldsToken(key) || cdkx.HoldsToken(p.Tags[key]) {
			list.Addf(path, "a value known only at deployment", "a plain string", "pass the value itself: it must never change")
		}
	}
}
