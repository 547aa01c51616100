package crawler_test

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
	"github.com/lakemesh/lakemesh/test/validators/cfnlint"
)

// drawnVariants are how many crawlers with props drawn at random go through
// cfn-lint and cdk-nag beside the variants.
const drawnVariants = 6

// withDrawn adds random valid props to the variants. The seeds are fixed: a
// finding stays where it was found.
func withDrawn() map[string]func(lake) *crawler.CrawlerProps {
	out := maps.Clone(variants)
	for seed, added := 0, 0; added < drawnVariants; seed++ {
		draw := func(l lake) *crawler.CrawlerProps {
			return rapid.Custom(func(r *rapid.T) *crawler.CrawlerProps { return drawn(r, l) }).Example(seed)
		}
		trial := newLake(cdktest.Stack())
		if attempt(func() { crawler.NewCrawler(trial.stack, jsii.String("Claims"), draw(trial)) }) == "" {
			out[fmt.Sprintf("drawn-%d", seed)] = draw
			added++
		}
	}
	return out
}

// The findings of the plain bucket that stands for a lake are not the crawler's.
func TestVariantsHaveNoFindings(t *testing.T) {
	var templates []string
	for name, props := range withDrawn() {
		found := assembly.Synthesize(t, func(app awscdk.App) {
			l := newLake(assembly.NewStack(app, name, cdktest.Region))
			crawler.NewCrawler(l.stack, jsii.String("Claims"), props(l))
		})
		t.Run(name, func(t *testing.T) { found.Only(name+"/Claims").Check(t, "AwsSolutions-IAM5") })
		templates = append(templates, found.TemplateFiles()...)
	}
	cfnlint.Check(t, templates)
}
