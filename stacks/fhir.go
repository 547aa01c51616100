package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/fhirstore"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// FhirStack is a domain's FHIR store with its workflows. It is protected from
// termination, and what it writes down is in SSM parameters below
// /<mesh>/<domain>/fhir/, once the store is active: its endpoint and where its tables are
// (link, catalog, database). Its
// queries name the link, which is called <mesh>_<domain>_fhir.
type FhirStack struct {
	awscdk.Stack

	store     *fhirstore.FhirStore
	imports   *fhirstore.Import
	documents *fhirstore.Import
	queries   *fhirstore.QueryAccess
	exports   *fhirstore.Export
}

// Store is the FHIR store.
func (s *FhirStack) Store() *fhirstore.FhirStore { return s.store }

// Import is the workflow that imports deliveries.
func (s *FhirStack) Import() *fhirstore.Import { return s.imports }

// Documents is the workflow that imports C-CDA documents; nil without one.
func (s *FhirStack) Documents() *fhirstore.Import { return s.documents }

// QueryAccess is the workflow that opens the tables to the readers, and to nobody
// without them.
func (s *FhirStack) QueryAccess() *fhirstore.QueryAccess { return s.queries }

// Export is the workflow that exports the store; nil without one.
func (s *FhirStack) Export() *fhirstore.Export { return s.exports }

func (b *builder) fhirStore(plan *mesh.FhirStorePlan) *FhirStack {
	s := &FhirStack{}
	domain := b.domains[plan.Domain].plan
	props := b.storeProps(plan.StackName, domain, fmt.Sprintf("FHIR store of the domain %s of the data mesh %s", plan.Domain, b.plan.Mesh))
	b.storeStack(s, withOwner(props, domain), domain)
	for i := range domain.Products {
		if domain.Products[i].Materialization.ReadsFhirStore() {
			b.afterProduct(s, domain.Name, domain.Products[i].Name) // whose role the tables are opened to
		}
	}
	lake, topic := newLake(s, domain), newAlarmTopic(s, domain)
	raw := lake.Raw()

	s.store = fhirstore.NewFhirStore(s, jsii.String("Store"), &fhirstore.FhirStoreProps{
		DatastoreName:         jsii.String(plan.DatastoreName),
		Key:                   lake.Key(),
		SmartOnFhir:           smartOnFhir(plan),
		AllowSyntheticPreload: jsii.Bool(plan.Synthetic),
		NLP:                   plan.NLP,
		Analytics:             fhirstore.AnalyticsStatus(plan.Analytics),
		DefaultProfiles:       plan.DefaultProfiles,
	})
	s.imports = fhirstore.NewImport(s, jsii.String("Import"), &fhirstore.ImportProps{
		Store:      s.store,
		Landing:    storage.S3Location{Bucket: raw, Prefix: jsii.String(plan.Landing)},
		Results:    &storage.S3Location{Bucket: raw, Prefix: jsii.String(plan.Results)},
		Quarantine: &storage.S3Location{Bucket: raw, Prefix: jsii.String(plan.Quarantine)},
		AlarmTopic: topic,
	})
	nameRole(plan.ImportRole, s.imports.Role())
	nameRole(plan.RunRole, s.imports, "Machine", "Role")
	if plan.Ccda != nil {
		s.addDocuments(plan, lake, topic)
	}
	s.queries = fhirstore.NewQueryAccess(s, jsii.String("Queries"), &fhirstore.QueryAccessProps{
		Store:           s.store,
		Principals:      principals(plan.Readers),
		DatabaseName:    jsii.String(plan.Database),
		ParameterPrefix: jsii.String(plan.Parameters),
		Role:            awsiam.Role_FromRoleName(s, jsii.String("AccessRole"), jsii.String(plan.AccessRole), nil),
		AlarmTopic:      topic,
	})
	fhirstore.NewDeletionAlarm(s, jsii.String("Deletion"), &fhirstore.DeletionAlarmProps{Store: s.store, AlarmTopic: topic})
	if plan.Exports != "" {
		s.exports = fhirstore.NewExport(s, jsii.String("Export"), &fhirstore.ExportProps{
			Store:      s.store,
			Output:     storage.S3Location{Bucket: lake.Curated(), Prefix: jsii.String(plan.Exports)},
			Schedule:   jsii.String(plan.Schedule),
			AlarmTopic: topic,
		})
		nameRole(plan.ExportRole, s.exports.Role())
	}
	return s
}

// addDocuments makes the import of C-CDA documents, and the profile that they are
// converted by.
func (s *FhirStack) addDocuments(plan *mesh.FhirStorePlan, lake storage.ILakeStorage, topic awssns.ITopic) {
	raw := lake.Raw()
	s.documents = fhirstore.NewImport(s, jsii.String("Documents"), &fhirstore.ImportProps{
		Store: s.store,
		Profile: fhirstore.NewTransformationProfile(s, jsii.String("CcdaProfile"), &fhirstore.TransformationProfileProps{
			ProfileName: jsii.String(plan.Ccda.Profile), SourceFormat: fhirstore.CCDA, StarterProfile: jsii.String(fhirstore.CcdaStarterKit), Key: lake.Key(),
		}),
		Landing:    storage.S3Location{Bucket: raw, Prefix: jsii.String(plan.Ccda.Landing)},
		Results:    &storage.S3Location{Bucket: raw, Prefix: jsii.String(plan.Results)},
		Quarantine: &storage.S3Location{Bucket: raw, Prefix: jsii.String(plan.Quarantine)},
		AlarmTopic: topic,
	})
	nameRole(plan.Ccda.ImportRole, s.documents.Role())
	nameRole(plan.Ccda.RunRole, s.documents, "Machine", "Role")
}

func smartOnFhir(plan *mesh.FhirStorePlan) *fhirstore.SmartOnFhir {
	if plan.Smart == nil {
		return nil
	}
	return &fhirstore.SmartOnFhir{
		Version:             fhirstore.SmartVersion(plan.Authorization),
		IdentityProviderARN: jsii.String(plan.Smart.IdentityProvider),
		Metadata:            jsii.String(plan.Smart.Metadata),
	}
}

func principals(plans []mesh.PrincipalPlan) []governance.Principal {
	out := make([]governance.Principal, len(plans))
	for i, p := range plans {
		out[i] = governance.PrincipalOf(p.Identifier)
	}
	return out
}
