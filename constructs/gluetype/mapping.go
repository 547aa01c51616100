package gluetype

import (
	"fmt"
	"strconv"
	"strings"
)

// Physical is what a type that somebody wrote for a database is in the catalog.
type Physical struct {
	// Type is the type of the catalog. Where the text names an array, a map or a
	// struct without saying of what, that part has no fields; see Open.
	Type Type
	// Zoned says that a timestamp in it has a time zone: the catalog's has none, so
	// the instant is kept, in UTC, and an offset is not.
	Zoned bool
	// Nanoseconds says that a timestamp in it has more than six digits of a second,
	// which an Iceberg table does not keep.
	Nanoseconds bool
}

// UnmappedError says why a type has no exact form in the catalog, and what to
// write in its place.
type UnmappedError struct {
	Reason string // what is wrong, in words
	Write  string // "" where nothing is known to fit
}

// Error is the reason.
func (e *UnmappedError) Error() string { return e.Reason }

// reader reads a physical type from the front of rest.
type reader struct {
	parser

	of    Database
	whole bool
	found Physical
}

// Database is the one that a physical type was written for.
type Database string

// The databases whose words differ from what most of them mean.
const (
	Common     Database = "" // unknown, or one that means what most do
	BigQuery   Database = "bigquery"
	MySQL      Database = "mysql"
	Oracle     Database = "oracle"
	PostgreSQL Database = "postgresql"
	Redshift   Database = "redshift"
	Snowflake  Database = "snowflake"
	SQLServer  Database = "sqlserver"
)

// mapping makes the type of the catalog for a name with arguments.
type mapping func(r *reader, name string, args []string) (Type, error)

// mapTo maps to one type, whatever the arguments say: bigint(20), binary(16).
func mapTo(name string, args ...int) mapping {
	return func(*reader, string, []string) (Type, error) { return Type{Name: name, Args: args}, nil }
}

func refuse(kind, write string) mapping {
	return func(_ *reader, name string, _ []string) (Type, error) {
		return Type{}, &UnmappedError{Reason: fmt.Sprintf("%s is %s, which the catalog has no type for", name, kind), Write: write}
	}
}

// numbers reads the arguments as numbers, without the units of VARCHAR2(20 CHAR).
func numbers(name string, args []string) ([]int, error) {
	out := make([]int, len(args))
	for i, arg := range args {
		arg = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(arg, "char"), "byte"))
		n, err := strconv.Atoi(arg)
		if err != nil {
			return nil, &UnmappedError{Reason: fmt.Sprintf("%q in %s is no number", arg, name)}
		}
		out[i] = n
	}
	return out, nil
}

// text keeps a length that the catalog has; longer ones are strings.
func text(name string, most int) mapping {
	return func(_ *reader, written string, args []string) (Type, error) {
		if len(args) == 0 || len(args) == 1 && args[0] == "max" {
			return Type{Name: "string"}, nil
		}
		n, err := numbers(written, args)
		switch {
		case err != nil:
			return Type{}, err
		case len(n) != 1 || n[0] < 1:
			return Type{}, &UnmappedError{Reason: written + " has one length, from 1", Write: "string"}
		case n[0] > most:
			return Type{Name: "string"}, nil
		}
		return Type{Name: name, Args: n}, nil
	}
}

// digits reads precision and scale.
func digits(r *reader, name string, args []string) (Type, error) {
	const most = 38
	if len(args) == 0 {
		if r.whole {
			return Type{Name: "decimal", Args: []int{most, 0}}, nil
		}
		return Type{}, &UnmappedError{
			Reason: name + " does not say how many digits it has, and databases differ: fractions could be lost",
			Write:  "decimal(38,9), with the digits that the values have, or double",
		}
	}
	if args[0] == "*" {
		args = append([]string{strconv.Itoa(most)}, args[1:]...)
	}
	n, err := numbers(name, args)
	if err != nil {
		return Type{}, err
	}
	if len(n) == 1 {
		n = append(n, 0)
	}
	if len(n) == 2 && n[1] < 0 { // NUMBER(5,-2) counts hundreds
		n[0], n[1] = n[0]-n[1], 0
	}
	if len(n) == 2 && n[1] > n[0] && name == "number" { // NUMBER(2,5) is below 0.001
		n[0] = n[1]
	}
	if len(n) != 2 || n[0] < 1 || n[0] > most || n[1] > n[0] {
		return Type{}, &UnmappedError{
			Reason: "a decimal has a precision from 1 to 38 and a scale from 0 to the precision",
			Write:  "decimal(38,9), with the digits that the values have, or double where 15 digits are enough",
		}
	}
	return Type{Name: "decimal", Args: n}, nil
}

// digitsOr is digits with what the database takes where none are written.
func digitsOr(precision, scale int) mapping {
	return func(r *reader, name string, args []string) (Type, error) {
		if len(args) == 0 {
			return Type{Name: "decimal", Args: []int{precision, scale}}, nil
		}
		return digits(r, name, args)
	}
}

// binaryDigits reads float and float(53). Without digits it is the catalog's own
// float, of 32 bits.
func binaryDigits(_ *reader, name string, args []string) (Type, error) {
	n, err := numbers(name, args)
	switch {
	case err != nil:
		return Type{}, err
	case len(n) == 1 && n[0] > 53:
		return Type{}, &UnmappedError{Reason: fmt.Sprintf("float(%d) is more than a double holds", n[0]), Write: "decimal(38,9), with the digits that the values have, or double where 15 digits are enough"}
	case len(n) == 1 && n[0] > 24 || len(n) == 2:
		return Type{Name: "double"}, nil
	}
	return Type{Name: "float"}, nil
}

// sqlServerFloat is the SQL standard's: without digits it has 53 of them.
func sqlServerFloat(r *reader, name string, args []string) (Type, error) {
	if len(args) == 0 {
		return Type{Name: "double"}, nil
	}
	return binaryDigits(r, name, args)
}

// oracleFloat is a decimal number of up to 126 binary digits.
func oracleFloat(r *reader, name string, args []string) (Type, error) {
	if len(args) == 0 {
		args = []string{"126"}
	}
	return binaryDigits(r, name, args)
}

// bit is true or false; several bits are no number.
func bit(_ *reader, name string, args []string) (Type, error) {
	if len(args) == 0 || args[0] == "1" {
		return Type{Name: "boolean"}, nil
	}
	return Type{}, &UnmappedError{Reason: name + " of several bits has no type in the catalog", Write: "string, or binary"}
}

// instant reads timestamps; nine digits of a second are more than Iceberg keeps.
func instant(zoned bool) mapping {
	return func(r *reader, name string, args []string) (Type, error) {
		n, err := numbers(name, args)
		if err != nil {
			return Type{}, err
		}
		if len(n) > 1 || len(n) == 1 && (n[0] < 0 || n[0] > 12) {
			return Type{}, &UnmappedError{Reason: name + " has at most one number, the digits of a second", Write: "timestamp"}
		}
		r.found.Zoned = r.found.Zoned || zoned
		r.found.Nanoseconds = r.found.Nanoseconds || len(n) == 1 && n[0] > 6
		return Type{Name: "timestamp"}, nil
	}
}

func nanoseconds(zoned bool) mapping {
	return func(r *reader, _ string, _ []string) (Type, error) {
		r.found.Zoned = r.found.Zoned || zoned
		r.found.Nanoseconds = true
		return Type{Name: "timestamp"}, nil
	}
}

// vector is Snowflake's VECTOR(FLOAT, 256).
func vector(_ *reader, name string, args []string) (Type, error) {
	element := "float"
	if len(args) > 0 && (args[0] == "int" || args[0] == "integer") {
		element = "int"
	}
	return Type{Name: "array", Fields: []Field{{Type: Type{Name: element}}}}, nil
}
