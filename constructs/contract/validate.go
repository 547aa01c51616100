package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Validate reports every mistake of a contract that was written as a Go value;
// one that was loaded has passed. Paths are those of the file, where tables and
// columns have one, else tables[0].columns[1].
//
// Zero values are allowed where they have a meaning: no sensitivity is PHI, no
// zone is curated, no format is the default.
func (c *Contract) Validate() error {
	return c.check(problem.Key).Err()
}

// check finds the mistakes; at places one about a part of a table or column.
func (c *Contract) check(at func(base, part string) string) problem.List {
	k := checker{at: at}
	if strings.TrimSpace(c.Name) == "" {
		k.list.Addf("name", "nothing", "the name of the product", "give it a name")
	}
	if c.APIVersion != "" && !slices.Contains(APIVersions(), c.APIVersion) {
		k.list.Addf("apiVersion", fmt.Sprintf("the version %q", c.APIVersion), problem.OneOf(APIVersions()),
			odcs.VersionFix(c.APIVersion))
	}
	if c.Sensitivity != "" && !c.Sensitivity.Valid() {
		k.word("sensitivity", string(c.Sensitivity), words(ontology.Sensitivities()))
	}
	if c.Zone != "" && !c.Zone.Valid() {
		k.word("zone", string(c.Zone), words(ontology.Zones()))
	}
	if c.Parts < 0 || c.Parts > MaxParts {
		k.list.Addf("parts", strconv.Itoa(c.Parts), partsExpected(), "write one, or leave it out")
	}
	seen := map[string]int{}
	for i := range c.Tables {
		t := &c.Tables[i]
		path := cmp.Or(t.Path, problem.Index("tables", i))
		k.name(path, t.Name, seen, "table", checkName)
		k.table(t, path)
	}
	k.personIndex(c)
	return k.list
}

// name checks a name and that it is the only one after folding.
func (k *checker) name(path, name string, seen map[string]int, noun string, check func(string) *finding) {
	if name == "" {
		k.add(path, fieldName, "nothing", "the name of the "+noun, "give it a name")
		return
	}
	if f := check(name); f != nil {
		k.add(path, fieldName, f.got, f.expected, f.fix)
	}
	folded := strings.ToLower(name)
	if seen[folded]++; seen[folded] > 1 {
		k.add(path, fieldName, fmt.Sprintf("the name %q a second time", name), "a name of its own for each "+noun, "rename one of them")
	}
}

func (k *checker) table(t *Table, path string) {
	if t.Format != "" && !t.Format.Valid() {
		k.word(k.at(path, fieldFormat), string(t.Format), words(Formats()))
	}
	if t.Location != "" && !isLocation(t.Location) {
		k.add(path, fieldLocation, fmt.Sprintf("the location %q", t.Location), "s3://bucket/prefix/", "write the prefix that the files of the table are under")
	}
	if t.CSV.Delimiter != "" && utf8.RuneCountInString(t.CSV.Delimiter) != 1 {
		k.add(path, fieldDelimiter, fmt.Sprintf("the delimiter %q", t.CSV.Delimiter), "one character", "write one character")
	}
	seen := map[string]int{}
	partition, primary := map[int]bool{}, map[int]bool{}
	for i := range t.Columns {
		col := &t.Columns[i]
		at := cmp.Or(col.Path, problem.Index(problem.Key(path, "columns"), i))
		k.name(at, col.Name, seen, "column", t.checkColumnName)
		k.column(col, at, t.format())
		k.derivation(col, at, t.Deidentify != nil)
		k.position(at, fieldPartition, col.Partition, partition)
		k.position(at, fieldPrimary, col.PrimaryKey, primary)
	}
	k.deidentify(t, path)
	for _, f := range storageFindings(t) {
		base := path
		if f.column >= 0 {
			base = cmp.Or(t.Columns[f.column].Path, problem.Index(problem.Key(path, "columns"), f.column))
		}
		k.list.Addf(f.filePath(k.at, base), f.got, f.expected, f.fix)
	}
}

func (k *checker) column(col *Column, at string, format Format) {
	t, err := gluetype.Parse(col.Type)
	switch {
	case len(col.Type) > maxType:
		k.add(at, fieldType, fmt.Sprintf("a type with %d characters", len(col.Type)), fmt.Sprintf("at most %d", maxType), "split the column, or keep it as a string")
	case err != nil:
		k.add(at, fieldType, fmt.Sprintf("the type %q: %s", col.Type, err), "a type of the Glue catalog", "write for example bigint, decimal(10,2) or array<string>")
	case col.Type != t.String():
		k.add(at, fieldType, fmt.Sprintf("the type %q", col.Type), "the type as the catalog spells it", "write "+t.String())
	case col.Partition > 0 && !t.Primitive():
		k.add(at, fieldType, "a partition key of the type "+col.Type, "a type of single values", "partition by another column")
	case format == FormatIceberg && t.Iceberg().String() != col.Type:
		k.add(at, fieldType, fmt.Sprintf("the type %q in an Iceberg table", col.Type), "a type that Iceberg has", "write "+t.Iceberg().String())
	}
	if col.Sensitivity != "" && !col.Sensitivity.Valid() {
		k.word(k.at(at, fieldLevel), string(col.Sensitivity), words(ontology.Sensitivities()))
	}
	if col.Identifier != "" && !col.Identifier.Valid() {
		k.word(k.at(at, fieldID), string(col.Identifier), words(ontology.Identifiers()))
	}
}

func (k *checker) position(at, part string, position int, taken map[int]bool) {
	switch {
	case position < 0:
		k.add(at, part, fmt.Sprintf("position %d", position), "0, or a position from 1", "number the columns of the key from 1")
	case position > 0 && taken[position]:
		k.add(at, part, fmt.Sprintf("position %d a second time", position), "a position of its own for each column", "number the columns of the key from 1")
	}
	taken[position] = true
}
