package governance

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
)

// request is what Permissions were asked for one principal and resource.
type request struct {
	grants *Permissions
	key    string // its identity

	identifier *string // the principal, as it is rendered
	who        order.Identity

	resource lakeformation.Resource // as it is rendered
	same     lakeformation.Resource // with the identities of its texts
	shown    lakeformation.Resource // with the texts that ids are made of
	owners   []order.Owner

	permissions, grantable []lakeformation.Permission
	after                  []awscdk.CfnResource
	waiting                []constructs.IConstruct

	entry    *entry // where it stands; nil until that is decided
	crossing bool   // in another stack than these Permissions; whether that goes is seen when the CDK knows every dependency
}

// identify works out what a principal and a resource are in the stack of the Permissions.
func (p *Permissions) identify(principal Principal, r lakeformation.Resource) *request {
	if r.Catalog != "" && p.home.Identify(r.Catalog).Same == p.home.OwnAccount().Same {
		r.Catalog = "" // the same resource, whether its own catalog is named or not
	}
	out := &request{grants: p, identifier: principal.identifier, who: p.home.Identify(*principal.identifier), resource: r, same: r, shown: r}
	if slices.ContainsFunc(texts(r), needsIdentity) {
		out.same = mapTexts(r, func(text string) string {
			id := p.home.Identify(text)
			out.owners = append(out.owners, id.Owners...)
			return id.Same
		})
		out.shown = mapTexts(r, func(text string) string { return p.home.Identify(text).Text })
	}
	out.key = out.who.Same + " on " + out.same.Key()
	return out
}

// text names the request for people, and for ids.
func (a *request) text() string { return a.who.Text + " on " + a.shown.Key() }

// join adds what another call asks for the same request. Where they name principal
// or resource differently, the name that makes CloudFormation wait is kept.
func (a *request) join(other *request, permissions []lakeformation.Permission, o *GrantOptions) {
	a.prefer(other)
	a.permissions = lakeformation.SortPermissions(append(a.permissions, permissions...))
	if o.Grantable {
		a.grantable = lakeformation.SortPermissions(append(a.grantable, permissions...))
	}
	for _, needed := range o.After {
		if !slices.Contains(a.after, needed) {
			a.after = append(a.after, needed)
		}
	}
}

// prefer takes over the better names of another request with the same identity.
func (a *request) prefer(other *request) {
	if better(other.who.Made(), a.who.Made(), other.who.Text, a.who.Text) {
		a.who, a.identifier = other.who, other.identifier
	}
	if better(len(other.owners) > 0, len(a.owners) > 0, other.shown.Key(), a.shown.Key()) {
		a.resource, a.shown, a.owners = other.resource, other.shown, other.owners
	}
}

// better reports whether one name is to be taken instead of another: of what the
// app makes, else the first by its text.
func better(made, otherMade bool, text, other string) bool {
	if made != otherMade {
		return made
	}
	return text < other
}

// needsIdentity reports whether two texts can be different and the same.
func needsIdentity(text string) bool {
	return strings.Contains(text, "${") || strings.HasPrefix(text, "arn:")
}

// needed are the things in the stack that was asked which come before the grant;
// for the first of a chain also the settings where there is nothing else, and for
// the first that goes by LF-Tags every tag that is put on something.
func (a *request) needed(first, firstByTags bool) []*order.Node {
	r, home := a.resource, a.grants.home
	var out []*order.Node
	if r.Catalog == "" {
		called := names(r)
		if r.Kind == lakeformation.KindTagPolicy && firstByTags {
			called = append(called, order.Assignments())
		}
		out = home.Needed(called, r.Location)
	}
	if len(out) == 0 && first {
		out = home.Needed([]order.Name{order.Settings()}, "")
	}
	return out
}
