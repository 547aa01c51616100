package iampolicy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// A mesh of 200 domains, each with three buckets, fifteen roles and fifty readers, is read
// in seconds.
func TestManyDomains(t *testing.T) {
	const domains, buckets, roles, readers = 200, 3, 15, 50 // of each domain, but the first
	var stacks []*template.Stack
	for d := range domains {
		s := &template.Stack{Name: fmt.Sprintf("D%d", d), Account: account, Region: "us-east-1", Resources: map[string]template.Resource{}}
		var all []any
		for b := range buckets {
			name := fmt.Sprintf("lake-%d-%d", d, b)
			all = append(all, "arn:aws:s3:::"+name+"/*")
			s.Resources[fmt.Sprintf("Bucket%d", b)] = template.Resource{Type: "AWS::S3::Bucket", Properties: map[string]any{"BucketName": name}}
		}
		for r := range roles + readers {
			resources := any(all)
			if r >= roles {
				resources = "arn:aws:athena:us-east-1:111111111111:workgroup/w"
			}
			s.Resources[fmt.Sprintf("Role%d", r)] = template.Resource{Type: "AWS::IAM::Role", Properties: map[string]any{
				"RoleName": fmt.Sprintf("job-%d-%d", d, r),
				"Policies": []any{map[string]any{"PolicyName": "p", "PolicyDocument": map[string]any{"Statement": []any{
					map[string]any{"Effect": "Allow", "Action": []any{"s3:GetObject", "athena:GetQueryResults"}, "Resource": resources},
				}}}},
			}}
		}
		stacks = append(stacks, s)
	}
	begin := time.Now()
	p := iampolicy.Of(stacks)
	for d := range domains {
		for b := range buckets {
			if got := len(p.Reaches(fmt.Sprintf("arn:aws:s3:::lake-%d-%d", d, b), account)); got != roles+1 {
				t.Fatalf("%d reach it; expected %d and the account", got, roles)
			}
		}
	}
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("took %s", took)
	} else {
		t.Log(took)
	}
}
