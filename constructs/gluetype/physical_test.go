package gluetype_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

// TestFromPhysical checks what the words of databases become; a text that starts
// with ! is the reason, and what to write after ->.
func TestFromPhysical(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		of       gluetype.Database
		in, want string
	}{
		// Glue, Athena, Iceberg and Spark.
		{in: "STRING", want: "string"},
		{in: "long", want: "bigint"},
		{in: "short", want: "smallint"},
		{in: "byte", want: "tinyint"},
		{in: "real", want: "float"},
		{in: "varbinary", want: "binary"},
		{in: "fixed(16)", want: "binary"},
		{in: "uuid", want: "string"},
		{in: "timestamp(3)", want: "timestamp"},
		{in: "timestamp(6) with time zone", want: "timestamp zoned"},
		{in: "timestamptz", want: "timestamp zoned"},
		{in: "timestamp_ntz", want: "timestamp"},
		{in: "timestamp_ns", want: "timestamp nanoseconds"},
		{in: "array(varchar)", want: "array<string>"},
		{in: "map(varchar, array(integer))", want: "map<string,array<int>>"},
		{in: `row("a" bigint, b varchar(3))`, want: "struct<a:bigint,b:varchar(3)>"},
		{in: "struct<a: int comment 'so, many)', b STRUCT<c: DECIMAL(5, 2)> not null>", want: "struct<a:int,b:struct<c:decimal(5,2)>>"},
		{in: "list<long>", want: "array<bigint>"},
		{in: "map<string, struct>", want: "map<string,struct>"},
		{in: "Array", want: "array"},
		// SQL.
		{in: "integer", want: "int"},
		{in: "bigint(20)", want: "bigint"},
		{in: "int(10) unsigned", want: "bigint"},
		{in: "bigint unsigned", want: "decimal(20,0)"},
		{in: "DOUBLE PRECISION", want: "double"},
		{in: "float(24)", want: "float"},
		{in: "float(53)", want: "double"},
		{in: "numeric(12, 4)", want: "decimal(12,4)"},
		{in: "dec(5)", want: "decimal(5,0)"},
		{in: "character varying (20) NOT NULL", want: "varchar(20)"},
		{in: "varchar", want: "string"},
		{in: "varchar(max)", want: "string"},
		{in: "varchar(100000)", want: "string"},
		{in: "char(300)", want: "string"},
		{in: "char(2)", want: "char(2)"},
		{in: "national character varying(8)", want: "varchar(8)"},
		{in: "enum('a', 'b)', 'c')", want: "string"},
		{in: "time(6) without time zone", want: "string"},
		{in: "bit", want: "boolean"},
		// PostgreSQL, Oracle, SQL Server, Snowflake, BigQuery.
		{in: "text[]", want: "array<string>"},
		{in: "integer[3][3]", want: "array<array<int>>"},
		{in: "bigint ARRAY", want: "array<bigint>"},
		{in: "bytea", want: "binary"},
		{in: "bigserial", want: "bigint"},
		{in: "VARCHAR2(20 CHAR)", want: "varchar(20)"},
		{in: "NUMBER(12,2)", want: "decimal(12,2)"},
		{in: "NUMBER(*,2)", want: "decimal(38,2)"},
		{in: "NUMBER(5,-2)", want: "decimal(7,0)"},
		{in: "NUMBER(2,5)", want: "decimal(5,5)"},
		{in: "CLOB", want: "string"},
		{in: "LONG RAW", want: "binary"},
		{in: "nvarchar(max)", want: "string"},
		{in: "datetime2(7)", want: "timestamp nanoseconds"},
		{in: "datetimeoffset", want: "timestamp zoned"},
		{in: "smallmoney", want: "decimal(10,4)"},
		{in: "uniqueidentifier", want: "string"},
		{in: "variant", want: "string"},
		{in: "vector(float, 256)", want: "array<float>"},
		{in: "INT64", want: "bigint"},
		{in: "FLOAT64", want: "double"},
		{in: "ARRAY<STRUCT<code STRING, at DATETIME>>", want: "array<struct<code:string,at:timestamp>>"},
		{in: "bignumeric(38,9)", want: "decimal(38,9)"},
		// One word, several meanings.
		{of: gluetype.Oracle, in: "DATE", want: "timestamp"},
		{in: "DATE", want: "date"},
		{of: gluetype.Oracle, in: "long", want: "string"},
		{of: gluetype.Oracle, in: "float", want: "! float(126) is more than a double holds -> decimal(38,9), with the digits that the values have, or double where 15 digits are enough"},
		{of: gluetype.SQLServer, in: "timestamp", want: "binary"},
		{of: gluetype.SQLServer, in: "tinyint", want: "smallint"},
		{of: gluetype.SQLServer, in: "decimal", want: "decimal(18,0)"},
		{of: gluetype.SQLServer, in: "float", want: "double"},
		{of: gluetype.Snowflake, in: "NUMBER", want: "decimal(38,0)"},
		{of: gluetype.Snowflake, in: "float", want: "double"},
		{of: gluetype.BigQuery, in: "numeric", want: "decimal(38,9)"},
		{of: gluetype.BigQuery, in: "timestamp", want: "timestamp zoned"},
		{of: gluetype.PostgreSQL, in: "float", want: "double"},
		{of: gluetype.Redshift, in: "numeric", want: "decimal(18,0)"},
		{of: gluetype.MySQL, in: "decimal", want: "decimal(10,0)"},
		// Nothing that fits.
		{in: "numeric", want: "! numeric does not say how many digits it has, and databases differ: fractions could be lost -> decimal(38,9), with the digits that the values have, or double"},
		{in: "array<number>", want: "! number does not say how many digits it has, and databases differ: fractions could be lost -> decimal(38,9), with the digits that the values have, or double"},
		{in: "number(39,2)", want: "! a decimal has a precision from 1 to 38 and a scale from 0 to the precision -> decimal(38,9), with the digits that the values have, or double where 15 digits are enough"},
		{in: "interval day to second(3)", want: "! interval day to second is an interval, which the catalog has no type for -> string, or bigint with the unit in the column's name"},
		{in: "bit(8)", want: "! bit of several bits has no type in the catalog -> string, or binary"},
		{in: "varchr(20)", want: `! no database that is known here has the type "varchr" -> varchar`},
		{in: "int, int", want: `! unexpected ", int" after the type`},
		{in: "array<int", want: "! the > of array is missing"},
		{in: "array(int>", want: "! the ) of array is missing"},
		{in: "map<string>", want: "! a map has a type of keys and a type of values"},
		{in: "struct<a:int,A:int>", want: `! the struct has two fields "a"`},
		{in: "varchar(20", want: "! a ) is missing"},
		{in: "varchar(x)", want: `! "x" in varchar is no number`},
		{in: "", want: "! a type is missing"},
		{in: strings.Repeat("array<", 1000), want: "! it nests more than 50 deep"},
	} {
		if got := physical(tc.in, tc.of, false); got != tc.want {
			t.Errorf("%s%.40q is %s, want %s", tc.of, tc.in, got, tc.want)
		}
	}
	if got := physical("numeric", gluetype.Common, true); got != "decimal(38,0)" {
		t.Errorf("a whole numeric is %s", got)
	}
}

func physical(s string, of gluetype.Database, whole bool) string {
	p, err := gluetype.FromPhysical(s, of, whole)
	if err != nil {
		text := "! " + err.Error()
		if e := new(gluetype.UnmappedError); errors.As(err, &e) && e.Write != "" {
			text += " -> " + e.Write
		}
		return text
	}
	text := p.Type.String()
	if p.Zoned {
		text += " zoned"
	}
	if p.Nanoseconds {
		text += " nanoseconds"
	}
	return text
}

// TestPhysicalOfCatalog checks that a type of the catalog stands for itself.
func TestPhysicalOfCatalog(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string", "binary", "date", "timestamp",
		"decimal(38,9)", "varchar(20)", "char(3)", "array<string>", "map<string,double>", "struct<a:int,b:array<struct<c:date>>>",
	} {
		if got := physical(in, gluetype.Common, false); got != in {
			t.Errorf("%s becomes %s", in, got)
		}
	}
	if names := gluetype.PhysicalNames(); !slices.IsSorted(names) || !slices.Contains(names, "double precision") {
		t.Errorf("names %v", names)
	}
}

// FuzzFromPhysical checks that what a database's type becomes is one of the
// catalog, or says why not.
func FuzzFromPhysical(f *testing.F) {
	for _, seed := range []string{"NUMBER(12,2)", "timestamp(9) with time zone", "row(a int, \"b\" varchar(3))[]", "enum('a')", "struct<a int not null comment 'x'>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := gluetype.FromPhysical(s, gluetype.Common, false)
		if err != nil {
			if e := new(gluetype.UnmappedError); !errors.As(err, &e) || e.Reason == "" {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		if text := p.Type.String(); !p.Type.HasOpen() {
			if again, err := gluetype.Normalize(text); err != nil || again != text {
				t.Errorf("%q becomes %q, which becomes %q, %v", s, text, again, err)
			}
		}
	})
}
