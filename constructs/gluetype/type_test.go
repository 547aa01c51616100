package gluetype_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
)

func ExampleParse() {
	t, err := gluetype.Parse("array<struct<code:string,score:Decimal(5, 2)>>")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t, t.Primitive())

	_, err = gluetype.Parse("array<string")
	fmt.Println(err)
	// Output:
	// array<struct<code:string,score:decimal(5,2)>> false
	// the > of array is missing
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" BIGINT ":                       "bigint",
		"Decimal( 10 , 2 )":              "decimal(10,2)",
		"dec":                            "decimal(10,0)",
		"array< map<string, double> >":   "array<map<string,double>>",
		"struct<a:int,b:struct<c:date>>": "struct<a:int,b:struct<c:date>>",
		"":                               "! a type is missing",
		"uuid":                           `! the catalog has no type "uuid"`,
		"int)":                           `! unexpected ")" after the type`,
		"decimal(39,2)":                  "! a decimal has a precision from 1 to 38 and a scale from 0 to the precision",
		"decimal(2,3)":                   "! a decimal has a precision from 1 to 38 and a scale from 0 to the precision",
		"decimal(2,x)":                   `! "x" is no number`,
		"decimal(2":                      "! a ) is missing",
		"varchar":                        "! varchar has a length from 1 to 65535",
		"varchar(0)":                     "! varchar has a length from 1 to 65535",
		"char(256)":                      "! char has a length from 1 to 255",
		"char(x)":                        `! "x" is no number`,
		"array":                          "! array does not say of what: write array<…>",
		"array<int":                      "! the > of array is missing",
		"array<int,int>":                 "! an array has one type of elements",
		"map<string>":                    "! a map has a type of keys and a type of values",
		"map<array<int>,int>":            "! the keys of a map cannot be nested",
		"struct<>":                       "! a struct needs fields as name:type, of letters, digits and _",
		"struct<a int>":                  "! a struct needs fields as name:type, of letters, digits and _",
		"struct<a:int,A:int>":            `! the struct has two fields "a"`,
		"struct<a:>":                     "! a type is missing",
		strings.Repeat("array<", 1000):   "! it nests more than 50 deep",
	} {
		got, err := gluetype.Normalize(in)
		if err != nil {
			got = "! " + err.Error()
		}
		if got != want {
			t.Errorf("%.40q is %q, want %q", in, got, want)
		}
		if again, err := gluetype.Normalize(got); err == nil && again != got {
			t.Errorf("%q is not stable: %q", got, again)
		}
	}
}

// FuzzNormalize checks that what is normal stays as it is.
func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"int", "decimal(10, 2)", "struct<a:array<map<string,varchar(3)>>,b:date>", "array<", "char(9999999999999999999)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		normal, err := gluetype.Normalize(s)
		if err != nil {
			return
		}
		if again, err := gluetype.Normalize(normal); err != nil || again != normal {
			t.Errorf("%q becomes %q, which becomes %q, %v", s, normal, again, err)
		}
	})
}

func TestTrino(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"string": "varchar", "int": "integer", "bigint": "bigint", "float": "real", "binary": "varbinary",
		"timestamp": "timestamp(6)", "decimal(5,2)": "decimal(5,2)", "varchar(3)": "varchar(3)",
		"map<string,array<int>>":               "map(varchar, array(integer))",
		"struct<code:string,at:struct<a:int>>": `row("code" varchar, "at" row("a" integer))`,
	} {
		parsed, err := gluetype.Parse(in)
		if err != nil || parsed.Trino() != want {
			t.Errorf("%s is %s, want %s (%v)", in, parsed.Trino(), want, err)
		}
	}
}
