package contract

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// datePattern is a format of dates, read from a pattern of Java's
// DateTimeFormatter: its letters y, u, M, d, H, m, s and S, and texts in quotes.
type datePattern struct {
	expression *regexp.Regexp
	letters    []byte // of the groups, in their order
	finest     byte   // the smallest unit it writes
}

const dateLetters = "yMdHmsS" // coarse to fine

var nowPattern = regexp.MustCompile(`^NOW\s*([+-]\s*([0-9]+)\s*(YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?|MINUTES?|SECONDS?)\s*)?$`)

// parseDateFormat reads a format; the error says what is wrong with it.
func parseDateFormat(format string) (*datePattern, error) {
	var (
		p    datePattern
		text strings.Builder
	)
	text.WriteString("^")
	for i := 0; i < len(format); {
		c := format[i]
		if c == '\'' {
			end := strings.IndexByte(format[i+1:], '\'')
			if end < 0 {
				return nil, fmt.Errorf("a ' is missing")
			}
			literal := format[i+1 : i+1+end]
			if literal == "" {
				literal = "'"
			}
			text.WriteString(regexp.QuoteMeta(literal))
			i += end + 2
			continue
		}
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			text.WriteString(regexp.QuoteMeta(string(c)))
			i++
			continue
		}
		run := 1
		for i+run < len(format) && format[i+run] == c {
			run++
		}
		i += run
		if c == 'u' {
			c = 'y'
		}
		if err := p.field(&text, c, run); err != nil {
			return nil, err
		}
	}
	text.WriteString("$")
	if len(p.letters) == 0 {
		return nil, fmt.Errorf("it has no year")
	}
	var err error
	p.expression, err = regexp.Compile(text.String())
	return &p, err
}

func (p *datePattern) field(text *strings.Builder, letter byte, run int) error {
	rank := strings.IndexByte(dateLetters, letter)
	switch {
	case rank < 0:
		return fmt.Errorf("the letter %c is none of y, M, d, H, m, s and S", letter)
	case letter == 'y' && run != 4:
		return fmt.Errorf("a year has four letters: yyyy")
	case letter == 'M' && run == 3:
		text.WriteString("([A-Z][a-z]{2})")
	case letter != 'y' && letter != 'S' && run > 2:
		return fmt.Errorf("%c stands %d times", letter, run)
	case run == 1 && letter != 'S':
		text.WriteString("([0-9]{1,2})")
	default:
		fmt.Fprintf(text, "([0-9]{%d})", run)
	}
	p.letters = append(p.letters, letter)
	if p.finest == 0 || rank > strings.IndexByte(dateLetters, p.finest) {
		p.finest = letter
	}
	return nil
}

// parse reads a date that is written in the format.
func (p *datePattern) parse(s string) (time.Time, bool) {
	groups := p.expression.FindStringSubmatch(s)
	if groups == nil {
		return time.Time{}, false
	}
	values := map[byte]int{'M': 1, 'd': 1}
	for i, letter := range p.letters {
		n, err := strconv.Atoi(groups[i+1])
		if err != nil {
			month, err := time.Parse("Jan", groups[i+1])
			if err != nil {
				return time.Time{}, false
			}
			n = int(month.Month())
		}
		values[letter] = n
	}
	at := time.Date(values['y'], time.Month(values['M']), values['d'], values['H'], values['m'], values['s'], 0, time.UTC)
	exact := at.Month() == time.Month(values['M']) && at.Day() == values['d'] && at.Hour() == values['H'] && at.Minute() == values['m'] && at.Second() == values['s']
	return at, exact
}

func checkDateRange(f *findings, i int, p *Projection) {
	var pattern *datePattern
	if p.Format == "" {
		f.column(i, "nothing", "a format such as yyyy-MM-dd", "write how the dates are written", customProjection, keyFormat)
	} else {
		var err error
		if pattern, err = parseDateFormat(p.Format); err != nil {
			f.column(i, fmt.Sprintf("%q: %s", p.Format, err), "a pattern such as yyyy-MM-dd or yyyy/MM/dd/HH", "correct it", customProjection, keyFormat)
		}
	}
	checkInterval(f, i, p, pattern)
	if p.Range == "" {
		f.column(i, "nothing", "a range such as 2020-01-01,NOW", "write the first and the last date", customProjection, keyRange)
		return
	}
	first, last, two := strings.Cut(p.Range, ",")
	if !two || strings.Contains(last, ",") {
		f.column(i, strconv.Quote(p.Range), "two dates and a comma between them", "write for example 2020-01-01,NOW", customProjection, keyRange)
		return
	}
	if pattern == nil {
		return
	}
	from, fromDate := f.bound(i, p, pattern, first)
	to, toDate := f.bound(i, p, pattern, last)
	if fromDate && toDate && from.After(to) {
		f.column(i, strconv.Quote(p.Range), "the first date first", "swap them", customProjection, keyRange)
	}
}

// bound checks one end of a range; it is a date, or relative to NOW.
func (f *findings) bound(i int, p *Projection, pattern *datePattern, text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if nowPattern.MatchString(text) {
		return time.Time{}, false
	}
	at, ok := pattern.parse(text)
	if !ok {
		f.column(i, fmt.Sprintf("%q in the range", text), "a date written "+p.Format+", or NOW, NOW-3YEARS, NOW+1DAY", "correct it", customProjection, keyRange)
	}
	return at, ok
}

// checkInterval asks for an interval where the format is not written to the day
// or the month.
func checkInterval(f *findings, i int, p *Projection, pattern *datePattern) {
	f.word(i, p.IntervalUnit, intervalUnits(), customProjection, keyUnit)
	if p.IntervalUnit != "" && p.Interval == 0 {
		f.column(i, "nothing, with a unit", "a whole number from 1", "write how many "+p.IntervalUnit+" are between two values", customProjection, keyInterval)
		return
	}
	if pattern == nil || pattern.finest == 'd' || pattern.finest == 'M' {
		return
	}
	if p.Interval == 0 {
		f.column(i, "nothing, with a format that is not written to the day or the month", "a whole number from 1", "say how far two values are apart", customProjection, keyInterval)
	}
	if p.IntervalUnit == "" {
		f.column(i, "nothing, with a format that is not written to the day or the month", oneOf(intervalUnits()), "say what the interval counts", customProjection, keyUnit)
	}
}
