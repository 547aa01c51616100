package cdkx

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// CheckFixedTags reports what is wrong with the tags of a resource that is replaced when
// they change: at most 50, keys of 1 to 128 characters, values of at most 256, and all
// known at synthesis.
// Sources: "AWS::HealthImaging::Datastore", "AWS::Omics::ReferenceStore", "Tag naming limits".
func CheckFixedTags(list *problem.List, path string, tags map[string]string) {
	if len(tags) > 50 {
		list.Addf(path, fmt.Sprintf("%d tags", len(tags)), "at most 50", "leave some out")
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		at := fmt.Sprintf("%s[%q]", path, key)
		if key == "" || len(key) > 128 || strings.HasPrefix(strings.ToLower(key), "aws:") {
			list.Addf(at, fmt.Sprintf("the key %q", key), "1 to 128 characters that do not start with aws:", "rename it")
		}
		if len(tags[key]) > 256 {
			list.Addf(at, fmt.Sprintf("%d characters", len(tags[key])), "at most 256", "shorten it")
		}
		if HoldsToken(key) || HoldsToken(tags[key]) {
			list.Addf(at, "a value known only at deployment", "a plain string", "pass the value itself: it must never change")
		}
	}
}
