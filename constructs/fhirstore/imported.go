package fhirstore

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

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
