package rowfilter

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Constant is what a column can be compared with: text, numbers and booleans.
// Lake Formation documents no dates in row filters; give a table a text or
// number column for the day or year. Source: "PartiQL support in row filter
// expressions".
type Constant interface {
	~string | ~bool |
		~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 |
		~float32 | ~float64 |
		Value
}

// Value is a constant.
type Value struct {
	Type Type   // what it is compared as
	Text string // without quotes
}

// Decimal is an exact number such as -1.50, which a float64 may not be.
func Decimal(text string) Value { return Value{Type: Number, Text: text} }

func valueOf[T Constant](constant T) Value {
	if v, ok := any(constant).(Value); ok {
		return v
	}
	switch v := reflect.ValueOf(constant); {
	case v.Kind() == reflect.String:
		return Value{Type: Text, Text: v.String()}
	case v.Kind() == reflect.Bool:
		return Value{Type: Boolean, Text: strings.ToUpper(strconv.FormatBool(v.Bool()))}
	case v.CanInt():
		return Value{Type: Number, Text: strconv.FormatInt(v.Int(), 10)}
	case v.CanUint():
		return Value{Type: Number, Text: strconv.FormatUint(v.Uint(), 10)}
	default:
		return Value{Type: Number, Text: strconv.FormatFloat(v.Float(), 'f', -1, v.Type().Bits())}
	}
}

// String is the constant as an expression spells it.
func (v Value) String() string {
	if v.Type == Text {
		return "'" + strings.ReplaceAll(v.Text, "'", "''") + "'"
	}
	return v.Text
}

// problem is what keeps the constant out of an expression; ok where nothing does.
func (v Value) problem() (got, expected, fix string, ok bool) {
	switch v.Type {
	case Text:
		got, expected, fix = unsafeText(v.Text)
		return got, expected, fix, got == ""
	case Number:
		return fmt.Sprintf("%q", v.Text), "a number such as 42 or -1.5", "write digits, with a point before the fraction", isNumber(v.Text)
	case Boolean:
		return fmt.Sprintf("%q", v.Text), "TRUE or FALSE", "write one of them", v.Text == "TRUE" || v.Text == "FALSE"
	default:
		return fmt.Sprintf("a constant of the type %q", v.Type), "text, a number or a boolean", "make it with Decimal, or give a Go value", false
	}
}

// unsafeText finds what text must not hold. The engines that apply a filter do
// not read a backslash alike: to some it takes the meaning of the quote after it
// away, and the rest of the expression would be read as text, or text as
// expression. Parse takes no line break and no semicolon either.
func unsafeText(s string) (got, expected, fix string) {
	if !utf8.ValidString(s) {
		return fmt.Sprintf("%q, which is not UTF-8", s), "text in UTF-8", "convert it"
	}
	for _, r := range s {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return fmt.Sprintf("the control character U+%04X in %q", r, s), "printable text", "take it out"
		case r == '\\':
			return fmt.Sprintf("a backslash in %q", s), "text without backslashes, which query engines read differently", "match around it with LIKE, or compare a column without it"
		case r == ';':
			return fmt.Sprintf("a semicolon in %q", s), "text without semicolons", "match around it with LIKE, or compare a column without it"
		}
	}
	return "", "", ""
}

func isNumber(s string) bool {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return whole+fraction != "" && strings.Trim(whole+fraction, "0123456789") == ""
}
