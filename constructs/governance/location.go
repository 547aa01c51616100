package governance

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslakeformation"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/batch"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/constructs/template"
)

// LocationProps configures a Location.
type LocationProps struct {
	// ARN of the bucket or of a prefix in it: arn:aws:s3:::bucket or
	// arn:aws:s3:::bucket/prefix. A path is registered once per account: register
	// the bucket or a prefix, never both (rule 3.3). Required.
	ARN *string

	// Key that encrypts the objects.
	// Default: none; then Lake Formation cannot read objects encrypted with SSE-KMS.
	Key awskms.IKey

	// Role that serves the location; share one among the locations of a domain.
	// Default: a role of its own.
	Role *LocationRole

	// ReadOnly leaves writing and deleting out of the role, for data that others own.
	// Default: false.
	ReadOnly *bool

	// HybridAccessReason registers the location in hybrid access mode, to adopt a lake that
	// others read already, and says why, and until when, to whoever audits it. In that mode
	// Lake Formation decides only for principals that an administrator has opted in for a
	// database or table; for everybody else IAM decides as before, whatever is granted or
	// tagged, and neither columns nor rows are guarded. CloudFormation has no type for opting
	// in. The text acknowledges the rule LakeMesh.LF43.
	// Default: none; Lake Formation decides for everybody.
	// Source: "Hybrid access mode".
	HybridAccessReason *string

	// After lists what must exist before the registration, such as the bucket that an ARN
	// without tokens names.
	// Default: none.
	After []constructs.IDependable
}

// ILocation is a registered location: one of the app, or one that LocationFromArn
// imports.
type ILocation interface {
	constructs.IConstruct

	// ARN is the registered ARN, exactly as DATA_LOCATION_ACCESS is granted on it.
	ARN() *string

	// Resource is the location as something Lake Formation grants on.
	Resource() lakeformation.Resource

	// GrantAccess lets the principal make tables that point at the location.
	GrantAccess(principal Principal) *Grant
}

// Location is an S3 location registered with Lake Formation.
type Location struct {
	constructs.Construct

	arn      string
	role     *LocationRole
	resource awslakeformation.CfnResource
}

// NewLocation registers an S3 location with Lake Formation under a role of our
// own, never the service-linked one, and without hybrid access (rules 3.1 to
// 3.4) unless HybridAccessReason asks for it. Without it engines reach the data through
// grants only from then on. The registration waits for the role's policy, not only for the role.
//
// Registering a location in another account's bucket is documented by AWS and
// not proven by this project; the bucket's policy must admit the role. It
// panics with every problem of the props at once, also where the app registers
// the same place, one above it or one below it in the same account and region.
func NewLocation(scope constructs.Construct, id *string, props *LocationProps) *Location {
	p := cdkx.Value(props, LocationProps{})
	home := order.Of(scope)
	cdkx.Check(scope, id, append(p.problems(), p.overlaps(home)...))

	l := &Location{arn: *p.ARN, role: p.Role}
	cdkx.Add(l, scope, id)
	if l.role == nil {
		l.role = NewLocationRole(l, jsii.String("Role"), nil)
	}
	l.resource = cdkx.Make[awslakeformation.CfnResource](l, "Resource", &awslakeformation.CfnResourceProps{
		ResourceArn:          p.ARN,
		RoleArn:              cdkx.RoleARN(l.role.Role()),
		UseServiceLinkedRole: jsii.Bool(false),
		HybridAccessEnabled:  jsii.Bool(p.HybridAccessReason != nil),
	}, func(b *batch.Batch, resource any) {
		if p.HybridAccessReason != nil {
			b.Call(resource, "addMetadata", template.AcknowledgementsMetadata, []any{map[string]any{"id": "LakeMesh.LF43", "reason": *p.HybridAccessReason}})
		}
		l.role.allow(b, l.arn, p.Key, cdkx.Value(p.ReadOnly, false))
		b.Call(b.Get(resource, "node"), "addDependency", append([]any{l.role.Policy()}, p.after()...)...)
	})
	home.Add(&order.Node{Resource: l.resource, Steps: locationSteps, Registers: l.arn, Governed: true})
	order.Shared[places](home).add(home.Place(l.arn), l)
	return l
}

// locationSteps are the role, its policy and the registration, one after another.
const locationSteps = 3

// ARN is the registered ARN, exactly as DATA_LOCATION_ACCESS is granted on it.
func (l *Location) ARN() *string { return jsii.String(l.arn) }

// Role is the role that serves the location.
func (l *Location) Role() *LocationRole { return l.role }

// Resource is the location as something Lake Formation grants on.
func (l *Location) Resource() lakeformation.Resource { return lakeformation.Location(l.arn) }

// GrantAccess lets the principal make tables that point at the location:
// DATA_LOCATION_ACCESS on exactly the registered ARN, after its registration
// (rule 2.13). Reading the data through tables needs no such grant.
// Source: "Granting data location permissions".
func (l *Location) GrantAccess(principal Principal) *Grant {
	return PermissionsOf(l).Grant(principal, l.Resource(), []lakeformation.Permission{lakeformation.DataLocationAccess}, nil)
}

// Cfn is the CloudFormation resource, for properties that this construct does not set.
func (l *Location) Cfn() awslakeformation.CfnResource { return l.resource }

// importedLocation is a location that is registered elsewhere.
type importedLocation struct {
	constructs.Construct

	arn string
}

// LocationFromArn imports a location that is registered in the stack's account
// and region outside of this stack, by exactly the ARN that was registered. It
// makes no resource. Where another stack of the app registers the location, let
// this stack depend on that one. It panics on an ARN that is none of a bucket or
// prefix.
func LocationFromArn(scope constructs.Construct, id, arn *string) ILocation {
	var list problem.List
	checkLocationARN(&list, "arn", arn)
	if home := order.Of(scope); home != nil && cdkx.Value(arn, "") != "" {
		cdkx.CheckPartitionIn(&list, home.Region, "arn", home.Identify(*arn).Text)
		list = append(list, foreign(home, "arn", home.Identify(*arn).Owners)...)
	}
	cdkx.Check(scope, id, list)

	l := &importedLocation{arn: *arn}
	cdkx.Add(l, scope, id)
	return l
}

// ARN is the registered ARN.
func (l *importedLocation) ARN() *string { return jsii.String(l.arn) }

// Resource is the location as something Lake Formation grants on.
func (l *importedLocation) Resource() lakeformation.Resource { return lakeformation.Location(l.arn) }

// GrantAccess grants in the Permissions of the stack that imports the location.
func (l *importedLocation) GrantAccess(principal Principal) *Grant {
	return PermissionsOf(l).Grant(principal, l.Resource(), []lakeformation.Permission{lakeformation.DataLocationAccess}, nil)
}

// after are what the registration waits for, as arguments.
func (p *LocationProps) after() []any {
	out := make([]any, len(p.After))
	for i := range p.After {
		out[i] = p.After[i]
	}
	return out
}

func (p *LocationProps) problems() problem.List {
	var list problem.List
	for i, needed := range p.After {
		if cdkx.Missing(needed) {
			list.Addf(fmt.Sprintf("After[%d]", i), "nothing", "a construct", "leave it out")
		}
	}
	checkLocationARN(&list, "ARN", p.ARN)
	if p.HybridAccessReason != nil && strings.TrimSpace(*p.HybridAccessReason) == "" {
		list.Addf("HybridAccessReason", "nothing", "why IAM still decides for others, and until when", "write the reason, or leave it out to have no hybrid access")
	}
	return list
}

func checkLocationARN(list *problem.List, path string, arn *string) {
	switch {
	case arn == nil || *arn == "":
		list.Addf(path, "nothing", "the ARN of a bucket or prefix", "set "+path)
	case !cdkx.HoldsToken(*arn) && !s3uri.IsARN(*arn):
		list.Addf(path, fmt.Sprintf("%q", *arn), "arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix", "pass the bucket's ARN, not its URI")
	}
}

// overlaps finds a location of the same environment that shares a part with this
// one (rule 3.3).
func (p *LocationProps) overlaps(home *order.Stack) problem.List {
	var list problem.List
	if home == nil || cdkx.Value(p.ARN, "") == "" {
		return list
	}
	id := home.Identify(*p.ARN)
	cdkx.CheckPartitionIn(&list, home.Region, "ARN", id.Text)
	list = append(list, foreign(home, "ARN", id.Owners)...)
	if other := order.Shared[places](home).overlapping(home.Place(*p.ARN)); other != nil {
		list.Addf("ARN", fmt.Sprintf("%q, which overlaps %q at %s", id.Text, order.Of(other).Identify(other.arn).Text, *other.Node().Path()),
			"places that do not overlap, as Lake Formation registers each once", "use that location, or places beside each other")
	}
	return list
}

// places are the registered locations of an account and region.
type places struct {
	at    map[s3uri.Location]*Location
	below map[s3uri.Location]*Location // one that lies in the place
}

func (p *places) add(place s3uri.Location, l *Location) {
	if p.at == nil {
		p.at, p.below = map[s3uri.Location]*Location{}, map[s3uri.Location]*Location{}
	}
	p.at[place] = l
	for above, ok := place, true; ok; above, ok = above.Parent() {
		if p.below[above] == nil {
			p.below[above] = l
		}
	}
}

// overlapping is a location at a place, above it or below it; nil where there is none.
func (p *places) overlapping(place s3uri.Location) *Location {
	for above, ok := place, true; ok; above, ok = above.Parent() {
		if l := p.at[above]; l != nil {
			return l
		}
	}
	return p.below[place]
}
