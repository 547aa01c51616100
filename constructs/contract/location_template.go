package contract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

var (
	templateParameter = regexp.MustCompile(`\$\{([^}]*)\}`)
	relativePattern   = regexp.MustCompile(`^[^/:*?\s][^:*?\s]*/$`)
)

// PartitionTemplate is the template of a table at a location, which one that is
// written without s3:// stands below; "" without a template.
func (t *Table) PartitionTemplate(location string) string {
	if t.LocationTemplate == "" || strings.HasPrefix(t.LocationTemplate, s3uri.Scheme) {
		return t.LocationTemplate
	}
	return location + t.LocationTemplate
}

// checkTemplate checks storage.location.template against the partition columns.
func checkTemplate(f *findings, t *Table) {
	template := t.LocationTemplate
	if template == "" {
		return
	}
	if !t.Projected() {
		f.table("a template without partition projection", "a projection of every partition column", "add it, or remove the template", customTemplate)
		return
	}
	switch {
	case !s3uri.IsFolder(template) && !relativePattern.MatchString(template):
		f.table(strconv.Quote(template), "s3://bucket/prefix/${column}/ or ${column}/, with a slash at its end", "write where the files of one partition are", customTemplate)
	case t.Location != "" && len(t.Locations) == 0 && !strings.HasPrefix(t.PartitionTemplate(t.Location), t.Location):
		f.table(strconv.Quote(template)+", outside the table's location", "a place below "+t.Location+", as Lake Formation reads no partition beside it",
			"write it below, or only what follows the location: ${column}/", customTemplate)
	}
	named := map[string]bool{}
	for _, m := range templateParameter.FindAllStringSubmatch(template, -1) {
		named[m[1]] = true
		if c := t.Column(m[1]); c == nil || c.Partition == 0 {
			f.table("${"+m[1]+"}", "a partition column in braces", suggest(m[1], columnNames(t)), customTemplate)
		}
	}
	for _, c := range t.PartitionColumns() {
		if !named[c.Name] {
			f.table("a template without ${"+c.Name+"}", "every partition column in the template", "add it", customTemplate)
		}
	}
}
