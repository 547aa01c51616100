package rules

import (
	"strings"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

func locationRules() []Rule {
	const page = `"Requirements for roles used to register locations"`
	return []Rule{{
		ID:     "LF40",
		Title:  "A location is registered with a role of its own",
		Why:    "With a role and the service-linked role at once, or with neither, the registration fails.",
		Fix:    "set RoleArn and UseServiceLinkedRole: false",
		Source: page + " (rule 3.1)",
		check: each(func(o *object, report reporter) {
			linked, role := text(o.props, "UseServiceLinkedRole") == "true", has(o.props, "RoleArn")
			switch {
			case linked && role:
				report(o, "", "RoleArn and UseServiceLinkedRole", "RoleArn alone")
			case !linked && !role:
				report(o, "", "no role", "RoleArn")
			}
		}, typeLocation),
	}, {
		ID:     "LF41",
		Title:  "The service-linked role registers nothing",
		Why:    "It cannot be edited or share an encrypted catalog, and service control policies do not reach it: not for health data.",
		Fix:    "set RoleArn to a role that trusts lakeformation.amazonaws.com, and UseServiceLinkedRole: false",
		Source: `"Using service-linked roles for Lake Formation" (rule 3.1)`,
		check: each(func(o *object, report reporter) {
			if text(o.props, "UseServiceLinkedRole") == "true" && !has(o.props, "RoleArn") {
				report(o, "UseServiceLinkedRole", "true", "a role of its own")
			}
		}, typeLocation),
	}, {
		ID:     "LF42",
		Title:  "A path is registered once",
		Why:    "An account registers a path once; beneath a registered one the role that is used is not the one that was meant.",
		Fix:    "register the bucket or its prefixes, never both",
		Source: `"Adding an Amazon S3 location to your data lake" (rule 3.3)`,
		check:  checkOverlap,
	}, {
		ID:     "LF43",
		Title:  "Locations are not in hybrid access mode without a reason",
		Why:    "In hybrid mode IAM policies still give access to all who have not opted in, and opting in has no CloudFormation type.",
		Fix:    "set HybridAccessEnabled: false, or the reason: HybridAccessReason, or hybridAccess of a domain",
		Source: `"Hybrid access mode" (rule 3.4)`,
		check: each(func(o *object, report reporter) {
			if text(o.props, "HybridAccessEnabled") == "true" {
				report(o, "HybridAccessEnabled", "true", "false")
			}
		}, typeLocation),
	}}
}

func checkOverlap(a *app, report reporter) {
	all := a.byType[typeLocation]
	for i, o := range all {
		for _, other := range all[:i] {
			if o.environment("") != other.environment("") {
				continue
			}
			if registered(o).Bucket != "" && registered(o).Overlaps(registered(other)) {
				report(o, "ResourceArn", text(o.props, "ResourceArn")+" beside "+text(other.props, "ResourceArn")+" of "+other.stack.Path(other.id), "paths that do not overlap")
			}
		}
	}
}

// registered is the place that a location registers; the zero value where the template
// names none.
func registered(o *object) s3uri.Location {
	return s3uri.Parse(strings.TrimSuffix(text(o.props, "ResourceArn"), "*"))
}

// locationsOf are the registered locations of an environment that cover an S3 URI.
func (a *app) locationsOf(environment, uri string) []*object {
	var out []*object
	for _, o := range a.byType[typeLocation] {
		if o.environment("") == environment && uri != "" && registered(o).Contains(s3uri.Parse(uri)) {
			out = append(out, o)
		}
	}
	return out
}
