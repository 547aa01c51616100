package rules

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/template"
)

func partitionRules() []Rule {
	return []Rule{{
		ID:     "XA03",
		Title:  "ARNs are of the partition that the stack stands in",
		Why:    "Nothing is shared between AWS, GovCloud and China: IAM refuses policies with ARNs of another partition, Lake Formation such principals and locations, and Step Functions fails an execution in a task of one.",
		Fix:    "write arn:${AWS::Partition}:… or the partition of the region",
		Source: `"Amazon Resource Names (ARNs)": partitions (rule 13.4)`,
		check:  checkPartitions,
	}}
}

var partitionOf = regexp.MustCompile(`arn:(aws[a-z-]*):[^\s"',;)\]}]*`)

// notRead are the properties whose text is for people, or a program.
var notRead = []string{"Comment", "Description", "ZipFile"}

func checkPartitions(a *app, report reporter) {
	for _, o := range a.objects {
		if !o.stack.Fixed() {
			continue
		}
		want := template.PartitionOf(o.stack.Region).Name
		for _, property := range slices.Sorted(maps.Keys(o.props)) {
			if slices.Contains(notRead, property) {
				continue
			}
			for _, arn := range foreignARNs(o.props[property], want, property) {
				report(o, arn.path, arn.text, "an ARN that begins with arn:"+want+", as the stack is in "+o.stack.Region)
			}
		}
	}
}

type placedARN struct{ path, text string }

// foreignARNs are the ARNs of other partitions in a value, each text's first.
func foreignARNs(value any, want, path string) []placedARN {
	var out []placedARN
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !slices.Contains(notRead, key) {
				out = append(out, foreignARNs(v[key], want, path+"."+key)...)
			}
		}
	case []any:
		for i, item := range v {
			out = append(out, foreignARNs(item, want, fmt.Sprintf("%s[%d]", path, i))...)
		}
	case string:
		for _, m := range partitionOf.FindAllStringSubmatch(v, -1) {
			if m[1] != want {
				return append(out, placedARN{path, m[0]})
			}
		}
	}
	return out
}
