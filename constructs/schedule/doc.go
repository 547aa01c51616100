// Package schedule checks when something runs: six-field cron expressions as Glue and
// EventBridge take them, rates of EventBridge, and friendly rates.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package schedule
