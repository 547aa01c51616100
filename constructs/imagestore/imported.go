package imagestore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

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

func (a *ImageStoreAttributes) problems() problem.List {
	var list problem.List
	datastore.HealthImaging().CheckReference(&list, a.DatastoreID, a.DatastoreARN)
	if cdkx.Missing(a.Key) {
		list.Addf("Key", "nothing", "the key that encrypts the images", "set Key, for example to that of the lake, or by awskms.Key_FromKeyArn")
	}
	return list
}

// importedStore is a store that this app does not make.
type importedStore struct {
	constructs.Construct

	name    *string
	id, arn string
	key     awskms.IKey
}

// ImageStoreFromAttributes refers to a data store that exists: of another stack, of
// another app, or made by hand. It makes and changes nothing; grants, imports and
// the table of series work as with a store of this app. The policy of a key of
// another app is not changed either: see NewImport for what it has to allow.
//
// It panics with every problem of the attributes at once.
func ImageStoreFromAttributes(scope constructs.Construct, id *string, attributes *ImageStoreAttributes) IImageStore { //nolint:revive // as the CDK names importers
	a := cdkx.Value(attributes, ImageStoreAttributes{})
	list := a.problems()
	cdkx.CheckPartition(&list, scope, "DatastoreARN", cdkx.Value(a.DatastoreARN, ""))
	cdkx.Check(scope, id, list)

	s := &importedStore{name: a.DatastoreName, key: a.Key}
	constructs.NewConstruct_Override(s, scope, id)
	s.id, s.arn, _ = datastore.HealthImaging().Resolve(s, a.DatastoreID, a.DatastoreARN)
	return s
}

func (s *importedStore) DatastoreName() *string { return s.name }
func (s *importedStore) DatastoreID() *string   { return jsii.String(s.id) }
func (s *importedStore) DatastoreARN() *string  { return jsii.String(s.arn) }
func (s *importedStore) Key() awskms.IKey       { return s.key }

func (s *importedStore) GrantRead(grantee awsiam.IGrantable) awsiam.Grant {
	return grantRead(s, grantee)
}

func (s *importedStore) GrantReadWrite(grantee awsiam.IGrantable) awsiam.Grant {
	return grantReadWrite(s, grantee)
}

func (s *importedStore) GrantImport(grantee awsiam.IGrantable, role awsiam.IRole) awsiam.Grant {
	return grantImport(s, grantee, role)
}
