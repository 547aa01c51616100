package rules

func notificationRules() []Rule {
	return []Rule{{
		ID:     "S304",
		Title:  "A bucket's notifications have one owner",
		Why:    "The custom resource behind AddEventNotification and EnableEventBridgeNotification of the CDK puts the whole configuration of the bucket: queues, topics and EventBridge that the bucket itself has are lost, and imports, crawlers and malware scans hear of nothing any more.",
		Fix:    "let rules of EventBridge, switched on by the bucket's NotificationConfiguration, reach every target, and call neither of the two",
		Source: `"PutBucketNotificationConfiguration": "replaces the existing notification configuration" (rule 13.10)`,
		check:  checkNotifications,
	}}
}

// checkNotifications looks at custom resources that manage the whole configuration.
// With Managed: false, as for imported buckets, what others configured is kept.
func checkNotifications(a *app, report reporter) {
	scanned := map[*object]*object{}
	for _, plan := range a.byType["AWS::GuardDuty::MalwareProtectionPlan"] {
		if bucket := a.named[name("bucket", text(plan.props, "ProtectedResource.S3Bucket.BucketName"))]; bucket != nil {
			scanned[bucket] = plan
		}
	}
	for _, o := range a.byType["Custom::S3BucketNotifications"] {
		bucket := a.named[name("bucket", text(o.props, "BucketName"))]
		if bucket == nil || text(o.props, "Managed") == "false" {
			continue
		}
		path := bucket.stack.Path(bucket.id)
		switch plan := scanned[bucket]; {
		case has(bucket.props, "NotificationConfiguration"):
			report(o, "", "it, and NotificationConfiguration "+compact(get(bucket.props, "NotificationConfiguration"))+" of "+path, "one of them")
		case plan != nil && !has(o.props, "NotificationConfiguration.EventBridgeConfiguration"):
			report(o, "NotificationConfiguration", "no EventBridge, by which "+plan.stack.Path(plan.id)+" scans "+path, "EventBridgeConfiguration: {}")
		}
	}
}
