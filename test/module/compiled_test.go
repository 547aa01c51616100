package module

import (
	"slices"
	"strings"
	"testing"
)

// What an app compiles of the CDK is most of its build, and a few packages are most of
// that: an arrow from storage to Step Functions made all that an app with only storage
// compiled a third more. A package that comes in here is one that its users wait for.
func TestWhatAnAppCompilesOfTheCDK(t *testing.T) {
	bucket := []string{
		".", "awscloudwatch", "awsevents", "awsiam", "awskms", "awss3", "awssqs",
		"cloudassemblyschema", "cxapi", "jsii",
	}
	// awsglue has awsec2 in its types, and so what that has.
	glue := slices.Concat(bucket, []string{"awsec2", "awsglue", "awslakeformation", "awslogs", "awss3assets", "awsssm"})
	compiled := func(packages ...string) []string {
		t.Helper()
		var out []string
		for line := range strings.Lines(run(t, root, "go", append([]string{"list", "-deps"}, packages...)...)) {
			name, ours := strings.CutPrefix(strings.TrimSpace(line)+"/", cdk+"/")
			name = strings.TrimSuffix(name, "/")
			if !ours || name == "internal" || strings.HasSuffix(name, "/internal") || strings.HasPrefix(name, "interfaces") {
				continue // small, and each comes with one that is listed
			}
			if name == "" {
				name = "."
			}
			out = append(out, name)
		}
		slices.Sort(out)
		return out
	}
	for name, want := range map[string][]string{
		"storage":    append(slices.Clone(bucket), "awsguardduty"),
		"catalog":    glue,
		"governance": glue,
	} {
		slices.Sort(want)
		if got := compiled("./constructs/" + name); !slices.Equal(got, want) {
			t.Errorf("an app with only %s compiles of the CDK\n%q, expected\n%q", name, got, want)
		}
	}
	if got := compiled(cdk+"/awss3", cdk+"/awskms", cdk+"/awsiam"); !slices.Equal(got, bucket) {
		t.Errorf("an app with a bucket of the CDK compiles\n%q, expected\n%q", got, bucket)
	}
}
