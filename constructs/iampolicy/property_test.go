package iampolicy_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// anyStatement draws a statement about the bucket lake, another one, or the key.
func anyStatement(t *rapid.T, named bool) map[string]any {
	draw := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	out := map[string]any{
		"Effect":   draw("effect", "Allow", "Allow", "Deny"),
		"Action":   draw("action", "*", "s3:GetObject", "s3:Get*", "s3:PutObject", "s3:*", "kms:Decrypt", "kms:*"),
		"Resource": draw("resource", "*", "arn:aws:s3:::lake/*", "arn:aws:s3:::lake/ward/*", "arn:aws:s3:::other/*"),
	}
	if named {
		out["Principal"] = map[string]any{"AWS": draw("who", "*", "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:role/Job", "arn:aws:iam::999999999999:root", "arn:aws:iam::999999999999:role/Far")}
	}
	switch draw("condition", "none", "none", "arn", "account", "unknown") {
	case "arn":
		out["Condition"] = map[string]any{draw("operator", "ArnNotEquals", "StringLike"): map[string]any{"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Job"}}
	case "account":
		out["Condition"] = map[string]any{"StringEquals": map[string]any{"kms:CallerAccount": account}}
	case "unknown":
		out["Condition"] = map[string]any{"StringEquals": map[string]any{"aws:PrincipalOrgID": "o-1"}}
	}
	return out
}

// reaches are what each principal can do, with 2 for what is certain and 1 for what is not.
// Who reads has no need to be let decrypt.
func reaches(t *rapid.T, own, ofBucket, ofKey []map[string]any) map[string]int {
	document := func(statements []map[string]any) string {
		text, err := json.Marshal(map[string]any{"Statement": statements})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	p := iampolicy.Of([]*template.Stack{stack(t,
		fmt.Sprintf(`"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Job", "Policies": [{"PolicyName": "p", "PolicyDocument": %s}]}}`, document(own)),
		`"Lake": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lake", "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"KMSMasterKeyID": {"Ref": "Key"}}}]}}}`,
		fmt.Sprintf(`"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "lake", "PolicyDocument": %s}}`, document(ofBucket)),
		fmt.Sprintf(`"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": %s}}`, document(ofKey)))})
	out := map[string]int{}
	for _, r := range p.Reaches(lake, account) {
		for _, can := range r.Can {
			sure := 1
			if r.Certain {
				sure = 2
			}
			key := r.Principal + " " + string(can)
			out[key] = max(out[key], sure)
			if can == iampolicy.Read {
				out[r.Principal+" "+string(iampolicy.Decrypt)] = 2
			}
		}
	}
	return out
}

// A statement less lets nobody do more, unless it is one that denies.
func TestRemovingAStatementNeverAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := func(label string, named bool) []map[string]any {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) map[string]any { return anyStatement(t, named) }), 0, 3).Draw(t, label)
		}
		all := [][]map[string]any{some("own", false), some("bucket", true), some("key", true)}
		which := rapid.IntRange(0, 2).Draw(t, "which")
		if len(all[which]) == 0 {
			return
		}
		before := reaches(t, all[0], all[1], all[2])
		i := rapid.IntRange(0, len(all[which])-1).Draw(t, "statement")
		gone := all[which][i]
		all[which] = slices.Delete(slices.Clone(all[which]), i, i+1)
		after := reaches(t, all[0], all[1], all[2])
		if gone["Effect"] == "Deny" {
			before, after = after, before // and one that denies takes from everybody
		}
		for key, sure := range after {
			if sure > before[key] && !strings.HasPrefix(key, account+" ") {
				t.Fatalf("without %v: %s is %d, and was %d", gone, key, sure, before[key])
			}
		}
	})
}
