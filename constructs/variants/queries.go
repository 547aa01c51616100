package variants

import (
	"embed"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// Databases are the databases of the Glue catalog that queries read, as Athena calls
// them. All may be empty.
type Databases struct {
	// Variants has the tables that the jobs write.
	Variants string
	// Samples has the table sample_patient, which says of whom a sample of a file is:
	// object, sample_id, patient_token, study_id.
	Samples string
	// Clinical has the table patient_deid, de-identified patients: patient_token, study_id,
	// index_condition_code, index_condition_name.
	Clinical string
	// Omics has the tables clinical_patient, expression_tcga_luad and tcga_mutation of The
	// Cancer Genome Atlas, as the ready mesh multiomics makes them.
	Omics string
}

// Query is a question to the tables, in Athena's SQL without parameters: what a
// researcher changes, such as a gene or a study, are literals in it.
type Query struct {
	Name  string // such as brca1-carriers
	Title string // the question
	SQL   string // one statement, with a comment that says more
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// Queries returns the queries that read no other databases than those that are named,
// by name.
func Queries(databases Databases) []Query {
	named := map[string]string{"variants": databases.Variants, "samples": databases.Samples, "clinical": databases.Clinical, "omics": databases.Omics}
	files, err := fs.Glob(queryFiles, "queries/*.sql")
	if err != nil {
		panic(err) // the pattern is sound
	}
	var queries []Query
	for _, file := range files {
		text, err := queryFiles.ReadFile(file)
		if err != nil {
			panic(err) // it was just listed
		}
		missing := false
		sql := placeholder.ReplaceAllStringFunc(string(text), func(word string) string {
			database := named[strings.Trim(word, "{}")]
			missing = missing || database == ""
			return database
		})
		if missing {
			continue
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(sql, "-- "), "\n")
		queries = append(queries, Query{Name: strings.TrimSuffix(path.Base(file), ".sql"), Title: title, SQL: sql})
	}
	return queries
}
