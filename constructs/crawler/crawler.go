package crawler

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsglue"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
)

// Crawler is a Glue crawler with its role, its key and, in event mode, its queues.
type Crawler struct {
	constructs.Construct

	key      awskms.IKey
	queues   *Queues
	role     awsiam.IRole
	topic    awssns.ITopic
	resource awsglue.CfnCrawler
}

// NewCrawler makes a crawler that
//
//   - reads files with Lake Formation's credentials, not with its role, and gets
//     the grants for it, which it waits for;
//   - has a role that can do what its targets need and nothing else;
//   - encrypts its logs, queues and alarms with a customer managed key;
//   - reports failed runs to a topic;
//   - in event mode crawls only what S3 reports: S3 sends to a queue of the
//     crawler's own, only for the target's prefix, without a Lambda. The first
//     crawl lists everything all the same, and one run takes at most 100,000 events.
//
// Lineage stays off. It panics with every problem of the props at once.
// Sources: "Using crawlers to populate the Data Catalog", "Accelerating crawls
// using Amazon S3 event notifications"; rules 6.1 to 6.3. Nothing here was
// deployed to an account by this project.
func NewCrawler(scope constructs.Construct, id *string, props *CrawlerProps) *Crawler {
	p := props.withDefaults()
	registry := cdkx.RegistryOf(scope)
	problems := append(p.problems(), p.placed(scope)...)
	for i, arn := range p.LocationARNs {
		cdkx.CheckPartition(&problems, scope, index("LocationARNs", i), arn)
	}
	registry.CheckTaken(&problems, "Name", "crawler", p.Name)
	cdkx.Check(scope, id, problems)

	c := &Crawler{key: p.Key}
	cdkx.Add(c, scope, id)
	registry.Claim("crawler", p.Name, c)
	if c.key == nil {
		c.key = newKey(c)
		registry.Guard(c, c.key)
	}
	if p.Events != nil {
		c.queues = newQueues(c, c.key, p.Events, p.S3[0])
	}
	var b batch.Batch
	security, name := newSecurityConfiguration(&b, c, c.key)
	role, policy := newRole(&b, c, &p, c.key, c.queues)
	b.Send(slices.Concat(security.Wanted(), role.Wanted(), policy.Wanted(), []batch.Step{name})...)
	c.role = role.Made(&b)
	order.In(registry).MakesRole(cdkx.RoleARN(c.role), cdkx.PathOf(c)+"/Role", p.RoleName)
	needs := append(p.needs(), policy.Made(&b), security.Made(&b))

	var made batch.Batch
	resource := newResource(&made, c, &p, batch.Value[*string](&b, name), needs)
	if !cdkx.Value(p.DisableAlarms, false) {
		var crawler any = p.Name
		if p.Name == nil {
			crawler = made.Get(resource.Step, "ref")
		}
		alarms := newAlarms(&made, c, p.AlarmTopic, c.key, c.queues, crawler)
		made.Send(append(resource.Wanted(), alarms.wanted()...)...)
		c.topic = alarms.made(&made, c, c.queues)
	} else {
		made.Send(resource.Wanted()...)
	}
	c.resource = resource.Made(&made)
	p.grant(c.role, c.resource)
	order.In(registry).Add(&order.Node{Resource: c.resource, Needs: p.named()})
	return c
}

func newResource(b *batch.Batch, c *Crawler, p *CrawlerProps, security *string, needs []awscdk.CfnResource) cdkx.Making[awsglue.CfnCrawler] {
	props := &awsglue.CfnCrawlerProps{
		Name:                         p.Name,
		Description:                  p.Description,
		Role:                         cdkx.RoleARN(c.role),
		Targets:                      p.targets(c.queues),
		TablePrefix:                  p.TablePrefix,
		Configuration:                p.configuration(),
		CrawlerSecurityConfiguration: security,
		RecrawlPolicy:                &awsglue.CfnCrawler_RecrawlPolicyProperty{RecrawlBehavior: jsii.String(string(p.Recrawl))},
		SchemaChangePolicy: &awsglue.CfnCrawler_SchemaChangePolicyProperty{
			UpdateBehavior: jsii.String(string(p.UpdateBehavior)),
			DeleteBehavior: jsii.String(string(p.DeleteBehavior)),
		},
		LakeFormationConfiguration: &awsglue.CfnCrawler_LakeFormationConfigurationProperty{
			UseLakeFormationCredentials: jsii.Bool(p.lakeFormation()),
			AccountId:                   p.LocationAccount,
		},
	}
	if p.Database != nil {
		props.DatabaseName = p.Database.DatabaseName()
	}
	if cron := p.schedule(); cron != nil {
		props.Schedule = &awsglue.CfnCrawler_ScheduleProperty{ScheduleExpression: cron}
	}
	if len(p.Classifiers) > 0 {
		names := make([]*string, len(p.Classifiers))
		for i, classifier := range p.Classifiers {
			names[i] = classifier.resource.Ref()
		}
		props.Classifiers = &names
	}
	return cdkx.MakeIn[awsglue.CfnCrawler](b, c, "Resource", props, cdkx.WaitingFor(needs...))
}

// CrawlerName is the name of the crawler.
func (c *Crawler) CrawlerName() *string { return c.resource.Ref() }

// Role is the role that the crawler runs with.
func (c *Crawler) Role() awsiam.IRole { return c.role }

// Key is the key that encrypts logs, queues and alarms.
func (c *Crawler) Key() awskms.IKey { return c.key }

// Queues carry S3's events; nil without event mode.
func (c *Crawler) Queues() *Queues { return c.queues }

// Alarms is the topic that hears of failures; nil with DisableAlarms.
func (c *Crawler) Alarms() awssns.ITopic { return c.topic }

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (c *Crawler) Cfn() awsglue.CfnCrawler { return c.resource }

// GrantStart lets the grantee start the crawler, stop it and see how it runs.
// The crawler works with its own permissions, not with those of the grantee.
// Source: "Actions, resources, and condition keys for AWS Glue".
func (c *Crawler) GrantStart(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(c, "grantee", grantee, "a role, a user or another awsiam.IGrantable")
	return awsiam.Grant_AddToPrincipal(&awsiam.GrantOnPrincipalOptions{
		Grantee:      grantee,
		Actions:      jsii.Strings("glue:GetCrawler", "glue:StartCrawler", "glue:StopCrawler"),
		ResourceArns: &[]*string{jsii.String(cdkx.ARN(c, "glue", "crawler/"+*c.resource.Ref()))},
	})
}
