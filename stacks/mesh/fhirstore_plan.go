package mesh

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/schedule"
)

// FhirStorePlan is one FHIR store, resolved.
type FhirStorePlan struct {
	Domain        string      // the domain whose store it is
	Environment   Environment // where the store stands
	StackName     string      // name of its stack
	DatastoreName string      // name of the HealthLake data store
	Authorization string      // AWS_AUTH, SMART_ON_FHIR or SMART_ON_FHIR_V1
	Smart         *SmartPlan  // nil with AWS_AUTH
	Synthetic     bool        // a new store is filled with invented patients
	NLP           *bool       `json:",omitempty"` // nil says nothing of it
	Analytics     string      `json:",omitempty"` // ENABLED or PAUSED; "" says nothing of it

	DefaultProfiles []string `json:",omitempty"` // that resources are validated against; none says nothing of it

	Landing    string // folders of the raw zone's bucket
	Results    string // where HealthLake reports each import
	Quarantine string // where deliveries go whose import failed

	Ccda *FhirDocumentsPlan `json:",omitempty"` // nil imports no documents

	Database   string          // that queries name: a link which the workflow of the tables makes
	Readers    []PrincipalPlan // sorted by name; with the roles of the products' jobs that make tables from it
	AccessRole string          // name of the administrator that the tables are opened with, made by the foundation
	AccessARN  string          // ARN of AccessRole
	// Names of the roles that reach files: of the import, of its workflow, of the export.
	ImportRole, RunRole, ExportRole string
	Parameters                      string // prefix of the SSM parameters that say where the store is

	Exports    string // folder of the curated zone's bucket; "" without exports
	ExportDays int    // after which what is in the folder expires
	Schedule   string // of the exports, a cron expression
}

// FhirDocumentsPlan is how C-CDA documents get into a store. Their imports report, and
// quarantine, where those of FHIR do.
type FhirDocumentsPlan struct {
	Landing             string // folder of the raw zone's bucket
	Profile             string // name of the profile that HealthLake converts by
	ImportRole, RunRole string // names of the roles that reach files: of the import, of its workflow
}

// SmartPlan is how apps get into a store.
type SmartPlan struct {
	IdentityProvider string // ARN of the Lambda function that reads tokens
	Metadata         string // JSON
}

// planFhirStore plans the store of a domain with these products.
func (p *site) planFhirStore(domain string, s *FhirStore, products []ProductPlan) FhirStorePlan {
	n := p.names(domain)
	out := FhirStorePlan{
		Domain: domain, Environment: p.environment(domain),
		StackName: n.FhirStack(domain), DatastoreName: n.FhirStore(domain),
		Authorization: s.authorization(),
		Synthetic:     s.Synthetic && p.stages[p.stage].NonProduction,
		NLP:           s.NLP, Analytics: strings.ToUpper(s.Analytics), DefaultProfiles: slices.Clone(s.DefaultProfiles),
		Landing: s.landing(), Results: fhirResults, Quarantine: fhirQuarantine,
		Database:   n.FhirDatabase(domain),
		Readers:    p.named(s.Readers),
		AccessRole: n.FhirRole(domain), AccessARN: n.RoleARN(n.FhirRole(domain)),
		ImportRole: n.FhirImportRole(domain), RunRole: n.FhirRunRole(domain), ExportRole: n.FhirExportRole(domain),
		Parameters: n.FhirParameters(domain),
	}
	if s.Ccda != nil {
		out.Ccda = &FhirDocumentsPlan{
			Landing: s.Ccda.landing(), Profile: n.FhirStore(domain) + "-ccda", ImportRole: n.CcdaImportRole(domain), RunRole: n.CcdaRunRole(domain),
		}
	}
	if s.Smart != nil {
		metadata, _ := json.Marshal(s.Smart.Metadata) //nolint:errchkjson // strings only
		out.Smart = &SmartPlan{IdentityProvider: s.Smart.providerIn(p.stage, p.stages), Metadata: string(metadata)}
	}
	for _, product := range products {
		if job := product.Materialization; job.ReadsFhirStore() {
			out.Readers = append(out.Readers, PrincipalPlan{Name: domain + "-" + product.Name + "-" + refresh, Identifier: job.RoleARN})
		}
	}
	slices.SortFunc(out.Readers, func(a, b PrincipalPlan) int { return strings.Compare(a.Name, b.Name) })
	if s.Export != nil {
		out.Exports, out.ExportDays = fhirExports, exportDays
		out.Schedule, _ = schedule.Parse(s.Export.Schedule) // validated before
	}
	return out
}
