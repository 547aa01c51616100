package fhirstore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/datastore"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// TableCatalog is which catalog grants on a store's tables name first. Public
// examples contradict each other: where Lake Formation denies a grant in one catalog,
// the workflow makes it in the other.
type TableCatalog string

// Catalogs for grants on tables.
const (
	// TargetCatalog names HealthLake's own catalog and database, which the
	// resource link points to.
	TargetCatalog TableCatalog = "target"
	// OwnCatalog names the account's catalog and the workflow's link as the database.
	OwnCatalog TableCatalog = "own"
)

// QueryAccessProps configures a QueryAccess.
type QueryAccessProps struct {
	// Store whose tables are opened. Required.
	Store IFhirStore

	// Principals that may query every table of the store. They are not
	// administrators of Lake Formation. Who is not among them is taken off.
	// Default: none, so nobody may.
	Principals []governance.Principal

	// DatabaseName is the database that queries name, a resource link which the
	// workflow makes: lower case letters, digits and underscores, at most 255. With
	// another name the old link and its grants stay and are removed by hand.
	// Default: the name of the store in lower case, with underscores for hyphens.
	DatabaseName *string

	// TableCatalog is which catalog the grants on tables name first.
	// Default: TargetCatalog.
	TableCatalog TableCatalog

	// ParameterPrefix starts the names of the SSM parameters that the workflow
	// writes: link, catalog, database and endpoint.
	// Default: /fhirstore/ and the name of the store.
	ParameterPrefix *string

	// Role is an administrator of Lake Formation that Step Functions assumes for
	// this account; what the workflow calls is added to it. Make it beside the Lake
	// Formation settings: those take no administrator that does not exist yet.
	// Default: a new role, which you name in settings that are deployed later.
	Role awsiam.IRole

	// AlarmTopic hears of failures.
	// Default: a new topic, encrypted with the store's key.
	AlarmTopic awssns.ITopic
}

var (
	parameterPrefix = regexp.MustCompile(`^(/[A-Za-z0-9_.-]+){1,13}$`)
	databaseName    = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)
)

func (p *QueryAccessProps) withDefaults() QueryAccessProps {
	out := cdkx.Value(p, QueryAccessProps{})
	out.Principals = slices.Clone(out.Principals)
	if out.TableCatalog == "" {
		out.TableCatalog = TargetCatalog
	}
	if cdkx.Missing(out.Store) {
		return out
	}
	name := *out.Store.DatastoreName()
	if out.DatabaseName == nil {
		out.DatabaseName = jsii.String(strings.ReplaceAll(strings.ToLower(name), "-", "_"))
	}
	if out.ParameterPrefix == nil {
		out.ParameterPrefix = jsii.String("/fhirstore/" + name)
	}
	return out
}

func (p *QueryAccessProps) problems(scope constructs.Construct) problem.List {
	var list problem.List
	datastore.HealthLake().CheckStore(&list, scope, p.Store)
	for i, principal := range p.Principals {
		_, err := principal.Identifier()
		for _, found := range problem.Of(err) {
			list.Addf(fmt.Sprintf("Principals[%d]", i), found.Got, found.Expected, found.Fix)
		}
	}
	if p.DatabaseName != nil && !databaseName.MatchString(*p.DatabaseName) {
		list.Addf("DatabaseName", cdkx.Quote(*p.DatabaseName), "a plain text of 1 to 255 lower case letters, digits and underscores", `set it like "riverside_fhir"`)
	}
	cdkx.RegistryOf(scope).CheckTaken(&list, "DatabaseName", "database", p.DatabaseName)
	if p.TableCatalog != TargetCatalog && p.TableCatalog != OwnCatalog {
		list.Addf("TableCatalog", fmt.Sprintf("%q", p.TableCatalog), fmt.Sprintf("%s or %s", TargetCatalog, OwnCatalog), "leave it out")
	}
	if p.ParameterPrefix != nil && !parameterPrefix.MatchString(*p.ParameterPrefix) {
		list.Addf("ParameterPrefix", cdkx.Quote(*p.ParameterPrefix), "a path of letters, digits and any of _.- that starts with a slash", `set it like "/riverside/fhir"`)
	}
	return list
}

// identifiers are the principals as Lake Formation takes them; they were checked.
func (p *QueryAccessProps) identifiers() []string {
	out := make([]string, len(p.Principals))
	for i, principal := range p.Principals {
		if identifier, err := principal.Identifier(); err == nil {
			out[i] = *identifier
		}
	}
	return out
}
