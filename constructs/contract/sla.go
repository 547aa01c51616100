package contract

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// SLA is what the owner promises about the whole product.
type SLA struct {
	Retention Period // how long data is kept
	Freshness Period // how old the newest data may be
	Frequency Period // how often new data arrives
}

// Period is a number of calendar units; the zero value is "not promised".
type Period struct {
	Value float64 // how many of the unit
	Unit  string  // year, month, week, day, hour or minute
}

// IsZero reports whether the period is not promised.
func (p Period) IsZero() bool { return p == Period{} }

// Duration returns the period with months of 31 and years of 365 days.
func (p Period) Duration() time.Duration { return time.Duration(p.minutes() * float64(time.Minute)) }

// Days returns the period in days, rounded up: a year has 365 days and a month
// 31, so that what is kept for the period is never kept for less.
func (p Period) Days() int {
	return int(math.Ceil(p.minutes() / (24 * 60)))
}

// The units of a Period.
const (
	unitYear   = "year"
	unitMonth  = "month"
	unitWeek   = "week"
	unitDay    = "day"
	unitHour   = "hour"
	unitMinute = "minute"
)

// sla reads what the contract promises. Where it promises something several
// times, for several elements, the strictest promise counts for the product.
func (b *builder) sla() SLA {
	var out SLA
	for i := range b.raw.SLA {
		raw, at := &b.raw.SLA[i], problem.Index("slaProperties", i)
		switch strings.ToLower(strings.TrimSpace(raw.Property)) {
		case "retention", "re":
			b.promise(&out.Retention, raw, at, func(a, b Period) bool { return a.minutes() > b.minutes() })
		case "latency", "ly", "freshness", "fr":
			b.promise(&out.Freshness, raw, at, func(a, b Period) bool { return a.minutes() < b.minutes() })
		case "frequency", "fy":
			b.promise(&out.Frequency, raw, at, func(a, b Period) bool { return a.minutes() < b.minutes() })
		}
	}
	return out
}

// promise sets the period to what the property says when that is stricter.
func (b *builder) promise(to *Period, raw *odcs.SLA, at string, stricter func(a, b Period) bool) {
	period, f := periodOf(raw)
	if f != nil {
		b.warn(problem.Key(at, f.key), f.got, f.expected, f.fix)
		return
	}
	if period.Value < 0 {
		b.problem(problem.Key(at, "value"), fmt.Sprintf("a %s of %s", raw.Property, number64(period.Value)), "a positive number", "correct the value")
		return
	}
	if to.IsZero() || stricter(period, *to) {
		*to = period
	}
}

// slaFinding is a finding at a key of an SLA property.
type slaFinding struct{ key, got, expected, fix string }

var isoPeriod = regexp.MustCompile(`^P(?:(\d+(?:\.\d+)?)([YMWD])|T(\d+(?:\.\d+)?)([HMS]))$`)

// periodOf reads a value with its unit, or an ISO 8601 duration of one unit.
func periodOf(raw *odcs.SLA) (Period, *slaFinding) {
	if s, ok := raw.Value.(string); ok {
		if m := isoPeriod.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s))); m != nil {
			value, _ := strconv.ParseFloat(m[1]+m[3], 64) // the pattern has digits only
			units := map[string]string{"Y": "year", "M": "month", "W": "week", "D": "day", "H": "hour"}
			unit := units[m[2]+m[4]]
			switch m[4] {
			case "M":
				unit = unitMinute
			case "S":
				return Period{Value: value / 60, Unit: unitMinute}, nil
			}
			return Period{Value: value, Unit: unit}, nil
		}
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(fmt.Sprint(raw.Value)), 64)
	if err != nil || value != value || value > 1e9 || value < -1e9 {
		return Period{}, &slaFinding{
			key: "value", got: fmt.Sprintf("the %s %v", raw.Property, raw.Value), expected: "a number, with its unit in unit",
			fix: "write for example value: 7 and unit: d; until then nothing is promised",
		}
	}
	unit, factor, ok := unitOf(raw.Unit)
	if !ok {
		return Period{}, &slaFinding{
			key: "unit", got: fmt.Sprintf("the unit %q", raw.Unit), expected: "y, mo, w, d, h or min, or the word for it",
			fix: "write one of them; until then nothing is promised",
		}
	}
	return Period{Value: value * factor, Unit: unit}, nil
}

// unitOf folds the ways to write a unit. A lone m may be a month or a minute and
// is neither.
func unitOf(s string) (unit string, factor float64, ok bool) {
	folded := strings.ToLower(strings.TrimSpace(s))
	if len(folded) > 3 {
		folded = strings.TrimSuffix(folded, "s")
	}
	switch folded {
	case "y", "yr", "yrs", "year", "a":
		return unitYear, 1, true
	case "q", "quarter":
		return unitMonth, 3, true
	case "mo", "mon", "mos", "mth", "month":
		return unitMonth, 1, true
	case "w", "wk", "wks", "week":
		return unitWeek, 1, true
	case "d", "day":
		return unitDay, 1, true
	case "h", "hr", "hrs", "hour":
		return unitHour, 1, true
	case "min", "mins", "minute":
		return unitMinute, 1, true
	case "s", "sec", "second":
		return unitMinute, 1. / 60, true
	default:
		return "", 0, false
	}
}

// String is the period in words: 6 months.
func (p Period) String() string {
	if p.IsZero() {
		return "none"
	}
	words := number64(p.Value) + " " + p.Unit
	if p.Value != 1 {
		words += "s"
	}
	return words
}

func (p Period) minutes() float64 {
	perUnit := map[string]float64{
		unitYear: 365 * 24 * 60, unitMonth: 31 * 24 * 60, unitWeek: 7 * 24 * 60, unitDay: 24 * 60, unitHour: 60, unitMinute: 1,
	}
	return p.Value * perUnit[p.Unit]
}

// number64 writes a number without an exponent.
func number64(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
