package imagestore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

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
