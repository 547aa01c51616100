package datastore

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Service is one of the services that keep data stores.
type Service struct {
	title  string // as people call it
	name   string // in ARNs
	folder string // before the id in ARNs
	words  string // what an id is made of
	id     *regexp.Regexp
	arn    *regexp.Regexp // of groups region, account and id
	make   string         // functions that give a store
}

// HealthLake keeps FHIR resources. Its ARNs have been written with and without fhir/.
// Source: "Actions, resources, and condition keys for AWS HealthLake".
func HealthLake() Service {
	return Service{
		title: "HealthLake", name: "healthlake", folder: "fhir/", words: "1 to 32 letters and digits",
		id:   regexp.MustCompile(`^[A-Za-z0-9]{1,32}$`),
		arn:  regexp.MustCompile(`^arn:aws[a-z-]*:healthlake:([a-z0-9-]+):([0-9]{12}):datastore/(?:fhir/)?([A-Za-z0-9]{1,32})$`),
		make: "make one with NewFhirStore, or refer to one with FhirStoreFromAttributes",
	}
}

// HealthImaging keeps medical images.
// Source: "Actions, resources, and condition keys for AWS HealthImaging".
func HealthImaging() Service {
	return Service{
		title: "HealthImaging", name: "medical-imaging", words: "32 small letters and digits",
		id:   regexp.MustCompile(`^[a-z0-9]{32}$`),
		arn:  regexp.MustCompile(`^arn:aws[a-z-]*:medical-imaging:([a-z0-9-]+):([0-9]{12}):datastore/([a-z0-9]{32})$`),
		make: "make one with NewImageStore, or refer to one with ImageStoreFromAttributes",
	}
}

// Store is a data store, of this app or imported.
type Store interface {
	constructs.Construct
	DatastoreARN() *string // of the store
}

// CheckReference reports what is wrong with the id, the ARN and the key of a store that
// exists, for which the scope is given a reference.
func (s Service) CheckReference(list *problem.List, scope constructs.Construct, id, arn *string, key awskms.IKey) {
	if plain(id) && !s.id.MatchString(*id) {
		list.Addf("DatastoreID", cdkx.Quote(*id), "the id of a store, of "+s.words, "copy it from the data stores of "+s.title)
	}
	match := s.parts(arn)
	switch {
	case plain(arn) && match == nil:
		list.Addf("DatastoreARN", cdkx.Quote(*arn), "the ARN of a data store of "+s.title, "copy it from there, or leave it out")
	case match != nil && plain(id) && *id != match[3]:
		list.Addf("DatastoreARN", fmt.Sprintf("%q beside the id %q", *arn, *id), "the ARN of the same store", "leave one of the two out")
	case match == nil && id == nil:
		list.Addf("DatastoreID", "nothing", "the id of a store", "set it; a DatastoreARN alone is enough where it is a plain string")
	}
	cdkx.CheckPartition(list, scope, "DatastoreARN", cdkx.Value(arn, ""))
	if cdkx.Missing(key) {
		list.Addf("Key", "nothing", "the key that encrypts the store", "set Key, for example to that of the lake, or by awskms.Key_FromKeyArn")
	}
}

// Resolve fills in the id, the ARN and the region of a store that was checked: the
// id from an ARN that is known, an ARN in the account and region of the scope's stack.
func (s Service) Resolve(scope constructs.Construct, id, arn *string) (storeID, storeARN, region string) {
	stack := cdkx.StackOf(scope)
	if match := s.parts(arn); match != nil {
		return match[3], *arn, match[1]
	}
	if arn == nil {
		arn = stack.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String(s.name), Resource: jsii.String("datastore"), ResourceName: jsii.String(s.folder + *id),
		})
	}
	return *id, *arn, *cdkx.Region(stack)
}

// CheckStore reports a store that is missing, or that stands in another account or
// region than the stack of the construct that is made for it: a workflow calls the
// service where it runs, and would not find the store there.
func (s Service) CheckStore(list *problem.List, scope constructs.Construct, store Store) {
	if cdkx.Missing(store) {
		list.Addf("Store", "nothing", "a store", s.make)
		return
	}
	if cdkx.Missing(scope) {
		return
	}
	ours := home(scope)
	theirs := home(store)
	if match := s.parts(store.DatastoreARN()); match != nil {
		theirs = []string{match[2], match[1]}
	}
	for i, place := range []string{"account", "region"} {
		if theirs[i] != ours[i] && !cdkx.HoldsToken(theirs[i]) && !cdkx.HoldsToken(ours[i]) {
			list.Addf("Store", "a store in "+place+" "+theirs[i], "one in "+place+" "+ours[i]+", where the stack is",
				"make this construct in a stack beside the store")
		}
	}
}

// home is the account and the region of a construct.
func home(construct constructs.Construct) []string {
	stack := cdkx.StackOf(construct)
	return []string{*cdkx.Account(stack), *cdkx.Region(stack)}
}

// parts are the groups of an ARN that is known before the deployment; nil otherwise.
func (s Service) parts(arn *string) []string {
	if !plain(arn) {
		return nil
	}
	return s.arn.FindStringSubmatch(*arn)
}

// plain reports whether a text is there and known before the deployment.
func plain(text *string) bool { return text != nil && !cdkx.HoldsToken(*text) }
