package schedule_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/schedule"
)

func TestCheck(t *testing.T) {
	for expression, want := range map[string]string{
		"cron(15 12 * * ? *)":           "",
		"cron(0/15 8-17 ? * MON-FRI *)": "",
		"cron(0,30 * 1 JAN,jul ? 2027)": "",
		"cron(0 3 L * ? *)":             "",
		"cron(0 3 LW * ? *)":            "",
		"cron(0 3 15W * ? *)":           "",
		"cron(0 3 ? * 6L *)":            "",
		"cron(0 3 ? * 2 2026-2030/2)":   "",
		"cron(0 3 ? * L *)":             "",
		"cron(55 23 * * ? *)":           "",
		"15 12 * * ? *":                 "a schedule is written as",
		"rate(1 day)":                   "a schedule is written as",
		"cron(15 12 * * ?)":             "six fields, got 5",
		"cron(60 12 * * ? *)":           `minutes "60": "60" is no number from 0 to 59`,
		"cron(0 24 * * ? *)":            `hours "24"`,
		"cron(0 3 0 * ? *)":             `day of month "0"`,
		"cron(0 3 * 13 ? *)":            `month "13": "13" is no number from 1 to 12 and none of JAN to DEC`,
		"cron(0 3 ? * 8 *)":             `day of week "8"`,
		"cron(0 3 ? * FOO *)":           `none of SUN to SAT`,
		"cron(0 3 ? * 2#1 *)":           `day of week "2#1"`,
		"cron(0 3 * * ? 1969)":          `year "1969"`,
		"cron(0 3 * * ? 2200)":          `year "2200"`,
		"cron(0 3 * * * *)":             `exactly one of day of month and day of week is "?"`,
		"cron(0 3 ? * ? *)":             `exactly one of day of month and day of week is "?"`,
		"cron(? 3 * * ? *)":             `"?" is not allowed here`,
		"cron(0 L * * ? *)":             `"L" is not allowed here`,
		"cron(0 3 ? * LW *)":            `"LW" is not allowed here`,
		"cron(0 3 ? * MONW *)":          `"MONW" is no number`,
		"cron(0 17-8 * * ? *)":          `range "17-8" runs backwards`,
		"cron(0/0 3 * * ? *)":           `step "0"`,
		"cron(0/x 3 * * ? *)":           `step "x"`,
		"cron(1, 3 * * ? *)":            `"" is no number`,
		"cron(+5 3 * * ? *)":            `"+5" is no number`,
		"cron(* * * * ? *)":             "runs less than 5 minutes apart",
		"cron(0/4 3 * * ? *)":           "runs less than 5 minutes apart",
		"cron(0,58 3-4 * * ? *)":        "runs less than 5 minutes apart",
		"cron(0,58 0,23 * * ? *)":       "runs less than 5 minutes apart",
		"cron(5-8 3 * * ? *)":           "runs less than 5 minutes apart",
		"cron(0 3 5- * ? *)":            `day of month "5-"`,
	} {
		err := schedule.Check(expression)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", expression, err, want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, rate := range schedule.Rates() {
		f.Add(rate.Cron())
	}
	f.Add("cron(0/15 8-17 ? JAN,FEB MON-FRI 2026-2030/2)")
	f.Fuzz(func(t *testing.T, expression string) {
		if schedule.Check(expression) != nil {
			return
		}
		fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(expression, "cron("), ")"))
		if len(fields) != 6 || (fields[2] == "?") == (fields[4] == "?") || strings.ContainsAny(expression, "#\n") && !strings.ContainsAny(expression, "\n") {
			t.Errorf("%q was taken", expression)
		}
	})
}

func TestCheckEventBridge(t *testing.T) {
	for expression, want := range map[string]string{
		"rate(1 hour)":        "",
		"rate(15 minutes)":    "",
		"cron(* * * * ? *)":   "",
		"cron(0 3 ? * 2#1 *)": "",
		"cron(0 3 ? * 2#6 *)": `"6" is no week from 1 to 5`,
		"cron(0 3 ? * 9#1 *)": `"9" is no number`,
		"cron(0 24 * * ? *)":  `hours "24"`,
		"rate(1 hours)":       "a rate is written as",
		"rate(2 hour)":        "a rate is written as",
		"rate(0 days)":        "a rate is written as",
		"hourly":              "a schedule is written as",
	} {
		err := schedule.CheckEventBridge(expression)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", expression, err, want)
		}
	}
}
