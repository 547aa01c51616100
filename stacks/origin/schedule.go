package origin

import (
	"fmt"
	"strconv"
	"strings"
)

var days = map[string]string{
	"*": "every day", "MON": "every Monday", "TUE": "every Tuesday", "WED": "every Wednesday", "THU": "every Thursday",
	"FRI": "every Friday", "SAT": "every Saturday", "SUN": "every Sunday",
}

// When is a cron of once a day or a week in words, such as every Sunday at 03:15 UTC, and
// another as it is.
func When(cron string) string {
	fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(cron, "cron("), ")"))
	if len(fields) != 6 || fields[3] != "*" || fields[5] != "*" {
		return "by " + cron
	}
	minute, err := strconv.Atoi(fields[0])
	hour, err2 := strconv.Atoi(fields[1])
	day := fields[4]
	if fields[2] == "*" && day == "?" {
		day = "*"
	}
	if days[day] == "" || err != nil || err2 != nil {
		return "by " + cron
	}
	return fmt.Sprintf("%s at %02d:%02d UTC", days[day], hour, minute)
}
