package imagestore

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// ImageStoreProps configures an ImageStore. Nothing of it can be changed later:
// a change replaces the store, and the images stay in the old one.
//
// An empty store costs nothing. Images cost about 0.105 USD per GB and month, and 0.006
// in the archive tier that HealthImaging moves resting ones to. These numbers are
// third-party; see AWS's price list.
type ImageStoreProps struct { //nolint:revive // the CDK names props after their construct
	// DatastoreName is 1 to 256 letters, digits and any of ._/#- . Required, and a
	// plain string.
	DatastoreName *string

	// Key encrypts the images. Whoever creates the store needs kms:CreateGrant on
	// it, which the default policy of a CDK key leaves to IAM. Required.
	Key awskms.IKey

	// Tags of the store, decided for good when it is made. Tags of the app, the stage
	// or the stack's construct tree are not put on it.
	// Default: none.
	Tags map[string]string

	// Regions are those that HealthImaging is available in, for a region that is newer
	// than this version of the library.
	// Default: the regions of "AWS HealthImaging endpoints and quotas".
	Regions []string
}

var datastoreName = regexp.MustCompile(`^[A-Za-z0-9._/#-]{1,256}$`)

func (p *ImageStoreProps) withDefaults() ImageStoreProps {
	out := cdkx.Value(p, ImageStoreProps{})
	out.Tags, out.Regions = maps.Clone(out.Tags), slices.Clone(out.Regions)
	if len(out.Regions) == 0 {
		out.Regions = schema.Regions()
	}
	return out
}

func (p *ImageStoreProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	cdkx.CheckName(&list, "DatastoreName", p.DatastoreName, datastoreName, "1 to 256 letters, digits and any of ._/#-")
	if cdkx.Missing(p.Key) {
		list.Addf("Key", "nothing", "a customer managed key", "pass the key of the domain")
	}
	cdkx.CheckFixedTags(&list, "Tags", p.Tags)
	if cdkx.Missing(scope) {
		return list
	}
	if region := *cdkx.Region(scope); !cdkx.HoldsToken(region) && !slices.Contains(p.Regions, region) {
		list.Addf("Regions", "a stack in "+region, "one of "+strings.Join(p.Regions, ", "),
			"move the stack; name the region in Regions if HealthImaging has come to it")
	}
	return list
}

// IImageStore is a HealthImaging data store: one that this app makes, by
// NewImageStore, or one that exists, by ImageStoreFromAttributes.
type IImageStore interface {
	constructs.Construct

	// DatastoreName is the name of the store; nil where an import does not say it.
	DatastoreName() *string
	// DatastoreID is the id that HealthImaging gave the store.
	DatastoreID() *string
	// DatastoreARN is the ARN of the store.
	DatastoreARN() *string
	// Key is the key that encrypts the images.
	Key() awskms.IKey

	// GrantRead lets the grantee search and read images and their metadata, which
	// identify patients.
	GrantRead(grantee awsiam.IGrantable) awsiam.Grant
	// GrantReadWrite lets the grantee read, and also change, copy and delete image
	// sets and store DICOM objects one by one. It gives neither imports nor the
	// deletion of the store.
	GrantReadWrite(grantee awsiam.IGrantable) awsiam.Grant
	// GrantImport lets the grantee start imports that read and write with the role,
	// and follow them. The role must trust HealthImaging; that of an Import does.
	// Source: "Starting an import job".
	GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant
}

// ImageStore is a HealthImaging data store that this app makes.
type ImageStore struct {
	constructs.Construct
	reference

	resource awscdk.CfnResource
}

var _ IImageStore = (*ImageStore)(nil)

// DatastoreType is the type of the store's resource in CloudFormation.
const DatastoreType = "AWS::HealthImaging::Datastore"

// NewImageStore makes a data store under a fixed name, encrypted with the given
// key and retained when it leaves the stack.
//
// Every property of a data store is create-only, its tags too. So that a tag of
// the app which changes (a commit, an owner) does not replace the store, it is made
// as a resource that the CDK's tags do not reach; it has the Tags of the props and
// no others. Tags of the stack itself are put on by CloudFormation at deployment:
// give a stack with a store none that change. Put the store into a stack of its
// own with termination protection (rules 7.1, 7.6); without it there is a warning.
//
// HealthImaging makes or deletes five stores a minute and account, and a store
// can be deleted only when it is empty. It panics with every problem of the props
// at once, and in a region without HealthImaging.
// Sources: "AWS::HealthImaging::Datastore", "AWS HealthImaging throttling limits".
func NewImageStore(scope constructs.Construct, id *string, props *ImageStoreProps) *ImageStore {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems(scope))

	s := &ImageStore{}
	s.reference = reference{store: s, name: jsii.String(*p.DatastoreName), key: p.Key}
	cdkx.Add(s, scope, id)
	properties := map[string]any{"DatastoreName": s.name, "KmsKeyArn": cdkx.KeyARN(p.Key)}
	if len(p.Tags) > 0 {
		properties["Tags"] = p.Tags
	}
	s.resource = awscdk.NewCfnResource(s, jsii.String("Resource"), &awscdk.CfnResourceProps{
		Type: jsii.String(DatastoreType), Properties: &properties,
	})
	s.id, s.arn = cdkx.Attribute(s.resource, "DatastoreId"), cdkx.Attribute(s.resource, "DatastoreArn")
	cdkx.Retain(s.resource)
	cdkx.RegistryOf(s).Guard(s, s.resource)
	if !cdkx.Value(cdkx.StackOf(s).TerminationProtection(), false) {
		cdkx.Warn(s, "lakemesh:imagestore:terminationProtection",
			"The stack of an image store has no termination protection; set TerminationProtection in its props")
	}
	return s
}

// Cfn is the CloudFormation resource, for properties that this construct does not
// set. It is a plain resource, see NewImageStore.
func (s *ImageStore) Cfn() awscdk.CfnResource { return s.resource }

// ImageStoreAttributes says which store is meant.
type ImageStoreAttributes struct { //nolint:revive // the CDK names attributes after their construct
	// DatastoreID is the id that HealthImaging gave the store; a token is taken.
	// Required, unless DatastoreARN is a plain string, which ends with it.
	DatastoreID *string

	// DatastoreARN is the ARN of the store; a token is taken beside DatastoreID.
	// Default: that of DatastoreID in the account and region of the stack.
	DatastoreARN *string

	// DatastoreName is the name of the store.
	// Default: none; nothing here needs it.
	DatastoreName *string

	// Key encrypts the images; awskms.Key_FromKeyArn refers to one of another app. It
	// also encrypts the logs, queues and topics of workflows that are made for the
	// store. Required.
	Key awskms.IKey
}

// importedStore is a store that this app does not make.
type importedStore struct {
	constructs.Construct
	reference
}

// ImageStoreFromAttributes refers to a data store that exists: of another stack, of
// another app, or made by hand. It makes and changes nothing; grants, imports and
// the table of series work as with a store of this app. The policy of a key of
// another app is not changed either: see NewImport for what it has to allow.
//
// It panics with every problem of the attributes at once.
func ImageStoreFromAttributes(scope constructs.Construct, id *string, attributes *ImageStoreAttributes) IImageStore { //nolint:revive // as the CDK names importers
	a := cdkx.Value(attributes, ImageStoreAttributes{})
	var list problem.List
	datastore.HealthImaging().CheckReference(&list, scope, a.DatastoreID, a.DatastoreARN, a.Key)
	cdkx.Check(scope, id, list)

	s := &importedStore{}
	s.reference = reference{store: s, name: a.DatastoreName, key: a.Key}
	cdkx.Add(s, scope, id)
	s.id, s.arn, _ = datastore.HealthImaging().Resolve(s, a.DatastoreID, a.DatastoreARN)
	return s
}
