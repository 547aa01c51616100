package governance

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/order"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

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
		checkPartition(&list, home, "arn", *arn)
		list = append(list, foreign(home, "arn", home.Identify(*arn).Owners)...)
	}
	cdkx.Check(scope, id, list)

	l := &importedLocation{arn: *arn}
	constructs.NewConstruct_Override(l, scope, id)
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

func checkLocationARN(list *problem.List, path string, arn *string) {
	switch {
	case arn == nil || *arn == "":
		list.Addf(path, "nothing", "the ARN of a bucket or prefix", "set "+path)
	case !cdkx.HoldsToken(*arn) && !s3uri.IsARN(*arn):
		list.Addf(path, fmt.Sprintf("%q", *arn), "arn:aws:s3:::bucket or arn:aws:s3:::bucket/prefix", "pass the bucket's ARN, not its URI")
	}
}
