package assembly

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// saysWho reports whether the metadata of a state machine bears on access.
func saysWho(res template.Resource) bool {
	return res.Metadata[template.FhirReadersMetadata] != nil || res.Metadata[template.SubscriptionsMetadata] != nil
}

// machine reads what the metadata of a state machine says.
func (r *reader) machine(res template.Resource, place string) string {
	if res.Metadata[template.SubscriptionsMetadata] != nil {
		return r.subscriptions(res, place)
	}
	return r.fhirStore(res, place)
}

// endedDefinition is what the definition of the workflow that ends access says of grants.
type endedDefinition struct {
	States struct {
		Subscriptions struct {
			Parameters struct {
				All []struct{ Name, Last string }
			}
		}
		Grants struct {
			Parameters struct {
				All []endedGrant
			}
		}
	}
}

// endedGrant is a grant to some principals, with the subscriptions that need it.
type endedGrant struct {
	Needs, Principals []string
	Resource          map[string]any
	Rights            []struct{ Permissions, PassedOn []lakeformation.Permission }
}

// subscriptions reads what a stack grants for which subscriptions.
func (r *reader) subscriptions(res template.Resource, place string) string {
	var told []access.Subscription
	var d endedDefinition
	text, _ := r.Value(res.Properties["DefinitionString"], place+".DefinitionString").(string)
	metadata, err := json.Marshal(res.Metadata[template.SubscriptionsMetadata])
	if err = cmp.Or(err, json.Unmarshal(metadata, &told), json.Unmarshal([]byte(text), &d)); err != nil {
		r.OnUnresolved(access.Unresolved{Place: place, Text: template.SubscriptionsMetadata, Reason: "which subscriptions end when could not be read: " + err.Error()})
		return "subscriptions"
	}
	home := r.home("")
	for _, s := range told {
		for _, known := range d.States.Subscriptions.Parameters.All {
			if known.Name == s.Name {
				s.LastDay = known.Last
			}
		}
		subscribed := access.SubscribedGrants{Subscription: s}
		for _, g := range d.States.Grants.Parameters.All {
			if slices.Contains(g.Needs, s.Name) {
				subscribed.Grants = append(subscribed.Grants, r.grantsOf(g, place)...)
			}
		}
		home.Subscriptions = append(home.Subscriptions, subscribed)
	}
	return "the ends of subscriptions"
}

// grantsOf is a grant for each of its principals. Step Functions writes Lf where
// CloudFormation writes LF.
func (r *reader) grantsOf(g endedGrant, place string) []lakeformation.Grant {
	property := map[string]any{}
	for name, value := range g.Resource {
		property[strings.Replace(name, "LfTag", "LFTag", 1)] = value
	}
	target, ok := r.resource(property, place)
	if !ok {
		return nil
	}
	var out []lakeformation.Grant
	for _, principal := range g.Principals {
		grant := lakeformation.Grant{Principal: principal, Resource: target}
		for _, right := range g.Rights {
			grant.Permissions = append(grant.Permissions, right.Permissions...)
			grant.Grantable = append(grant.Grantable, right.PassedOn...)
		}
		out = append(out, grant)
	}
	return out
}
