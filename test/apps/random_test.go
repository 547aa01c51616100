package apps

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/query"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// drawn is an app as plain data: what stands in which stack, and who is granted
// what. Things refer to stacks and to one another by index.
type drawn struct {
	stage, fixed bool  // stacks stand in a Stage; in an account and region
	stacks       int   // 1 to 3; a thing refers only to what stands in its own or a lower one
	chained      bool  // each stack is told to wait for the one below it
	settings     int   // stack of the settings, -1: none; other stacks are told to wait for them
	lakes        []int // stacks
	locations    []of  // of lakes
	databases    []int
	tables       []of // of databases
	filters      []of // of tables
	crawlers     []of // of databases, of the first lake and its location
	jobs         []of // of lakes
	products     []int
	roles        []int
	grants       []grant
}

// of is a thing in a stack that belongs to another thing.
type of struct{ stack, owner int }

// grant is one call of a grant verb; role is an index, or -1 for a role that the
// app does not make.
type grant struct {
	verb        string
	thing, role int
}

func draw(r *rapid.T) drawn {
	number := func(label string, low, high int) int { return rapid.IntRange(low, high).Draw(r, label) }
	d := drawn{stage: rapid.Bool().Draw(r, "stage"), fixed: rapid.Bool().Draw(r, "fixed"), stacks: number("stacks", 1, 3)}
	d.settings = number("settings", -1, 0)
	d.chained = d.settings == 0 || rapid.Bool().Draw(r, "chained")
	within := func(label string, lowest int) int { return number(label, lowest, d.stacks-1) }
	for range number("lakes", 0, 1) {
		d.lakes = append(d.lakes, within("lake", 0))
	}
	for range number("databases", 1, 2) {
		d.databases = append(d.databases, within("database", 0))
	}
	for range number("tables", 0, 3) {
		owner := number("owner", 0, len(d.databases)-1)
		d.tables = append(d.tables, of{within("table", d.databases[owner]), owner})
	}
	for owner := range d.lakes {
		d.locations = append(d.locations, of{within("location", d.lakes[owner]), owner})
	}
	for owner, t := range d.tables {
		if rapid.Bool().Draw(r, "filtered") {
			d.filters = append(d.filters, of{within("filter", t.stack), owner})
		}
	}
	for owner, stack := range d.lakes {
		for range number("jobs", 0, 1) {
			d.jobs = append(d.jobs, of{within("job", stack), owner})
		}
		for range number("crawlers", 0, 1) {
			database := number("crawled", 0, len(d.databases)-1)
			d.crawlers = append(d.crawlers, of{within("crawler", max(d.databases[database], d.locations[0].stack)), database})
		}
	}
	for range number("products", 0, 1) {
		d.products = append(d.products, within("product", 0))
	}
	for range number("roles", 0, 2) {
		d.roles = append(d.roles, within("role", 0))
	}
	verbs := []string{"describe", "create"}
	if len(d.filters) > 0 {
		verbs = append(verbs, "filter")
	}
	if len(d.products) > 0 {
		verbs = append(verbs, "product")
	}
	if len(d.tables) > 0 {
		verbs = append(verbs, "read", "write")
	}
	if len(d.locations) > 0 {
		verbs = append(verbs, "location")
	}
	for range number("grants", 0, 6) {
		g := grant{verb: rapid.SampledFrom(verbs).Draw(r, "verb"), role: number("grantee", -1, len(d.roles)-1)}
		switch g.verb {
		case "describe", "create":
			g.thing = number("thing", 0, len(d.databases)-1)
		case "read", "write":
			g.thing = number("thing", 0, len(d.tables)-1)
		case "location":
			g.thing = number("thing", 0, len(d.locations)-1)
		case "filter":
			g.thing = number("thing", 0, len(d.filters)-1)
		case "product":
			g.thing = number("thing", 0, len(d.products)-1)
		}
		d.grants = append(d.grants, g)
	}
	return d
}

// site is an app under construction.
type site struct {
	drawn

	stack     []awscdk.Stack
	lake      map[int]*storage.LakeStorage
	location  map[int]*governance.Location
	database  map[int]*catalog.Database
	table     map[int]*catalog.Table
	filter    map[int]*governance.DataCellsFilter
	product   map[int]*governance.DataProduct
	principal map[int]governance.Principal
}

// step is one call, after the steps that it needs.
type step struct {
	name  string
	needs []string
	do    func()
}

// construct makes the app's steps in the order that the ranks give where one step
// does not need another, and returns the app.
func (d drawn) construct(outdir string, ranks []int) awscdk.App {
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &outdir, AnalyticsReporting: jsii.Bool(false)})
	s := &site{
		drawn: d, lake: map[int]*storage.LakeStorage{}, location: map[int]*governance.Location{}, database: map[int]*catalog.Database{},
		table: map[int]*catalog.Table{}, filter: map[int]*governance.DataCellsFilter{}, product: map[int]*governance.DataProduct{}, principal: map[int]governance.Principal{-1: governance.PrincipalOf("arn:aws:iam::111111111111:role/Analyst")},
	}
	var scope constructs.Construct = app
	if d.stage {
		scope = awscdk.NewStage(app, jsii.String("Prod"), nil)
	}
	for i := range d.stacks {
		props := &awscdk.StackProps{}
		if d.fixed {
			props.Env = &awscdk.Environment{Account: jsii.String("111111111111"), Region: jsii.String("us-east-1")}
		}
		s.stack = append(s.stack, awscdk.NewStack(scope, id("Stack", i), props))
		if d.chained && i > 0 {
			s.stack[i].Node().AddDependency(s.stack[i-1])
		}
	}
	for _, next := range arranged(s.steps(), ranks) {
		next.do()
	}
	return app
}

func id(kind string, i int) *string { return jsii.String(fmt.Sprint(kind, i)) }

// steps are the calls that make the app, each after those that it needs.
func (s *site) steps() []step {
	var out []step
	add := func(name string, do func(), needs ...string) { out = append(out, step{name, needs, do}) }
	if s.settings >= 0 {
		add("settings", func() { governance.NewSettings(s.stack[s.settings], jsii.String("Settings"), nil) })
	}
	for i, stack := range s.lakes {
		add(fmt.Sprint("lake", i), func() { s.lake[i] = storage.NewLakeStorage(s.stack[stack], id("Lake", i), nil) })
	}
	for i, l := range s.locations {
		add(fmt.Sprint("location", i), func() {
			s.location[i] = governance.NewLocation(s.stack[l.stack], id("Location", i), &governance.LocationProps{
				ARN: s.lake[l.owner].Curated().BucketArn(), Key: s.lake[l.owner].Key(),
			})
		}, fmt.Sprint("lake", l.owner))
	}
	for i, stack := range s.databases {
		add(fmt.Sprint("database", i), func() {
			s.database[i] = catalog.NewDatabase(s.stack[stack], id("Database", i), &catalog.DatabaseProps{Name: id("lab", i)})
		})
	}
	for i, t := range s.tables {
		add(fmt.Sprint("table", i), func() {
			s.table[i] = catalog.NewTable(s.stack[t.stack], id("Table", i), &catalog.TableProps{
				Database: s.database[t.owner], Location: jsii.String("s3://lab-results/t/"),
				Table: &contract.Table{Name: fmt.Sprint("t", i), Format: contract.FormatParquet, Columns: []contract.Column{{Name: "id", Type: "string"}}},
			})
		}, fmt.Sprint("database", t.owner))
	}
	for i, f := range s.filters {
		add(fmt.Sprint("filter", i), func() {
			s.filter[i] = governance.NewDataCellsFilter(s.stack[f.stack], id("Filter", i), &governance.DataCellsFilterProps{
				Database: s.table[f.owner].DatabaseName(), Table: s.table[f.owner].TableName(), NamePrefix: id("part", i), Columns: []string{"id"},
				After: []awscdk.CfnResource{s.table[f.owner].Cfn()}, // it may stand in another stack
			})
		}, fmt.Sprint("table", f.owner))
	}
	for i, c := range s.crawlers {
		add(fmt.Sprint("crawler", i), func() {
			crawler.NewCrawler(s.stack[c.stack], id("Crawler", i), &crawler.CrawlerProps{
				Database: s.database[c.owner], S3: []crawler.S3Target{{Bucket: s.lake[0].Curated(), Prefix: jsii.String("in/")}},
				Schedule: jsii.String("cron(15 2 * * ? *)"), Locations: []governance.ILocation{s.location[0]},
			})
		}, fmt.Sprint("database", c.owner), "location0")
	}
	for i, j := range s.jobs {
		add(fmt.Sprint("job", i), func() {
			group := query.NewWorkGroup(s.stack[j.stack], id("WorkGroup", i), &query.WorkGroupProps{Name: id("lab", i), Key: s.lake[j.owner].Key()})
			query.NewJob(s.stack[j.stack], id("Job", i), &query.JobProps{WorkGroup: group, Description: jsii.String("Says one"), Statements: []string{"SELECT 1"}})
		}, fmt.Sprint("lake", j.owner))
	}
	for i, stack := range s.products {
		add(fmt.Sprint("product", i), func() {
			s.product[i] = governance.NewDataProduct(s.stack[stack], id("Product", i), &governance.DataProductProps{
				Mesh: jsii.String("river"), Domain: jsii.String("lab"), Product: id("results", i),
			})
		})
	}
	for i, stack := range s.roles {
		add(fmt.Sprint("role", i), func() {
			s.principal[i] = governance.RolePrincipal(awsiam.NewRole(s.stack[stack], id("Role", i), &awsiam.RoleProps{
				AssumedBy: awsiam.NewServicePrincipal(jsii.String("glue.amazonaws.com"), nil),
			}))
		})
	}
	for i, g := range s.grants {
		needs := []string{map[string]string{"describe": "database", "create": "database", "read": "table", "write": "table", "location": "location", "filter": "filter", "product": "product"}[g.verb] + fmt.Sprint(g.thing)}
		if g.role >= 0 {
			needs = append(needs, fmt.Sprint("role", g.role))
		}
		add(fmt.Sprint("grant", i), func() { s.grant(g) }, needs...)
	}
	return out
}

func (s *site) grant(g grant) {
	who := s.principal[g.role]
	switch g.verb {
	case "describe":
		s.database[g.thing].GrantDescribe(who)
	case "create":
		s.database[g.thing].GrantCreateTable(who)
	case "read":
		s.table[g.thing].GrantRead(who)
	case "write":
		s.table[g.thing].GrantReadWrite(who)
	case "location":
		s.location[g.thing].GrantAccess(who)
	case "filter":
		governance.PermissionsOf(s.filter[g.thing]).Grant(who, s.filter[g.thing].Resource(), []lakeformation.Permission{lakeformation.Select}, nil)
	case "product":
		s.product[g.thing].GrantRead(who, nil)
	}
}

// arranged puts steps in the order of their ranks, each after what it needs.
func arranged(steps []step, ranks []int) []step {
	order := make([]int, len(steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return ranks[a%len(ranks)] - ranks[b%len(ranks)] })
	done := map[string]bool{}
	var out []step
	for len(out) < len(steps) {
		for _, i := range order {
			if !done[steps[i].name] && !slices.ContainsFunc(steps[i].needs, func(name string) bool { return !done[name] }) {
				done[steps[i].name] = true
				out = append(out, steps[i])
			}
		}
	}
	return out
}
