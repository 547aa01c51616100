package measure

import (
	_ "embed" // results.odcs.yaml
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

//go:embed results.odcs.yaml
var resultsText []byte

const (
	// ResultsProduct is the name of the data product that has the results of a domain.
	ResultsProduct = "quality"

	// ResultsTable is its table, with a row for each rule and execution.
	ResultsTable = "quality_results"

	// ResultsFile is what its contract is called in messages.
	ResultsFile = "lakemesh/quality.odcs.yaml"
)

// ResultsText is the contract of the results as a file of the Open Data Contract Standard.
func ResultsText() []byte { return append([]byte(nil), resultsText...) }

// ResultsContract returns the contract of the results: the Iceberg table quality_results in
// the curated zone. It is internal: it has names of rules, counts, and nothing of a patient.
func ResultsContract() *contract.Contract {
	c, err := contract.Parse(ResultsFile, resultsText)
	if err != nil {
		panic(fmt.Errorf("the embedded contract of quality results: %w", err)) // a test loads it
	}
	return c
}
