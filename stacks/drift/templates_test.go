package drift_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access/live"
	"github.com/lakemesh/lakemesh/stacks/drift"
)

const ward = `
Resources:
  Settings: {Type: AWS::LakeFormation::DataLakeSettings, Properties: {Admins: []}}
  Nurse: {Type: AWS::IAM::Role, Properties: {Path: /people/, AssumeRolePolicyDocument: {}}}
  Lake: {Type: AWS::S3::Bucket}
  Location: {Type: AWS::LakeFormation::Resource, Properties: {ResourceArn: !GetAtt Lake.Arn, UseServiceLinkedRole: true}}
  Database: {Type: AWS::Glue::Database, Properties: {CatalogId: !Ref AWS::AccountId, DatabaseInput: {LocationUri: !Sub "s3://${Lake}/ward"}}}
  Grant:
    Type: AWS::LakeFormation::PrincipalPermissions
    Properties:
      Principal: {DataLakePrincipalIdentifier: !GetAtt Nurse.Arn}
      Resource: {Database: {CatalogId: !Ref AWS::AccountId, Name: !Ref Database}}
      Permissions: [DESCRIBE]
      PermissionsWithGrantOption: []
`

// Names that only the deployment gives are asked for, and compared.
func TestNamesOfTheDeployment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ward.yaml")
	if err := os.WriteFile(file, []byte(ward), 0o600); err != nil {
		t.Fatal(err)
	}
	given := template.Given{Account: "222222222222", Region: "us-east-1"}
	before, err := drift.FromTemplates(file, given)
	if err != nil {
		t.Fatal(err)
	}
	place := live.Place{Account: "222222222222", Region: "us-east-1"}
	if want := []live.StackName{{Place: place, Name: "ward"}}; !slices.Equal(before.Unnamed, want) {
		t.Fatalf("unnamed are %v", before.Unnamed)
	}
	given.Names = map[string]map[string]string{before.Unnamed[0].Key(): {
		"Nurse": "ward-Nurse-1A", "Lake": "ward-lake-1b", "Database": "ward_database", "Grant": "never looked at", "Other": "x",
	}}
	after, err := drift.FromTemplates(file, given)
	if err != nil {
		t.Fatal(err)
	}
	if len(after.Unnamed)+len(after.State.Unresolved) > 0 {
		t.Errorf("left: %v, %v", after.Unnamed, after.State.Unresolved)
	}
	c := after.State.Catalogs[0]
	got := []string{c.Locations[0].ARN, c.Databases[0].Name, c.Databases[0].Location, c.Grants[0].Principal}
	want := []string{"arn:aws:s3:::ward-lake-1b", "ward_database", "s3://ward-lake-1b/ward", "arn:aws:iam::222222222222:role/people/ward-Nurse-1A"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(after.Places, []live.Place{place}) || !slices.Equal(after.Settings, []string{"222222222222/us-east-1"}) || !slices.Contains(after.Roles, want[3]) {
		t.Errorf("places %v, settings %v, roles %v", after.Places, after.Settings, after.Roles)
	}
	// Without the names nothing is reported as if it were gone.
	found := drift.Find(before, &live.Reading{Places: before.Places, State: after.State}, today)
	if text := strings.Join(told(found), "\n"); strings.Contains(text, "${") || len(found.Notes) == 0 {
		t.Errorf("%q, %s", found.Notes, text)
	}
}
