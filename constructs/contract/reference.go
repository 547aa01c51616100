package contract

import "strings"

// Reference names a table that another one is made from: {product.table} in a
// query, product.table elsewhere. In a query {domain.product.table} is a table of
// another domain, which the own one subscribes to.
type Reference struct {
	// Domain publishes the product; "" is the domain of the table that is made.
	Domain string
	// Product is the name of a product of the domain, or FhirStoreReference.
	Product string
	// Table is a table of the product, or a resource type of the store in lower case,
	// as HealthLake names its tables.
	Table string
}

// FhirStoreReference stands in a query for the domain's FHIR store: the table
// {fhirStore.patient} holds its Patient resources.
const FhirStoreReference = "fhirStore"

// ParseReference reads product.table or domain.product.table.
func ParseReference(text string) Reference {
	parts := strings.SplitN(text, ".", 3)
	switch len(parts) {
	case 3:
		return Reference{Domain: parts[0], Product: parts[1], Table: parts[2]}
	case 2:
		return Reference{Product: parts[0], Table: parts[1]}
	}
	return Reference{Product: text}
}

// Source is the product: domain.product for one of another domain, else product. By it
// Materialization finds the database.
func (r Reference) Source() string { return strings.TrimPrefix(r.Domain+"."+r.Product, ".") }

// Name is the table as product.table, or domain.product.table for one of another domain.
func (r Reference) Name() string { return strings.TrimSuffix(r.Source()+"."+r.Table, ".") }

// String is the reference as queries write it.
func (r Reference) String() string { return "{" + r.Source() + "." + r.Table + "}" }

// MarshalText writes the Name.
func (r Reference) MarshalText() ([]byte, error) { return []byte(r.Name()), nil }

// OfFhirStore reports whether the table is one of a domain's FHIR store: of the own
// domain, where Domain is "".
func (r Reference) OfFhirStore() bool { return r.Product == FhirStoreReference }
