package rules

import (
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
)

func retentionRules() []Rule {
	return []Rule{{
		ID:     "ST01",
		Title:  "What holds data, keys or access is retained",
		Why:    "A removed line, a renamed id or a replaced property would delete it with its content.",
		Fix:    "set DeletionPolicy to Retain or RetainExceptOnCreate, and UpdateReplacePolicy to Retain",
		Source: `"DeletionPolicy attribute", "UpdateReplacePolicy attribute" (rules 1.5, 2.10, 6.6, 7.1 and 8.4)`,
		check:  checkRetained,
	}, {
		ID:     "ST02",
		Title:  "A workgroup is kept, or deleted with its history",
		Why:    "Athena refuses to delete a workgroup with saved queries or past ones, and the stack ends in DELETE_FAILED.",
		Fix:    "set DeletionPolicy and UpdateReplacePolicy to Retain, which keeps the history, or RecursiveDeleteOption: true, which deletes it",
		Source: `"DeleteWorkGroup": RecursiveDeleteOption (rule 13.8)`,
		check:  each(checkWorkGroups, typeWorkGroup),
	}}
}

// stateful are the types that hold something which cannot be made again.
var stateful = []string{
	typeSettings, typeTag, typeDatabase, typeTable, typeFhirStore, typeImageStore, typeBucket, typeKey,
	typeReferenceStore, typeSequenceStore, typeVariantStore, typeAnnotationStore, typeWorkflow, typeWorkflowVersion,
}

func checkRetained(a *app, report reporter) {
	for _, o := range a.objects {
		if slices.Contains(stateful, o.resource.Type) && o.holdsData() && !a.made[o] {
			requireRetained(o, report)
		}
	}
}

func requireRetained(o *object, report reporter) {
	if p := o.resource.DeletionPolicy; p != "Retain" && p != "RetainExceptOnCreate" {
		report(o, "DeletionPolicy", policyText(p), "Retain or RetainExceptOnCreate")
	}
	if p := o.resource.UpdateReplacePolicy; p != "Retain" {
		report(o, "UpdateReplacePolicy", policyText(p), "Retain")
	}
}

func checkWorkGroups(o *object, report reporter) {
	if option := text(o.props, "RecursiveDeleteOption"); option != "true" && !template.IsUnresolved(option) {
		requireRetained(o, report)
	}
}

// holdsData is false for links to other catalogs, and for tables that only
// describe files: the template has everything of them. An Iceberg table's schema
// and snapshots are known to the catalog's entry alone.
func (o *object) holdsData() bool {
	if o.resource.Type != typeTable {
		return !o.isLink()
	}
	return has(o.props, "OpenTableFormatInput") || strings.EqualFold(text(o.props, "TableInput.Parameters.table_type"), "ICEBERG")
}

func policyText(p string) string {
	if p == "" {
		return "nothing, which deletes"
	}
	return p
}
