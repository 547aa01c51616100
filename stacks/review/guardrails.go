package review

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/stateful"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// guardrails are the protections that a change takes away: by settings of resources, by
// deny statements, by what of policies is acknowledged, and by settings of Lake Formation.
func guardrails(pairs []pair, changes []access.Change) []Finding {
	out := settingsWeaker(changes)
	for _, p := range pairs {
		if p.before == nil || p.after == nil {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(p.before.Resources)) {
			before := p.before.Resources[id]
			after, there := p.after.Resources[id]
			if there && before.Type == after.Type {
				out = append(out, weaker(p.after, id, before, after)...)
			}
			out = append(out, denialsGone(p, id)...)
		}
	}
	return append(out, acknowledged(pairs)...)
}

// protection is a property of a type of resource that protects what it holds.
type protection struct {
	path     string   // of the property
	values   []string // that protect; none is any value
	says     string   // what is no longer so
	severity Severity // when it is no longer so
}

const (
	yes      = "true"
	ownKey   = "is no longer encrypted with a key of its own"
	deletion = "can be deleted at once: its deletion protection is gone"
)

// protections are the properties that protect, by type of resource.
//
// Source: "AWS resource and property types reference".
var protections = map[string][]protection{
	"AWS::Athena::WorkGroup": {
		{"WorkGroupConfiguration.EnforceWorkGroupConfiguration", []string{yes}, "lets its users choose where results go and whether they are encrypted", Error},
		{"WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration", nil, "no longer says how results are encrypted", Error},
	},
	"AWS::CloudTrail::Trail": {
		{"IsLogging", []string{yes}, "no longer logs", Error},
		{"EnableLogFileValidation", []string{yes}, "no longer shows that log files were changed", Warning},
		{"KMSKeyId", nil, ownKey, Warning},
	},
	"AWS::Cognito::UserPool":      {{"DeletionProtection", []string{"ACTIVE"}, deletion, Error}},
	"AWS::DocDB::DBCluster":       {{"DeletionProtection", []string{yes}, deletion, Error}},
	"AWS::DynamoDB::Table":        {{"DeletionProtectionEnabled", []string{yes}, deletion, Error}, {"PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", []string{yes}, "can no longer be restored to a point in time", Warning}},
	"AWS::KMS::Key":               {{"EnableKeyRotation", []string{yes}, "is no longer rotated", Warning}},
	"AWS::Kinesis::Stream":        {{"StreamEncryption", nil, ownKey, Error}},
	"AWS::Logs::LogGroup":         {{"KmsKeyId", nil, ownKey, Warning}},
	"AWS::Neptune::DBCluster":     {{"DeletionProtection", []string{yes}, deletion, Error}},
	"AWS::RDS::DBCluster":         {{"DeletionProtection", []string{yes}, deletion, Error}},
	"AWS::RDS::DBInstance":        {{"DeletionProtection", []string{yes}, deletion, Error}},
	"AWS::SNS::Topic":             {{"KmsMasterKeyId", nil, ownKey, Warning}},
	"AWS::SQS::Queue":             {{"KmsMasterKeyId", nil, ownKey, Warning}},
	"AWS::SecretsManager::Secret": {{"KmsKeyId", nil, ownKey, Warning}},
	"AWS::S3::Bucket": {
		{"PublicAccessBlockConfiguration.BlockPublicAcls", []string{yes}, "no longer blocks public access: BlockPublicAcls", Error},
		{"PublicAccessBlockConfiguration.BlockPublicPolicy", []string{yes}, "no longer blocks public access: BlockPublicPolicy", Error},
		{"PublicAccessBlockConfiguration.IgnorePublicAcls", []string{yes}, "no longer blocks public access: IgnorePublicAcls", Error},
		{"PublicAccessBlockConfiguration.RestrictPublicBuckets", []string{yes}, "no longer blocks public access: RestrictPublicBuckets", Error},
		{"VersioningConfiguration.Status", []string{"Enabled"}, "no longer keeps what is overwritten or deleted: versioning is off", Error},
		{"ObjectLockConfiguration.Rule.DefaultRetention", nil, "no longer locks new objects against deletion", Error},
		{"LoggingConfiguration", nil, "no longer logs who reads it", Warning},
	},
}

// weaker are the protections of a resource that a change takes away.
func weaker(s *template.Stack, id string, before, after template.Resource) []Finding {
	var out []Finding
	say := func(severity Severity, format string, args ...any) {
		f := inStack(s, id)
		f.Kind, f.Severity = Guardrail, severity
		f.Text = fmt.Sprintf("%s of stack %s (%s) %s", id, s.Name, after.Type, fmt.Sprintf(format, args...))
		out = append(out, f)
	}
	for _, p := range protections[before.Type] {
		if p.holds(before) && !p.holds(after) {
			now := "not set"
			if v := template.Property(after.Properties, p.path); v != nil {
				now = template.Written(v)
			}
			say(p.severity, "%s (%s is %s)", p.says, p.path, now)
		}
	}
	if before.Type == "AWS::S3::Bucket" {
		if was, is := bucketAlgorithm(before), bucketAlgorithm(after); strings.HasPrefix(was, "aws:kms") && !strings.HasPrefix(is, "aws:kms") {
			say(Error, "no longer encrypts new objects with a key of KMS, but with %s", cmp.Or(is, "keys of S3"))
		}
		if p := "OwnershipControls.Rules"; ownerEnforced(before) && !ownerEnforced(after) {
			say(Error, "lets access control lists decide again (%s)", p)
		}
	}
	for _, l := range stateful.Changed(before, after) {
		if l.Op == stateful.Unprotected {
			f := inStack(s, id)
			f.Kind, f.Severity, f.Text = Guardrail, Error, fmt.Sprintf("%s of stack %s %s", id, s.Name, l.Text)
			out = append(out, f)
		}
	}
	if holds := stateful.Holds(before.Type); holds != "" && stateful.IsRetained(before.UpdateReplacePolicy) && !stateful.IsRetained(after.UpdateReplacePolicy) {
		say(Error, "is no longer kept when a change replaces it, with %s (UpdateReplacePolicy is %s)", holds, cmp.Or(after.UpdateReplacePolicy, "not set"))
	}
	return out
}

// holds reports whether a resource has the protection.
func (p protection) holds(r template.Resource) bool {
	if p.values == nil {
		return template.Property(r.Properties, p.path) != nil
	}
	return slices.Contains(p.values, template.Text(r.Properties, p.path))
}

// bucketAlgorithm is how a bucket encrypts new objects; "" when it does not say it.
func bucketAlgorithm(r template.Resource) string {
	rules, _ := template.Property(r.Properties, "BucketEncryption.ServerSideEncryptionConfiguration").([]any)
	for _, rule := range rules {
		if algorithm := template.Text(rule, "ServerSideEncryptionByDefault.SSEAlgorithm"); algorithm != "" {
			return algorithm
		}
	}
	return ""
}

// ownerEnforced reports whether the owner of a bucket owns every object, so that no list decides.
func ownerEnforced(r template.Resource) bool {
	rules, _ := template.Property(r.Properties, "OwnershipControls.Rules").([]any)
	return slices.ContainsFunc(rules, func(rule any) bool { return template.Text(rule, "ObjectOwnership") == "BucketOwnerEnforced" })
}

// settingsWeaker are what Lake Formation no longer guards.
func settingsWeaker(changes []access.Change) []Finding {
	var out []Finding
	for _, c := range changes {
		account, region, _ := strings.Cut(c.Catalog, "/")
		f := Finding{Kind: Guardrail, Severity: Error, Account: account, Region: region}
		switch {
		case c.Kind == "default permissions" && c.Op == access.Extra:
			f.Text = fmt.Sprintf("%s of %s start with permissions for %s: whoever IAM lets in sees them", c.Subject, c.Catalog, access.IAMAllowedPrincipals)
		case c.Kind == "setting" && c.Op == access.Extra:
			f.Text = fmt.Sprintf("%s of %s: %s", c.Subject, c.Catalog, c.After)
		case c.Kind == "location" && c.Op == access.Missing:
			f.Text = fmt.Sprintf("%s is no longer registered: Lake Formation does not guard the files in it", c.Subject)
		case c.Kind == "location" && c.Op == access.Changed && hybrid(c.After) && !hybrid(c.Before):
			f.Text = fmt.Sprintf("%s is in hybrid access mode now: IAM decides for all who have not opted in to Lake Formation", c.Subject)
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

func hybrid(detail string) bool { return strings.Contains(detail, "hybrid access mode") }
