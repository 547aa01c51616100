package iampolicy_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/iampolicy"
	"github.com/lakemesh/lakemesh/constructs/template"
)

const (
	account = "111111111111"
	lake    = "arn:aws:s3:::lake"
)

// stack is a stack of resources, which are given as the members of a JSON object.
func stack(t interface {
	Helper()
	Fatalf(string, ...any)
}, resources ...string) *template.Stack {
	t.Helper()
	s := &template.Stack{Name: "S", Account: account, Region: "us-east-1"}
	if err := json.Unmarshal([]byte("{"+strings.Join(resources, ", ")+"}"), &s.Resources); err != nil {
		t.Fatalf("%v in %s", err, resources)
	}
	return s
}

// lines are what reaches the bucket lake, each as one line.
func lines(p *iampolicy.Policies) []string {
	var out []string
	for _, r := range p.Reaches(lake, account) {
		if len(r.Path) > 0 && (strings.Contains(r.Path[0], "no policy of the bucket denies") || strings.Contains(r.Path[0], "neither")) {
			continue
		}
		line := r.Principal[strings.LastIndex(r.Principal, "/")+1:] + ":"
		for _, can := range r.Can {
			line += " " + string(can)
		}
		if !r.Certain {
			line += " (maybe)"
		}
		out = append(out, line)
	}
	return out
}

const (
	role   = `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "Job"}}`
	bucket = `"Lake": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lake"}}`
)

func statement(effect, action, resource, more string) string {
	return fmt.Sprintf(`{"Effect": %q, "Action": %q, "Resource": %q%s}`, effect, action, resource, more)
}

// policy gives statements to the role.
func policy(statements ...string) string {
	return `"Policy": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "Roles": [{"Ref": "Role"}], "PolicyDocument": {"Statement": [` + strings.Join(statements, ", ") + `]}}}`
}

func bucketPolicy(statements ...string) string {
	return `"Guard": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Lake"}, "PolicyDocument": {"Statement": [` + strings.Join(statements, ", ") + `]}}}`
}

func condition(operator, key, value string) string {
	return fmt.Sprintf(`, "Condition": {%q: {%q: %q}}`, operator, key, value)
}

func TestReaches(t *testing.T) {
	const everybody, other = `, "Principal": "*"`, "arn:aws:iam::222222222222:role/Other"
	named := func(arn string) string { return fmt.Sprintf(`, "Principal": {"AWS": %q}`, arn) }
	read := func(more string) string { return statement("Allow", "s3:GetObject", lake+"/*", more) }
	key := func(policy string) string {
		return `"Lake": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lake", "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]}}}]}}},
			"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [` + policy + `]}}}, "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/lake", "TargetKeyId": {"Ref": "Key"}}}`
	}
	root := statement("Allow", "kms:*", "*", named("arn:aws:iam::111111111111:root"))
	guard := func(arns ...string) string {
		text, _ := json.Marshal(arns)
		return bucketPolicy(statement("Deny", "s3:*Object*", lake+"/*", everybody+`, "Condition": {"ArnNotLike": {"aws:PrincipalArn": `+string(text)+`}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}`))
	}
	for name, test := range map[string]struct {
		resources []string
		want      []string
	}{
		"nothing":                   {[]string{role, bucket}, nil},
		"read":                      {[]string{role, bucket, policy(read(""))}, []string{"Job: read"}},
		"everything":                {[]string{role, bucket, policy(statement("Allow", "*", "*", ""))}, []string{"Job: read write delete"}},
		"another bucket":            {[]string{role, bucket, policy(statement("Allow", "s3:*", lake+"2/*", ""))}, nil},
		"the bucket, no objects":    {[]string{role, bucket, policy(statement("Allow", "s3:GetObject", lake, ""))}, nil},
		"a part of it":              {[]string{role, bucket, policy(statement("Allow", "s3:Get*", lake+"/in/*", ""))}, []string{"Job: read"}},
		"buckets by a pattern":      {[]string{role, bucket, policy(statement("Allow", "s3:PutObject", "arn:aws:s3:::l?k*", ""))}, []string{"Job: write"}},
		"a reference to the bucket": {[]string{role, bucket, policy(`{"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": {"Fn::Sub": "${Lake.Arn}/*"}}`)}, []string{"Job: delete"}},
		"a prefix of the caller's":  {[]string{role, bucket, policy(statement("Allow", "s3:GetObject", lake+"/${aws:username}/*", ""))}, []string{"Job: read"}},
		"all actions but some":      {[]string{role, bucket, policy(`{"Effect": "Allow", "NotAction": ["iam:*", "s3:Put*"], "Resource": "*"}`)}, []string{"Job: read delete"}},
		"all resources but it":      {[]string{role, bucket, policy(`{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::lake*"}`)}, nil},
		"all resources but a part":  {[]string{role, bucket, policy(`{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::lake/in/*"}`)}, []string{"Job: read"}},

		"denied":                           {[]string{role, bucket, policy(read(""), statement("Deny", "s3:GetObject*", "*", ""))}, nil},
		"denied a part":                    {[]string{role, bucket, policy(read(""), statement("Deny", "s3:GetObject*", lake+"/in/*", ""))}, []string{"Job: read"}},
		"denied the part that it had":      {[]string{role, bucket, policy(statement("Allow", "s3:Get*", lake+"/in/*", ""), statement("Deny", "s3:*", lake+"/in*", ""))}, nil},
		"denied objects but not versions":  {[]string{role, bucket, policy(statement("Allow", "s3:*", "*", ""), statement("Deny", "s3:GetObject", "*", ""))}, []string{"Job: read write delete"}},
		"denied under a condition":         {[]string{role, bucket, policy(read(""), statement("Deny", "s3:*", "*", condition("StringNotEquals", "aws:SourceVpce", "vpce-1")))}, []string{"Job: read (maybe)"}},
		"denied without TLS":               {[]string{role, bucket, policy(read(""), statement("Deny", "s3:*", "*", condition("Bool", "aws:SecureTransport", "false")))}, []string{"Job: read"}},
		"denied with an old TLS":           {[]string{role, bucket, policy(read(""), statement("Deny", "s3:*", "*", condition("NumericLessThan", "s3:TlsVersion", "1.2")))}, []string{"Job: read"}},
		"denied other keys of encryption":  {[]string{role, bucket, policy(statement("Allow", "s3:PutObject", lake+"/*", ""), statement("Deny", "s3:PutObject", "*", condition("StringNotEquals", "s3:x-amz-server-side-encryption", "aws:kms")))}, []string{"Job: write"}},
		"denied by the bucket to others":   {[]string{role, bucket, policy(read("")), guard("arn:aws:iam::111111111111:role/Job")}, []string{"Job: read"}},
		"denied by the bucket to it":       {[]string{role, bucket, policy(read("")), guard("arn:aws:iam::111111111111:role/Admin")}, []string{"Admin: read write delete (maybe)"}},
		"left out by a pattern":            {[]string{role, bucket, policy(read("")), guard("arn:aws:iam::111111111111:role/J*")}, []string{"J*: read write delete (maybe)", "Job: read"}},
		"denied to all but named ones":     {[]string{role, bucket, policy(read("")), bucketPolicy(statement("Deny", "s3:*", lake+"/*", `, "NotPrincipal": {"AWS": "arn:aws:iam::111111111111:role/Admin"}`))}, []string{"Admin: read write delete (maybe)"}},
		"allowed under a condition":        {[]string{role, bucket, policy(read(condition("StringEquals", "aws:PrincipalTag/team", "a")))}, []string{"Job: read (maybe)"}},
		"allowed to another by condition":  {[]string{role, bucket, policy(read(condition("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111111111111:role/Other")))}, nil},
		"allowed to its account":           {[]string{role, bucket, policy(read(condition("StringEquals", "aws:PrincipalAccount", account)))}, []string{"Job: read"}},
		"allowed to services only":         {[]string{role, bucket, policy(read(condition("Bool", "aws:PrincipalIsAWSService", "true")))}, nil},
		"under a condition of the stack":   {[]string{role, bucket, strings.Replace(policy(read("")), `"Properties"`, `"Condition": "Prod", "Properties"`, 1)}, []string{"Job: read (maybe)"}},
		"within a boundary":                {[]string{strings.Replace(role, `"RoleName"`, `"PermissionsBoundary": "arn:aws:iam::111111111111:policy/b", "RoleName"`, 1), bucket, policy(read(""))}, []string{"Job: read (maybe)"}},
		"allowed by the bucket":            {[]string{role, bucket, bucketPolicy(read(named("arn:aws:iam::111111111111:role/Job")))}, []string{"Job: read"}},
		"the bucket lets IAM decide":       {[]string{role, bucket, bucketPolicy(read(named("arn:aws:iam::111111111111:root")))}, nil},
		"allowed to everybody":             {[]string{bucket, bucketPolicy(read(everybody))}, []string{"*: read"}},
		"everybody of an organization":     {[]string{bucket, bucketPolicy(read(everybody + condition("StringEquals", "aws:PrincipalOrgID", "o-1")))}, []string{"*: read (maybe)"}},
		"public access is blocked":         {[]string{strings.Replace(bucket, `"BucketName"`, `"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": true}, "BucketName"`, 1), bucketPolicy(read(everybody))}, []string{"111111111111: read"}},
		"a service":                        {[]string{bucket, bucketPolicy(read(`, "Principal": {"Service": "cloudfront.amazonaws.com"}` + condition("StringEquals", "aws:SourceArn", "arn:x")))}, []string{"cloudfront.amazonaws.com: read (maybe)"}},
		"another account":                  {[]string{bucket, bucketPolicy(read(named("arn:aws:iam::222222222222:root")))}, []string{"222222222222: read"}},
		"a role of another account":        {[]string{bucket, bucketPolicy(read(named(other)))}, []string{"Other: read"}},
		"a bucket of another's templates":  {[]string{role, policy(read(""))}, []string{"Job: read (maybe)"}},
		"a role that is only named":        {[]string{bucket, strings.Replace(policy(read("")), `{"Ref": "Role"}`, `"Old"`, 1)}, []string{"Old: read"}},
		"a policy for whoever is given it": {[]string{bucket, strings.Replace(strings.Replace(policy(read("")), `"Roles": [{"Ref": "Role"}], `, "", 1), "IAM::Policy", "IAM::ManagedPolicy", 1)}, []string{"Policy: read"}},

		"a policy of the role's own":   {[]string{bucket, strings.Replace(role, `"RoleName"`, `"Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": `+read("")+`}}], "RoleName"`, 1)}, []string{"Job: read"}},
		"AmazonS3FullAccess":           {[]string{bucket, strings.Replace(role, `"RoleName"`, `"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"], "RoleName"`, 1)}, []string{"Job: read write delete"}},
		"AdministratorAccess, by Join": {[]string{bucket, strings.Replace(role, `"RoleName"`, `"ManagedPolicyArns": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AdministratorAccess"]]}], "RoleName"`, 1)}, []string{"Job: read write delete"}},
		"ReadOnlyAccess":               {[]string{bucket, strings.Replace(role, `"RoleName"`, `"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "RoleName"`, 1)}, []string{"Job: read"}},
		"a policy that the role names": {[]string{bucket, strings.Replace(role, `"RoleName"`, `"ManagedPolicyArns": [{"Ref": "Policy"}], "RoleName"`, 1), strings.Replace(strings.Replace(policy(read("")), `"Roles": [{"Ref": "Role"}], `, "", 1), "IAM::Policy", "IAM::ManagedPolicy", 1)}, []string{"Job: read"}},
		"RolePolicy":                   {[]string{role, bucket, `"P": {"Type": "AWS::IAM::RolePolicy", "Properties": {"RoleName": {"Ref": "Role"}, "PolicyName": "p", "PolicyDocument": {"Statement": ` + read("") + `}}}`}, []string{"Job: read"}},
		"a group and its members": {[]string{bucket, `"Group": {"Type": "AWS::IAM::Group", "Properties": {"GroupName": "Team", "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": ` + read("") + `}}]}},
			"Ann": {"Type": "AWS::IAM::User", "Properties": {"UserName": "Ann", "Groups": [{"Ref": "Group"}]}}, "Bea": {"Type": "AWS::IAM::User", "Properties": {"UserName": "Bea"}},
			"Add": {"Type": "AWS::IAM::UserToGroupAddition", "Properties": {"GroupName": "Team", "Users": ["Bea"]}}`}, []string{"Team: read", "Ann: read", "Bea: read"}},

		"without the key":                {[]string{role, key(root), policy(read(""))}, nil},
		"with the key":                   {[]string{role, key(root), policy(read(""), statement("Allow", "kms:Decrypt", "*", ""))}, []string{"Job: read"}},
		"with the key by reference":      {[]string{role, key(root), policy(read(""), `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": {"Fn::GetAtt": ["Key", "Arn"]}}`)}, []string{"Job: read"}},
		"with keys of the account":       {[]string{role, key(root), policy(read(""), statement("Allow", "kms:Decrypt", "arn:aws:kms:us-east-1:111111111111:key/*", ""))}, []string{"Job: read"}},
		"with the key by its alias":      {[]string{role, key(root), policy(read(""), statement("Allow", "kms:Decrypt", "*", condition("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/lake")))}, []string{"Job: read"}},
		"with the key of another alias":  {[]string{role, key(root), policy(read(""), statement("Allow", "kms:Decrypt", "*", condition("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/other")))}, nil},
		"with a key known later":         {[]string{role, key(root), policy(read(""), `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": {"Ref": "Parameter"}}`)}, []string{"Job: read (maybe)"}},
		"with the key by S3 only":        {[]string{role, key(root), policy(read(""), statement("Allow", "kms:Decrypt", "*", condition("StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com")))}, []string{"Job: read"}},
		"with the key for Athena only":   {[]string{role, key(root), policy(read(""), statement("Allow", "kms:Decrypt", "*", condition("ArnEquals", "kms:EncryptionContext:aws:athena:arn", "arn:x")))}, nil},
		"with the key for its objects":   {[]string{role, key(root), policy(read(""), statement("Allow", "kms:Decrypt", "*", condition("ArnLike", "kms:EncryptionContext:aws:s3:arn", lake+"/in/*")))}, []string{"Job: read"}},
		"with the key for other objects": {[]string{role, key(root), policy(read(""), statement("Allow", "kms:Decrypt", "*", condition("ArnLike", "kms:EncryptionContext:aws:s3:arn", "arn:aws:s3:::other/*")))}, nil},
		"the key does not ask IAM":       {[]string{role, key(statement("Allow", "kms:*", "*", named("arn:aws:iam::111111111111:role/Admin"))), policy(read(""), statement("Allow", "kms:Decrypt", "*", ""))}, nil},
		"the key names it":               {[]string{role, key(statement("Allow", "kms:*", "*", named("arn:aws:iam::111111111111:role/Job"))), policy(read(""))}, []string{"Job: read"}},
		"the key denies it":              {[]string{role, key(root + ", " + statement("Deny", "kms:Decrypt", "*", everybody)), policy(read(""), statement("Allow", "kms:*", "*", ""))}, nil},
		"another account without a key":  {[]string{key(root), bucketPolicy(read(named(other)))}, nil},
		"deleting needs no key":          {[]string{role, key(root), policy(statement("Allow", "s3:*", "*", ""))}, []string{"Job: delete"}},
	} {
		if diff := cmp.Diff(test.want, lines(iampolicy.Of([]*template.Stack{stack(t, test.resources...)}))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// The policies of two accounts both have to let a role of the other in.
func TestTwoAccounts(t *testing.T) {
	owner := stack(t, bucket, bucketPolicy(statement("Allow", "s3:GetObject", lake+"/out/*", `, "Principal": {"AWS": "arn:aws:iam::222222222222:root"}`)))
	for resource, want := range map[string][]string{
		lake + "/*":                {"222222222222: read", "Job: read"},
		lake + "/out/a/*":          {"222222222222: read", "Job: read"},
		lake + "/in/*":             {"222222222222: read"},
		"arn:aws:s3:::somewhere/*": {"222222222222: read"},
	} {
		other := stack(t, role, policy(statement("Allow", "s3:GetObject", resource, "")))
		other.Name, other.Account = "Other", "222222222222"
		if diff := cmp.Diff(want, lines(iampolicy.Of([]*template.Stack{owner, other}))); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", resource, diff)
		}
	}
}

// What nobody can read is said, with its place.
func TestUnresolved(t *testing.T) {
	p := iampolicy.Of([]*template.Stack{stack(t, bucket, strings.Replace(role, `"RoleName"`, `"ManagedPolicyArns": ["arn:aws:iam::aws:policy/Whatever", "arn:aws:iam::111111111111:policy/Old", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"], "RoleName"`, 1),
		policy(`{"Effect": "Allow", "Action": "s3:*", "Resource": {"Fn::Sub": "arn:aws:s3:::${Name}/*"}}`, `{"Fn::If": ["Prod", {}, {}]}`))})
	var got []string
	for _, u := range p.Unresolved {
		got = append(got, u.String())
	}
	want := []string{
		"S Policy: AWS::IAM::Policy: a policy, some of which is only known when it is deployed: what it allows is not counted",
		"S Policy: AWS::IAM::Policy: which bucket arn:aws:s3:::${S.Name}/* is, is only known when it is deployed: what it allows there is not counted",
		"S Role: AWS::IAM::Role: what AWS's policy Whatever allows is not known here, and not counted",
		"S Role: AWS::IAM::Role: the policy arn:aws:iam::111111111111:policy/Old is not in the templates: what it allows is not counted",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Where no policy of the bucket keeps others out, the account stands for them.
func TestOutsiders(t *testing.T) {
	for name, s := range map[string]*template.Stack{
		"no policy of the bucket denies those whom policies of IAM let in, and not all of these are in the templates": stack(t, bucket),
		"neither the bucket's policy nor all policies of IAM are in the templates":                                    stack(t, role),
	} {
		got := iampolicy.Of([]*template.Stack{s}).Reaches(lake, account)
		if len(got) != 1 || got[0].Principal != account || got[0].Certain || got[0].Path[0] != name {
			t.Errorf("got %+v", got)
		}
	}
}

var someStatements = []string{
	statement("%s", "s3:GetObject", lake+"/*", ""), statement("%s", "s3:*", "*", ""), statement("%s", "s3:Put*", lake+"/in/*", ""),
	statement("%s", "s3:GetObject", "arn:aws:s3:::l*", condition("StringEquals", "aws:SourceVpce", "vpce-1")), statement("%s", "s3:*", lake+"/in/*", condition("Bool", "aws:SecureTransport", "true")),
	`{"Effect": "%s", "NotAction": "s3:GetObject", "Resource": "*"}`, `{"Effect": "%s", "Action": "s3:*", "NotResource": "arn:aws:s3:::lake/in/*"}`,
}

// One more Allow takes nothing away, and one more Deny adds nothing.
func TestMoreStatements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		effects := rapid.SampledFrom([]string{"Allow", "Allow", "Deny"})
		one := func(effect string) string {
			return strings.Replace(rapid.SampledFrom(someStatements).Draw(t, "statement"), "%s", effect, 1)
		}
		of := func(n int) (out []string) {
			for range n {
				out = append(out, one(effects.Draw(t, "effect")))
			}
			return out
		}
		own := of(rapid.IntRange(0, 3).Draw(t, "own"))
		named := func(statements []string) (out []string) {
			for _, s := range statements {
				out = append(out, strings.Replace(s, `{"Effect"`, `{"Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, "Effect"`, 1))
			}
			return out
		}
		theirs := named(of(rapid.IntRange(0, 2).Draw(t, "theirs")))
		can := func(own, theirs []string) map[iampolicy.Ability]bool {
			out := map[iampolicy.Ability]bool{}
			for _, r := range iampolicy.Of([]*template.Stack{stack(t, role, bucket, policy(own...), bucketPolicy(theirs...))}).Reaches(lake, account) {
				for _, a := range r.Can {
					out[a] = out[a] || strings.HasSuffix(r.Principal, "Job")
				}
			}
			return out
		}
		before := can(own, theirs)
		effect := effects.Draw(t, "one more")
		var after map[iampolicy.Ability]bool
		if more := one(effect); rapid.Bool().Draw(t, "of the bucket") {
			after = can(own, append(theirs, named([]string{more})...))
		} else {
			after = can(append(own, more), theirs)
		}
		for _, a := range []iampolicy.Ability{iampolicy.Read, iampolicy.Write, iampolicy.Delete} {
			if effect == "Allow" && before[a] && !after[a] || effect == "Deny" && after[a] && !before[a] {
				t.Fatalf("one more %s: %v before, %v after", effect, before, after)
			}
		}
	})
}

// Overlap and Covers agree with each other and with matching.
func TestPatterns(t *testing.T) {
	pattern := rapid.StringMatching(`[ab*?]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, text := pattern.Draw(t, "a"), pattern.Draw(t, "b"), rapid.StringMatching(`[ab]{0,6}`).Draw(t, "text")
		both := iampolicy.Matches(a, text) && iampolicy.Matches(b, text)
		if both && !iampolicy.Overlap(a, b) {
			t.Fatalf("%s and %s both take %s", a, b, text)
		}
		if iampolicy.Covers(a, b) && iampolicy.Matches(b, text) && !iampolicy.Matches(a, text) {
			t.Fatalf("%s does not take %s, which %s takes", a, text, b)
		}
		if iampolicy.Overlap(a, b) != iampolicy.Overlap(b, a) {
			t.Fatal("the order matters")
		}
	})
	for _, c := range []struct {
		a, b string
		want bool
	}{{"a*", "*b", true}, {"a*c", "ab", false}, {"", "*", true}, {"a?", "ab*", true}, {"ab", "a", false}} {
		if got := iampolicy.Overlap(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
