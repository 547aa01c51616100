package crawler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// routes are the event routes of one bucket. They hang below the bucket in the
// tree, where every crawler of the bucket finds them.
type routes struct {
	constructs.Construct

	all []route // sorted by prefix
}

type route struct {
	prefix string
	queue  awssqs.Queue
}

const routesID = "CrawlerEvents"

func routesOf(bucket awss3.CfnBucket) *routes {
	found, _ := bucket.Node().TryFindChild(jsii.String(routesID)).(*routes)
	return found
}

// addRoute sends the events of a prefix to the queue. The bucket's resource waits
// for the queue's policy, because S3 tries the queue when it takes the
// configuration. Nothing that the queue needs refers to the bucket's resource, so
// there is no cycle.
//
// An override, not the property itself, so that what else the bucket is
// configured to notify stays.
func addRoute(bucket awss3.IBucket, cfn awss3.CfnBucket, added route, policy awscdk.CfnResource) {
	r := routesOf(cfn)
	if r == nil {
		r = &routes{}
		cdkx.Add(r, cfn, jsii.String(routesID))
		cdkx.RegistryOf(cfn).GuardNotifications(bucket)
	}
	r.add(added)
	cfn.AddPropertyOverride(jsii.String("NotificationConfiguration.QueueConfigurations"), r.configurations())
	cfn.AddResourceDependency(policy, nil)
}

// Prefixes are the prefixes that crawlers of the bucket hear of.
func (r *routes) Prefixes() []string {
	out := make([]string, len(r.all))
	for i, added := range r.all {
		out[i] = added.prefix
	}
	return out
}

func (r *routes) add(added route) {
	at, _ := slices.BinarySearchFunc(r.all, added.prefix, func(a route, prefix string) int { return strings.Compare(a.prefix, prefix) })
	r.all = slices.Insert(r.all, at, added)
}

func (r *routes) configurations() []any {
	var out []any
	for _, added := range r.all {
		for _, event := range []string{"s3:ObjectCreated:*", "s3:ObjectRemoved:*"} {
			configuration := map[string]any{"Event": event, "Queue": added.queue.QueueArn()}
			if added.prefix != "" {
				configuration["Filter"] = map[string]any{"S3Key": map[string]any{"Rules": []any{
					map[string]any{"Name": "prefix", "Value": added.prefix},
				}}}
			}
			out = append(out, configuration)
		}
	}
	return out
}

// checkRoute reports what S3 would refuse, or what would undo the route later.
func checkRoute(list *problem.List, cfn awss3.CfnBucket, bucket awss3.IBucket, prefix string) {
	if r := routesOf(cfn); r != nil {
		for _, other := range r.Prefixes() {
			if strings.HasPrefix(prefix, other) || strings.HasPrefix(other, prefix) {
				list.Addf("S3[0].Prefix", fmt.Sprintf("%q, which overlaps %q of another crawler", prefix, other),
					"prefixes of a bucket's crawlers that do not overlap, because S3 refuses the configuration otherwise", "crawl the larger folder once")
			}
		}
	}
	taken := bucket.Node().TryFindChild(jsii.String("Notifications")) != nil // of AddEventNotification
	if configured := cfn.NotificationConfiguration(); configured != nil {
		set, _ := cdkx.StackOf(cfn).Resolve(configured).(map[string]any)
		taken = taken || set["queueConfigurations"] != nil
	}
	if taken {
		list.Addf("S3[0].Bucket", "a bucket with notifications to other queues", "a bucket whose queue notifications are the crawlers' alone", "fan out through EventBridge instead")
	}
}
