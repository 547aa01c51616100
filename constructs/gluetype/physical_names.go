package gluetype

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

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

// containers are the names of types with an inside, as the catalog calls them.
func containers() map[string]string {
	return map[string]string{
		"array": "array", "list": "array",
		"map":    "map",
		"struct": "struct", "row": "struct", "record": "struct", "object": "struct",
	}
}

// PhysicalNames returns the names of types without an inside that FromPhysical
// knows, sorted.
func PhysicalNames() []string {
	names := make([]string, 0, len(commonNames))
	for name := range commonNames {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func mappingOf(name string, of Database) (mapping, bool) {
	if m, ok := ownNames[of][name]; ok {
		return m, true
	}
	m, ok := commonNames[name]
	return m, ok
}

func unknownType(name string) error {
	e := &UnmappedError{Reason: fmt.Sprintf("no database that is known here has the type %q", name)}
	if near, ok := problem.Nearest(name, PhysicalNames()); ok {
		e.Write = near
	}
	return e
}

// commonNames is what most databases mean by a name.
var commonNames = table(map[string]mapping{
	"boolean bool logical": is("boolean"),

	"tinyint byte": is("tinyint"),
	"smallint int2 int16 short smallserial serial2":               is("smallint"),
	"int integer int4 int32 signed mediumint serial serial4 year": is("int"),
	"bigint int8 int64 long bigserial serial8 byteint":            is("bigint"),
	"uint8 tinyint_unsigned":                                      is("smallint"),
	"uint16 smallint_unsigned":                                    is("int"),
	"uint32 int_unsigned integer_unsigned mediumint_unsigned":     is("bigint"),
	"uint64 bigint_unsigned":                                      is("decimal", 20, 0),

	"decimal dec numeric number bignumeric bigdecimal": digits,
	"smallmoney":                       is("decimal", 10, 4),
	"money":                            is("decimal", 19, 4),
	"real float4 float32 binary_float": is("float"),
	"float":                            binaryDigits,
	"double double_precision float8 float64 binary_double": is("double"),

	"varchar character_varying char_varying varchar2 nvarchar nvarchar2 national_character_varying national_char_varying nchar_varying": text("varchar", 65535),
	"char character nchar national_character national_char bpchar":                                                                      text("char", 255),
	"string text ntext tinytext mediumtext longtext clob nclob long_varchar citext name enum set":                                       is("string"),
	"uuid uniqueidentifier guid xml xmltype json jsonb variant super inet cidr macaddr ipaddress ip":                                    is("string"),
	"time timetz time_with_time_zone time_without_time_zone":                                                                            is("string"),

	"binary varbinary binary_varying bytea bytes blob tinyblob mediumblob longblob raw long_raw image rowversion fixed": is("binary"),
	"bit": bit,

	"date date32": is("date"),
	"datetime datetime2 smalldatetime timestamp timestamp_without_time_zone timestamp_ntz timestampntz":                                          instant(false),
	"timestamptz timestamp_tz timestamptz_ltz timestamp_ltz timestampltz datetimeoffset timestamp_with_time_zone timestamp_with_local_time_zone": instant(true),
	"timestamp_ns":   nanoseconds(false),
	"timestamptz_ns": nanoseconds(true),

	"vector": vector,

	"interval interval_year_to_month interval_day_to_second interval_year interval_day interval_month interval_hour interval_minute interval_second": none("an interval", "string, or bigint with the unit in the column's name"),
	"geometry geography point line polygon linestring sdo_geometry hierarchyid":                                                                      none("a shape", "string for its text form, or binary"),
	"bit_varying varbit":              none("a string of bits", "string"),
	"sql_variant any anydata unknown": none("a value of any type", "string"),
	"hstore":                          none("a map of texts", "map<string,string>"),
	"int128 uint128 int256 uint256":   none("a number of more than 38 digits", "decimal(38,0) where that is enough, else string"),
	"tsvector tsquery bfile rowid urowid range int4range int8range numrange tsrange tstzrange daterange hyperloglog": none("a type of one database only", "string, or leave the column out"),
})

// ownNames is what a database means by a name where that differs.
var ownNames = map[Database]map[string]mapping{
	Oracle: table(map[string]mapping{
		"date": instant(false), "long": is("string"), "float": oracleFloat, "real": is("double"),
		"int integer smallint": is("decimal", 38, 0),
	}),
	SQLServer: table(map[string]mapping{
		"tinyint": is("smallint"), "timestamp": is("binary"), "decimal dec numeric": digitsOr(18, 0), "float": sqlServerFloat,
	}),
	Snowflake: table(map[string]mapping{
		"number decimal dec numeric": digitsOr(38, 0), "float float4 float8 real double double_precision": is("double"),
		"int integer smallint tinyint byteint bigint": is("decimal", 38, 0), "timestamp_ntz datetime timestamp": instant(false),
		"timestamp_tz timestamp_ltz": instant(true),
	}),
	BigQuery: table(map[string]mapping{
		"numeric decimal": digitsOr(38, 9), "int integer smallint tinyint byteint bigint": is("bigint"),
		"float": is("double"), "timestamp": instant(true),
	}),
	PostgreSQL: table(map[string]mapping{"float": sqlServerFloat, "money": is("decimal", 19, 2)}),
	Redshift:   table(map[string]mapping{"float": is("double"), "decimal dec numeric": digitsOr(18, 0)}),
	MySQL:      table(map[string]mapping{"real": is("double"), "decimal dec numeric fixed": digitsOr(10, 0)}),
}

// table takes several names, with _ for a space where the name has one, apart.
func table(in map[string]mapping) map[string]mapping {
	out := map[string]mapping{}
	for names, m := range in {
		for name := range strings.FieldsSeq(names) {
			out[name] = m
			out[strings.ReplaceAll(name, "_", " ")] = m
		}
	}
	return out
}

// is maps to one type, whatever the arguments say: bigint(20), binary(16).
func is(name string, args ...int) mapping {
	return func(*reader, string, []string) (Type, error) { return Type{Name: name, Args: args}, nil }
}

func none(what, write string) mapping {
	return func(_ *reader, name string, _ []string) (Type, error) {
		return Type{}, &UnmappedError{Reason: fmt.Sprintf("%s is %s, which the catalog has no type for", name, what), Write: write}
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
