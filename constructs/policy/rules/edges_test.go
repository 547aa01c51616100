package rules_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// stack is one of resources in JSON, in which LF, GLUE, OWN, ROLE and KEPT stand
// for longer texts.
func stack(t *testing.T, name, account, resources string) *template.Stack {
	t.Helper()
	text := strings.NewReplacer("LF::", "AWS::LakeFormation::", "GLUE::", "AWS::Glue::", "OWN", `"111111111111"`,
		"ROLE", `{"DataLakePrincipalIdentifier": "arn:aws:iam::111111111111:role/R"}`, "KEPT", `"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"`).Replace(resources)
	s := &template.Stack{Name: name, Artifact: name, Account: account, Region: "us-east-1"}
	if err := json.Unmarshal([]byte("{"+text+"}"), &s.Resources); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return s
}

// summary is "rule stack.resource: property: found".
func summary(findings []rules.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, strings.TrimPrefix(f.Rule.ID, "LakeMesh.")+" "+f.Stack+"."+f.LogicalID+": "+f.Property+": "+f.Found)
	}
	return out
}

const (
	openSettings = `"S": {"Type": "LF::DataLakeSettings", KEPT, "Properties": {"Admins": [{"DataLakePrincipalIdentifier": ADMIN}],
		"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [], "Parameters": PARAMETERS}}`
	version4 = `{"CROSS_ACCOUNT_VERSION": "4"}`
	location = `"ID": {"Type": "LF::Resource", "Properties": {"ResourceArn": ARN, "RoleArn": "arn:aws:iam::111111111111:role/L", "UseServiceLinkedRole": false}}`
)

func settings(admin, parameters string) string {
	return strings.NewReplacer("ADMIN", admin, "PARAMETERS", parameters).Replace(openSettings)
}

func registered(id, arn string) string {
	return strings.NewReplacer("ID", id, "ARN", arn).Replace(location)
}

func grant(id, resource, permissions, more string) string {
	return `"` + id + `": {"Type": "LF::PrincipalPermissions", ` + more + ` "Properties": {"Principal": ROLE, "Resource": ` + resource +
		`, "Permissions": ` + permissions + `, "PermissionsWithGrantOption": []}}`
}

func machine(definition string) string {
	return `"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": ` + definition + `}}`
}

func encryptedWith(key string) string {
	return `{"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ` + key + `}}]}`
}

// An acknowledgement in a template holds for a construct and all below it, in nested
// stacks too, and for nothing beside.
func TestAcknowledgementOfAScope(t *testing.T) {
	t.Parallel()
	bucket := func(id, path string) string {
		return `"` + id + `": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Metadata": {"aws:cdk:path": "` + path + `"}}`
	}
	app := func(scope, rule, reason string) []*template.Stack {
		outer := stack(t, "lab", "111111111111", bucket("One", "Prod/Lab/Store/One/Resource")+","+bucket("Two", "Prod/Lab/Storehouse/Resource"))
		outer.Construct = "Prod/Lab"
		outer.Metadata = map[string]any{template.AcknowledgementsMetadata: []any{map[string]any{"scope": scope, "id": rule, "reason": reason}}}
		inner := stack(t, "lab/Inner", "111111111111", bucket("One", "Prod/Lab/Store/Inner/Bucket/Resource"))
		inner.Parent = outer
		other := stack(t, "other", "111111111111", bucket("One", "Other/Store/One/Resource"))
		other.Construct = "Other"
		return []*template.Stack{outer, inner, other}
	}
	const found, needless, nameless = ": UpdateReplacePolicy: nothing, which deletes", "AK02 lab.: Metadata.lakemesh:policy[0] of the template: ", "AK01 lab.: Metadata.lakemesh:policy[0] of the template: "
	one, two, inner, other := "ST01 lab.One"+found, "ST01 lab.Two"+found, "ST01 lab/Inner.One"+found, "ST01 other.One"+found
	for _, test := range []struct {
		scope, rule, reason string
		want                []string
	}{
		{"Store", "LakeMesh.ST01", "A store of drafts.", []string{two, other}},
		{"Store/One", "LakeMesh.ST01", "A store of drafts.", []string{two, inner, other}},
		{"", "LakeMesh.ST01", "A stack of drafts.", []string{other}},
		{"Nowhere", "LakeMesh.ST01", "r", []string{needless + "LakeMesh.ST01", one, two, inner, other}},
		{"Store", "LakeMesh.S303", "r", []string{needless + "LakeMesh.S303", one, two, inner, other}},
		{"Store", "LakeMesh.ST01", " ", []string{nameless + `{"id":"LakeMesh.ST01","reason":" ","scope":"Store"}`, one, two, inner, other}},
	} {
		if diff := cmp.Diff(test.want, summary(rules.CheckStacks(app(test.scope, test.rule, test.reason)...))); diff != "" {
			t.Errorf("%+v: (-want +got)\n%s", test, diff)
		}
	}
}

// Two stacks of one name in two accounts are two.
func TestStacksOfOneName(t *testing.T) {
	t.Parallel()
	one := stack(t, "lab", "111111111111", `"B": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Metadata": {"lakemesh:policy": [{"id": "LakeMesh.ST01", "reason": "r"}]}}`)
	two := stack(t, "lab", "222222222222", `"B": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}`)
	one.File, two.File = "one.json", "two.json"
	if got := rules.CheckStacks(one, two); len(got) != 1 || got[0].File != "two.json" {
		t.Errorf("got %v", got)
	}
}

func TestEdges(t *testing.T) {
	const database = `{"Database": {"CatalogId": OWN, "Name": "db"}}`
	for _, test := range []struct {
		name      string
		resources string
		want      []string
	}{
		{"nothing", ``, nil},
		{"a resource without properties", `"X": {"Type": "LF::Tag", KEPT}`, nil},
		{"settings without a version", settings(`"arn:aws:iam::111111111111:role/exec"`, `{}`), []string{"LF04 A.S: Parameters.CROSS_ACCOUNT_VERSION: nothing"}},
		{"a version that is a number", settings(`"x"`, `{"CROSS_ACCOUNT_VERSION": 4}`), []string{"LF04 A.S: Parameters.CROSS_ACCOUNT_VERSION: 4"}},
		{"a version under another key", settings(`"x"`, `{"CROSS_ACCOUNT_VERSION": "4", "crossAccountVersion": "4"}`), []string{"LF04 A.S: Parameters.crossAccountVersion: the key crossAccountVersion"}},
		{"a version that a parameter gives", settings(`"x"`, `{"CROSS_ACCOUNT_VERSION": {"Ref": "Version"}}`), nil},
		{"an administrator that a parameter gives", settings(`{"Ref": "Admin"}`, version4) + `, "D": {"Type": "GLUE::Database", KEPT, "DependsOn": "S",
			"Properties": {"CatalogId": OWN, "DatabaseInput": {"Name": "d", "CreateTableDefaultPermissions": []}}}`, nil},
		{"a permission to pass on that is not granted", strings.Replace(grant("G", database, `["DESCRIBE"]`, ""), `Option": []`, `Option": ["ALTER"]`, 1),
			[]string{"LF15 A.G: PermissionsWithGrantOption: ALTER"}},
		{"no permissions", grant("G", database, `[]`, ""), []string{"LF15 A.G: Permissions: nothing"}},
		{"a grant on the catalog", grant("G", `{"Catalog": {}}`, `["CREATE_DATABASE", "SELECT"]`, ""), []string{"LF15 A.G: Permissions: SELECT on a Catalog"}},
		{"a grant on nothing", grant("G", `{}`, `["SELECT"]`, ""), []string{"LF11 A.G: Resource: nothing"}},
		{"a database without a name", grant("G", `{"Database": {"CatalogId": OWN}}`, `["DESCRIBE"]`, ""), []string{"LF16 A.G: Resource.Database: Resource.Database: got nothing; expected the name of a database; fix: name it"}},
		{"a policy of another type", grant("G", `{"LFTagPolicy": {"CatalogId": OWN, "ResourceType": "COLUMN", "Expression": [{"TagKey": "k", "TagValues": ["v"]}]}}`, `["SELECT"]`, ""),
			[]string{`LF16 A.G: Resource.LFTagPolicy.ResourceType: "COLUMN"`}},
		{"columns that are neither listed nor excluded", grant("G", `{"TableWithColumns": {"CatalogId": OWN, "DatabaseName": "db", "Name": "t"}}`, `["SELECT"]`, ""),
			[]string{"LF12 A.G: Resource.TableWithColumns: neither ColumnNames nor ColumnWildcard"}},
		{"grants around a third", grant("A", database, `["DESCRIBE"]`, "") + "," +
			grant("B", `{"Database": {"CatalogId": OWN, "Name": "b"}}`, `["DESCRIBE"]`, `"DependsOn": "A",`) + "," +
			grant("C", `{"Database": {"CatalogId": OWN, "Name": "c"}}`, `["DESCRIBE"]`, `"DependsOn": ["A"],`),
			[]string{"LF20 A.C: DependsOn: no order between it and A/B"}},
		{"the same database in other capitals is another name for one tag", `"T": {"Type": "LF::Tag", KEPT, "Properties": {"CatalogId": OWN, "TagKey": "Zone", "TagValues": ["RAW"]}},
			"U": {"Type": "LF::TagAssociation", "DependsOn": "T", "Properties": {"Resource": ` + database + `, "LFTags": [{"CatalogId": OWN, "TagKey": "zone", "TagValues": ["raw"]}]}}`, nil},
		{"an association without catalogs", `"U": {"Type": "LF::TagAssociation", "Properties": {"Resource": {"Database": {"Name": "d"}}, "LFTags": [{"TagKey": "zone", "TagValues": ["raw"]}]}}`,
			[]string{"LF13 A.U: LFTags[0]: no CatalogId", "LF13 A.U: Resource.Database: no CatalogId"}},
		{"buckets with similar names", registered("A", `"arn:aws:s3:::lake"`) + "," + registered("B", `"arn:aws:s3:::lake-2"`), nil},
		{"one bucket that the deployment names", `"K": {"Type": "AWS::S3::Bucket", KEPT},` + registered("A", `{"Fn::GetAtt": ["K", "Arn"]}`) + "," +
			registered("B", `{"Fn::Join": ["", [{"Fn::GetAtt": ["K", "Arn"]}, "/raw"]]}`),
			[]string{"LF42 A.B: ResourceArn: ${A.K.Arn}/raw beside ${A.K.Arn} of A/A"}},
		{"locations that parameters give", registered("A", `{"Ref": "P"}`) + "," + registered("B", `{"Ref": "Q"}`), nil},
		{"a view and a described table need not be kept", `"V": {"Type": "GLUE::Table", "Properties": {"CatalogId": OWN, "DatabaseName": "d", "TableInput": {"Name": "v", "TableType": "VIRTUAL_VIEW"}}},
			"E": {"Type": "GLUE::Table", "Properties": {"CatalogId": OWN, "DatabaseName": "d", "TableInput": {"Name": "e"}}}`, nil},
		{"an Iceberg table must be kept", `"I": {"Type": "GLUE::Table", "DeletionPolicy": "Retain", "Properties": {"CatalogId": OWN, "DatabaseName": "d", "TableInput": {"Name": "i", "Parameters": {"table_type": "iceberg"}}}}`,
			[]string{"ST01 A.I: UpdateReplacePolicy: nothing, which deletes"}},
		{"a link to a table", `"L": {"Type": "GLUE::Table", "Properties": {"CatalogId": OWN, "DatabaseName": "d", "TableInput": {"Name": "l", "TableType": "EXTERNAL_TABLE", "TargetTable": {"CatalogId": OWN, "DatabaseName": "e"}}}}`,
			[]string{"LF70 A.L: TableInput.TableType: \"EXTERNAL_TABLE\"", "LF70 A.L: TableInput.TargetTable: no Name"}},
		{"tags of a store that takes them", `"I": {"Type": "AWS::Omics::SequenceStore", KEPT, "Properties": {"Tags": {"commit": "4f1d9d2"}}}, "G": {"Type": "AWS::Omics::RunGroup", "Properties": {"Tags": {"commit": "4f1d9d2"}}}`, nil},
		{"a workflow whose versions would go", `"W": {"Type": "AWS::Omics::Workflow", "DeletionPolicy": "Retain"}`, []string{"ST01 A.W: UpdateReplacePolicy: nothing, which deletes"}},
		{"an annotation store", `"S": {"Type": "AWS::Omics::AnnotationStore", KEPT}`, []string{"HL03 A.S: Type: AWS::Omics::AnnotationStore, which is closed to new customers"}},
		{"a variant store of an account that had them", `"S": {"Type": "AWS::Omics::VariantStore", KEPT, "Metadata": {"lakemesh:policy": [{"id": "LakeMesh.HL03", "reason": "made in 2024"}]}}`, nil},
		{"tags of a store", `"I": {"Type": "AWS::Omics::ReferenceStore", KEPT, "Properties": {"Tags": {"at": {"Ref": "Now"}, "when": "2026-11-23T01:00:00Z", "owner": "genomics", "runbook": "7"}}}`,
			[]string{`HL02 A.I: Tags.at: "${A.Now}", which only the deployment tells`, `HL02 A.I: Tags.when: "2026-11-23T01:00:00Z", which looks like a time or a commit`}},
		{"an acknowledgement of another rule", strings.Replace(registered("A", `"arn:aws:s3:::lake"`), `"Properties": {`, `"Metadata": {"lakemesh:policy": [{"id": "LakeMesh.LF42", "reason": "r"}]}, "Properties": {"HybridAccessEnabled": true, `, 1),
			[]string{"AK02 A.A: Metadata.lakemesh:policy[0]: LakeMesh.LF42", "LF43 A.A: HybridAccessEnabled: true"}},
		{"a definition that only the deployment completes", machine(`{"Fn::Join": ["", ["{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Map\", \"End\": true, \"ItemsPath\": \"",
			{"Fn::ImportValue": "x"}, "\", \"Iterator\": {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}}}}"]]}`),
			[]string{"SF01 A.M: DefinitionString: the state A/A, beside A"}},
		{"a definition that is no JSON", machine(`"{"`), nil},
		{"a definition that is a parameter", machine(`{"Ref": "Definition"}`), nil},
		{"a literal source that is not encoded", machine(`"{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Parameters\": {\"CopySource\": \"from/a b+c\"}, \"Next\": \"B\"}, \"B\": {\"Type\": \"Task\", \"Parameters\": {\"CopySource\": \"from/a%20b%2Bc\"}, \"End\": true}}}"`),
			[]string{"SF02 A.M: DefinitionString: in state A CopySource from/a b+c"}},
		{"every column by wildcard", grant("G", `{"TableWithColumns": {"CatalogId": OWN, "DatabaseName": "db", "Name": "t", "ColumnWildcard": {}}}`, `["SELECT"]`, ""), nil},
		{"the artifact store of a pipeline", `"P": {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"ArtifactStore": {"Type": "S3", "Location": {"Ref": "B"}}}},
			"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": ` + encryptedWith(`{"Fn::GetAtt": ["K", "Arn"]}`) + `}}, "K": {"Type": "AWS::KMS::Key"},
			"E": {"Type": "Custom::S3AutoDeleteObjects", "Properties": {"BucketName": {"Ref": "B"}}}`, nil},
		{"an artifact store that is registered", `"P": {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"ArtifactStore": {"Type": "S3", "Location": {"Ref": "B"}}}},
			"B": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "lake"}},` + registered("A", `"arn:aws:s3:::lake/raw"`),
			[]string{"ST01 A.B: UpdateReplacePolicy: nothing, which deletes"}},
		{"a key of an artifact store that encrypts more", `"P": {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"ArtifactStore": {"Type": "S3", "Location": {"Ref": "B"}}}},
			"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": ` + encryptedWith(`{"Ref": "K"}`) + `}},
			"D": {"Type": "AWS::S3::Bucket", KEPT, "Properties": {"BucketEncryption": ` + encryptedWith(`"alias/k"`) + `}},
			"N": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/k", "TargetKeyId": {"Fn::GetAtt": ["K", "Arn"]}}}, "K": {"Type": "AWS::KMS::Key", "DeletionPolicy": "Retain"}`,
			[]string{"ST01 A.K: UpdateReplacePolicy: nothing, which deletes"}},
		{"the bucket of staged assets", `"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "cdk-lab-staging-${AWS::AccountId}-${AWS::Region}"}}}`, nil},
		{"one dependency that goes round in a circle", `"A": {"Type": "AWS::SNS::Topic", "DependsOn": "B"}, "B": {"Type": "AWS::SNS::Topic", "DependsOn": "A"}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := summary(rules.CheckStacks(stack(t, "A", "111111111111", test.resources)))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// CloudFormation puts the tags of a stack on what is in it, also in a nested one.
func TestTagsOfTheStackOfAStore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind string
		want []string
	}{
		{"AWS::HealthImaging::Datastore", []string{`HL02 A.I: Tags of the stack.commit: "4f1d9d2", under a key that says it changes`}},
		{"AWS::SNS::Topic", nil},
	} {
		one := stack(t, "A", "111111111111", `"I": {"Type": "`+test.kind+`", KEPT, "Properties": {}}`)
		one.Tags = map[string]string{"commit": "4f1d9d2", "lakemesh:mesh": "riverside"}
		if diff := cmp.Diff(test.want, summary(rules.CheckStacks(one))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.kind, diff)
		}
	}
}

// Stacks of one environment are judged together, those of others and those that
// can go anywhere are not.
func TestEnvironments(t *testing.T) {
	t.Parallel()
	const unknown = "${AWS::AccountId}"
	for _, test := range []struct {
		accounts [2]string
		want     []string
	}{
		{[2]string{"111111111111", "111111111111"}, []string{"LF01 B.S: : a second one beside A/S"}},
		{[2]string{"111111111111", "222222222222"}, nil},
		{[2]string{unknown, unknown}, nil},
		{[2]string{"111111111111", unknown}, nil},
	} {
		one := stack(t, "A", test.accounts[0], settings(`"x"`, version4))
		two := stack(t, "B", test.accounts[1], settings(`"x"`, version4))
		if got := summary(rules.CheckStacks(one, two)); !slices.Equal(got, test.want) {
			t.Errorf("%v: got %v", test.accounts, got)
		}
	}
}

// A role of the same name in another account is another role.
func TestRolesOfTwoAccounts(t *testing.T) {
	t.Parallel()
	const lake = `"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "location"}},
		"P": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "Roles": ["location"]}, "DependsOn": "R"},
		"L": {"Type": "LF::Resource", "DependsOn": ["R"AFTER], "Properties": {
			"ResourceArn": "arn:aws:s3:::lake-NUMBER", "RoleArn": "arn:aws:iam::NUMBER:role/location", "UseServiceLinkedRole": false}}`
	in := func(account, after string) *template.Stack {
		return stack(t, account, account, strings.NewReplacer("NUMBER", account, "AFTER", after).Replace(lake))
	}
	if got := summary(rules.CheckStacks(in("111111111111", `, "P"`), in("222222222222", `, "P"`))); len(got) != 0 {
		t.Errorf("two accounts: %v", got)
	}
	if got := summary(rules.CheckStacks(in("111111111111", ""), in("222222222222", `, "P"`))); len(got) != 1 {
		t.Errorf("a policy that the location does not wait for: %v", got)
	}
}
