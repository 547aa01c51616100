package mesh

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/schedule"
	"github.com/lakemesh/lakemesh/stacks/mesh/internal/naming"
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
func (c Crawler) mode() string { return cmp.Or(c.Mode, CrawlOnEvents) }

// slug names the path in names of resources.
func (c Crawler) slug() string {
	return strings.Trim(crawlerSlug.ReplaceAllString(strings.ToLower(c.Path), "-"), "-")
}

// CrawlerPlan is one crawler, resolved.
type CrawlerPlan struct {
	Name     string        // name of the Glue crawler
	Zone     ontology.Zone // whose bucket it crawls
	Path     string        // prefix in the bucket, ends in "/"
	Bucket   string        // name of the zone's bucket
	Database string        // that the tables are made in
	Location string        // ARN of the registered location that holds the path
	Events   bool          // started by S3 events; else by Schedule
	Schedule string        // cron expression
	Role     string        // name of the role it crawls with
	RoleARN  string        // ARN of Role
	Grants   []lf.Grant    // what the role is granted
}

// planCrawlers plans the crawlers of a domain, sorted by name.
func planCrawlers(domain string, crawlers []Crawler, n naming.Names) []CrawlerPlan {
	var out []CrawlerPlan
	for _, c := range crawlers {
		zone := ontology.Zone(c.Zone)
		plan := CrawlerPlan{
			Name:     n.Crawler(domain, c.Zone, c.slug()),
			Zone:     zone,
			Path:     c.Path,
			Bucket:   n.Bucket(domain, c.Zone),
			Database: n.Database(domain, zone),
			Location: n.S3ARN(n.Bucket(domain, c.Zone)),
			Events:   c.mode() == CrawlOnEvents,
			Role:     n.CrawlerRole(domain, c.Zone, c.slug()),
		}
		if !plan.Events {
			plan.Schedule, _ = schedule.Parse(c.Schedule) // validated before
		}
		plan.RoleARN = n.RoleARN(plan.Role)
		plan.Grants = lf.MergeGrants(lf.GrantTo(plan.RoleARN, append(lf.CrawlDatabase(plan.Database, false), lf.UseLocation(plan.Location))...))
		out = append(out, plan)
	}
	slices.SortFunc(out, func(a, b CrawlerPlan) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// plannedNames are the names that come with a crawler.
func (c Crawler) plannedNames(domain string, n naming.Names) []planned {
	return []planned{
		{"crawler", n.Crawler(domain, c.Zone, c.slug()), maxCrawler},
		{"role", n.CrawlerRole(domain, c.Zone, c.slug()), maxRole},
	}
}

var (
	crawlerSlug = regexp.MustCompile(`[^a-z0-9]+`)
	crawlerPath = regexp.MustCompile(`^([A-Za-z0-9!_.*'()=-]+/)+$`)
)

// checkCrawlers checks the crawlers of a domain. Two event notifications of one bucket
// must not overlap, S3 refuses them; two crawlers over the same files would make
// the same tables.
func (c *findings) checkCrawlers(domain int, crawlers []Crawler) {
	for i, crawler := range crawlers {
		path := func(key string) string { return at("domains", domain, "crawlers", i, key) }
		if !ontology.Zone(crawler.Zone).Valid() {
			c.addf(path("zone"), quote(crawler.Zone), oneOf(zoneNames()), "say in which zone the files land"+suggest(crawler.Zone, zoneNames()))
		}
		if !crawlerPath.MatchString(crawler.Path) || strings.Contains("/"+crawler.Path, "/../") || strings.Contains("/"+crawler.Path, "/./") {
			c.addf(path("path"), quote(crawler.Path), `a prefix of the bucket such as "claims/", without a slash before and with one behind`, "name the folder that the files land in")
			continue
		}
		for j, other := range crawlers[:i] {
			if other.Zone == crawler.Zone && (strings.HasPrefix(crawler.Path, other.Path) || strings.HasPrefix(other.Path, crawler.Path) || other.slug() == crawler.slug()) {
				c.addf(path("path"), fmt.Sprintf("%q beside %s, %q", crawler.Path, at("domains", domain, "crawlers", j, "path"), other.Path),
					"crawlers over different folders of a zone", "let one crawler crawl both")
			}
		}
		c.checkCrawlerStart(path, crawler)
	}
}

func (c *findings) checkCrawlerStart(path func(string) string, crawler Crawler) {
	modes := []string{CrawlOnEvents, CrawlOnSchedule}
	switch crawler.mode() {
	case CrawlOnEvents:
		if crawler.Schedule != "" {
			c.addf(path("schedule"), quote(crawler.Schedule)+" with mode events", "a schedule only with mode: schedule", "remove the schedule, or write mode: schedule")
		}
	case CrawlOnSchedule:
		c.checkSchedule(path("schedule"), crawler.Schedule)
	default:
		c.addf(path("mode"), quote(crawler.Mode), oneOf(modes), "choose how it is started"+suggest(crawler.Mode, modes))
	}
}

// checkSchedule checks when something runs that is scheduled.
func (c *findings) checkSchedule(path, text string) {
	if text == "" {
		c.addf(path, "nothing with mode schedule", "hourly, daily, weekly, monthly or cron(…)", "say when it runs, in UTC")
		return
	}
	if _, err := schedule.Parse(text); err != nil {
		c.addf(path, err.Error(), "hourly, daily, weekly, monthly or cron(minutes hours day-of-month month day-of-week year), in UTC", "correct the schedule")
	}
}
