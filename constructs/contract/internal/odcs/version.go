package odcs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// The versions of the standard in which something changed that matters here.
const (
	V302 = "v3.0.2"
	V310 = "v3.1.0"
	V320 = "v3.2.0"
)

// Versions returns the versions of the standard that are read, oldest first.
// Each is read by its own rules: a key that only another version has is unknown.
func Versions() []string { return []string{"v3.0.0", "v3.0.1", V302, V310, V320} }

// version is the apiVersion of a file.
type version string

// DecodeStrict accepts the versions that are read, and says of what is nearly one
// how it is written.
func (v *version) DecodeStrict(n strictyaml.Node) {
	*v = version(n.Text())
	if n.Kind() == strictyaml.Sequence || n.Kind() == strictyaml.Mapping {
		n.Report(n.Describe(), "one of "+strings.Join(Versions(), ", "), "write "+V320)
		return
	}
	if n.Kind() != strictyaml.String || !slices.Contains(Versions(), n.Text()) {
		n.Report(fmt.Sprintf("the version %q", n.Text()), "one of "+strings.Join(Versions(), ", "), VersionFix(n.Text()))
	}
}

var versionPattern = regexp.MustCompile(`^[vV]?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?`)

// VersionFix says what to write in the place of a version that is not read.
func VersionFix(text string) string {
	if m := versionPattern.FindStringSubmatch(strings.TrimSpace(text)); m != nil && m[1] != "3" {
		return "write the contract in one of these versions of the standard"
	}
	return "write " + intendedVersion(text)
}

// intendedVersion is the version that somebody meant: it, else the last one with the same
// second number, else the newest.
func intendedVersion(text string) string {
	out := V320
	m := versionPattern.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return out
	}
	for _, known := range Versions() {
		if known == "v3."+m[2]+"."+m[3] {
			return known
		}
		if strings.HasPrefix(known, "v3."+m[2]+".") {
			out = known
		}
	}
	return out
}

// Edition is the version that a file is read by.
func Edition(doc *strictyaml.Document) string {
	text, _ := doc.Text("apiVersion")
	return intendedVersion(text)
}

// Before reports whether an edition is older than a version.
func Before(edition, version string) bool {
	return slices.Index(Versions(), edition) < slices.Index(Versions(), version)
}
