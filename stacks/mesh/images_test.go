package mesh_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// imaging is a mesh whose clinic has an image store and lists its series.
func imaging(change func(d *mesh.Definition, clinic *mesh.Domain, series *contract.Table)) *mesh.Definition {
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{{
			Name: "clinic", Account: "lake", Owner: "clinic@example.org",
			ImageStore: &mesh.ImageStore{Product: "series"},
			Contracts: []*contract.Contract{{
				APIVersion: "v3.1.0", ID: "series", Name: "series", Version: "1.0.0", Status: "active",
				Tables: []contract.Table{schema.Series("image_series")},
			}},
		}},
	}
	if change != nil {
		change(d, &d.Domains[0], &d.Domains[0].Contracts[0].Tables[0])
	}
	return d
}

func TestImageStoreIsPlanned(t *testing.T) {
	plan, err := imaging(nil).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	clinic := plan.Domains[0]
	got := clinic.ImageStore
	if got.StackName != "lakeside-dev-clinic-images" || got.DatastoreName != "lakeside-clinic-images" || clinic.KeyParameter != "/lakeside/clinic/key" {
		t.Errorf("%+v", got)
	}
	if folders := []string{got.Landing, got.Results, got.Quarantine, got.Series.Landing}; !slices.Equal(folders, []string{"dicom/", "dicom-import-results/", "quarantine/dicom/", "dicom-metadata-inbox/"}) {
		t.Errorf("folders %q", folders)
	}
	series := got.Series
	if series.Database != "lakeside_clinic_curated" || series.Table != "image_series" || series.LandingTable.Table.Name != "image_series_inbox" ||
		series.LandingTable.Location != "s3://lakeside-clinic-raw-111111111111-us-east-1/dicom-metadata-inbox/" {
		t.Errorf("%+v", series)
	}
	rights := map[string]int{}
	for _, g := range series.Grants {
		if g.Principal != "arn:aws:iam::111111111111:role/lakeside-clinic-image-series-us-east-1" {
			t.Errorf("a grant to %s", g.Principal)
		}
		rights[string(g.Resource.Kind)] += len(g.Permissions)
	}
	if rights[string(lf.KindTable)] != 4 || rights[string(lf.KindColumns)] != 2 || rights[string(lf.KindLocation)] != 2 || len(rights) != 3 {
		t.Errorf("rights %v", rights)
	}
	for _, a := range allTags(clinic) {
		if a.Resource.Table == series.LandingTable.Table.Name {
			t.Errorf("the inbox has tags of its own: %+v", a)
		}
	}
}

// Without a product there is no table to keep, and without a store nothing at all.
func TestImageStoreWithoutProduct(t *testing.T) {
	plan, err := imaging(func(_ *mesh.Definition, clinic *mesh.Domain, _ *contract.Table) {
		clinic.ImageStore = &mesh.ImageStore{Landing: "pacs/in/"}
	}).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	if got := plan.Domains[0].ImageStore; got.Series != nil || got.Landing != "pacs/in/" || got.Results != "pacs/in-import-results/" {
		t.Errorf("%+v", got)
	}
	plan, err = imaging(func(_ *mesh.Definition, clinic *mesh.Domain, _ *contract.Table) { clinic.ImageStore = nil }).Plan("dev")
	if err != nil || plan.Domains[0].ImageStore != nil || plan.Domains[0].KeyParameter != "" {
		t.Errorf("%v, %+v", err, plan)
	}
}

// A contract may say more than the schema asks: other columns, another order, a
// stricter level.
func TestSeriesMayHaveMore(t *testing.T) {
	err := imaging(func(_ *mesh.Definition, _ *mesh.Domain, series *contract.Table) {
		slices.Reverse(series.Columns)
		series.Column("modality").Sensitivity, series.Column("modality").Classification = ontology.PHI, "phi"
		series.Columns = append(series.Columns, contract.Column{Name: "reviewed", Type: "boolean", Classification: "internal", Sensitivity: ontology.Internal})
	}).Validate()
	if err != nil {
		t.Error(err)
	}
}

func TestEveryProblemOfAnImageStore(t *testing.T) {
	type change = func(d *mesh.Definition, clinic *mesh.Domain, series *contract.Table)
	for name, test := range map[string]struct {
		change change
		want   string
	}{
		"a region without HealthImaging": {func(d *mesh.Definition, _ *mesh.Domain, _ *contract.Table) {
			d.Stages["prod"] = mesh.Stage{Region: "eu-central-1", Accounts: map[string]string{"lake": "222222222222"}}
		}, `domains[0].imageStore: got an image store in eu-central-1, where stage prod runs; expected a region with HealthImaging: one of ap-southeast-2, eu-west-1, eu-west-2, us-east-1, us-west-2; fix: run the stage elsewhere, or take the image store out`},
		"no folder": {func(_ *mesh.Definition, clinic *mesh.Domain, _ *contract.Table) { clinic.ImageStore.Landing = "/dicom" },
			`domains[0].imageStore.landing: got "/dicom"; expected a folder such as "dicom/", of letters, digits and any of ._-, without a slash before and with one behind; fix: name the folder that studies arrive in`},
		"the quarantine": {func(_ *mesh.Definition, clinic *mesh.Domain, _ *contract.Table) {
			clinic.ImageStore.Landing = "quarantine/in/"
		},
			`domains[0].imageStore.landing: got "quarantine/in/"; expected a folder outside quarantine/, where failed imports are recorded; fix: choose another folder`},
		"a folder of the FHIR store": {func(_ *mesh.Definition, clinic *mesh.Domain, _ *contract.Table) {
			clinic.FhirStore = &mesh.FhirStore{Landing: "dicom/records/"}
		}, `domains[0].imageStore.landing: got "dicom/", which uses dicom/, where the FHIR store has its deliveries (dicom/records/); expected folders of the raw zone that the domain's other store does not use; fix: choose another folder for one of the two`},
		"crawled, and of a product": {func(_ *mesh.Definition, clinic *mesh.Domain, _ *contract.Table) {
			clinic.Crawlers = []mesh.Crawler{{Zone: "raw", Path: "dicom/ct/"}, {Zone: "curated", Path: "dicom/"}}
			clinic.Contracts = append(clinic.Contracts, &contract.Contract{
				APIVersion: "v3.1.0", ID: "quarantine", Name: "quarantine", Version: "1.0.0", Status: "active", Zone: ontology.Raw,
				Tables: []contract.Table{{Name: "refused", Columns: []contract.Column{column("key", "string", ontology.PHI)}}},
			})
		}, `domains[0].imageStore.landing: got "dicom/", which uses dicom/ beside domains[0].crawlers[0].path, "dicom/ct/"; expected folders of the raw zone that no crawler crawls; fix: choose another folder, or another path of the crawler
domains[0].imageStore.landing: got "dicom/", which uses quarantine/dicom/, where the files of product "quarantine" are; expected folders of the raw zone that no product has; fix: choose another folder, or another name of the product`},
		"no such product": {func(_ *mesh.Definition, clinic *mesh.Domain, _ *contract.Table) { clinic.ImageStore.Product = "serie" },
			`domains[0].imageStore.product: got "serie", which the domain does not publish; expected series; fix: write a contract with the columns of imagestore.MetadataTable (did you mean "series"?)`},
		"several tables": {func(_ *mesh.Definition, clinic *mesh.Domain, _ *contract.Table) {
			k := clinic.Contracts[0]
			k.Tables = append(k.Tables, contract.Table{Name: "studies", Columns: []contract.Column{column("key", "string", ontology.PHI)}})
		}, `domains[0].contracts[0].schema: got 2 tables; expected one table, which lists the series of the image store; fix: give the other tables to another product`},
		"outside the lake, with the inbox's name taken": {func(_ *mesh.Definition, clinic *mesh.Domain, series *contract.Table) {
			series.Location = "s3://elsewhere/series/"
			clinic.Contracts = append(clinic.Contracts, &contract.Contract{
				APIVersion: "v3.1.0", ID: "other", Name: "other", Version: "1.0.0", Status: "active",
				Tables: []contract.Table{{Name: "image_series_inbox", Columns: []contract.Column{column("key", "string", ontology.PHI)}}},
			})
		}, `domains[0].contracts[0].tables[0]: got the table "image_series", which is no Iceberg table of the lake that imports alone write; expected an Iceberg table of the lake, because rows of series are replaced; fix: leave out its format, location, query and de-identification
domains[0].contracts[0].tables[0].name: got "image_series", whose landing table is called image_series_inbox as a table of other is; expected a name of its own for the landing table; fix: rename one of the two tables`},
		"made by a query too": {func(_ *mesh.Definition, _ *mesh.Domain, series *contract.Table) {
			series.TransformLogic = "SELECT * FROM {records.series}"
		}, `domains[0].contracts[0].tables[0]: got the table "image_series", which is no Iceberg table of the lake that imports alone write; expected an Iceberg table of the lake, because rows of series are replaced; fix: leave out its format, location, query and de-identification
domains[0].contracts[0].tables[0].sql: got {records.series}, which the domain clinic does not have; expected {product.table} of a product of the same domain, or {fhirStore.resource}; fix: correct it; a table of another domain is {domain.product.table}, and read by a subscription`},
		"every difference of columns": {func(_ *mesh.Definition, _ *mesh.Domain, series *contract.Table) {
			series.Columns = slices.DeleteFunc(series.Columns, func(c contract.Column) bool { return c.Name == "patient_id" })
			of := func(name string) *contract.Column { return series.Column(name) }
			of("series_number").Type = "int"
			of("study_description").Sensitivity, of("study_description").Classification = ontology.Deidentified, "deidentified"
			of("patient_name").Identifier = ""
			of("modality").Required = true
		}, `domains[0].contracts[0].tables[0]: got no column "patient_id"; expected every column of imagestore.MetadataTable; fix: add it with the type string, classified phi, and hipaaIdentifier medical_record_number
domains[0].contracts[0].tables[0].columns[6]: got column "patient_name" with nothing as its identifier; expected name; fix: set hipaaIdentifier to name
domains[0].contracts[0].tables[0].columns[13].classification: got deidentified on column "study_description"; expected at least phi; fix: classify the column as phi
domains[0].contracts[0].tables[0].columns[16]: got column "series_number" of type int; expected bigint, as the image store fills it; fix: correct the type
domains[0].contracts[0].tables[0].columns[18].required: got the required column "modality"; expected a column that may be empty, as the image store does not always fill it; fix: leave required out`},
		"the name of another stack": {func(d *mesh.Definition, _ *mesh.Domain, _ *contract.Table) {
			d.Domains = append(d.Domains, mesh.Domain{Name: "clinic-images", Account: "lake", Owner: "images@example.org"})
		}, `domains[1].name: got the stack name "lakeside-dev-clinic-images", which domain clinic has too; expected a stack name of its own; fix: rename the domain`},
	} {
		err := imaging(test.change).Validate()
		if err == nil {
			t.Errorf("%s: nothing is reported", name)
			continue
		}
		if got := sortedLines(err.Error()); got != sortedLines(test.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, sortedLines(test.want))
		}
	}
}

func sortedLines(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
