package randommesh

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	"github.com/lakemesh/lakemesh/constructs/omics/healthomics"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// keepImages draws image stores, where HealthImaging is in every stage, with and without
// a product that lists the series.
func keepImages(t *rapid.T, d *mesh.Definition) {
	for _, stage := range d.Stages {
		if !slices.Contains(schema.Regions(), stage.Region) {
			return
		}
	}
	for i := range d.Domains {
		if rapid.IntRange(0, 3).Draw(t, "images") > 0 {
			continue
		}
		store := &mesh.ImageStore{Landing: rapid.SampledFrom([]string{"", "in/dicom/"}).Draw(t, "landing")}
		if rapid.Bool().Draw(t, "listed") {
			store.Product = "series"
			d.Domains[i].Contracts = append(d.Domains[i].Contracts, &contract.Contract{
				Name: store.Product, Zone: anyZone(t), Tables: []contract.Table{schema.Series("image_series")},
			})
		}
		d.Domains[i].ImageStore = store
	}
}

// keepSequences draws stores of sequences, where HealthOmics has them in every stage, and
// the one store of genomes that an account may have.
func keepSequences(t *rapid.T, d *mesh.Definition) {
	for _, stage := range d.Stages {
		if !slices.Contains(healthomics.StoreRegions(), stage.Region) {
			return
		}
	}
	for i := range d.Domains {
		if rapid.IntRange(0, 3).Draw(t, "sequences") == 0 {
			d.Domains[i].Omics = &mesh.Omics{ReferenceStore: i == 0, SequenceStore: i > 0 || rapid.Bool().Draw(t, "reads")}
		}
	}
}

// crawl draws crawlers of folders that nothing else uses.
func crawl(t *rapid.T, d *mesh.Domain) {
	for i := range max(0, rapid.IntRange(-2, 2).Draw(t, "crawlers")) {
		crawler := mesh.Crawler{Zone: string(rapid.SampledFrom(ontology.Zones()).Draw(t, "zone")), Path: fmt.Sprintf("landing/%d/", i)}
		if rapid.Bool().Draw(t, "scheduled") {
			crawler.Mode, crawler.Schedule = mesh.CrawlOnSchedule, "daily"
		}
		d.Crawlers = append(d.Crawlers, crawler)
	}
}

// makeTables draws products that jobs of the domain make: two by queries, of its own
// tables and of its FHIR store, and one by de-identification, with and without a key.
func makeTables(t *rapid.T, d *mesh.Domain) {
	if rapid.IntRange(0, 2).Draw(t, "made") > 0 {
		return
	}
	record := column("record", "string", ontology.PHI)
	record.Identifier = ontology.MedicalRecordNumber
	d.Contracts = append(d.Contracts, &contract.Contract{Name: "patients", Zone: anyZone(t), Tables: []contract.Table{{
		Name: "patient", Format: contract.FormatIceberg,
		Columns: []contract.Column{column("key", "string", ontology.Deidentified), record},
	}}})
	if rapid.Bool().Draw(t, "queried") {
		d.Contracts = append(d.Contracts, queried(t, d.FhirStore != nil))
		if rapid.Bool().Draw(t, "elsewhere") {
			d.Contracts = append(d.Contracts, &contract.Contract{Name: "wards", Zone: anyZone(t), Tables: []contract.Table{made("ward", "SELECT a.key FROM {admissions.admission} AS a")}})
		}
	}
	if rapid.Bool().Draw(t, "deidentified") {
		d.Contracts = append(d.Contracts, deidentified(t))
	}
}

// compose draws products that queries make of products of other domains, as far as the
// subscriptions of the domain's jobs show these; and subscriptions of other domains' jobs to
// such products, of which they make their own.
func compose(t *rapid.T, d *mesh.Definition) {
	for i := len(d.Domains) - 1; i >= 0; i-- { // jobs read from later domains only
		domain := &d.Domains[i]
		var tables []contract.Table
		for n := range d.Subscriptions {
			s := &d.Subscriptions[n]
			if s.Consumer != domain.Name || !slices.Contains(s.Principals, mesh.JobPrincipal(domain.Name)) || rapid.Bool().Draw(t, "unread") {
				continue
			}
			for _, producer := range d.Domains {
				for _, k := range producer.Contracts {
					if s.Product != producer.Name+"."+k.Name {
						continue
					}
					for _, table := range k.Tables {
						if columns := shown(s, k, table); len(columns) > 0 && table.View == nil && len(tables) < 3 {
							tables = append(tables, made(fmt.Sprintf("composed%d", len(tables)), fmt.Sprintf(`SELECT CAST(s."%s" AS varchar) AS key FROM {%s.%s} AS s`, columns[0], s.Product, table.Name)))
						}
					}
				}
			}
		}
		if len(tables) == 0 {
			continue
		}
		k := &contract.Contract{Name: "composed", Zone: anyZone(t), Tables: tables}
		if d.Ontology != nil {
			k.LFTags = []contract.LFTag{{Key: meshKey, Value: "treatment"}, {Key: domainKey, Value: "wgs"}}
		}
		domain.Contracts = append(domain.Contracts, k)
		if i > 0 && rapid.Bool().Draw(t, "passed on") {
			consumer := d.Domains[i-1].Name
			d.Subscriptions = append(d.Subscriptions, mesh.Subscription{
				Consumer: consumer, Principals: []string{mesh.JobPrincipal(consumer)}, Product: domain.Name + ".composed", Sensitivity: []string{string(ontology.PHI)},
				Purpose: "research", Approver: "team@d.example", Expires: "2030-01-01",
			})
		}
	}
}

// queried are tables that queries make, the second of the first.
func queried(t *rapid.T, hasFhirStore bool) *contract.Contract {
	out := &contract.Contract{Name: "admissions", Zone: anyZone(t), Tables: []contract.Table{made("admission", "SELECT p.key FROM {patients.patient} AS p")}}
	if hasFhirStore && rapid.Bool().Draw(t, "joined") {
		out.Tables[0].TransformLogic += " JOIN {fhirStore.encounter} AS e ON e.id = p.key"
	}
	if rapid.Bool().Draw(t, "again") {
		out.Tables = append(out.Tables, made("day", "SELECT a.key FROM {admissions.admission} AS a"))
	}
	return out
}

// made is a table that a query makes.
func made(name, query string) contract.Table {
	key := column("key", "string", ontology.PHI)
	key.PrimaryKey = 1
	return contract.Table{Name: name, Format: contract.FormatIceberg, TransformLogic: query, Columns: []contract.Column{key}}
}

func deidentified(t *rapid.T) *contract.Contract {
	key := column("key", "string", ontology.Deidentified)
	key.PrimaryKey = 1
	table := contract.Table{
		Name: "patient_deid", Format: contract.FormatIceberg, Columns: []contract.Column{key},
		Deidentify: &contract.Deidentify{From: contract.ParseReference("patients.patient")},
	}
	if rapid.Bool().Draw(t, "coded") {
		code := column("code", "string", ontology.Deidentified)
		code.Derivation = &contract.Derivation{Sources: []string{"patient.record"}}
		table.Columns = append(table.Columns, code)
	}
	return &contract.Contract{Name: "research", Zone: anyZone(t), Sensitivity: ontology.Deidentified, Tables: []contract.Table{table}}
}

func anyZone(t *rapid.T) ontology.Zone {
	return rapid.SampledFrom(ontology.Zones()).Draw(t, "zone")
}
