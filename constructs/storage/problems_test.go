package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// Every wrong prop is an error that names it, before anything is deployed.
func TestWrongPropsAreNamed(t *testing.T) {
	aged := func(l storage.Lifecycle) *storage.LakeStorageProps {
		return &storage.LakeStorageProps{Curated: &storage.ZoneProps{Lifecycle: &l}}
	}
	moved := func(transitions ...storage.Transition) *storage.LakeStorageProps {
		return aged(storage.Lifecycle{Transitions: transitions})
	}
	copied := func(change func(*storage.Replication)) *storage.LakeStorageProps {
		props := replicated()
		change(props.Replication)
		return props
	}
	folders := func(folders ...storage.FolderExpiration) *storage.LakeStorageProps {
		return aged(storage.Lifecycle{ExpireFolders: folders})
	}
	locked := func(l storage.ObjectLock) *storage.LakeStorageProps {
		return &storage.LakeStorageProps{Raw: &storage.ZoneProps{ObjectLock: &l}}
	}
	for _, test := range []struct {
		props *storage.LakeStorageProps
		want  string
	}{
		{moved(storage.Transition{AfterDays: jsii.Number(29), StorageClass: storage.StandardIA}), "Curated.Lifecycle.Transitions[0].AfterDays: got 29; expected a whole number of days from 30; fix: move it later"},
		{moved(storage.Transition{StorageClass: storage.IntelligentTiering}), "Curated.Lifecycle.Transitions[0].AfterDays: got nothing; expected a whole number of days from 1; fix: say when the objects move"},
		{moved(storage.Transition{AfterDays: jsii.Number(30), StorageClass: "ONEZONE_IA"}), `Curated.Lifecycle.Transitions[0].StorageClass: got "ONEZONE_IA"; expected one of [STANDARD_IA INTELLIGENT_TIERING GLACIER_IR GLACIER DEEP_ARCHIVE]; fix: use StandardIA: health data needs more than one Availability Zone`},
		{moved(storage.Transition{AfterDays: jsii.Number(30), StorageClass: "COLD"}), `Curated.Lifecycle.Transitions[0].StorageClass: got "COLD"`},
		{moved(storage.Transition{AfterDays: jsii.Number(30), StorageClass: storage.GlacierFlexibleRetrieval}, storage.Transition{AfterDays: jsii.Number(300), StorageClass: storage.StandardIA}), "Curated.Lifecycle.Transitions[1].StorageClass: got STANDARD_IA after GLACIER; expected a class further down"},
		{moved(storage.Transition{AfterDays: jsii.Number(30), StorageClass: storage.StandardIA}, storage.Transition{AfterDays: jsii.Number(59), StorageClass: storage.GlacierDeepArchive}), "Curated.Lifecycle.Transitions[1].AfterDays: got 59; expected a whole number of days from 60; fix: move it later, or change the transition to STANDARD_IA, which charges 30 days at least"},
		{aged(storage.Lifecycle{Transitions: []storage.Transition{}, DisableTransitions: jsii.Bool(true)}), "Curated.Lifecycle.DisableTransitions: got true beside Transitions"},
		{aged(storage.Lifecycle{ExpireDays: jsii.Number(30)}), "Curated.Lifecycle.ExpireDays: got 30; expected a whole number of days from 31; fix: move it later, or change the transition to INTELLIGENT_TIERING"},
		{aged(storage.Lifecycle{ExpireDays: jsii.Number(-1), DisableTransitions: jsii.Bool(true)}), "Curated.Lifecycle.ExpireDays: got -1; expected a whole number of days from 1"},
		{aged(storage.Lifecycle{NoncurrentDays: jsii.Number(-1)}), "Curated.Lifecycle.NoncurrentDays: got -1"},
		{aged(storage.Lifecycle{AbortUploadDays: jsii.Number(-1)}), "Curated.Lifecycle.AbortUploadDays: got -1"},
		{aged(storage.Lifecycle{NoncurrentVersions: jsii.Number(101)}), "Curated.Lifecycle.NoncurrentVersions: got 101; expected a whole number from 1 to 100"},
		{folders(storage.FolderExpiration{Prefix: jsii.String("/exports"), AfterDays: jsii.Number(1)}), `Curated.Lifecycle.ExpireFolders[0].Prefix: got "/exports"; expected a folder of letters, digits and any of ._=-, without a slash before and with one behind, at most 248 characters; fix: write it like "fhir-exports/"`},
		{folders(storage.FolderExpiration{AfterDays: jsii.Number(1)}), `Curated.Lifecycle.ExpireFolders[0].Prefix: got ""`},
		{folders(storage.FolderExpiration{Prefix: jsii.String(strings.Repeat("a", 248) + "/"), AfterDays: jsii.Number(1)}), `Curated.Lifecycle.ExpireFolders[0].Prefix: got "aaa`},
		{folders(storage.FolderExpiration{Prefix: jsii.String("a/")}), "Curated.Lifecycle.ExpireFolders[0].AfterDays: got 0; expected a whole number of days from 1; fix: say when the objects expire"},
		{folders(storage.FolderExpiration{Prefix: jsii.String("a/b/"), AfterDays: jsii.Number(9)}, storage.FolderExpiration{Prefix: jsii.String("a/"), AfterDays: jsii.Number(5)}), `Curated.Lifecycle.ExpireFolders[1].Prefix: got "a/" beside ExpireFolders[0], "a/b/"; expected folders apart from each other; fix: leave one out: in S3 the shorter time would win`},
		{aged(storage.Lifecycle{ExpireDays: jsii.Number(100), ExpireFolders: []storage.FolderExpiration{{Prefix: jsii.String("a/"), AfterDays: jsii.Number(100)}}}), "Curated.Lifecycle.ExpireFolders[0].AfterDays: got 100 with ExpireDays 100; expected less than 100, when all objects of the zone expire; fix: expire the folder earlier, or leave it out"},
		{aged(storage.Lifecycle{Transitions: []storage.Transition{{AfterDays: jsii.Number(40), StorageClass: storage.StandardIA}}, ExpireFolders: []storage.FolderExpiration{{Prefix: jsii.String("a/"), AfterDays: jsii.Number(69)}}}), "Curated.Lifecycle.ExpireFolders[0].AfterDays: got 69, with a move to STANDARD_IA after 40; expected less than 40, or at least 70; fix: expire the folder before the move or later: STANDARD_IA charges 30 days at least"},
		{folders(thousand()...), "Curated.Lifecycle.ExpireFolders: got 1000; expected at most 999; fix: name folders that hold several of them"},
		{locked(storage.ObjectLock{Mode: "STRICT", Days: jsii.Number(1)}), `Raw.ObjectLock.Mode: got "STRICT"; expected GOVERNANCE or COMPLIANCE`},
		{locked(storage.ObjectLock{Mode: storage.Governance}), "Raw.ObjectLock.Days: got nothing; expected a whole number of days from 1 to 36500"},
		{locked(storage.ObjectLock{Mode: storage.Governance, Days: jsii.Number(36501)}), "Raw.ObjectLock.Days: got 36501"},
		{&storage.LakeStorageProps{Curated: &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Governance, Days: jsii.Number(90)}, Lifecycle: &storage.Lifecycle{ExpireDays: jsii.Number(60)}}}, "Curated.Lifecycle.ExpireDays: got 60 below ObjectLock.Days; expected at least 90, when the lock ends"},
		{&storage.LakeStorageProps{Raw: &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Governance, Days: jsii.Number(30)}, Lifecycle: &storage.Lifecycle{ExpireFolders: []storage.FolderExpiration{{Prefix: jsii.String("a/"), AfterDays: jsii.Number(29)}}}}}, "Raw.Lifecycle.ExpireFolders[0].AfterDays: got 29 below ObjectLock.Days; expected at least 30, when the lock ends"},
		{copied(func(r *storage.Replication) { r.Region = jsii.String(cdktest.Region) }), `Replication.Region: got "us-east-1", the lake's own; expected another region`},
		{copied(func(r *storage.Replication) { r.Region = jsii.String("Oregon") }), `Replication.Region: got "Oregon"`},
		{copied(func(r *storage.Replication) { r.KeyARN = nil }), "Replication.KeyARN: got none; expected the ARN of a KMS key; fix: copy it from the stack of ReplicaStorage"},
		{copied(func(r *storage.Replication) { r.KeyARN = jsii.String("arn:aws:kms:us-west-2:111111111111:alias/lab") }), "Replication.KeyARN: got \"arn:aws:kms:us-west-2:111111111111:alias/lab\"; expected the ARN of a KMS key, not of an alias"},
		{copied(func(r *storage.Replication) { r.KeyARN = jsii.String(ownKey) }), "Replication.KeyARN: got a key in us-east-1; expected a key in Replication.Region"},
		{copied(func(r *storage.Replication) {
			r.KeyARN = jsii.String(strings.ReplaceAll(replicaKey, cdktest.Account, "222222222222"))
		}), "Replication.KeyARN: got a key of account 222222222222; expected a key of the lake's account 111111111111"},
		{copied(func(r *storage.Replication) { r.BucketNames = nil }), "Replication.BucketNames: got none"},
		{copied(func(r *storage.Replication) { r.BucketNames.Logs = jsii.String("lab-logs") }), `Replication.BucketNames.Logs: got "lab-logs"; expected nothing`},
		{copied(func(r *storage.Replication) { r.BucketNames.Raw = jsii.String("No") }), `Replication.BucketNames.Raw: got "No"`},
		{copied(func(r *storage.Replication) { r.BucketNames.Raw = awscdk.Aws_STACK_NAME() }), "Replication.BucketNames.Raw: got \"${Token}\"; expected "},
		{copied(func(r *storage.Replication) { r.BucketNames.Raw = r.BucketNames.Curated }), `Replication.BucketNames.Curated: got "lab-copy-curated", as Replication.BucketNames.Raw`},
		{&storage.LakeStorageProps{BucketNames: &storage.BucketNames{Raw: jsii.String("lab-copy-raw")}, Replication: replicated().Replication}, `Replication.BucketNames.Raw: got "lab-copy-raw", as BucketNames.Raw`},
		{&storage.LakeStorageProps{Inventory: &storage.Inventory{Frequency: "Hourly"}}, `Inventory.Frequency: got "Hourly"; expected Daily or Weekly`},
		{&storage.LakeStorageProps{Inventory: &storage.Inventory{Format: "XML"}}, `Inventory.Format: got "XML"; expected Parquet, ORC or CSV`},
		{&storage.LakeStorageProps{OnlyVPCEndpoints: &storage.VPCEndpointAccess{}}, "OnlyVPCEndpoints.EndpointIDs: got none"},
		{&storage.LakeStorageProps{OnlyVPCEndpoints: &storage.VPCEndpointAccess{EndpointIDs: []string{"vpc-1"}}}, `OnlyVPCEndpoints.EndpointIDs[0]: got "vpc-1"`},
		{&storage.LakeStorageProps{OnlyVPCEndpoints: &storage.VPCEndpointAccess{EndpointIDs: []string{endpoint}, ExceptRoleARNs: []string{"*"}}}, `OnlyVPCEndpoints.ExceptRoleARNs[0]: got "*"; expected the ARN of an IAM role`},
		{&storage.LakeStorageProps{OnlyOrganizationID: jsii.String("")}, `OnlyOrganizationID: got ""`},
		{&storage.LakeStorageProps{MalwareScan: &storage.MalwareScan{Prefixes: strings.Split("abcdef", "")}}, "MalwareScan.Prefixes: got 6; expected at most 5"},
		{&storage.LakeStorageProps{MalwareScan: &storage.MalwareScan{Prefixes: []string{"a", "a"}}}, `MalwareScan.Prefixes[1]: got "a"; expected a prefix of its own`},
		{&storage.LakeStorageProps{MalwareScan: &storage.MalwareScan{Prefixes: []string{strings.Repeat("a", 1025)}}}, "MalwareScan.Prefixes[0]: got 1025 characters; expected at most 1024"},
		{&storage.LakeStorageProps{OnlyVPCEndpoints: &storage.VPCEndpointAccess{EndpointIDs: slices.Repeat([]string{endpoint}, 600)}}, "OnlyVPCEndpoints: got 15000 characters; expected at most 12000, because a bucket policy holds 20 KB"},
		{&storage.LakeStorageProps{AllowDestroy: jsii.Bool(true)}, "AllowDestroy: got true without the context lakemesh:allow-destroy; expected both or neither; fix: set the context lakemesh:allow-destroy to true where data may be destroyed, or leave AllowDestroy out"},
	} {
		stack := cdktest.Stack()
		got := cdktest.Panic(t, func() { storage.NewLakeStorage(stack, jsii.String("Lake"), test.props) })
		if !strings.HasPrefix(got, "Test/Lake: "+test.want) || strings.Contains(got, "\n") {
			t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
		}
		if stack.Node().TryFindChild(jsii.String("Lake")) != nil {
			t.Error("a half-made lake is left in the tree")
		}
	}
}

// thousand folders, each a rule beside the one of the bucket.
func thousand() []storage.FolderExpiration {
	var out []storage.FolderExpiration
	for i := range 1000 {
		out = append(out, storage.FolderExpiration{Prefix: jsii.String(fmt.Sprintf("f%d/", i)), AfterDays: jsii.Number(1)})
	}
	return out
}

func TestDestroyingTakesTwoKeys(t *testing.T) {
	for _, test := range []struct {
		context any
		props   *storage.LakeStorageProps
		want    string // problem, or none
	}{
		{true, &storage.LakeStorageProps{AllowDestroy: jsii.Bool(true)}, ""},
		{"true", &storage.LakeStorageProps{AllowDestroy: jsii.Bool(true)}, ""},
		{"false", nil, ""},
		{false, nil, ""},
		{true, nil, "AllowDestroy: got false with the context lakemesh:allow-destroy; expected both or neither; fix: set AllowDestroy to true on the lakes of this app, or remove the context"},
		{"false", &storage.LakeStorageProps{AllowDestroy: jsii.Bool(true)}, "AllowDestroy: got true without the context"},
		{"yes", nil, `AllowDestroy: got context lakemesh:allow-destroy: "yes"; expected the context to be true or false`},
		{1, nil, "AllowDestroy: got context lakemesh:allow-destroy: 1"},
		{true, &storage.LakeStorageProps{AllowDestroy: jsii.Bool(true), Raw: &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Governance, Days: jsii.Number(1)}}}, "AllowDestroy: got true beside Raw.ObjectLock"},
	} {
		stack := cdktest.Stack()
		stack.Node().SetContext(jsii.String(storage.AllowDestroyContext), test.context)
		if test.want != "" {
			got := cdktest.Panic(t, func() { storage.NewLakeStorage(stack, jsii.String("Lake"), test.props) })
			if !strings.HasPrefix(got, "Test/Lake: "+test.want) {
				t.Errorf("%v: got %s", test.context, got)
			}
			continue
		}
		storage.NewLakeStorage(stack, jsii.String("Lake"), test.props)
		template := cdktest.Of(t, stack)
		for _, r := range append(template.Type(bucketType), template.Type(keyType)...) {
			if test.props == nil {
				retained(t, r)
			} else if r.DeletionPolicy != "Delete" || r.UpdateReplacePolicy != "Delete" {
				t.Errorf("%s: DeletionPolicy %q, UpdateReplacePolicy %q", r.ID, r.DeletionPolicy, r.UpdateReplacePolicy)
			}
		}
		invariants(t, template)
	}
}

func TestWrongReplicas(t *testing.T) {
	stack := cdktest.Stack()
	for want, props := range map[string]*storage.ReplicaStorageProps{
		"BucketNames: got none; expected the name of at least one zone's bucket": nil,
		"Raw: got props for a zone without a name; expected a name in BucketNames.Raw": {
			BucketNames: &storage.BucketNames{Curated: jsii.String("lab")}, Raw: &storage.ZoneProps{}},
		"BucketNames.Raw: got \"${Token}\"; ":                     {BucketNames: &storage.BucketNames{Raw: awscdk.Aws_STACK_NAME()}},
		"LogRetentionDays: got 0":                                 {BucketNames: &storage.BucketNames{Raw: jsii.String("lab")}, LogRetentionDays: jsii.Number(0)},
		`KeyAlias: got "x" beside Key`:                            {BucketNames: &storage.BucketNames{Raw: jsii.String("lab")}, KeyAlias: jsii.String("x"), Key: awskms.NewKey(stack, jsii.String("Mine"), nil)},
		`OnlyOrganizationID: got "x"`:                             {BucketNames: &storage.BucketNames{Raw: jsii.String("lab")}, OnlyOrganizationID: jsii.String("x")},
		"OnlyVPCEndpoints.EndpointIDs: got none":                  {BucketNames: &storage.BucketNames{Raw: jsii.String("lab")}, OnlyVPCEndpoints: &storage.VPCEndpointAccess{}},
		"AllowDestroy: got true without the context":              {BucketNames: &storage.BucketNames{Raw: jsii.String("lab")}, AllowDestroy: jsii.Bool(true)},
		`Raw.ObjectLock.Mode: got ""`:                             {BucketNames: &storage.BucketNames{Raw: jsii.String("lab")}, Raw: &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Days: jsii.Number(1)}}},
		`BucketNames.Curated: got "lab", as BucketNames.Raw; exp`: {BucketNames: &storage.BucketNames{Raw: jsii.String("lab"), Curated: jsii.String("lab")}},
	} {
		if got := cdktest.Panic(t, func() { storage.NewReplicaStorage(stack, jsii.String("Copy"), props) }); !strings.HasPrefix(got, "Test/Copy: "+want) {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func TestWrongImports(t *testing.T) {
	stack := cdktest.Stack()
	const all = `Test/Lake: BucketNames: got none; expected the name of at least one zone's bucket; fix: name the buckets of the lake
KeyARN: got ""; expected the ARN of a KMS key, not of an alias; fix: copy it from the lake`
	if got := cdktest.Panic(t, func() { storage.LakeStorageFromAttributes(stack, jsii.String("Lake"), nil) }); got != all {
		t.Errorf("got %s", got)
	}
}

// Where a lake stands and what it is asked to do is named beside its props.
func TestNothingIsNamed(t *testing.T) {
	stack := cdktest.Stack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	imported := storage.LakeStorageFromAttributes(stack, jsii.String("Imported"), &storage.LakeStorageAttributes{
		BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw")}, KeyARN: jsii.String(ownKey),
	})
	const scope = "scope: got nothing; expected a construct, such as a stack"
	for want, call := range map[string]func(){
		"New: LogRetentionDays: got 0; expected a whole number of days from 1; fix: leave it out for six years\nReplication.BucketNames: got none": func() {
			storage.NewLakeStorage(nil, jsii.String("New"), &storage.LakeStorageProps{LogRetentionDays: jsii.Number(0), Replication: &storage.Replication{}})
		},
		"New: BucketNames: got none; expected the name of at least one zone's bucket; fix: name the zones that the lake replicates\n" + scope: func() {
			storage.NewReplicaStorage(nil, jsii.String("New"), nil)
		},
		"KeyARN: got \"\"; expected the ARN of a KMS key, not of an alias; fix: copy it from the lake\nid: got nothing": func() {
			storage.LakeStorageFromAttributes(stack, nil, nil)
		},
		"Test/Lake: grantee: got nothing; expected a role, a user or another awsiam.IGrantable; fix: pass one":     func() { lake.GrantRead(ontology.Raw, nil) },
		"Test/Imported: grantee: got nothing; expected a role, a user or another awsiam.IGrantable; fix: pass one": func() { imported.GrantReadWrite(ontology.Raw, nil) },
	} {
		if got := cdktest.Panic(t, call); !strings.Contains(got, want) {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	}
}

func TestNamesAreTakenOncePerStack(t *testing.T) {
	stack := cdktest.Stack()
	props := &storage.LakeStorageProps{BucketNames: &storage.BucketNames{Raw: jsii.String("lab-raw")}}
	storage.NewLakeStorage(stack, jsii.String("Lake"), props)
	const want = `Test/Again: BucketNames.Raw: got "lab-raw", the name of the bucket at Test/Lake; expected a name used once in the stack; fix: rename one of them, or use the one that is there`
	if got := cdktest.Panic(t, func() { storage.NewLakeStorage(stack, jsii.String("Again"), props) }); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	storage.NewLakeStorage(stack, jsii.String("Generated"), nil)
	storage.NewLakeStorage(stack, jsii.String("AlsoGenerated"), nil)
}

// Numbers that only the deployment knows cannot be checked, and are said so.
func TestNumbersKnownAtDeployment(t *testing.T) {
	stack := cdktest.Stack()
	days := awscdk.NewCfnParameter(stack, jsii.String("Days"), &awscdk.CfnParameterProps{Type: jsii.String("Number")}).ValueAsNumber()
	got := cdktest.Panic(t, func() {
		storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{
			LogRetentionDays: days,
			Raw: &storage.ZoneProps{ObjectLock: &storage.ObjectLock{Mode: storage.Governance, Days: days}, Lifecycle: &storage.Lifecycle{
				Transitions: []storage.Transition{{AfterDays: days, StorageClass: storage.StandardIA}}, ExpireDays: days, NoncurrentDays: days,
				ExpireFolders: []storage.FolderExpiration{{Prefix: jsii.String("a/"), AfterDays: days}},
			}},
			OnlyVPCEndpoints: &storage.VPCEndpointAccess{EndpointIDs: []string{"x" + *awscdk.Aws_REGION(), "#{Token[TOKEN.7]}"}},
		})
	})
	if strings.Contains(got, "e+") || strings.Contains(got, "Token[") || strings.Count(got, "got a number known only at deployment; expected a whole number of days") != 6 {
		t.Error(got)
	}
}
