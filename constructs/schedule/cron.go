package schedule

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// cronField is one of the six fields of a schedule.
type cronField struct {
	name     string
	min, max int
	names    []string // of the values from min on
	special  string   // the wildcards beside , - * /
}

var cronFields = []cronField{
	{name: "minutes", min: 0, max: 59},
	{name: "hours", min: 0, max: 23},
	{name: "day of month", min: 1, max: 31, special: "?LW"},
	{name: "month", min: 1, max: 12, names: []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
	{name: "day of week", min: 1, max: 7, names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}, special: "?L"},
	{name: "year", min: 1970, max: 2199},
}

// shortestInterval is the least time between two runs that Glue takes, in minutes.
const shortestInterval = 5

// Check returns what keeps Glue from taking a schedule: it is
// cron(minutes hours day-of-month month day-of-week year), in UTC, with exactly
// one of the two day fields as "?", and runs no more often than every five
// minutes. The "#" of EventBridge is not in Glue's list and refused.
// Source: "Time-based schedules for jobs and crawlers".
func Check(expression string) error { return check(expression, false) }

// CheckEventBridge returns what keeps a rule of EventBridge from taking a schedule: it is
// a rate such as "rate(1 hour)", or a cron as Check takes it, which may also name the day
// of a week in the month, as in "FRI#2", and run every minute.
// Source: "Setting a schedule pattern for scheduled rules" of Amazon EventBridge.
func CheckEventBridge(expression string) error {
	if !strings.HasPrefix(expression, "rate(") {
		return check(expression, true)
	}
	match := rate.FindStringSubmatch(expression)
	if match == nil || (match[1] == "1") == (match[2] != "") {
		return errors.New(`a rate is written as "rate(1 hour)" or "rate(2 hours)", in minutes, hours or days`)
	}
	return nil
}

var rate = regexp.MustCompile(`^rate\(([1-9][0-9]*) (?:minute|hour|day)(s?)\)$`)

func check(expression string, eventBridge bool) error {
	inner, wrapped := strings.CutPrefix(expression, "cron(")
	inner, closed := strings.CutSuffix(inner, ")")
	if !wrapped || !closed {
		return errors.New(`a schedule is written as "cron(minutes hours day-of-month month day-of-week year)"`)
	}
	fields := strings.Fields(inner)
	if len(fields) != len(cronFields) {
		return fmt.Errorf("a schedule has six fields, got %d", len(fields))
	}
	var errs []error
	var minutes, hours []int
	for i, field := range cronFields {
		if eventBridge && field.name == "day of week" {
			field.special += "#"
		}
		values, err := field.parse(fields[i])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s %q: %w", field.name, fields[i], err))
		}
		switch i {
		case 0:
			minutes = values
		case 1:
			hours = values
		}
	}
	if (fields[2] == "?") == (fields[4] == "?") {
		errs = append(errs, errors.New(`exactly one of day of month and day of week is "?"`))
	}
	if len(errs) == 0 && !eventBridge && tooOften(minutes, hours) {
		errs = append(errs, fmt.Errorf("minutes %q: runs less than %d minutes apart are refused", fields[0], shortestInterval))
	}
	return errors.Join(errs...)
}

// tooOften reports whether two of the runs in a day are too close. The run
// before midnight counts too: the next day may run as well.
func tooOften(minutes, hours []int) bool {
	var runs []int
	for _, h := range hours {
		for _, m := range minutes {
			runs = append(runs, h*60+m)
		}
	}
	slices.Sort(runs)
	runs = slices.Compact(runs)
	for i := 1; i < len(runs); i++ {
		if runs[i]-runs[i-1] < shortestInterval {
			return true
		}
	}
	return len(runs) > 1 && runs[0]+24*60-runs[len(runs)-1] < shortestInterval
}

// parse returns the values that a field selects; a day wildcard selects none.
func (f cronField) parse(text string) ([]int, error) {
	if text == "?" || text == "L" || text == "LW" {
		for _, wildcard := range text {
			if !strings.ContainsRune(f.special, wildcard) {
				return nil, fmt.Errorf("%q is not allowed here", text)
			}
		}
		return nil, nil
	}
	var values []int
	for part := range strings.SplitSeq(text, ",") {
		some, err := f.parsePart(part)
		if err != nil {
			return nil, err
		}
		values = append(values, some...)
	}
	return values, nil
}

func (f cronField) parsePart(part string) ([]int, error) {
	if day, nearest := strings.CutSuffix(part, "W"); nearest && strings.Contains(f.special, "W") {
		_, err := f.number(day)
		return nil, err
	}
	if day, last := strings.CutSuffix(part, "L"); last && f.names != nil && strings.Contains(f.special, "L") {
		_, err := f.number(day)
		return nil, err
	}
	if day, week, nth := strings.Cut(part, "#"); nth && strings.Contains(f.special, "#") {
		if n, err := strconv.Atoi(week); err != nil || n < 1 || n > 5 {
			return nil, fmt.Errorf("%q is no week from 1 to 5", week)
		}
		_, err := f.number(day)
		return nil, err
	}
	span, stepText, stepped := strings.Cut(part, "/")
	step := 1
	if stepped {
		var err error
		if step, err = strconv.Atoi(stepText); err != nil || step < 1 || step > f.max {
			return nil, fmt.Errorf("step %q is no whole number from 1 to %d", stepText, f.max)
		}
	}
	from, to, err := f.span(span, stepped)
	if err != nil {
		return nil, err
	}
	var values []int
	for v := from; v <= to; v += step {
		values = append(values, v)
	}
	return values, nil
}

// span is what a part without its step selects; a number with a step runs to the end.
func (f cronField) span(text string, stepped bool) (from, to int, err error) {
	if text == "*" {
		return f.min, f.max, nil
	}
	first, last, isRange := strings.Cut(text, "-")
	if from, err = f.number(first); err != nil {
		return 0, 0, err
	}
	switch {
	case isRange:
		to, err = f.number(last)
		if err == nil && to < from {
			err = fmt.Errorf("range %q runs backwards", text)
		}
		return from, to, err
	case stepped:
		return from, f.max, nil
	default:
		return from, from, nil
	}
}

func (f cronField) number(text string) (int, error) {
	if i := slices.Index(f.names, strings.ToUpper(text)); i >= 0 {
		return f.min + i, nil
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, f.wrong(text)
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < f.min || n > f.max {
		return 0, f.wrong(text)
	}
	return n, nil
}

func (f cronField) wrong(text string) error {
	if f.names == nil {
		return fmt.Errorf("%q is no number from %d to %d", text, f.min, f.max)
	}
	return fmt.Errorf("%q is no number from %d to %d and none of %s to %s", text, f.min, f.max, f.names[0], f.names[len(f.names)-1])
}
