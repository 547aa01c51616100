package rules

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

func healthRules() []Rule {
	return []Rule{{
		ID:     "HL01",
		Title:  "A FHIR store with a key of the customer's names it",
		Why:    "CUSTOMER_MANAGED_KMS_KEY without KmsKeyId passes the schema and fails after the store was queued.",
		Fix:    "set SseConfiguration.KmsEncryptionConfig.KmsKeyId",
		Source: `"AWS::HealthLake::FHIRDatastore KmsEncryptionConfig" (rule 7.2)`,
		check: each(func(o *object, report reporter) {
			const path = "SseConfiguration.KmsEncryptionConfig"
			if text(o.props, path+".CmkType") == "CUSTOMER_MANAGED_KMS_KEY" && text(o.props, path+".KmsKeyId") == "" {
				report(o, path, "no KmsKeyId", "the key's ARN")
			}
		}, typeFhirStore),
	}, {
		ID:     "HL02",
		Title:  "Tags of a store that tags replace stay the same",
		Why:    "HealthImaging's stores and HealthOmics' reference stores have create-only tags: a build number among them, or among the tags of the stack, which CloudFormation puts on its resources, replaces the store, and its content is lost.",
		Fix:    "exclude these types when the app is tagged with what changes, and give their stack tags that never change",
		Source: `"AWS::HealthImaging::Datastore", "AWS::Omics::ReferenceStore": tags, update requires replacement (rule 7.6)`,
		check:  checkTags,
	}, {
		ID:     "HL03",
		Title:  "No new variant or annotation stores",
		Why:    "HealthOmics closed them to new customers on 7 November 2025: the stack fails in an account that has had none.",
		Fix:    "keep variants and annotations in Iceberg tables, as variants.NewVariantLake does; an account that had such stores before acknowledges the rule",
		Source: `"AWS HealthOmics variant store and annotation store availability change" (rule 7.7)`,
		check: each(func(o *object, report reporter) {
			report(o, "Type", o.resource.Type+", which is closed to new customers", "tables of variants.NewVariantLake")
		}, typeVariantStore, typeAnnotationStore),
	}, {
		ID:     "HL04",
		Title:  "One reference store per account and region",
		Why:    "HealthOmics has a single one: the second stack fails.",
		Fix:    "keep one, and refer to it elsewhere by omics.ReferenceStoreFromAttributes",
		Source: `"Creating a HealthOmics reference store" (rule 7.11)`,
		check:  func(a *app, report reporter) { a.once(typeReferenceStore, report) },
	}}
}

// replacedByTags are the types of stores whose tags are create-only.
var replacedByTags = []string{typeImageStore, typeReferenceStore, typeVariantStore, typeAnnotationStore}

var volatileKey = regexp.MustCompile(`(?i)(^|[:/_.-])(build|commit|sha|hash|revision|timestamp|time|date|deployed|deployment|git|branch|pipeline|run)([:/_.-]?(id|number|no|at|by|time|date|hash|sha|ref))?$`)

var volatileValue = []*regexp.Regexp{
	regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}`), // a moment
	regexp.MustCompile(`^1\d{9}(\d{3})?$`),         // seconds or milliseconds
	regexp.MustCompile(`^[0-9a-f]{40}$`),           // a commit
}

func checkTags(a *app, report reporter) {
	for _, o := range a.objects {
		if !slices.Contains(replacedByTags, o.resource.Type) {
			continue
		}
		for _, key := range members(get(o.props, "Tags")) {
			value, _ := o.props["Tags"].(map[string]any)[key].(string)
			if why := volatile(key, value); why != "" {
				report(o, "Tags."+key, fmt.Sprintf("%q, %s", value, why), "a value that never changes")
			}
		}
		for _, key := range slices.Sorted(maps.Keys(o.stack.Tags)) {
			if why := volatile(key, o.stack.Tags[key]); why != "" {
				report(o, "Tags of the stack."+key, fmt.Sprintf("%q, %s", o.stack.Tags[key], why), "a value that never changes")
			}
		}
	}
}

// volatile says why a tag looks as if it changes from one deployment to the next.
func volatile(key, value string) string {
	switch {
	case unknown(value):
		return "which only the deployment tells"
	case volatileKey.MatchString(key):
		return "under a key that says it changes"
	case slices.ContainsFunc(volatileValue, func(r *regexp.Regexp) bool { return r.MatchString(value) }):
		return "which looks like a time or a commit"
	}
	return ""
}
