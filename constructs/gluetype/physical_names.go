package gluetype

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

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
	"boolean bool logical": mapTo("boolean"),

	"tinyint byte": mapTo("tinyint"),
	"smallint int2 int16 short smallserial serial2":               mapTo("smallint"),
	"int integer int4 int32 signed mediumint serial serial4 year": mapTo("int"),
	"bigint int8 int64 long bigserial serial8 byteint":            mapTo("bigint"),
	"uint8 tinyint_unsigned":                                      mapTo("smallint"),
	"uint16 smallint_unsigned":                                    mapTo("int"),
	"uint32 int_unsigned integer_unsigned mediumint_unsigned":     mapTo("bigint"),
	"uint64 bigint_unsigned":                                      mapTo("decimal", 20, 0),

	"decimal dec numeric number bignumeric bigdecimal": digits,
	"smallmoney":                       mapTo("decimal", 10, 4),
	"money":                            mapTo("decimal", 19, 4),
	"real float4 float32 binary_float": mapTo("float"),
	"float":                            binaryDigits,
	"double double_precision float8 float64 binary_double": mapTo("double"),

	"varchar character_varying char_varying varchar2 nvarchar nvarchar2 national_character_varying national_char_varying nchar_varying": text("varchar", 65535),
	"char character nchar national_character national_char bpchar":                                                                      text("char", 255),
	"string text ntext tinytext mediumtext longtext clob nclob long_varchar citext name enum set":                                       mapTo("string"),
	"uuid uniqueidentifier guid xml xmltype json jsonb variant super inet cidr macaddr ipaddress ip":                                    mapTo("string"),
	"time timetz time_with_time_zone time_without_time_zone":                                                                            mapTo("string"),

	"binary varbinary binary_varying bytea bytes blob tinyblob mediumblob longblob raw long_raw image rowversion fixed": mapTo("binary"),
	"bit": bit,

	"date date32": mapTo("date"),
	"datetime datetime2 smalldatetime timestamp timestamp_without_time_zone timestamp_ntz timestampntz":                                          instant(false),
	"timestamptz timestamp_tz timestamptz_ltz timestamp_ltz timestampltz datetimeoffset timestamp_with_time_zone timestamp_with_local_time_zone": instant(true),
	"timestamp_ns":   nanoseconds(false),
	"timestamptz_ns": nanoseconds(true),

	"vector": vector,

	"interval interval_year_to_month interval_day_to_second interval_year interval_day interval_month interval_hour interval_minute interval_second": refuse("an interval", "string, or bigint with the unit in the column's name"),
	"geometry geography point line polygon linestring sdo_geometry hierarchyid":                                                                      refuse("a shape", "string for its text form, or binary"),
	"bit_varying varbit":              refuse("a string of bits", "string"),
	"sql_variant any anydata unknown": refuse("a value of any type", "string"),
	"hstore":                          refuse("a map of texts", "map<string,string>"),
	"int128 uint128 int256 uint256":   refuse("a number of more than 38 digits", "decimal(38,0) where that is enough, else string"),
	"tsvector tsquery bfile rowid urowid range int4range int8range numrange tsrange tstzrange daterange hyperloglog": refuse("a type of one database only", "string, or leave the column out"),
})

// ownNames is what a database means by a name where that differs.
var ownNames = map[Database]map[string]mapping{
	Oracle: table(map[string]mapping{
		"date": instant(false), "long": mapTo("string"), "float": oracleFloat, "real": mapTo("double"),
		"int integer smallint": mapTo("decimal", 38, 0),
	}),
	SQLServer: table(map[string]mapping{
		"tinyint": mapTo("smallint"), "timestamp": mapTo("binary"), "decimal dec numeric": digitsOr(18, 0), "float": sqlServerFloat,
	}),
	Snowflake: table(map[string]mapping{
		"number decimal dec numeric": digitsOr(38, 0), "float float4 float8 real double double_precision": mapTo("double"),
		"int integer smallint tinyint byteint bigint": mapTo("decimal", 38, 0), "timestamp_ntz datetime timestamp": instant(false),
		"timestamp_tz timestamp_ltz": instant(true),
	}),
	BigQuery: table(map[string]mapping{
		"numeric decimal": digitsOr(38, 9), "int integer smallint tinyint byteint bigint": mapTo("bigint"),
		"float": mapTo("double"), "timestamp": instant(true),
	}),
	PostgreSQL: table(map[string]mapping{"float": sqlServerFloat, "money": mapTo("decimal", 19, 2)}),
	Redshift:   table(map[string]mapping{"float": mapTo("double"), "decimal dec numeric": digitsOr(18, 0)}),
	MySQL:      table(map[string]mapping{"real": mapTo("double"), "decimal dec numeric fixed": digitsOr(10, 0)}),
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
