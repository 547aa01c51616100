package assembly_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access/assembly"
)

// grantOn grants columns of a table to a role of the account, after another grant.
func grantOn(id, role, column string) string {
	return fmt.Sprintf(`"%s": {"Type": "AWS::LakeFormation::PrincipalPermissions", "Properties": {
		"Principal": {"DataLakePrincipalIdentifier": "arn:aws:iam::111111111111:role/%s"},
		"Resource": {"TableWithColumns": {"CatalogId": "111111111111", "DatabaseName": "lab", "Name": "results", "ColumnNames": ["%s"]}},
		"Permissions": ["SELECT"], "PermissionsWithGrantOption": []}}`, id, role, column)
}

// Two principals that see different columns and read the results of one workgroup see
// each other's, however they come to read them.
func TestSharedResultsAreNoted(t *testing.T) {
	const table = `
		"Db": {"Type": "AWS::Glue::Database", "Properties": {"CatalogId": "111111111111", "DatabaseInput": {"Name": "lab"}}},
		"T": {"Type": "AWS::Glue::Table", "Properties": {"CatalogId": "111111111111", "DatabaseName": "lab", "TableInput": {"Name": "results",
			"StorageDescriptor": {"Columns": [{"Name": "loinc", "Type": "string"}, {"Name": "mrn", "Type": "string"}]}}}},
		"Analyst": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Analyst"}},
		"Group": {"Type": "AWS::Athena::WorkGroup", "Properties": {"Name": "lab", "WorkGroupConfiguration": {
			"ResultConfiguration": {"OutputLocation": "s3://lab-results/lab/"}}}}, `
	statement := func(action, resource, more string) string {
		return fmt.Sprintf(`{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "%s", "Resource": "%s"%s}]}}`, action, resource, more)
	}
	const group = "arn:aws:athena:us-east-1:111111111111:workgroup/lab"
	analyst := `"AnalystPolicy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [{"Ref": "Analyst"}], "PolicyDocument": {"Statement": {"Effect": "Allow", "Action": ["athena:GetQueryResults"], "Resource": "` + group + `"}}}}`
	for name, test := range map[string]struct{ nurse, column, want string }{
		"by the workgroup":         {`"Nurse": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Nurse", "Policies": [` + statement("athena:Get*", group, "") + `]}}`, "mrn", "Analyst, Nurse"},
		"by files":                 {`"Nurse": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Nurse", "Policies": [` + statement("s3:GetObject", "arn:aws:s3:::lab-results/*", "") + `]}}`, "mrn", "Analyst, Nurse"},
		"with the same rights":     {`"Nurse": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Nurse", "Policies": [` + statement("athena:Get*", group, "") + `]}}`, "loinc", ""},
		"of another workgroup":     {`"Nurse": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Nurse", "Policies": [` + statement("athena:Get*", group+"-2", "") + `]}}`, "mrn", ""},
		"of other files":           {`"Nurse": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Nurse", "Policies": [` + statement("s3:GetObject", "arn:aws:s3:::lab-results/nurses/*", "") + `]}}`, "mrn", ""},
		"by a policy for one only": {`"Nurse": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Nurse", "Policies": [` + statement("athena:Get*", group, `, "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Analyst"}}`) + `]}}`, "mrn", ""},
		"by a policy that names it": {`"Open": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "athena:*", "Resource": "*",
			"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Nurse"}}}}}}`, "mrn", "Analyst, Nurse"},
	} {
		state, err := assembly.Read(appOf(t, "aws://111111111111/us-east-1", table+analyst+", "+test.nurse+", "+grantOn("One", "Analyst", "loinc")+", "+grantOn("Two", "Nurse", test.column)))
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for _, note := range state.Evaluate().Notes {
			if _, who, found := strings.Cut(note, "workgroup lab are shared by principals that see different things, and so each sees what the others read: "); found {
				got = who
			}
		}
		if got != test.want {
			t.Errorf("%s: shared by %q; expected %q", name, got, test.want)
		}
	}

	state, err := assembly.Read(appOf(t, "aws://111111111111/us-east-1", table+strings.Replace(analyst, `"Roles": [{"Ref": "Analyst"}], `, "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if want := "111111111111/us-east-1: results and history of workgroup lab are read by whoever is given S/AnalystPolicy, which the templates do not say"; !slices.ContainsFunc(state.Evaluate().Notes, func(n string) bool { return strings.HasPrefix(n, want[:70]) }) {
		t.Errorf("notes %q", state.Evaluate().Notes)
	}
}
