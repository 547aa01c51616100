package fhirstore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awshealthlake"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// IFhirStore is a HealthLake data store for FHIR R4: one that this app makes, by
// NewFhirStore, or one that exists, by FhirStoreFromAttributes.
type IFhirStore interface {
	constructs.Construct

	// DatastoreName is the name of the store.
	DatastoreName() *string
	// DatastoreID is the id that HealthLake gave the store.
	DatastoreID() *string
	// DatastoreARN is the ARN of the store.
	DatastoreARN() *string
	// Endpoint is the URL of the store's FHIR API.
	Endpoint() *string
	// Key is the key that encrypts the store.
	Key() awskms.IKey

	// GrantRead lets the grantee read and search every resource of the store
	// through the FHIR API, and decrypt with its key. IAM knows no patients and no
	// resource types: the grant is for the whole store.
	GrantRead(grantee awsiam.IGrantable) awsiam.Grant
	// GrantReadWrite lets the grantee read, create, change and delete every
	// resource of the store through the FHIR API, and use its key.
	GrantReadWrite(grantee awsiam.IGrantable) awsiam.Grant
	// GrantImport lets the grantee start import jobs that work with the role, and
	// see how they go. It needs no access to the files. See NewDataAccessRole for
	// the role.
	GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant
	// GrantExport lets the grantee start export jobs that work with the role, and
	// see how they go. Whoever can read the role's output folder then reads
	// everything in the store.
	GrantExport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant
}

// FhirStore is a HealthLake data store that this app makes.
type FhirStore struct {
	constructs.Construct
	reference

	resource awshealthlake.CfnFHIRDatastore
}

var _ IFhirStore = (*FhirStore)(nil)

// NewFhirStore makes a data store that is encrypted with the customer managed
// key, takes requests signed with AWS credentials unless SmartOnFhir says
// otherwise, and stays when the stack goes or the store is replaced.
//
// Give it a stack of its own with termination protection: creation takes 5 to
// 30 minutes, CloudFormation may report success while the store is still
// CREATING (NewQueryAccess waits for it), and an account creates or deletes one
// store per minute. A stack without the protection gets a warning.
//
// What HealthLake does beside storing, its NLP, its tables and its validation, is
// chosen by NLP, Analytics and DefaultProfiles and can be changed while the store
// lives. A change of the first two takes up to six hours in CloudFormation, in which
// imports and other changes may be refused. Profiles that transform other formats are
// resources of their own: see NewTransformationProfile.
//
// The role that creates the store must be an administrator of Lake Formation, or its
// tables cannot be queried (rule 7.4), and needs healthlake:UpdateFHIRDatastore for
// changes.
//
// It panics with every problem of the props at once.
// Sources: "AWS::HealthLake::FHIRDatastore"; rules 7.1 to 7.4. Nothing here was
// deployed to an account by this project.
func NewFhirStore(scope constructs.Construct, id *string, props *FhirStoreProps) *FhirStore {
	p := props.withDefaults()
	cdkx.Check(scope, id, p.problems(scope))

	s := &FhirStore{}
	s.reference = reference{store: s, name: *p.DatastoreName, key: p.Key}
	cdkx.Add(s, scope, id)
	identity, permission := p.SmartOnFhir.configuration(s)
	cfn := &awshealthlake.CfnFHIRDatastoreProps{
		DatastoreName:                 p.DatastoreName,
		DatastoreTypeVersion:          jsii.String("R4"),
		IdentityProviderConfiguration: identity,
		SseConfiguration: &awshealthlake.CfnFHIRDatastore_SseConfigurationProperty{
			KmsEncryptionConfig: &awshealthlake.CfnFHIRDatastore_KmsEncryptionConfigProperty{
				CmkType: jsii.String("CUSTOMER_MANAGED_KMS_KEY"), KmsKeyId: cdkx.KeyARN(p.Key),
			},
		},
	}
	if cdkx.Value(p.AllowSyntheticPreload, false) {
		cfn.PreloadDataConfig = &awshealthlake.CfnFHIRDatastore_PreloadDataConfigProperty{PreloadDataType: jsii.String("SYNTHEA")}
	}
	s.resource = awshealthlake.NewCfnFHIRDatastore(s, jsii.String("Resource"), cfn)
	s.id, s.arn, s.endpoint = *s.resource.AttrDatastoreId(), *s.resource.AttrDatastoreArn(), *s.resource.AttrDatastoreEndpoint()
	p.configure(s.resource)
	registry := cdkx.RegistryOf(s)
	p.keep(s, registry)
	order.In(registry).Add(&order.Node{Resource: s.resource, Governed: true}) // it makes a database (rule 7.4)
	if permission != nil {
		s.resource.AddResourceDependency(permission, nil)
	}
	if !cdkx.Value(cdkx.StackOf(s).TerminationProtection(), false) {
		cdkx.Warn(s, "lakemesh:fhirstore:terminationProtection",
			"The stack of a FHIR store has no termination protection; set TerminationProtection in its props")
	}
	return s
}

// Cfn is the CloudFormation resource, for properties that this construct does not
// set. Look at the change set before a deployment that changes one: a replaced store
// is empty.
func (s *FhirStore) Cfn() awshealthlake.CfnFHIRDatastore { return s.resource }

// FhirStoreAttributes says which store is meant.
type FhirStoreAttributes struct { //nolint:revive // the CDK names attributes after their construct
	// DatastoreName is the name of the store. Required, and a plain string:
	// databases and parameters are named after it.
	DatastoreName *string

	// DatastoreID is the id that HealthLake gave the store; a token is taken.
	// Required, unless DatastoreARN is a plain string, which ends with it.
	DatastoreID *string

	// DatastoreARN is the ARN of the store; a token is taken beside DatastoreID.
	// Default: that of DatastoreID in the account and region of the stack.
	DatastoreARN *string

	// Endpoint is the URL of the store's FHIR API.
	// Default: HealthLake's for the store, in the region of DatastoreARN or, where
	// that is a token, of the stack.
	Endpoint *string

	// Key encrypts the store; awskms.Key_FromKeyArn refers to one of another app. It
	// also encrypts the logs, queues and topics of workflows that are made for the
	// store. Required.
	Key awskms.IKey
}

func (a *FhirStoreAttributes) problems(scope constructs.Construct) problem.List {
	var list problem.List
	checkDatastoreName(&list, a.DatastoreName)
	datastore.HealthLake().CheckReference(&list, scope, a.DatastoreID, a.DatastoreARN, a.Key)
	return list
}

// importedStore is a store that this app does not make.
type importedStore struct {
	constructs.Construct
	reference
}

// FhirStoreFromAttributes refers to a data store that exists: of another stack, of
// another app, or made by hand. It makes and changes nothing; grants, imports,
// exports and query access work as with a store of this app. The policy of a key of
// another app is not changed either: see the package for what it has to allow.
//
// It panics with every problem of the attributes at once.
func FhirStoreFromAttributes(scope constructs.Construct, id *string, attributes *FhirStoreAttributes) IFhirStore { //nolint:revive // as the CDK names importers
	a := cdkx.Value(attributes, FhirStoreAttributes{})
	cdkx.Check(scope, id, a.problems(scope))

	s := &importedStore{}
	s.reference = reference{store: s, name: *a.DatastoreName, key: a.Key}
	cdkx.Add(s, scope, id)
	var region string
	s.id, s.arn, region = datastore.HealthLake().Resolve(s, a.DatastoreID, a.DatastoreARN)
	s.endpoint = cdkx.Value(a.Endpoint, "")
	if s.endpoint == "" {
		s.endpoint = "https://healthlake." + region + "." + *cdkx.StackOf(s).UrlSuffix() + "/datastore/" + s.id + "/r4/"
	}
	return s
}
