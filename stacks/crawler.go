package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/crawler"
)

// addCrawlers makes the crawlers of the domain. They use the domain's key, take
// part in the stack's Permissions and wait for their database and location.
func (s *DomainStack) addCrawlers() {
	for _, plan := range s.plan.Crawlers {
		props := &crawler.CrawlerProps{
			Name:         jsii.String(plan.Name),
			RoleName:     jsii.String(plan.Role),
			Description:  jsii.String(fmt.Sprintf("Tables of %s in zone %s of %s", plan.Path, plan.Zone, s.plan.Name)),
			Database:     s.databases[plan.Database],
			S3:           []crawler.S3Target{{Bucket: s.zoneBucket(plan.Bucket), Prefix: jsii.String(plan.Path)}},
			Key:          s.storage.Key(),
			Permissions:  s.grants,
			LocationARNs: []string{plan.Location},
			AlarmTopic:   s.alarms.Topic(),
			After:        []awscdk.CfnResource{s.locations[plan.Location]},
		}
		if plan.Events {
			props.Events = &crawler.Events{}
		} else {
			props.Schedule = jsii.String(plan.Schedule)
		}
		s.crawlers = append(s.crawlers, crawler.NewCrawler(s, jsii.String("Crawler-"+plan.Name), props))
	}
}

// Crawlers are the crawlers of the domain, in the plan's order.
func (s *DomainStack) Crawlers() []*crawler.Crawler { return s.crawlers }

func (s *DomainStack) zoneBucket(name string) awss3.IBucket {
	for zone, bucket := range s.plan.Buckets {
		if bucket == name {
			return s.storage.Zone(zone)
		}
	}
	panic(fmt.Errorf("%s: the plan has no bucket %s", *s.StackName(), name))
}
