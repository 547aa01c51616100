package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/deploy"
	"github.com/lakemesh/lakemesh/test/localaws"
)

// printCrawlers says what each deployed crawler crawls and what starts it.
func printCrawlers(ctx context.Context, out io.Writer, server *localaws.Server, plan *mesh.Plan) error {
	for i := range plan.Domains {
		d := &plan.Domains[i]
		if len(d.Crawlers) == 0 {
			continue
		}
		cfg, err := deploy.Config(ctx, server, d.Environment)
		if err != nil {
			return err
		}
		for _, c := range d.Crawlers {
			got, err := glue.NewFromConfig(cfg).GetCrawler(ctx, &glue.GetCrawlerInput{Name: &c.Name})
			if err != nil {
				return fmt.Errorf("crawler %s: %w", c.Name, err)
			}
			target := got.Crawler.Targets.S3Targets[0]
			fmt.Fprintf(out, "  %s crawls %s into %s\n", c.Name, aws.ToString(target.Path), aws.ToString(got.Crawler.DatabaseName))
			switch {
			case target.EventQueueArn != nil:
				fmt.Fprintf(out, "    on S3 events, through queue %s; dead letters in %s\n", lastPart(target.EventQueueArn), lastPart(target.DlqEventQueueArn))
			case got.Crawler.Schedule != nil:
				fmt.Fprintf(out, "    on schedule %s\n", aws.ToString(got.Crawler.Schedule.ScheduleExpression))
			}
		}
	}
	return nil
}

func lastPart(arn *string) string {
	text := aws.ToString(arn)
	return text[strings.LastIndex(text, ":")+1:]
}
