package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/planned"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/report"
	"github.com/lakemesh/lakemesh/stacks/sample"
)

// samplePage is the page of the sample mesh.
func samplePage(t *testing.T) string {
	t.Helper()
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	return write(t, report.Input{Title: "riverside dev", State: planned.Read(plan), Plan: plan})
}

func write(t *testing.T, in report.Input) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.Write(&out, in); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPageIsDeterministic(t *testing.T) {
	if first, second := samplePage(t), samplePage(t); first != second {
		t.Error("two pages of the same mesh differ")
	}
}

func TestPageNeedsAState(t *testing.T) {
	err := report.Write(&bytes.Buffer{}, report.Input{})
	if err == nil || !strings.Contains(err.Error(), "State: got none") {
		t.Errorf("got %v", err)
	}
}

// TestPolicyAllowsWhatThePageHas: the policy names each script and style of the page by its
// hash, and nothing else.
func TestPolicyAllowsWhatThePageHas(t *testing.T) {
	page := samplePage(t)
	policy := html.UnescapeString(regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1])
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Errorf("policy: %s", policy)
	}
	inline := regexp.MustCompile(`(?s)<(?:script|style)>(.*?)</(?:script|style)>`).FindAllStringSubmatch(page, -1)
	if len(inline) < 2 || strings.Count(policy, "'sha256-") != len(inline) {
		t.Errorf("%d scripts and styles, policy: %s", len(inline), policy)
	}
	for _, found := range inline {
		sum := sha256.Sum256([]byte(found[1]))
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("the policy does not name %s of %.60q", want, found[1])
		}
	}
	if found := regexp.MustCompile(`<[a-z]+[^>]* (?:on[a-z]+|style|src)=`).FindAllString(page, -1); len(found) > 0 {
		t.Errorf("the policy does not allow %q", found)
	}
}

// TestHostileTextsStayInTheData: no text of the templates ends an element or starts one.
func TestHostileTextsStayInTheData(t *testing.T) {
	const hostile = `</script><img src=x onerror=alert(1)><!--`
	state := &access.State{Catalogs: []access.Catalog{{Account: "111111111111", Region: hostile, Admins: []string{"arn:aws:iam::111111111111:role/" + hostile}}}}
	page := write(t, report.Input{Title: hostile, State: state})
	if strings.Contains(page, "<img") || strings.Contains(page, "<!--") || !strings.Contains(page, `\u003c/script\u003e\u003cimg`) {
		t.Error("a text of the data is markup in the page")
	}
}
