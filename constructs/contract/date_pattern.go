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
