package mesh_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// variantsMesh is a mesh whose laboratory loads VCF files.
func variantsMesh(change func(d *mesh.Domain)) *mesh.Definition {
	d := &mesh.Definition{
		APIVersion: mesh.APIVersion, Name: "lakeside",
		Stages: map[string]mesh.Stage{"dev": {Region: "us-east-1", Accounts: map[string]string{"lake": "111111111111"}}},
		Domains: []mesh.Domain{
			{Name: "genomics", Account: "lake", Owner: "genomics@example.org", Variants: &mesh.Variants{}, Contracts: []*contract.Contract{schema.Contract()}},
		},
	}
	if change != nil {
		change(&d.Domains[0])
	}
	return d
}

func TestVariantsArePlanned(t *testing.T) {
	plan, err := variantsMesh(func(d *mesh.Domain) {
		d.Variants = &mesh.Variants{Assembly: "GRCh38", Reference: "reference/GRCh38.fa", MaximumCapacity: &mesh.VariantsCapacity{VCPU: 64, MemoryGB: 512, DiskGB: 2000}}
	}).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	domain := plan.Domains[0]
	v := domain.Variants
	if v.StackName != "lakeside-dev-genomics-variants" || v.Name != "lakeside-genomics-variants" || v.Engine != "emr-serverless" || v.Landing != "vcf/" || v.Runs != "vcf-runs/" ||
		v.Files != "variants/" || v.Database != "lakeside_genomics_curated" || v.Capacity.VCPU != 64 || v.Schedule != "rate(15 minutes)" || v.Assembly != "GRCh38" || v.Reference == "" {
		t.Errorf("%+v", v)
	}
	if v.Erased.Location != "s3://lakeside-genomics-curated-111111111111-us-east-1/variants/erased/" {
		t.Error(v.Erased.Location)
	}
	raw := domain.Files.Zones[ontology.Raw]
	if !slices.Contains(raw, v.JobRoleARN) || slices.Contains(domain.Files.Zones[ontology.Curated], v.JobRoleARN) {
		t.Errorf("files are open to %v", domain.Files.Zones)
	}
	if domain.KeyParameter == "" || !plan.Foundations[0].FullTableAccess {
		t.Error("no key for the stack, or no full table access")
	}
	all := 0
	for _, g := range v.Grants {
		if slices.Equal(g.Permissions, []lf.Permission{lf.All}) {
			all++
		}
	}
	if all != len(schema.Contract().Tables)+1 {
		t.Errorf("ALL on %d tables", all)
	}
	var names []string
	for _, s := range plan.Stacks() {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); !strings.Contains(got, "lakeside-dev-genomics-product-variants lakeside-dev-genomics-variants") {
		t.Error(got)
	}
	without, err := variantsMesh(func(d *mesh.Domain) { d.Variants, d.Contracts = nil, nil }).Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	if without.Foundations[0].FullTableAccess || without.Domains[0].Variants != nil {
		t.Error("full table access without a job that needs it")
	}
}

func TestEveryProblemOfVariants(t *testing.T) {
	changed := func(change func(c *contract.Contract)) func(d *mesh.Domain) {
		return func(d *mesh.Domain) {
			own := schema.Contract()
			own.File = "contracts/variants.odcs.yaml"
			change(own)
			d.Contracts = []*contract.Contract{own}
		}
	}
	for name, test := range map[string]struct {
		change func(d *mesh.Domain)
		want   []string
	}{
		"words": {func(d *mesh.Domain) {
			d.Variants = &mesh.Variants{Engine: "glu", Schedule: "hourly", Assembly: "hg19", Landing: "vcf", MaximumCapacity: &mesh.VariantsCapacity{VCPU: 4, MemoryGB: 4, DiskGB: 20}}
		}, []string{
			`domains[0].variants.assembly: got "hg19"; expected GRCh37 or GRCh38; fix: name one of the two, or leave it out`,
			`domains[0].variants.engine: got "glu"; expected one of emr-serverless, glue; fix: name an engine, or leave it out (did you mean "glue"?)`,
			`domains[0].variants.landing: got "vcf"; expected a folder such as "vcf/"`,
			`domains[0].variants.maximumCapacity: got 4 vCPU, 4 GB of memory and 20 GB of disk; expected at least 8 vCPU`,
			`domains[0].variants.schedule: got "hourly": a schedule is written as`,
		}},
		"a reference":        {func(d *mesh.Domain) { d.Variants.Reference = "GRCh38.fa" }, []string{`domains[0].variants.reference: got "GRCh38.fa" without an assembly; expected the assembly`}},
		"a packed reference": {func(d *mesh.Domain) { d.Variants.Reference = "GRCh38.fa.gz" }, []string{`domains[0].variants.reference: got "GRCh38.fa.gz"; expected a FASTA file`}},
		"folders": {func(d *mesh.Domain) {
			d.Crawlers = []mesh.Crawler{{Zone: "raw", Path: "vcf/", Mode: mesh.CrawlOnSchedule, Schedule: "daily"}}
			d.ImageStore = &mesh.ImageStore{Landing: "vcf-runs/"}
		}, []string{
			`domains[0].variants.landing: got "vcf/", which uses vcf/, where domains[0].crawlers[0] crawls "vcf/"; expected folders of the raw zone that nobody else uses; fix: take the crawler out`,
			`domains[0].variants.landing: got "vcf/", which uses vcf-runs/, where another store has its images (vcf-runs/)`,
		}},
		"no contract": {func(d *mesh.Domain) { d.Contracts = nil }, []string{`domains[0].variants: got no product variants; expected the contract of the tables`}},
		"another contract": {changed(func(c *contract.Contract) {
			c.Tables = c.Tables[:1]
			c.Tables[0].Columns[3].Sensitivity, c.Tables[0].Columns[3].Classification = ontology.Deidentified, "deidentified"
			c.Tables[0].SortOrder = nil
		}), []string{`no table "genotypes"`, `deidentified on column "variant_id"; expected at least phi`}},
	} {
		err := variantsMesh(test.change).Validate()
		if err == nil {
			t.Errorf("%s: no problem", name)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: no\n%s\nin\n%v", name, want, err)
			}
		}
	}
	if err := variantsMesh(changed(func(c *contract.Contract) { c.Owner = "somebody@example.org" })).Validate(); err != nil {
		t.Error(err)
	}
}
