package snapshot

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

const grantType = "AWS::LakeFormation::PrincipalPermissions"

// identity is what Lake Formation knows a grant by: its principal and its resource.
func (r resource) identity() string {
	return fmt.Sprint(r.Properties["Principal"], r.Properties["Resource"])
}

// compareGrants finds grants that one deployment cannot change. CloudFormation makes the
// new grant before it takes the old one back, and a grant of the same principal
// and resource exists already, so that the deployment fails and is rolled back.
// Source: "AWS::LakeFormation::PrincipalPermissions" (every property is create-only).
func (d *differences) compareGrants(before, after document) {
	granted := map[string]string{} // logical id by identity
	for _, id := range slices.Sorted(maps.Keys(before.resources)) {
		if r := before.resources[id]; r.Type == grantType {
			granted[r.identity()] = id
		}
	}
	for _, id := range slices.Sorted(maps.Keys(after.resources)) {
		r := after.resources[id]
		if r.Type != grantType {
			continue
		}
		old, existed := granted[r.identity()]
		if !existed || old == id && reflect.DeepEqual(before.resources[old].Properties, r.Properties) {
			continue
		}
		change := "has other permissions"
		if old != id {
			change = "is " + old + " under another logical id"
		}
		d.twice = append(d.twice, fmt.Sprintf("%s (%s) %s for the same principal and resource: deploy once without the grant, then with it", id, r.Type, change))
	}
}
