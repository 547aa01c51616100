package mesh

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/schedule"
)

var (
	crawlerSlug = regexp.MustCompile(`[^a-z0-9]+`)
	crawlerPath = regexp.MustCompile(`^([A-Za-z0-9!_.*'()=-]+/)+$`)
)

// crawlers checks the crawlers of a domain. Two event notifications of one bucket
// must not overlap, S3 refuses them; two crawlers over the same files would make
// the same tables.
func (c *checker) crawlers(domain int, crawlers []Crawler) {
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
		c.crawlerStart(path, crawler)
	}
}

func (c *checker) crawlerStart(path func(string) string, crawler Crawler) {
	modes := []string{CrawlOnEvents, CrawlOnSchedule}
	switch crawler.mode() {
	case CrawlOnEvents:
		if crawler.Schedule != "" {
			c.addf(path("schedule"), quote(crawler.Schedule)+" with mode events", "a schedule only with mode: schedule", "remove the schedule, or write mode: schedule")
		}
	case CrawlOnSchedule:
		c.crawlerSchedule(path("schedule"), crawler.Schedule)
	default:
		c.addf(path("mode"), quote(crawler.Mode), oneOf(modes), "choose how it is started"+suggest(crawler.Mode, modes))
	}
}

// crawlerSchedule checks when a scheduled crawler runs.
func (c *checker) crawlerSchedule(path, text string) {
	if text == "" {
		c.addf(path, "nothing with mode schedule", "hourly, daily, weekly, monthly or cron(…)", "say when it runs, in UTC")
		return
	}
	if _, err := schedule.Parse(text); err != nil {
		c.addf(path, err.Error(), "hourly, daily, weekly, monthly or cron(minutes hours day-of-month month day-of-week year), in UTC", "correct the schedule")
	}
}
