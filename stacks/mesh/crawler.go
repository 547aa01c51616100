package mesh

import (
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/schedule"
)

// Crawler finds the tables of files that land under a path of a domain's lake.
type Crawler struct {
	Zone     string `yaml:"zone"`     // raw, curated or analytics
	Path     string `yaml:"path"`     // prefix in the zone's bucket, ends in "/"
	Mode     string `yaml:"mode"`     // events (the default) or schedule
	Schedule string `yaml:"schedule"` // with mode schedule: hourly, daily, weekly, monthly or cron(…) in UTC
}

// How a crawler learns that there is something to crawl.
const (
	// CrawlOnEvents crawls what S3 reports as new or removed.
	CrawlOnEvents = "events"
	// CrawlOnSchedule crawls at fixed times.
	CrawlOnSchedule = "schedule"
)

// mode is how the crawler is started, with the default resolved.
func (c Crawler) mode() string {
	if c.Mode == "" {
		return CrawlOnEvents
	}
	return c.Mode
}

// slug names the path in names of resources.
func (c Crawler) slug() string {
	return strings.Trim(crawlerSlug.ReplaceAllString(strings.ToLower(c.Path), "-"), "-")
}

// CrawlerPlan is one crawler, resolved.
type CrawlerPlan struct {
	Name     string
	Zone     ontology.Zone
	Path     string // prefix in the bucket, ends in "/"
	Bucket   string
	Database string // that the tables are made in
	Location string // ARN of the registered location that holds the path
	Events   bool   // started by S3 events; else by Schedule
	Schedule string // cron expression
	Role     string // name of the role it crawls with
	RoleARN  string
	Grants   []lf.Grant
}

// crawlers plans the crawlers of a domain, sorted by name.
func (p *planner) crawlers(domain Domain, n names) []CrawlerPlan {
	var out []CrawlerPlan
	for _, c := range domain.Crawlers {
		zone := ontology.Zone(c.Zone)
		plan := CrawlerPlan{
			Name:     n.crawler(domain.Name, c),
			Zone:     zone,
			Path:     c.Path,
			Bucket:   n.bucket(domain.Name, c.Zone),
			Database: n.database(domain.Name, zone),
			Location: n.s3ARN(n.bucket(domain.Name, c.Zone)),
			Events:   c.mode() == CrawlOnEvents,
			Role:     n.crawlerRole(domain.Name, c),
		}
		if !plan.Events {
			plan.Schedule, _ = schedule.Parse(c.Schedule) // validated before
		}
		plan.RoleARN = n.roleARN(plan.Role)
		plan.Grants = lf.MergeGrants(lf.CrawlerGrants(plan.RoleARN, plan.Database, plan.Location))
		out = append(out, plan)
	}
	slices.SortFunc(out, func(a, b CrawlerPlan) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func (n names) crawler(domain string, c Crawler) string {
	return join("-", n.mesh, domain, c.Zone, c.slug())
}

func (n names) crawlerRole(domain string, c Crawler) string {
	return n.role(domain, join("-", c.Zone, c.slug(), "crawler"))
}
