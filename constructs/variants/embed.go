package variants

import (
	_ "embed"
	"strings"
)

//go:embed reader/reader.jar
var readerJar []byte

//go:embed job/load_variants.py
var loadScript string

//go:embed job/annotate_variants.py
var annotateScript string

//go:embed job/erase_sample.py
var eraseScript string

//go:embed job/tables.sql
var tables string

// SourceName is what a Spark session calls the data source of the reader:
// spark.read.format(SourceName).
const SourceName = "io.lakemesh.vcf.spark.VcfSource"

// ReaderJar returns the reader of VCF files as a jar for Java 17 and Spark 3.5. It is
// what reader/src compiles to, byte for byte.
func ReaderJar() []byte { return append([]byte(nil), readerJar...) }

// LoadScript returns the PySpark script that loads files into the tables. It says
// itself which arguments it takes.
func LoadScript() string { return loadScript }

// AnnotateScript returns the PySpark script that joins the variants of the lake with
// ClinVar or gnomAD into the table annotations. It needs the jar and the settings that
// LoadScript needs, and says itself which arguments it takes.
func AnnotateScript() string { return annotateScript }

// EraseScript returns the PySpark script that erases samples from the tables and keeps
// later loads from bringing them back. It runs with the reader's jar, and says itself
// which arguments it takes.
func EraseScript() string { return eraseScript }

// Tables returns the statements of Spark with Iceberg's extensions that make the
// tables in a database, such as glue_catalog.genomics_curated.
func Tables(database string) []string {
	var statements []string
	for s := range strings.SplitSeq(tables, ";\n") {
		lines := strings.Split(s, "\n")
		kept := lines[:0]
		for _, line := range lines {
			if !strings.HasPrefix(line, "--") {
				kept = append(kept, line)
			}
		}
		if s = strings.TrimSpace(strings.Join(kept, "\n")); s != "" {
			statements = append(statements, strings.ReplaceAll(s, "{database}", database))
		}
	}
	return statements
}
