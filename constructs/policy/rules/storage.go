package rules

import "strings"

func storageRules() []Rule {
	return []Rule{{
		ID:     "S301",
		Title:  "A bucket for access logs is encrypted with SSE-S3",
		Why:    "S3 delivers server access logs to no bucket whose default encryption is a KMS key; they are lost silently.",
		Fix:    "set SSEAlgorithm AES256 on the log bucket",
		Source: `"Enabling Amazon S3 server access logging" (rule 8.2)`,
		check: func(a *app, report reporter) {
			a.eachLogBucket(func(o *object) {
				for _, rule := range list(o.props, "BucketEncryption.ServerSideEncryptionConfiguration") {
					if algorithm := text(rule, "ServerSideEncryptionByDefault.SSEAlgorithm"); strings.HasPrefix(algorithm, "aws:kms") {
						report(o, "BucketEncryption", algorithm, "AES256")
					}
				}
			})
		},
	}, {
		ID:     "S302",
		Title:  "A bucket for access logs has no default retention",
		Why:    "S3 delivers server access logs to no bucket with a default Object Lock retention; they are lost silently.",
		Fix:    "leave out ObjectLockConfiguration.Rule on the log bucket",
		Source: `"Enabling Amazon S3 server access logging" (rule 8.2)`,
		check: func(a *app, report reporter) {
			a.eachLogBucket(func(o *object) {
				if retention := get(o.props, "ObjectLockConfiguration.Rule.DefaultRetention"); retention != nil {
					report(o, "ObjectLockConfiguration.Rule.DefaultRetention", compact(retention), "none")
				}
			})
		},
	}, {
		ID:     "S303",
		Title:  "No bucket is emptied by its stack",
		Why:    "autoDeleteObjects deletes every version of every object when the bucket leaves the stack.",
		Fix:    "remove autoDeleteObjects",
		Source: `"aws-s3 BucketProps autoDeleteObjects" (rule 8.3)`,
		check: func(a *app, report reporter) {
			for _, o := range a.byType["Custom::S3AutoDeleteObjects"] {
				if a.made[a.named[name("bucket", text(o.props, "BucketName"))]] {
					continue
				}
				report(o, "", "a custom resource that deletes the content of "+text(o.props, "BucketName"), "none")
			}
		},
	}}
}

// eachLogBucket visits the buckets that others deliver their access logs to.
func (a *app) eachLogBucket(visit func(*object)) {
	seen := map[*object]bool{}
	for _, o := range a.byType[typeBucket] {
		target := text(o.props, "LoggingConfiguration.DestinationBucketName")
		if logs := a.named[name("bucket", target)]; target != "" && logs != nil && !seen[logs] {
			seen[logs] = true
			visit(logs)
		}
	}
}
