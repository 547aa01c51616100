package omics

import (
	"maps"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/omics/healthomics"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ReferenceStoreType is the type of a reference store's resource in CloudFormation.
const ReferenceStoreType = "AWS::Omics::ReferenceStore"

// ReferenceStoreProps configures a ReferenceStore. Nothing of it can be changed later,
// not even the description: a change replaces the store, and its genomes stay in the old
// one.
type ReferenceStoreProps struct {
	// Name is 1 to 127 characters. Required, and a plain string.
	Name *string

	// Description is 1 to 255 characters.
	// Default: none.
	Description *string

	// Key encrypts the genomes. Whoever makes the store needs kms:CreateGrant on it,
	// which the default policy of a CDK key leaves to IAM.
	// Default: a key that is made for the store, rotated and retained.
	Key awskms.IKey

	// Tags of the store, decided for good when it is made. Tags of the app, the stage
	// or the stack's construct tree are not put on it.
	// Default: none.
	Tags map[string]string

	// Regions are those with reference stores, for a region that is newer than this
	// version of the library.
	// Default: healthomics.StoreRegions.
	Regions []string
}

func (p *ReferenceStoreProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	checkName(&list, p.Name, storeName)
	checkText(&list, "Description", p.Description, storeDescription)
	cdkx.CheckFixedTags(&list, "Tags", p.Tags)
	checkRegion(&list, scope, "reference stores", p.Regions, healthomics.StoreRegions())
	return list
}

// IReferenceStore is a store of reference genomes: one that this app makes, by
// NewReferenceStore, or one that exists, by ReferenceStoreFromAttributes.
type IReferenceStore interface {
	constructs.Construct

	// ReferenceStoreID is the id that HealthOmics gave the store.
	ReferenceStoreID() *string
	// ReferenceStoreARN is the ARN of the store.
	ReferenceStoreARN() *string
	// Key is the key that encrypts the genomes.
	Key() awskms.IKey

	// GrantRead lets the grantee list and read the genomes.
	GrantRead(grantee awsiam.IGrantable) awsiam.Grant
	// GrantImport lets the grantee start imports that read with the role, and follow
	// them. The role must trust HealthOmics; that of an ImportRole does.
	GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant
}

// ReferenceStore is a store of reference genomes that this app makes.
type ReferenceStore struct {
	constructs.Construct
	reference

	resource awscdk.CfnResource
}

var _ IReferenceStore = (*ReferenceStore)(nil)

// NewReferenceStore makes a store of reference genomes under a fixed name, encrypted
// with a customer managed key and retained when it leaves the stack.
//
// Every property of the store is create-only, its tags too. So that a tag of the app
// which changes (a commit, an owner) does not replace the store, it is made as a resource
// that the CDK's tags do not reach; it has the Tags of the props and no others. Tags of
// the stack itself are put on by CloudFormation at deployment: give a stack with a store
// none that change. Put the store into a stack of its own with termination protection
// (rules 7.1, 7.6); without it there is a warning.
//
// It panics with every problem of the props at once, and in a region without such stores.
// Source: "AWS::Omics::ReferenceStore".
func NewReferenceStore(scope constructs.Construct, id *string, props *ReferenceStoreProps) *ReferenceStore {
	p := cdkx.Value(props, ReferenceStoreProps{})
	cdkx.Check(scope, id, p.problems(scope))

	s := &ReferenceStore{}
	cdkx.Add(s, scope, id)
	key := keyOf(s, p.Key)
	properties := map[string]any{"Name": jsii.String(*p.Name), "SseConfig": map[string]any{"Type": "KMS", "KeyArn": cdkx.KeyARN(key)}}
	if p.Description != nil {
		properties["Description"] = p.Description
	}
	if len(p.Tags) > 0 {
		properties["Tags"] = maps.Clone(p.Tags)
	}
	s.resource = awscdk.NewCfnResource(s, jsii.String("Resource"), &awscdk.CfnResourceProps{
		Type: jsii.String(ReferenceStoreType), Properties: &properties,
	})
	s.reference = reference{store: s, id: cdkx.Attribute(s.resource, "ReferenceStoreId"), arn: cdkx.Attribute(s.resource, "Arn"), key: key}
	keepStore(s, s.resource, "reference")
	return s
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
// It is a plain resource, see NewReferenceStore.
func (s *ReferenceStore) Cfn() awscdk.CfnResource { return s.resource }

// ReferenceStoreAttributes says which store is meant.
type ReferenceStoreAttributes struct {
	// ReferenceStoreARN is the ARN of the store; a token is taken. Required.
	ReferenceStoreARN *string

	// Key encrypts the genomes; awskms.Key_FromKeyArn refers to one of another app.
	// Required.
	Key awskms.IKey
}

// importedReferenceStore is a store that this app does not make.
type importedReferenceStore struct {
	constructs.Construct
	reference
}

// ReferenceStoreFromAttributes refers to a store that exists: of another stack, of
// another app, or made by hand. It makes and changes nothing, and grants work as with a
// store of this app. The policy of a key of another app is not changed either.
//
// It panics with every problem of the attributes at once.
func ReferenceStoreFromAttributes(scope constructs.Construct, id *string, attributes *ReferenceStoreAttributes) IReferenceStore {
	a := cdkx.Value(attributes, ReferenceStoreAttributes{})
	var list problem.List
	checkStoreARN(&list, scope, "ReferenceStoreARN", "referenceStore", a.ReferenceStoreARN, a.Key)
	cdkx.Check(scope, id, list)

	s := &importedReferenceStore{}
	cdkx.Add(s, scope, id)
	s.reference = reference{store: s, id: idOf(*a.ReferenceStoreARN), arn: *a.ReferenceStoreARN, key: a.Key}
	return s
}

// reference is what is known of a reference store, whether this app makes it or not.
type reference struct {
	store   constructs.Construct // itself, which errors name
	id, arn string
	key     awskms.IKey
}

// ReferenceStoreID is the id that HealthOmics gave the store.
func (r *reference) ReferenceStoreID() *string { return jsii.String(r.id) }

// ReferenceStoreARN is the ARN of the store.
func (r *reference) ReferenceStoreARN() *string { return jsii.String(r.arn) }

// Key is the key that encrypts the genomes.
func (r *reference) Key() awskms.IKey { return r.key }

// GrantRead lets the grantee list and read the genomes.
func (r *reference) GrantRead(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(r.store, "grantee", grantee, aGrantee)
	r.key.Grant(grantee, readKey()...)
	return cdkx.Allow("", []string{r.arn, r.arn + "/reference/*"}, readReferences...).Grant(grantee)
}

// GrantImport lets the grantee start imports that read with the role, and follow them.
// The role must trust HealthOmics; that of an ImportRole does.
func (r *reference) GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant {
	return grantImport(r.store, grantee, role, r.key, r.arn, importReferences)
}
