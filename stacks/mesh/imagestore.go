package mesh

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
)

// ImageStore is a domain's HealthImaging data store for DICOM images.
type ImageStore struct {
	Landing string `yaml:"landing"` // folder of the raw zone that studies arrive in; default dicom/
	Product string `yaml:"product"` // product of the domain whose table lists the series; none by default
}

// ImageStorePlan is a domain's HealthImaging data store, the import into it and
// what keeps its table of series.
type ImageStorePlan struct {
	StackName     string           // name of its stack
	DatastoreName string           // name of the HealthImaging data store
	Landing       string           // prefix in the raw bucket, ends in "/"
	Results       string           // likewise: what HealthImaging reports of each import
	Quarantine    string           // likewise: records of imports that failed or refused files
	Series        *ImageSeriesPlan // what keeps the table of series; nil without a product
	// Names of the roles that reach files: of the import, of its workflow, and of the
	// function that reads metadata.
	ImportRole, RunRole, ReadRole string
}

// ImageSeriesPlan is what keeps the table of series of a product; its table is
// planned in the stack of the product.
type ImageSeriesPlan struct {
	Product      string        // name of the product
	Database     string        // Glue database of the table
	Table        string        // name of the table
	Zone         ontology.Zone // whose bucket has the files of the table
	Files        string        // prefix of them, ends in "/"
	Landing      string        // prefix in the raw bucket, ends in "/"
	LandingTable TablePlan     // of the metadata that arrived, in Database
	Role         string        // name of the role that fills the table
	RoleARN      string        // ARN of Role
	WorkGroup    string        // where the statement runs that fills it
	Locations    []string      // ARNs of the registered locations of Table and LandingTable
	Grants       []lf.Grant    // what the role is granted
}

// series is the product whose table lists the series; "" without one.
func (s *ImageStore) series() string {
	if s == nil {
		return ""
	}
	return s.Product
}

// landing is where studies arrive in the raw zone.
func (s *ImageStore) landing() string { return cmp.Or(s.Landing, "dicom/") }

// The folders of the raw zone that go with a landing folder.
func imageResults(landing string) string {
	return strings.TrimSuffix(landing, "/") + "-import-results/"
}

func imageMetadataLanding(landing string) string {
	return strings.TrimSuffix(landing, "/") + "-metadata-inbox/"
}

// rawFolders are the folders of the raw zone, by what they are for.
func (s *ImageStore) rawFolders() map[string]string {
	landing := s.landing()
	return map[string]string{
		"images": landing, "import results": imageResults(landing), "inbox": imageMetadataLanding(landing), "quarantined imports": imageQuarantine(landing),
	}
}

func imageQuarantine(landing string) string { return quarantineFolder + landing }

const quarantineFolder = "quarantine/"

// plan plans the data store of a domain whose tables are planned; nil for none.
func (s *ImageStore) plan(l *lake) *ImageStorePlan {
	if s == nil {
		return nil
	}
	n, landing := l.names, s.landing()
	return &ImageStorePlan{
		StackName:     n.ImagesStack(l.domain),
		DatastoreName: n.ImageStore(l.domain),
		Landing:       landing,
		Results:       imageResults(landing),
		Quarantine:    imageQuarantine(landing),
		Series:        s.planSeries(l),
		ImportRole:    n.ImageImportRole(l.domain), RunRole: n.ImageRunRole(l.domain), ReadRole: n.ImageReadRole(l.domain),
	}
}

func (s *ImageStore) planSeries(l *lake) *ImageSeriesPlan {
	i := slices.IndexFunc(l.tables, func(t TablePlan) bool { return t.Product == s.Product })
	if s.Product == "" || i < 0 {
		return nil
	}
	n, t, raw := l.names, l.tables[i], l.buckets[ontology.Raw]
	out := &ImageSeriesPlan{
		Product:   t.Product,
		Database:  t.Database,
		Table:     t.Table.Name,
		Zone:      t.Zone,
		Files:     s3uri.Parse(t.Location).Folder(),
		Landing:   imageMetadataLanding(s.landing()),
		Role:      n.ImageSeriesRole(l.domain),
		WorkGroup: n.JobWorkGroup(l.domain, "images"),
		Locations: []string{n.S3ARN(raw)},
	}
	location := s3uri.Parse(raw + "/" + out.Landing).URI()
	out.LandingTable = TablePlan{Database: out.Database, Zone: t.Zone, Location: location, Table: schema.LandingTable(schema.LandingTableName(out.Table), location)}
	if t.Zone != ontology.Raw {
		out.Locations = append(out.Locations, n.S3ARN(l.buckets[t.Zone]))
	}
	out.RoleARN = n.RoleARN(out.Role)
	out.Grants = lf.MergeGrants(out.grants())
	return out
}

// plannedNames are the names that come with a store.
func (s *ImageStore) plannedNames(domain string, n naming.Names) []planned {
	if s == nil {
		return nil
	}
	return []planned{
		{"data store", n.ImageStore(domain), maxDatastore},
		{"role", n.ImageSeriesRole(domain), maxRole},
		{"role", n.ImageImportRole(domain), maxRole},
		{stackName, n.ImagesStack(domain), maxStack},
	}
}

// admitTo lets the roles of a store reach files of the raw zone, and the one that fills
// the table of series those of its zone.
func (s *ImageStorePlan) admitTo(files *FilesPlan, n naming.Names) {
	if s == nil {
		return
	}
	files.admit(n.RoleARN(s.ImportRole), ontology.Raw)
	files.admit(n.RoleARN(s.RunRole), ontology.Raw)
	if s.Series != nil {
		files.admit(n.RoleARN(s.ReadRole), ontology.Raw)
		files.admit(s.Series.RoleARN, ontology.Raw, s.Series.Zone)
	}
}

// seriesGrants are those of the role that fills the table of series.
func (s *ImageStorePlan) seriesGrants() []lf.Grant {
	if s.Series == nil {
		return nil
	}
	return s.Series.Grants
}

// grants are what the statement needs that fills the table: the landing table read, the
// table read and written, and the locations, because each commit updates the
// table in the catalog.
func (s *ImageSeriesPlan) grants() []lf.Grant {
	out := slices.Concat(lf.ReadTable(s.Database, s.LandingTable.Table.Name), lf.WriteTable(s.Database, s.Table))
	for _, arn := range s.Locations {
		out = append(out, lf.UseLocation(arn))
	}
	return lf.GrantTo(s.RoleARN, out...)
}

var landingFolder = regexp.MustCompile(`^([A-Za-z0-9._-]+/)+$`)

// imageStoreChecker checks the HealthImaging store of a domain.
type imageStoreChecker struct {
	*checker

	store    *ImageStore
	domain   int
	products products // of the domain
	crawlers []Crawler
	fhir     map[string]string // folders of its FHIR store in the raw zone, by what they are for
}

// check checks that the region of a store has the service, that its folders are its
// own, and that the product can hold the series.
func (c *imageStoreChecker) check() {
	for _, stage := range c.stages.Names() {
		region := c.stages[stage].Region
		if slices.Contains(Regions(), region) && !slices.Contains(schema.Regions(), region) {
			c.addf(at("domains", c.domain, "imageStore"), fmt.Sprintf("an image store in %s, where stage %s runs", region, stage),
				"a region with HealthImaging: "+oneOf(schema.Regions()), "run the stage elsewhere, or take the image store out")
		}
	}
	c.checkLanding()
	c.checkProduct()
}

// checkLanding checks the folders of the raw zone. HealthImaging tries to import
// every file of its folder, and a crawler or a table of others would take the
// files of an image store for theirs.
func (c *imageStoreChecker) checkLanding() {
	path, landing := at("domains", c.domain, "imageStore", "landing"), c.store.landing()
	switch {
	case !landingFolder.MatchString(landing) || strings.Contains("/"+landing, "/../") || strings.Contains("/"+landing, "/./"):
		c.addf(path, quote(landing), `a folder such as "dicom/", of letters, digits and any of ._-, without a slash before and with one behind`, "name the folder that studies arrive in")
		return
	case strings.HasPrefix(landing, quarantineFolder):
		c.addf(path, quote(landing), "a folder outside "+quarantineFolder+", where failed imports are recorded", "choose another folder")
	}
	for _, own := range []string{landing, imageResults(landing), imageQuarantine(landing), imageMetadataLanding(landing)} {
		for i, crawler := range c.crawlers {
			if crawler.Zone == string(ontology.Raw) && crawlerPath.MatchString(crawler.Path) && overlap(own, crawler.Path) {
				c.addf(path, fmt.Sprintf("%q, which uses %s beside %s, %q", landing, own, at("domains", c.domain, "crawlers", i, "path"), crawler.Path),
					"folders of the raw zone that no crawler crawls", "choose another folder, or another path of the crawler")
			}
		}
		for _, content := range slices.Sorted(maps.Keys(c.fhir)) {
			if overlap(own, c.fhir[content]) {
				c.addf(path, fmt.Sprintf("%q, which uses %s, where the FHIR store has its %s (%s)", landing, own, content, c.fhir[content]),
					"folders of the raw zone that the domain's other store does not use", "choose another folder for one of the two")
			}
		}
		for _, product := range c.products.inRaw() {
			if overlap(own, product+"/") {
				c.addf(path, fmt.Sprintf("%q, which uses %s, where the files of product %q are", landing, own, product),
					"folders of the raw zone that no product has", "choose another folder, or another name of the product")
			}
		}
	}
}

// checkProduct checks that the product which lists the series has what the statement
// that fills it expects.
func (c *imageStoreChecker) checkProduct() {
	name := c.store.Product
	if name == "" {
		return
	}
	var known []string
	for _, p := range c.products {
		known = append(known, p.contract.Name)
		if p.contract.Name == name {
			c.checkTables(p)
			return
		}
	}
	if !c.source.isPartial(c.domain) {
		c.addf(at("domains", c.domain, "imageStore", "product"), quote(name)+", which the domain does not publish", oneOf(known),
			"write a contract with the columns of imagestore.MetadataTable"+suggest(name, known))
	}
}

func (c *imageStoreChecker) checkTables(p product) {
	k := p.contract.Resolve()
	if len(k.Tables) != 1 {
		c.inContract(p, "schema", fmt.Sprintf("%d tables", len(k.Tables)), "one table, which lists the series of the image store", "give the other tables to another product")
		return
	}
	t := &k.Tables[0]
	path := tablePath(*t, 0)
	if t.Format != contract.FormatIceberg || t.View != nil || t.TransformLogic != "" || t.Deidentify != nil || t.Location != "" {
		c.inContract(p, path, fmt.Sprintf("the table %q, which is no Iceberg table of the lake that imports alone write", t.Name),
			"an Iceberg table of the lake, because rows of series are replaced", "leave out its format, location, query and de-identification")
	}
	landing := schema.LandingTableName(t.Name)
	if len(landing) > maxTable {
		c.inContract(p, path+".name", fmt.Sprintf("the name %q of its landing table, which has %d characters", landing, len(landing)), atMost(maxTable, "characters"), "shorten the name of the table")
	}
	for _, other := range c.products {
		if other.contract.Zone.OrDefault() == k.Zone && other.contract.Table(landing) != nil {
			c.inContract(p, path+".name", fmt.Sprintf("%q, whose landing table is called %s as a table of %s is", t.Name, landing, other.contract.Name), "a name of its own for the landing table", "rename one of the two tables")
		}
	}
	c.checkColumns(p, t, path)
}

// checkColumns compares a table with the schema of the series, column by column.
// It may have more columns, which stay empty.
func (c *imageStoreChecker) checkColumns(p product, t *contract.Table, path string) {
	expected := schema.Series(t.Name)
	for _, want := range expected.Columns {
		got := t.Column(want.Name)
		if got == nil {
			fix := fmt.Sprintf("add it with the type %s, classified %s", want.Type, want.Sensitivity)
			if want.Identifier != "" {
				fix += ", and hipaaIdentifier " + string(want.Identifier)
			}
			c.inContract(p, path, fmt.Sprintf("no column %q", want.Name), "every column of imagestore.MetadataTable", fix)
			continue
		}
		place := columnPath(*t, path, want.Name)
		if got.Type != want.Type {
			c.inContract(p, place, fmt.Sprintf("column %q of type %s", want.Name, got.Type), want.Type+", as the image store fills it", "correct the type")
		}
		if got.Sensitivity.Compare(want.Sensitivity) < 0 {
			c.inContract(p, place+".classification", fmt.Sprintf("%s on column %q", got.Sensitivity, want.Name), "at least "+string(want.Sensitivity), "classify the column as "+string(want.Sensitivity))
		}
		if want.Identifier != "" && got.Identifier != want.Identifier {
			c.inContract(p, place, fmt.Sprintf("column %q with %s as its identifier", want.Name, quote(string(got.Identifier))), string(want.Identifier), "set hipaaIdentifier to "+string(want.Identifier))
		}
	}
	for _, column := range t.Columns {
		if of := expected.Column(column.Name); column.Required && (of == nil || !of.Required) {
			c.inContract(p, columnPath(*t, path, column.Name)+".required", fmt.Sprintf("the required column %q", column.Name), "a column that may be empty, as the image store does not always fill it", "leave required out")
		}
	}
}
