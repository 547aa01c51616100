package rules

import (
	"fmt"
	"slices"
	"strings"
)

func settingsRules() []Rule {
	return []Rule{{
		ID:     "LF01",
		Title:  "One DataLakeSettings per account and region",
		Why:    "Two of them overwrite each other at every deployment, and administrators come and go.",
		Fix:    "keep one, in a stack of its own that the others depend on",
		Source: `"AWS::LakeFormation::DataLakeSettings" (rule 1.1)`,
		check:  func(a *app, report reporter) { a.once(typeSettings, report) },
	}, {
		ID:     "LF02",
		Title:  "The role that CloudFormation works with is a data lake administrator",
		Why:    "Lake Formation refuses databases, tags and grants of a role that is none: Insufficient Lake Formation permission(s).",
		Fix:    "add the execution role of the stack's synthesizer to Admins",
		Source: `"Lake Formation personas and IAM permissions reference" (rule 1.4)`,
		check:  checkDeployer,
	}, {
		ID:     "LF03",
		Title:  "New databases and tables start without permissions",
		Why:    "The service's default gives them to IAM_ALLOWED_PRINCIPALS: IAM policies decide, and grants protect nothing.",
		Fix:    "set CreateDatabaseDefaultPermissions and CreateTableDefaultPermissions to []",
		Source: `"Changing the default settings for your data lake" (rule 1.3)`,
		check:  each(checkDefaults, typeSettings),
	}, {
		ID:     "LF04",
		Title:  "The cross-account version is set, under its right name",
		Why:    "A parameter of another name is ignored, and below version 4 grants to principals of other accounts fail.",
		Fix:    `set Parameters to {"CROSS_ACCOUNT_VERSION": "4"} or "5"`,
		Source: `"Updating cross-account data sharing version settings" (rules 1.7 and 5.1)`,
		check:  each(checkVersion, typeSettings),
	}}
}

// once reports every resource of a type but the first in each environment.
func (a *app) once(kind string, report reporter) {
	first := map[string]*object{}
	for _, o := range a.byType[kind] {
		home := o.environment("")
		if other := first[home]; other != nil {
			report(o, "", "a second one beside "+other.stack.Path(other.id), "one per account and region")
			continue
		}
		first[home] = o
	}
}

// governed are the types that only an administrator creates.
var governed = []string{typeTag, typeAssociation, typeLocation, typeFilter, typeGrant, typeDatabase}

func checkDeployer(a *app, report reporter) {
	for _, o := range a.byType[typeSettings] {
		admins := a.admins(o.environment(""))
		if slices.ContainsFunc(admins, func(admin string) bool { return !known(admin) }) {
			continue // one of them may be the role
		}
		for _, role := range a.deployers(o.environment("")) {
			if known(role) && !slices.Contains(admins, role) {
				report(o, "Admins", words(admins), role)
			}
		}
	}
}

// deployers are the execution roles of the stacks of an environment that create
// what is governed.
func (a *app) deployers(environment string) []string {
	var out []string
	for _, kind := range governed {
		for _, o := range a.byType[kind] {
			if o.environment("") == environment && o.stack.ExecutionRole != "" {
				out = append(out, o.stack.ExecutionRole)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func checkDefaults(o *object, report reporter) {
	for _, property := range []string{"CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions"} {
		requireEmpty(o, property, report)
	}
}

// requireEmpty reports a list that is missing or has elements.
func requireEmpty(o *object, property string, report reporter) {
	value := get(o.props, property)
	if permissions, isList := value.([]any); isList && len(permissions) == 0 {
		return
	}
	report(o, property, compact(value), "[]")
}

const versionKey = "CROSS_ACCOUNT_VERSION"

func checkVersion(o *object, report reporter) {
	parameters := get(o.props, "Parameters")
	for _, key := range members(parameters) {
		folded := strings.ReplaceAll(strings.ToUpper(key), "-", "_")
		if key != versionKey && strings.Contains(folded, "VERSION") {
			report(o, "Parameters."+key, fmt.Sprintf("the key %s", key), versionKey)
		}
	}
	version := get(parameters, versionKey)
	if s, isText := version.(string); !isText || known(s) && s != "4" && s != "5" {
		report(o, "Parameters."+versionKey, compact(version), `"4" or "5"`)
	}
}
