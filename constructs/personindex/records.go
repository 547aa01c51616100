package personindex

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
)

// records reads the sources.
func (w *writer) records() string {
	compared := w.index.Compared()
	columns := []string{merge.Quote("record_key")}
	for _, attribute := range compared {
		columns = append(columns, merge.Quote(contract.PersonColumn(attribute)))
		if w.index.ComparesExactly(attribute) {
			columns = append(columns, merge.Quote(contract.PersonColumnAsWritten(attribute)))
		}
	}
	var parts []string
	for _, s := range w.index.Sources {
		values := []string{fmt.Sprintf(`concat(%s, CAST("r".%s AS varchar)) AS "record_key"`, text(s.Name+":"), merge.Quote(s.Record))}
		for _, attribute := range compared {
			values = append(values, normal(attribute, s.Column(attribute))+" AS "+merge.Quote(contract.PersonColumn(attribute)))
			if w.index.ComparesExactly(attribute) {
				values = append(values, written(s.Column(attribute))+" AS "+merge.Quote(contract.PersonColumnAsWritten(attribute)))
			}
		}
		where := `"r".` + merge.Quote(s.Record) + " IS NOT NULL"
		if s.OptedOut != "" {
			where += fmt.Sprintf("\n  AND coalesce(\"r\".%s, false) = false -- who opted out is no record", merge.Quote(s.OptedOut))
		}
		parts = append(parts, fmt.Sprintf("-- the source %s\nSELECT DISTINCT\n  %s\nFROM %s.%s AS \"r\"\nWHERE %s", s.Name, strings.Join(values, ",\n  "),
			merge.Quote(w.options.Databases[s.From.Source()]), merge.Quote(s.From.Table), where))
	}
	return fmt.Sprintf("-- What the rules compare of each record, in its normal form. A value that is missing is null.\nINSERT INTO %s (%s)\n%s",
		w.table(contract.PersonRecordsTable), strings.Join(columns, ", "), strings.Join(parts, "\nUNION ALL\n"))
}

// null is what a source without the attribute has.
const null = "CAST(NULL AS varchar)"

// written is a column as it is, but for blanks around it.
func written(column string) string {
	if column == "" {
		return null
	}
	return fmt.Sprintf(`nullif(trim(CAST("r".%s AS varchar)), '')`, merge.Quote(column))
}

// normal is the normal form of a column.
func normal(attribute, column string) string {
	if column == "" {
		return null
	}
	value := fmt.Sprintf(`CAST("r".%s AS varchar)`, merge.Quote(column))
	// Accents stand by themselves after their letters in the normal form NFD.
	plain := fmt.Sprintf("lower(normalize(%s, NFD))", value)
	switch attribute {
	case contract.PersonBirthDate:
		return fmt.Sprintf("CAST(TRY_CAST(substr(trim(%s), 1, 10) AS date) AS varchar)", value)
	case contract.PersonGiven, contract.PersonFamily, contract.PersonSuffix, contract.PersonSex:
		return fmt.Sprintf(`nullif(regexp_replace(%s, '[^\p{L}]', ''), '')`, plain)
	case contract.PersonPhone:
		return telling(fmt.Sprintf("regexp_replace(%s, '[^0-9]', '')", value))
	case contract.PersonEmail:
		return fmt.Sprintf("nullif(trim(%s), '')", plain)
	case contract.PersonPostcode:
		return fmt.Sprintf(`nullif(regexp_replace(%s, '[^\p{L}0-9]', ''), '')`, plain)
	default:
		return telling(fmt.Sprintf(`regexp_replace(%s, '[^\p{L}0-9]', '')`, plain))
	}
}

// telling is a number; null where it is one digit all over, as 000000000 and 9999999999, which stand
// for nothing.
func telling(value string) string {
	return fmt.Sprintf("nullif(regexp_replace(%s, '^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$', ''), '')", value)
}
