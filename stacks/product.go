package stacks

import (
	"fmt"
	"maps"
	"slices"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
)

// Product is a data product of the domain, by its name in the mesh, to grant on
// in Go beside the subscriptions of the mesh file:
//
//	clinical.Product("patient_deid").GrantRead(governance.RolePrincipal(role), nil)
//
// The grants stand in the Permissions of this stack; a grant that a subscription makes
// already is an error at synthesis. They are no subscription: they have no purpose
// and no end, and the guardrails of the mesh file do not see them. Whoever reads
// the templates, as the package access does, sees them. It panics on a name that
// the domain does not publish.
func (s *DomainStack) Product(name string) *governance.DataProduct {
	product, published := s.products[name]
	if !published {
		panic(fmt.Errorf("%s: no product %q; expected one of %q", *s.StackName(), name, slices.Sorted(maps.Keys(s.products))))
	}
	return product
}

// addProducts names the products of the domain; that makes no resources.
func (s *DomainStack) addProducts(meshName string) {
	for _, t := range s.plan.Tables {
		if s.products[t.Product] != nil {
			continue
		}
		s.products[t.Product] = governance.NewDataProduct(s, jsii.String("Product-"+t.Product), &governance.DataProductProps{
			Mesh:    jsii.String(meshName),
			Domain:  jsii.String(s.plan.Name),
			Product: jsii.String(t.Product),
			Zone:    t.Zone,
		})
	}
}
