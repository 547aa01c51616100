// Package crawler finds tables in files, in databases and behind existing
// catalog entries with AWS Glue crawlers: on a schedule, or fed by S3's own
// events without a Lambda in between. Prefer partition projection where the
// layout of the files is known (rule 6.8); crawl where it is not.
package crawler
