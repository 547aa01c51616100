package deidentify

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// Messages of the two uses of the key differ at the front: a code that is
// published must not tell by how many days its patient's dates moved.
const (
	tokenMessage = "token:"
	shiftMessage = "shift:"
)

// Other is what generalize makes of a value that is not listed.
const Other = "other"

// tooOld is how many calendar years back a date shows an age over 89.
const tooOld = 90

// sql is the expression of a column. Casts of what people wrote are TRY_CASTs:
// a failing CAST would put the value into the error of the query.
func (c Column) sql(person string, sparse []string) string {
	switch c.Method {
	case ontology.HMAC:
		return "lower(" + keyed(tokenMessage, asText(c.inputs[0])) + ")"
	case ontology.Year:
		y := yearOf(c.inputs[0])
		return fmt.Sprintf("CASE WHEN %s THEN CAST(%s AS %s) END", recent(y), y, trinoType(c.kind))
	case ontology.Shift:
		return c.shifted(person)
	case ontology.Days:
		from, to := asDate(c.inputs[0]), asDate(c.inputs[1])
		return fmt.Sprintf("CASE WHEN %s AND %s THEN CAST(date_diff('day', %s, %s) AS %s) END",
			recent("year("+from+")"), recent("year("+to+")"), from, to, trinoType(c.kind))
	case ontology.AgeGroup:
		return ageGroup(c.inputs)
	case ontology.ZIP3:
		v := "trim(" + c.inputs[0].sql + ")"
		return fmt.Sprintf("CASE WHEN NOT regexp_like(%s, '^[0-9]{5}(-?[0-9]{4})?$') THEN NULL WHEN substr(%s, 1, 3) IN (%s) THEN '000' ELSE substr(%s, 1, 3) END",
			v, v, texts(sparse), v)
	case ontology.Generalize:
		v := c.inputs[0].sql
		return fmt.Sprintf("CASE WHEN %s IS NULL THEN NULL WHEN %s IN (%s) THEN %s ELSE %s END", v, v, texts(c.values), v, text(Other))
	case ontology.Constant:
		return fmt.Sprintf("CAST(%s AS %s)", c.logic, trinoType(c.kind))
	default: // keep
		if c.inputs[0].kind.String() == c.kind || c.inputs[0].kind.Iceberg().String() == c.kind && !c.inputs[0].kind.Primitive() {
			return c.inputs[0].sql
		}
		return fmt.Sprintf("CAST(%s AS %s)", c.inputs[0].sql, trinoType(c.kind))
	}
}

// keyed is the HMAC of a text as hexadecimal digits.
func keyed(message, value string) string {
	return fmt.Sprintf("to_hex(hmac_sha256(to_utf8(concat(%s, %s)), %s.%s))", text(message), value, merge.Quote(keyAlias), merge.Quote(secretColumn))
}

// shifted moves a date back by 1 to 365 days. The 48 bits that the days are
// taken from make all of them equally likely.
func (c Column) shifted(person string) string {
	in := c.inputs[0]
	days := fmt.Sprintf("-(1 + mod(from_base(substr(%s, 1, 12), 16), 365))", keyed(shiftMessage, person))
	value := in.sql
	if in.kind.IsText() {
		value = asDate(in)
	}
	moved := fmt.Sprintf("date_add('day', %s, %s)", days, value)
	if in.kind.IsText() {
		moved = "CAST(" + moved + " AS date)"
	}
	return fmt.Sprintf("CAST(%s AS %s)", moved, trinoType(c.kind))
}

// ageGroup gives the band of an age: on the run's day, or at the second date.
// What is before the birth or still to come has none.
func ageGroup(inputs []input) string {
	if inputs[0].kind.IsWhole() {
		age := inputs[0].sql
		return band(fmt.Sprintf("%s >= %d", age, tooOld), age+" >= 0", age)
	}
	birth, at := asDate(inputs[0]), "current_date"
	if len(inputs) > 1 {
		at = asDate(inputs[1])
	}
	return band("NOT "+recent("year("+birth+")"), fmt.Sprintf("%s BETWEEN %s AND current_date", at, birth),
		fmt.Sprintf("date_diff('year', %s, %s)", birth, at))
}

// band is the band of ten years that an age is in.
func band(old, known, age string) string {
	return fmt.Sprintf("CASE WHEN %s THEN '%d+' WHEN %s THEN concat(CAST(%s / 10 * 10 AS varchar), '-', CAST(%s / 10 * 10 + 9 AS varchar)) END", old, tooOld, known, age, age)
}

// recent says of a year that nobody who is 90 this year was born in it or before.
func recent(year string) string {
	return fmt.Sprintf("year(current_date) - %s < %d", year, tooOld)
}

func asText(in input) string {
	if in.kind.IsText() {
		return in.sql
	}
	return "CAST(" + in.sql + " AS varchar)"
}

func asDate(in input) string {
	switch in.kind.Name {
	case "date":
		return in.sql
	case "timestamp":
		return "CAST(" + in.sql + " AS date)"
	default:
		return "TRY_CAST(substr(" + in.sql + ", 1, 10) AS date)"
	}
}

// yearOf is a date's year; FHIR's partial dates, 1970 and 1970-05, have one too.
func yearOf(in input) string {
	if in.kind.IsText() {
		return "TRY_CAST(substr(" + in.sql + ", 1, 4) AS integer)"
	}
	return "year(" + in.sql + ")"
}

// trinoType is a type of the catalog as Athena's queries spell it.
func trinoType(kind string) string {
	t, err := gluetype.Parse(kind)
	if err != nil {
		return kind
	}
	return t.Trino()
}
