package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// ProjectionType is how Athena finds the values of a partition column.
type ProjectionType string

// The types of partition projection.
const (
	ProjectEnum     ProjectionType = "enum"
	ProjectInteger  ProjectionType = "integer"
	ProjectDate     ProjectionType = "date"
	ProjectInjected ProjectionType = "injected"
)

// Projection says which values a partition column has, so that partitions need
// not be registered. Source: "Supported types for partition projection" in the
// Athena user guide.
type Projection struct {
	Type ProjectionType
	// Values are those of an enum.
	Values []string `json:",omitempty"`
	// Range is that of an integer or a date, both ends included: "0,99",
	// "2020-01-01,NOW", "NOW-3YEARS,NOW+1MONTH".
	Range string `json:",omitempty"`
	// Format is how a date is written, as a pattern of Java's DateTimeFormatter:
	// yyyy-MM-dd.
	Format string `json:",omitempty"`
	// Interval is the step from one value of a range to the next; 0 is 1. Dates
	// that are not written to the day or the month need one.
	Interval int `json:",omitempty"`
	// IntervalUnit is that of a date's Interval: YEARS, MONTHS, WEEKS, DAYS,
	// HOURS, MINUTES, SECONDS or MILLISECONDS; "" is DAYS or MONTHS, whichever the
	// format is written to.
	IntervalUnit string `json:",omitempty"`
	// Digits pads an integer with zeros to that many digits; 0 is none.
	Digits int `json:",omitempty"`
}

// The keys of a projection, as AWS names them.
const (
	keyType     = "type"
	keyValues   = "values"
	keyRange    = "range"
	keyFormat   = "format"
	keyInterval = "interval"
	keyUnit     = "interval.unit"
	keyDigits   = "digits"
)

func projectionKeys() []string {
	return []string{keyType, keyValues, keyRange, keyFormat, keyInterval, keyUnit, keyDigits}
}

func intervalUnits() []string {
	return []string{"YEARS", "MONTHS", "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS", "MILLISECONDS"}
}

func projectionTypes() []string {
	return []string{string(ProjectEnum), string(ProjectInteger), string(ProjectDate), string(ProjectInjected)}
}

// Projected reports whether the partitions of the table are projected.
func (t *Table) Projected() bool {
	return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Projection != nil })
}

func checkProjections(f *findings, t *Table) {
	if !t.Projected() {
		return
	}
	for i, c := range t.Columns {
		switch {
		case c.Projection == nil && c.Partition > 0 && t.format() != FormatIceberg:
			f.column(i, "a partition column without a projection, beside one with", "a projection of every partition column or of none",
				"add it: the type injected takes any value that a query names", customProjection)
		case c.Projection == nil:
		case t.format() == FormatIceberg:
			f.column(i, "the projection of an Iceberg table", "none", "remove it: Iceberg knows its own partitions", customProjection)
		case c.Partition == 0:
			f.column(i, "the projection of a column that is no partition key", "partitioned: true", "add it, or remove the projection", customProjection)
		default:
			checkProjection(f, i, c)
		}
	}
}

// projects lists the column types that each type of projection makes values of.
func projects(t ProjectionType) []string {
	switch t {
	case ProjectInteger:
		return []string{"string", "varchar", "int", "bigint"}
	case ProjectDate:
		return []string{"string", "varchar", "date", "timestamp"}
	case ProjectInjected:
		return []string{"string", "varchar", "char", "tinyint", "smallint", "int", "bigint", "date"}
	default:
		return []string{"string", "varchar", "char"}
	}
}

func checkProjection(f *findings, i int, c Column) {
	p := c.Projection
	if p.Type == "" {
		f.column(i, "nothing", oneOf(projectionTypes()), "say how the values are found", customProjection, keyType)
		return
	}
	if !f.word(i, string(p.Type), projectionTypes(), customProjection, keyType) {
		return
	}
	if typ, err := gluetype.Parse(c.Type); err == nil && !slices.Contains(projects(p.Type), typ.Name) {
		f.column(i, fmt.Sprintf("the projection %s of a column of type %s", p.Type, brief(c.Type)), "a column of type "+strings.Join(projects(p.Type), ", "),
			"change the type of the column or of the projection", customProjection, keyType)
	}
	foreign(f, i, p)
	switch p.Type {
	case ProjectEnum:
		checkEnum(f, i, p)
	case ProjectInteger:
		checkIntegerRange(f, i, p)
	case ProjectDate:
		checkDateRange(f, i, p)
	case ProjectInjected:
	}
	if p.Interval < 0 {
		f.column(i, strconv.Itoa(p.Interval), "a whole number from 1", "write one, or leave it out", customProjection, keyInterval)
	}
	if p.Digits < 0 {
		f.column(i, strconv.Itoa(p.Digits), "a whole number from 1", "write one, or leave it out", customProjection, keyDigits)
	}
}

// foreign reports keys that the type of projection does not have.
func foreign(f *findings, i int, p *Projection) {
	has := map[ProjectionType][]string{
		ProjectEnum:    {keyValues},
		ProjectInteger: {keyRange, keyInterval, keyDigits},
		ProjectDate:    {keyRange, keyFormat, keyInterval, keyUnit},
	}[p.Type]
	for _, key := range []struct {
		name string
		set  bool
	}{
		{keyValues, len(p.Values) > 0}, {keyRange, p.Range != ""}, {keyFormat, p.Format != ""}, {keyInterval, p.Interval != 0},
		{keyUnit, p.IntervalUnit != ""}, {keyDigits, p.Digits != 0},
	} {
		if key.set && !slices.Contains(has, key.name) {
			expected := "no other keys"
			if len(has) > 0 {
				expected = oneOf(has)
			}
			f.column(i, fmt.Sprintf("%s with the type %s", key.name, p.Type), expected, "remove it, or correct the type", customProjection, key.name)
		}
	}
}

func checkEnum(f *findings, i int, p *Projection) {
	if len(p.Values) == 0 {
		f.column(i, "nothing", "at least one value", "list the values", customProjection, keyValues)
	}
	seen := map[string]bool{}
	for j, v := range p.Values {
		at := strconv.Itoa(j)
		switch {
		case v == "" || strings.Contains(v, ","):
			f.column(i, strconv.Quote(v), "a value without commas", "correct it: Athena separates the values with commas", customProjection, keyValues, at)
		case seen[v]:
			f.column(i, strconv.Quote(v)+" a second time", "each value once", "keep one of them", customProjection, keyValues, at)
		}
		seen[v] = true
	}
}

func checkIntegerRange(f *findings, i int, p *Projection) {
	if p.Range == "" {
		f.column(i, "nothing", "a range such as 0,99", "write the least and the greatest value", customProjection, keyRange)
		return
	}
	least, most, two := strings.Cut(p.Range, ",")
	from, err1 := strconv.ParseInt(strings.TrimSpace(least), 10, 64)
	to, err2 := strconv.ParseInt(strings.TrimSpace(most), 10, 64)
	switch {
	case !two || err1 != nil || err2 != nil:
		f.column(i, strconv.Quote(p.Range), "two whole numbers of at most 64 bits and a comma between them", "write for example 0,99", customProjection, keyRange)
	case from > to:
		f.column(i, strconv.Quote(p.Range), "the least value first", "swap them", customProjection, keyRange)
	case p.Digits == 0 && (padded(least) || padded(most)):
		f.column(i, strconv.Quote(p.Range)+", with zeros in front", "digits, which says how many digits the values have", fmt.Sprintf("add digits: %d", len(strings.TrimSpace(most))), customProjection, keyRange)
	}
}

// padded reports a number that is written with zeros in front.
func padded(number string) bool {
	number = strings.TrimSpace(number)
	return len(number) > 1 && number[0] == '0'
}

var templateParameter = regexp.MustCompile(`\$\{([^}]*)\}`)

var (
	templatePattern = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/([^*?\s]*/)?$`)
	relativePattern = regexp.MustCompile(`^[^/:*?\s][^:*?\s]*/$`)
)

// PartitionTemplate is the template of a table at a location, which one that is
// written without s3:// stands below; "" without a template.
func (t *Table) PartitionTemplate(location string) string {
	if t.LocationTemplate == "" || strings.HasPrefix(t.LocationTemplate, "s3://") {
		return t.LocationTemplate
	}
	return location + t.LocationTemplate
}

// checkTemplate checks storage.location.template against the partition columns.
func checkTemplate(f *findings, t *Table) {
	template := t.LocationTemplate
	if template == "" {
		return
	}
	if !t.Projected() {
		f.table("a template without partition projection", "a projection of every partition column", "add it, or remove the template", customTemplate)
		return
	}
	switch {
	case !templatePattern.MatchString(template) && !relativePattern.MatchString(template):
		f.table(strconv.Quote(template), "s3://bucket/prefix/${column}/ or ${column}/, with a slash at its end", "write where the files of one partition are", customTemplate)
	case t.Location != "" && len(t.Locations) == 0 && !strings.HasPrefix(t.PartitionTemplate(t.Location), t.Location):
		f.table(strconv.Quote(template)+", outside the table's location", "a place below "+t.Location+", as Lake Formation reads no partition beside it",
			"write it below, or only what follows the location: ${column}/", customTemplate)
	}
	named := map[string]bool{}
	for _, m := range templateParameter.FindAllStringSubmatch(template, -1) {
		named[m[1]] = true
		if c := t.Column(m[1]); c == nil || c.Partition == 0 {
			f.table("${"+m[1]+"}", "a partition column in braces", suggest(m[1], columnNames(t)), customTemplate)
		}
	}
	for _, c := range t.PartitionColumns() {
		if !named[c.Name] {
			f.table("a template without ${"+c.Name+"}", "every partition column in the template", "add it", customTemplate)
		}
	}
}
