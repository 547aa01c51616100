// Package schedule checks the times at which a crawler runs: six-field cron
// expressions as Glue takes them, and friendly rates.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package schedule
