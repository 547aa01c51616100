package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// The versions of the standard in which something changed that matters here.
const (
	v302 = "v3.0.2"
	v310 = "v3.1.0"
	v320 = "v3.2.0"
)

// APIVersions returns the versions of the standard that are read, oldest first.
// Each is read by its own rules: a key that only another version has is unknown.
func APIVersions() []string { return []string{"v3.0.0", "v3.0.1", v302, v310, v320} }

// version is the apiVersion of a file.
type version string

// DecodeStrict accepts the versions that are read, and says of what is nearly one
// how it is written.
func (v *version) DecodeStrict(n strictyaml.Node) {
	*v = version(n.Text())
	if n.Kind() == strictyaml.Sequence || n.Kind() == strictyaml.Mapping {
		n.Report(n.Describe(), "one of "+strings.Join(APIVersions(), ", "), "write "+v320)
		return
	}
	if n.Kind() != strictyaml.String || !slices.Contains(APIVersions(), n.Text()) {
		n.Report(fmt.Sprintf("the version %q", n.Text()), "one of "+strings.Join(APIVersions(), ", "), versionFix(n.Text()))
	}
}

var versionPattern = regexp.MustCompile(`^[vV]?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?`)

// versionFix says what to write in the place of a version that is not read.
func versionFix(text string) string {
	if m := versionPattern.FindStringSubmatch(strings.TrimSpace(text)); m != nil && m[1] != "3" {
		return "write the contract in one of these versions of the standard"
	}
	return "write " + meant(text)
}

// meant is the version that somebody meant: it, else the last one with the same
// second number, else the newest.
func meant(text string) string {
	out := v320
	m := versionPattern.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return out
	}
	for _, known := range APIVersions() {
		if known == "v3."+m[2]+"."+m[3] {
			return known
		}
		if strings.HasPrefix(known, "v3."+m[2]+".") {
			out = known
		}
	}
	return out
}

// edition is the version that a file is read by.
func edition(doc *strictyaml.Document) string {
	text, _ := doc.Text("apiVersion")
	return meant(text)
}

// before reports whether the file is of an older version.
func (b *builder) before(version string) bool {
	return slices.Index(APIVersions(), b.edition) < slices.Index(APIVersions(), version)
}
