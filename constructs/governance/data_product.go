package governance

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// DataProductProps configures a DataProduct. Names are lower case, as Lake
// Formation stores them.
type DataProductProps struct {
	// Mesh is the prefix of the LF-Tag keys. Required.
	Mesh *string

	// Domain that publishes the product. Its LF-Tag key is "<mesh>:<domain>.product". Required.
	Domain *string

	// Product is its name: a value of the LF-Tag key of the domain. Required.
	Product *string

	// Zone that the product stands in.
	// Default: curated.
	Zone ontology.Zone
}

// DataProduct is what a domain publishes, as the LF-Tags of a mesh's ontology
// describe it: databases by their zone and the value no-product of the domain's key
// "<mesh>:<domain>.product", tables by the product as a value of that key, columns by
// sensitivity. It makes no resources until something is granted.
type DataProduct struct {
	constructs.Construct

	product lakeformation.Product
}

// NewDataProduct names a data product. It panics with every problem of the props
// at once.
func NewDataProduct(scope constructs.Construct, id *string, props *DataProductProps) *DataProduct {
	p := cdkx.Value(props, DataProductProps{})
	p.Zone = p.Zone.OrDefault()
	cdkx.Check(scope, id, p.problems())

	d := &DataProduct{product: lakeformation.Product{Mesh: *p.Mesh, Domain: *p.Domain, Name: *p.Product, Zone: p.Zone}}
	cdkx.Add(d, scope, id)
	return d
}

// GrantReadOptions refines DataProduct.GrantRead.
type GrantReadOptions struct {
	// Sensitivity lists the levels whose columns are shown; a level does not imply
	// the ones below it.
	// Default: public.
	Sensitivity []ontology.Sensitivity
}

// GrantRead lets the principal read the product with two grants, however many
// tables it has (rule 2.9): DESCRIBE on databases of its domain and zone, and
// DESCRIBE and SELECT on tables and columns of the product that have one of the
// levels of sensitivity. Several calls add up.
//
// The grants stand in the Permissions of the product's stack, or of the principal's; see
// Permissions.Grant. Before them come, as far as the app makes them for the same
// environment, the LF-Tags and the tags on the product's databases and tables,
// whenever those were or will be written in the program; where another stack makes
// them, the product's stack waits for it.
//
// It panics on an unknown level, on an empty list of levels and on a principal that Lake Formation refuses.
// Source: "Lake Formation tag-based access control".
func (d *DataProduct) GrantRead(principal Principal, options *GrantReadOptions) *Grant {
	levels := []ontology.Sensitivity{ontology.Public}
	if options != nil && options.Sensitivity != nil {
		levels = options.Sensitivity
		var list problem.List
		if len(options.Sensitivity) == 0 {
			list.Addf("Sensitivity", "an empty list", "at least one level", "name the levels that are shown, or leave Sensitivity out for public")
		}
		for i, level := range options.Sensitivity {
			if !level.Valid() {
				list.Addf(fmt.Sprintf("Sensitivity[%d]", i), fmt.Sprintf("%q", level), fmt.Sprintf("one of %v", ontology.Sensitivities()), "name a level of the ontology")
			}
		}
		cdkx.Fail(d, list.Err())
	}
	grants := PermissionsOf(d)
	see, read := d.product.Describe(), d.product.Read(levels)
	made := grants.Grant(principal, see.Resource, see.Permissions, nil).
		Combine(grants.Grant(principal, read.Resource, read.Permissions, nil))
	grants.products[d.product] = true
	return made
}

func (p *DataProductProps) problems() problem.List {
	var list problem.List
	for _, field := range []struct {
		path  string
		value *string
	}{{"Mesh", p.Mesh}, {"Domain", p.Domain}, {"Product", p.Product}} {
		value := cdkx.Value(field.value, "")
		switch {
		case value == "":
			list.Addf(field.path, "nothing", "a name", "set "+field.path)
		case cdkx.HoldsToken(value):
			list.Addf(field.path, "a value known only at deployment", "a plain string", "write the name out")
		default:
			checkTagText(&list, field.path, value, maxTagValue)
		}
	}
	if !p.Zone.Valid() {
		list.Addf("Zone", fmt.Sprintf("%q", p.Zone), fmt.Sprintf("one of %v", ontology.Zones()), "leave it out for curated")
	}
	return list
}
