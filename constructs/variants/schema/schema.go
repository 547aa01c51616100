package schema

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

//go:embed variants.odcs.yaml
var text []byte

// Product is the name of the data product that the tables are.
const Product = "variants"

// File is what the contract is called in messages.
const File = "lakemesh/variants.odcs.yaml"

// Text is the contract as a file of the Open Data Contract Standard, v3.1.0.
func Text() []byte { return append([]byte(nil), text...) }

// Contract returns the contract of the product: the Iceberg tables variants, genotypes,
// samples, quarantine, files and annotations, in the curated zone. Each column has its level: what says
// which variant is there, whose, or in which file, is phi; kind, quality and counts of
// variants are deidentified; what is about files only is internal.
func Contract() *contract.Contract {
	c, err := contract.Parse(File, text)
	if err != nil {
		panic(fmt.Errorf("the embedded contract of variants: %w", err)) // a test loads it
	}
	return c
}

// parsed is the contract, once.
var parsed = sync.OnceValue(Contract)

// Tables are those of the contract, which nobody may change: they are parsed once.
func Tables() []contract.Table { return parsed().Tables }

// Erased is the table that says which samples were erased, by salted hashes of their
// names, so that no later load brings them back. It is of no product: jobs alone read it.
func Erased() contract.Table {
	column := func(name, glueType, description string) contract.Column {
		return contract.Column{Name: name, Type: glueType, Description: description, Sensitivity: ontology.PHI, Classification: string(ontology.PHI)}
	}
	return contract.Table{
		Name: "erased", Title: "Erased samples", Format: contract.FormatIceberg,
		Description: "Samples that were erased, by salted hashes of their names; loads leave them out.",
		Columns: []contract.Column{
			column("sample_sha256", "string", "SHA-256 of the salt and the name of the sample, in hexadecimal"),
			column("salt", "string", "Salt of the hash"),
			column("object", "string", "URI of the VCF file that the sample is erased of; null for all"),
			column("run", "string", "Run that erased the sample"),
			column("erased_at", "timestamp", "When the run erased it, UTC"),
		},
	}
}
