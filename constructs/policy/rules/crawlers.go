package rules

import (
	"fmt"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/schedule"
)

func crawlerRules() []Rule {
	return []Rule{{
		ID:     "GL10",
		Title:  "A crawler that reads new folders only logs changes",
		Why:    "CRAWL_NEW_FOLDERS_ONLY takes no other behaviors than LOG; Glue refuses the crawler.",
		Fix:    "set SchemaChangePolicy.UpdateBehavior and DeleteBehavior to LOG",
		Source: `"Incremental crawls for adding new partitions" (rule 6.1)`,
		check:  each(checkRecrawl, typeCrawler),
	}, {
		ID:     "GL11",
		Title:  "A crawler in event mode has a queue, and one for failures, per target",
		Why:    "Without a queue it lists everything at each run; without a second one events that fail are lost.",
		Fix:    "set EventQueueArn and DlqEventQueueArn of every S3 and catalog target",
		Source: `"Accelerating crawls using Amazon S3 event notifications" (rule 6.1)`,
		check:  each(checkQueues, typeCrawler),
	}, {
		ID:     "GL12",
		Title:  "The schedule is a cron expression that Glue takes",
		Why:    "Glue wants six fields, with ? for one of the two days; the schema takes any text.",
		Fix:    "write cron(minute hour day-of-month month day-of-week year)",
		Source: `"Time-based schedules for jobs and crawlers" (rule 6.5)`,
		check: each(func(o *object, report reporter) {
			expression := text(o.props, "Schedule.ScheduleExpression")
			if err := schedule.Check(expression); known(expression) && err != nil {
				report(o, "Schedule.ScheduleExpression", fmt.Sprintf("%q: %v", expression, err), "cron(15 3 * * ? *), for example")
			}
		}, typeCrawler),
	}, {
		ID:     "GL13",
		Title:  "A crawler of a registered location uses Lake Formation credentials",
		Why:    "Otherwise its role needs the files through IAM, past every grant and every audit of them.",
		Fix:    "set LakeFormationConfiguration.UseLakeFormationCredentials, and grant the role its location, database and tables",
		Source: `"Configuring a crawler to use Lake Formation credentials" (rule 6.2)`,
		check:  checkCredentials,
	}, {
		ID:     "GL14",
		Title:  "The role of a crawler is no data lake administrator",
		Why:    "It reads files that anyone may upload; as an administrator it could grant everything.",
		Fix:    "use a role of its own, with grants",
		Source: `"Configuring a crawler to use Lake Formation credentials" (rule 6.2)`,
		check: func(a *app, report reporter) {
			for _, o := range a.byType[typeCrawler] {
				if role := text(o.props, "Role"); role != "" && slices.Contains(a.admins(o.environment("")), role) {
					report(o, "Role", role+", an administrator", "a role that is none")
				}
			}
		},
	}}
}

func recrawl(o *object) string { return text(o.props, "RecrawlPolicy.RecrawlBehavior") }

func checkRecrawl(o *object, report reporter) {
	if recrawl(o) != "CRAWL_NEW_FOLDERS_ONLY" {
		return
	}
	for _, property := range []string{"UpdateBehavior", "DeleteBehavior"} {
		behavior := text(o.props, "SchemaChangePolicy."+property)
		if behavior == "" {
			behavior = "nothing, which is not LOG"
		}
		if behavior != "LOG" {
			report(o, "SchemaChangePolicy."+property, behavior, "LOG")
		}
	}
}

func checkQueues(o *object, report reporter) {
	if recrawl(o) != "CRAWL_EVENT_MODE" {
		return
	}
	for _, kind := range []string{"S3Targets", "CatalogTargets"} {
		for i, target := range list(o.props, "Targets."+kind) {
			for _, queue := range []string{"EventQueueArn", "DlqEventQueueArn"} {
				if !has(target, queue) {
					report(o, fmt.Sprintf("Targets.%s[%d]", kind, i), "no "+queue, "a queue")
				}
			}
		}
	}
}

func checkCredentials(a *app, report reporter) {
	for _, o := range a.byType[typeCrawler] {
		if text(o.props, "LakeFormationConfiguration.UseLakeFormationCredentials") == "true" {
			continue
		}
		for _, target := range list(o.props, "Targets.S3Targets") {
			for _, location := range a.locationsOf(o.environment(""), text(target, "Path")) {
				report(o, "LakeFormationConfiguration", "none, and "+text(location.props, "ResourceArn")+" is registered", "UseLakeFormationCredentials: true")
			}
		}
	}
}
