package contract

import "strings"

// Reference names a table that another one is made from: {product.table} in a
// query, product.table elsewhere.
type Reference struct {
	// Product is the name of a product of the same domain, or FhirStoreReference.
	Product string
	// Table is a table of the product, or a resource type of the store in lower case,
	// as HealthLake names its tables.
	Table string
}

// FhirStoreReference stands in a query for the domain's FHIR store: the table
// {fhirStore.patient} holds its Patient resources.
const FhirStoreReference = "fhirStore"

// ParseReference reads product.table.
func ParseReference(text string) Reference {
	product, table, _ := strings.Cut(text, ".")
	return Reference{Product: product, Table: table}
}

// Name is the table as product.table.
func (r Reference) Name() string { return strings.TrimSuffix(r.Product+"."+r.Table, ".") }

// String is the reference as queries write it.
func (r Reference) String() string { return "{" + r.Product + "." + r.Table + "}" }

// MarshalText writes the Name.
func (r Reference) MarshalText() ([]byte, error) { return []byte(r.Name()), nil }

// OfFhirStore reports whether the table is one of the domain's FHIR store.
func (r Reference) OfFhirStore() bool { return r.Product == FhirStoreReference }
