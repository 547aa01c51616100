package stacks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// fileActions are the beginnings of actions on objects and on their names.
var fileActions = []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:AbortMultipartUpload"}

// account is what the templates of an assembly say about files.
type account struct {
	reaches  map[string][]string // ARNs of roles by bucket
	admitted map[string][]string // likewise, by the policies of buckets
}

func readFiles(t *testing.T, dir string) account {
	t.Helper()
	all, err := template.ReadAssembly(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := account{map[string][]string{}, map[string][]string{}}
	for _, stack := range all {
		resolver := template.NewResolver(stack)
		value := func(in any) any { return resolver.Value(in, "") }
		for _, r := range stack.Resources {
			properties, _ := value(r.Properties).(map[string]any)
			switch r.Type {
			case policyType:
				roles, _ := r.Properties["Roles"].([]any)
				for _, role := range roles {
					reference, made := role.(map[string]any)
					if !made {
						continue // of the foundation, which reaches no files
					}
					id, _ := reference["Ref"].(string)
					arn, _ := value(map[string]any{"Fn::GetAtt": []any{id, "Arn"}}).(string)
					for _, bucket := range bucketsReached(properties["PolicyDocument"]) {
						out.reaches[bucket] = append(out.reaches[bucket], arn)
					}
				}
			case "AWS::S3::BucketPolicy":
				bucket, _ := properties["Bucket"].(string)
				out.admitted[bucket] = admittedBy(properties["PolicyDocument"])
			}
		}
	}
	return out
}

func statementsIn(document any) []map[string]any {
	in, _ := document.(map[string]any)
	list, _ := in["Statement"].([]any)
	var out []map[string]any
	for _, s := range list {
		if one, ok := s.(map[string]any); ok {
			out = append(out, one)
		}
	}
	return out
}

func texts(in any) []string {
	if one, ok := in.(string); ok {
		return []string{one}
	}
	list, _ := in.([]any)
	var out []string
	for _, v := range list {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// bucketsReached are the buckets whose files an identity policy allows to reach.
func bucketsReached(document any) []string {
	var out []string
	for _, s := range statementsIn(document) {
		reaches := slices.ContainsFunc(texts(s["Action"]), func(action string) bool {
			return slices.ContainsFunc(fileActions, func(prefix string) bool { return strings.HasPrefix(action, prefix) })
		})
		for _, resource := range texts(s["Resource"]) {
			if _, path, isS3 := strings.Cut(resource, ":s3:::"); isS3 && reaches {
				bucket, _, _ := strings.Cut(path, "/")
				out = append(out, bucket)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// admittedBy are those whom a bucket's policy does not deny its files; nil where it
// closes them to nobody.
func admittedBy(document any) []string {
	for _, s := range statementsIn(document) {
		if s["Sid"] == "DenyAllButLakeFormation" {
			conditions, _ := s["Condition"].(map[string]any)
			but, _ := conditions["ArnNotLike"].(map[string]any)
			return texts(but["aws:PrincipalArn"])
		}
	}
	return nil
}

// Every role that a mesh lets reach files is one that the policy of the bucket admits,
// in whichever stack it stands, and no role is admitted to a zone that it has no
// business in.
func TestRolesOfTheMeshReachTheirFiles(t *testing.T) {
	withStore := registry(token, gender)
	withStore.Domains[0].FhirStore = &mesh.FhirStore{Export: &mesh.FhirExport{Schedule: "daily"}}
	for name, definition := range map[string]*mesh.Definition{
		"jobs and a FHIR store": withStore,
		"images":                radiology(&mesh.ImageStore{Product: "series"}),
	} {
		t.Run(name, func(t *testing.T) {
			plan, dir := built(t, definition, nil)
			files := readFiles(t, dir)
			domain := plan.Domains[0]
			checked := 0
			for zone, bucket := range domain.Buckets {
				if len(files.admitted[bucket]) == 0 {
					t.Errorf("%s is open to whoever IAM lets in", bucket)
				}
				for _, role := range files.reaches[bucket] {
					checked++
					if !slices.Contains(files.admitted[bucket], role) {
						t.Errorf("%s may reach files of %s, and its bucket denies it", role, zone)
					}
				}
				for _, role := range domain.Files.Zones[zone] {
					if !slices.Contains(files.reaches[bucket], role) && role != seriesRole(domain) {
						t.Errorf("%s is admitted to %s, where no policy lets it reach a file", role, zone)
					}
				}
			}
			if checked < 5 {
				t.Errorf("only %d roles reach files: %v", checked, files.reaches)
			}
			if keys := domain.Keys; keys != nil {
				if got := files.admitted[keys.Bucket]; len(got) != 4 || !slices.Contains(got, keys.Job.RoleARN) || slices.Contains(got, domain.JobRoleARN) {
					t.Errorf("the bucket of keys admits %v", got)
				}
			}
		})
	}
}

// seriesRole commits to the table of series with credentials that Lake Formation lends;
// it is admitted, should Athena use its own.
func seriesRole(d mesh.DomainPlan) string {
	if d.ImageStore == nil || d.ImageStore.Series == nil {
		return ""
	}
	return d.ImageStore.Series.RoleARN
}

// Who delivers files from outside is named in the mesh, for the zone that it needs.
func TestS3AccessIsAdmitted(t *testing.T) {
	const gateway, backup = "arn:aws:iam::111111111111:role/Gateway-*", "arn:aws:iam::111111111111:role/Backup"
	definition := consented()
	definition.Domains[0].S3Access = []mesh.S3Access{{Principal: "arn:aws:iam::{lake}:role/Gateway-*"}, {Principal: backup, Zones: []string{"raw", "curated"}}}
	plan, dir, _ := synthesized(t, definition)
	files := readFiles(t, dir)
	for zone, want := range map[string][2]bool{"raw": {true, true}, "curated": {false, true}, "analytics": {false, false}} {
		for _, d := range plan.Domains {
			for z, bucket := range d.Buckets {
				if string(z) != zone || d.Name != "lab" {
					continue
				}
				got := files.admitted[bucket]
				if slices.Contains(got, gateway) != want[0] || slices.Contains(got, backup) != want[1] {
					t.Errorf("%s admits %v", zone, got)
				}
				if slices.Contains(got, "arn:aws:iam::111111111111:role/Analyst") {
					t.Errorf("%s admits a principal of the mesh", zone)
				}
			}
		}
	}
}
