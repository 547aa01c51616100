package contract

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
	// Type says how the values are made.
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
