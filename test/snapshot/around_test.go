package snapshot

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/render"
	"github.com/lakemesh/lakemesh/test/golden"
)

// Every way to files of the sample past Lake Formation is one that a person has read: the
// roles of imports, locations and jobs, and those that bucket policies leave out.
func TestWaysAroundInTheSample(t *testing.T) {
	state, err := assembly.Read(sampleMesh(t))
	if err != nil {
		t.Fatal(err)
	}
	m := state.Evaluate()
	m.Notes = nil
	dev := &access.Matrix{}
	for _, b := range m.Bypasses {
		if b.Account == "111111111111" {
			dev.Bypasses = append(dev.Bypasses, b)
		}
	}
	for name, parse := range map[string]func(string) (render.Format, error){"bypasses": render.ParseBypassFormat, "grantors": render.ParseGrantorFormat} {
		write, err := parse("markdown")
		if err != nil {
			t.Fatal(err)
		}
		shown := m
		if name == "bypasses" {
			shown = dev
		}
		var out bytes.Buffer
		if err := write(&out, shown); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/riverside-"+name+".md", out.Bytes())
	}
	for _, role := range []string{"clinical-fhir-import", "clinical-image-import", "clinical-lakeformation", "clinical-fhir-refresh", "clinical-pipeline", "clinical-optimizer"} {
		if !slices.ContainsFunc(dev.Bypasses, func(b access.Bypass) bool {
			return strings.HasSuffix(b.Principal, ":role/riverside-"+role+"-us-east-1") && slices.Contains(b.Can, access.CanRead)
		}) {
			t.Errorf("%s reads files and is not told", role)
		}
	}
	for _, b := range m.Bypasses {
		if b.Principal == b.Account && strings.Contains(b.Location, ":riverside-") && !strings.Contains(b.Location, ":riverside-open-data/") { // the publisher's to guard
			t.Errorf("the policy of %s keeps nobody out", b.Location)
		}
	}
}
