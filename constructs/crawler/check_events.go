package crawler

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

func (p *CrawlerProps) checkEvents(list *problem.List) {
	if p.Events == nil {
		return
	}
	wholeNumber(list, "Events.MaxReceiveCount", p.Events.MaxReceiveCount, 1, 1000)
	wholeNumber(list, "Events.RetentionDays", p.Events.RetentionDays, 1, 14)
	if len(p.S3) != 1 || len(p.kinds()) > 1 {
		list.Addf("Events", fmt.Sprintf("%d S3 targets and %d kinds of targets", len(p.S3), len(p.kinds())), "exactly one S3 target, all that Glue takes in event mode", "give each folder a crawler of its own")
	}
	for i, t := range p.S3 {
		if t.SampleSize != nil {
			list.Addf(index("S3", i)+".SampleSize", cdkx.Number(*t.SampleSize)+" in event mode", "no sampling in event mode", "leave SampleSize out")
		}
	}
}

// placed are the problems that depend on where the crawler stands.
func (p *CrawlerProps) placed(scope constructs.Construct) problem.List {
	var list problem.List
	if cdkx.Missing(scope) {
		return list
	}
	if p.Key != nil {
		_, made := cdkx.DefaultChild(p.Key).(awskms.CfnKey)
		if !made || !cdkx.SameStack(scope, p.Key) {
			list.Addf("Key", *p.Key.Node().Path(), "a key that the crawler's own stack makes, whose policy can name the services", "leave Key out for a new one")
		}
	}
	if p.Events == nil || len(p.S3) != 1 || p.S3[0].Bucket == nil {
		return list
	}
	bucket := p.S3[0].Bucket
	cfn, made := cdkx.DefaultChild(bucket).(awss3.CfnBucket)
	switch {
	case !made || !cdkx.SameStack(scope, bucket):
		list.Addf("S3[0].Bucket", *bucket.Node().Path(), "a bucket that the crawler's own stack makes, because S3 keeps one list of notifications per bucket", "put the crawler into the bucket's stack, or leave Events out")
	default:
		checkRoute(&list, cfn, bucket, cdkx.Value(p.S3[0].Prefix, ""))
	}
	return list
}
