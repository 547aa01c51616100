package storage_test

import (
	"strings"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

// failer is what a test and a property test have in common.
type failer interface {
	Errorf(format string, args ...any)
}

// charged are the days that S3 charges a class at least, in the order of the
// waterfall.
var waterfall = []struct {
	class   string
	charged float64
}{{"STANDARD_IA", 30}, {"INTELLIGENT_TIERING", 1}, {"GLACIER_IR", 90}, {"GLACIER", 90}, {"DEEP_ARCHIVE", 180}}

// invariants hold for every lake, whatever its props.
func invariants(t failer, template cdktest.Template) {
	for _, r := range template.Resources {
		if strings.HasPrefix(r.Type, "Custom::") || r.Type == "AWS::Lambda::Function" || r.Type == "AWS::CloudFormation::CustomResource" {
			t.Errorf("%s is a %s", r.ID, r.Type)
		}
		if r.Type == "AWS::IAM::Policy" {
			t.Errorf("%s is an inline policy", r.ID)
		}
		if r.Type == bucketType {
			bucketInvariants(t, r)
		}
	}
	if strings.Contains(template.JSON, "auto-delete-objects") {
		t.Errorf("a bucket is emptied when its stack goes")
	}
}

func bucketInvariants(t failer, r cdktest.Resource) {
	if r.JSON("VersioningConfiguration.Status") != `"Enabled"` || r.JSON("PublicAccessBlockConfiguration.RestrictPublicBuckets") != `true` {
		t.Errorf("%s is open or not versioned", r.ID)
	}
	if (r.DeletionPolicy == "Delete") != (r.UpdateReplacePolicy == "Delete") || r.DeletionPolicy == "" {
		t.Errorf("%s: DeletionPolicy %q, UpdateReplacePolicy %q", r.ID, r.DeletionPolicy, r.UpdateReplacePolicy)
	}
	isLog := r.JSON("LoggingConfiguration") == `null`
	if locked := r.Get("ObjectLockConfiguration") != nil; locked != (r.Get("ObjectLockEnabled") != nil) || locked && isLog || locked && r.DeletionPolicy == "Delete" {
		t.Errorf("%s: lock %s", r.ID, r.JSON("ObjectLockConfiguration"))
	}
	const at = "LifecycleConfiguration.Rules.0."
	if r.Get(at+"Status") == nil || r.Get(at+"Prefix") != nil {
		t.Errorf("%s: no lifecycle rule for the whole bucket", r.ID)
	}
	rules, _ := r.Get("LifecycleConfiguration.Rules").([]any)
	for _, one := range rules[min(1, len(rules)):] {
		folderInvariants(t, r, one)
	}
	next, rank := 1.0, -1
	transitions, _ := r.Get(at + "Transitions").([]any)
	for _, one := range transitions {
		transition, ok := one.(map[string]any)
		days, isNumber := transition["TransitionInDays"].(float64)
		if !ok || !isNumber || days < next || transition["StorageClass"] == "STANDARD_IA" && days < 30 {
			t.Errorf("%s: %v before day %v", r.ID, one, next)
		}
		for i, step := range waterfall {
			if step.class == transition["StorageClass"] {
				if i <= rank {
					t.Errorf("%s: %v goes up the waterfall", r.ID, one)
				}
				next, rank = days+step.charged, i
			}
		}
	}
	if expiry, ok := r.Get(at + "ExpirationInDays").(float64); ok && expiry < next {
		t.Errorf("%s: expires on day %v, the last transition lasts to %v", r.ID, expiry, next)
	}
	if kept, ok := r.Get(at + "NoncurrentVersionExpiration.NewerNoncurrentVersions").(float64); ok && (kept < 1 || kept > 100) {
		t.Errorf("%s keeps %v versions", r.ID, kept)
	}
}

// folderInvariants hold for each rule behind the one of the whole bucket: it lets a
// folder expire, not while S3 charges for where its objects have moved, and does
// nothing else.
func folderInvariants(t failer, r cdktest.Resource, one any) {
	rule, _ := one.(map[string]any)
	prefix, _ := rule["Prefix"].(string)
	days, _ := rule["ExpirationInDays"].(float64)
	if !strings.HasSuffix(prefix, "/") || days < 1 || len(rule) != 4 || rule["Status"] != "Enabled" {
		t.Errorf("%s: the rule %v", r.ID, one)
	}
	if lock, ok := r.Get("ObjectLockConfiguration.Rule.DefaultRetention.Days").(float64); ok && days < lock {
		t.Errorf("%s: %s expires on day %v, locked for %v", r.ID, prefix, days, lock)
	}
	transitions, _ := r.Get("LifecycleConfiguration.Rules.0.Transitions").([]any)
	for _, one := range transitions {
		transition, _ := one.(map[string]any)
		moved, _ := transition["TransitionInDays"].(float64)
		for _, step := range waterfall {
			if step.class == transition["StorageClass"] && step.charged > 1 && days >= moved && days < moved+step.charged {
				t.Errorf("%s: %s expires on day %v, moved on day %v to %s", r.ID, prefix, days, moved, step.class)
			}
		}
	}
}
