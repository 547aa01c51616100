package schedule

import (
	"fmt"
	"strings"
)

// Rate is a friendly schedule, in UTC.
type Rate string

// The friendly schedules.
const (
	Hourly  Rate = "hourly"  // at minute 0
	Daily   Rate = "daily"   // at 03:00
	Weekly  Rate = "weekly"  // on Sunday at 03:00
	Monthly Rate = "monthly" // on the first at 03:00
)

// Rates returns every friendly schedule, the most frequent first.
func Rates() []Rate { return []Rate{Hourly, Daily, Weekly, Monthly} }

// Cron is the rate as Glue takes it, "" for a rate that Rates does not know.
func (r Rate) Cron() string {
	switch r {
	case Hourly:
		return "cron(0 * * * ? *)"
	case Daily:
		return "cron(0 3 * * ? *)"
	case Weekly:
		return "cron(0 3 ? * SUN *)"
	case Monthly:
		return "cron(0 3 1 * ? *)"
	default:
		return ""
	}
}

// Parse reads what a person writes, a rate or a cron expression, and returns the
// cron expression that Glue takes.
func Parse(text string) (string, error) {
	if cron := Rate(text).Cron(); cron != "" {
		return cron, nil
	}
	if !strings.HasPrefix(text, "cron(") {
		return "", fmt.Errorf("%q is none of %v and no cron expression", text, Rates())
	}
	return text, Check(text)
}
