package contract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// The custom properties that mean something here.
const (
	customSensitivity = "sensitivity"
	customZone        = "zone"
	customProduct     = "product"
	customParts       = "parts"
	customFormat      = "format"
	customLocation    = "location"
	customDelimiter   = "delimiter"
	customHeader      = "header"
	customIdentifier  = "hipaaIdentifier"

	customSerde           = "serde"
	customQuote           = "quote"
	customEscape          = "escape"
	customNullFormat      = "nullFormat"
	customCaseSensitive   = "caseSensitive"
	customIgnoreMalformed = "ignoreMalformed"
	customTemplate        = "storage.location.template"
	customSortOrder       = "sortOrder"
	customTableProps      = "tableProperties"
	customSQL             = "sql"
	customProjection      = "projection"
	customTransform       = "partitionTransform"
	customLFTags          = "lfTags"

	customDeidentify       = "deidentify"
	customDeidentifyValues = "deidentifyValues"

	customPersonIndex = "personIndex"
	customLegalHold   = "legalHold"
)

// The parts of a contract whose custom properties may mean something.
const (
	onContract = "contract"
	onTable    = "table"
	onColumn   = "column"
	onField    = "field inside a column"
)

// customPlaces lists the custom properties that mean something here, and the parts
// of a contract that they are read on.
func customPlaces() map[string][]string {
	out := map[string][]string{
		customSensitivity: {onContract}, customZone: {onContract}, customProduct: {onContract}, customParts: {onContract}, customPersonIndex: {onContract}, customLegalHold: {onContract},
		customLFTags:     {onContract, onTable, onColumn},
		customDeidentify: {onTable, onColumn},
		customIdentifier: {onColumn, onField},
		customProjection: {onColumn}, customTransform: {onColumn}, customDeidentifyValues: {onColumn},
	}
	for _, name := range []string{
		customFormat, customLocation, customDelimiter, customHeader, customSerde, customQuote, customEscape, customNullFormat,
		customCaseSensitive, customIgnoreMalformed, customTemplate, customSortOrder, customTableProps, customSQL,
	} {
		out[name] = []string{onTable}
	}
	return out
}

// otherWords are what people write for a custom property, folded.
func otherWords() map[string]string {
	return map[string]string{
		"fileformat": customFormat, "tableformat": customFormat, "storageformat": customFormat, "filetype": customFormat,
		"s3location": customLocation, "filelocation": customLocation, "storagelocation": customLocation,
		"separator": customDelimiter, "fielddelimiter": customDelimiter, "separatorchar": customDelimiter,
		"hasheader": customHeader, "headerrow": customHeader, "quotechar": customQuote, "escapechar": customEscape,
		"serdelibrary": customSerde, "nullvalue": customNullFormat, "locationtemplate": customTemplate,
		"sortedby": customSortOrder, "sortby": customSortOrder, "tblproperties": customTableProps,
		"partitionprojection": customProjection, "lakezone": customZone, "productid": customProduct, "productname": customProduct,
		"lftag": customLFTags, "phiidentifier": customIdentifier, "identifier": customIdentifier,
	}
}

// fold leaves of a name what no way of writing it changes.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// places warns of custom properties that are written otherwise than one that means
// something, or that stand where nothing reads them.
func (b *builder) places(custom odcs.CustomProperties, on string) {
	if len(custom) == 0 {
		return
	}
	known := customPlaces()
	var here []string
	for name, places := range known {
		if slices.Contains(places, on) {
			here = append(here, name)
		}
	}
	slices.Sort(here)
	for i := range custom {
		p := &custom[i]
		at := problem.Key(p.Path, "property")
		if places, ours := known[p.Property]; ours {
			if !slices.Contains(places, on) && !(p.Property == customLFTags && on == onField) { // an error of its own
				b.warn(at, fmt.Sprintf("the property %s of a %s, which nothing reads there", p.Property, on), "it on a "+strings.Join(places, ", or on a "), moveTo(p.Property, on, places))
			}
			continue
		}
		if meant, ok := meantCustom(p.Property, here); ok {
			fix := fmt.Sprintf("did you mean %s?", meant)
			if !slices.Contains(here, meant) {
				fix = fmt.Sprintf("did you mean %s, on a %s?", meant, strings.Join(known[meant], ", or on a "))
			}
			b.warn(at, fmt.Sprintf("the property %q, which means nothing here", p.Property), meant, fix)
		}
	}
}

func moveTo(name, on string, places []string) string {
	switch {
	case name == customSensitivity && on == onColumn:
		return "write it as the classification of the column"
	case on == onContract && slices.Contains(places, onTable):
		return "move it to each table that it is about"
	case on == onTable && slices.Contains(places, onColumn):
		return "move it to the column that it is about"
	default:
		return "move it to the " + places[0]
	}
}

// meantCustom is the custom property that somebody meant who wrote another name.
func meantCustom(name string, here []string) (string, bool) {
	folded := fold(name)
	for _, known := range slices.Sorted(maps.Keys(customPlaces())) {
		if fold(known) == folded {
			return known, true
		}
	}
	if known, ok := otherWords()[folded]; ok && slices.Contains(here, known) {
		return known, true
	}
	return problem.Nearest(name, here)
}
