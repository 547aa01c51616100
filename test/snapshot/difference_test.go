package snapshot

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// difference is what two templates of the same stack in two stages do not share: the
// resources, and the other sections, that stand in one of them only. It is nothing where
// the stages have the same stack but for accounts, names and what is made of them.
type difference struct {
	Dev  []element `json:"dev,omitempty"`
	Prod []element `json:"prod,omitempty"`
}

// element is a resource or another section of a template.
type element struct {
	ID      string          `json:"id"` // without its hash
	Content json.RawMessage `json:"content"`
}

func compare(t *testing.T, dev, prod string) difference {
	t.Helper()
	left, right := elements(t, dev, "dev"), elements(t, prod, "prod")
	return difference{Dev: without(left, right), Prod: without(right, left)}
}

// without are the elements that others do not have, as often as they are missing there.
func without(elements, others []element) []element {
	count := map[string]int{}
	for _, e := range others {
		count[e.ID+string(e.Content)]++
	}
	var out []element
	for _, e := range elements {
		if key := e.ID + string(e.Content); count[key] > 0 {
			count[key]--
			continue
		}
		out = append(out, e)
	}
	return out
}

var (
	account  = regexp.MustCompile(`1{12}|2{12}|3{12}|4{12}`)          // of the sample
	idHash   = regexp.MustCompile(`(?:[0-9a-f]{8})?[0-9A-F]{8}$`)     // of a grant, and of any path
	nameHash = regexp.MustCompile(`-[0-9A-F]{8}\b(?:-c[0-9a-f]{7})?`) // in a name that the CDK makes
)

// elements are those of a template with all that differs between stages by design as one
// word: accounts, the stage's name, and the hashes of names and logical ids, which have
// them within.
//
// The order of a stack's grants, each of which waits for the one before, is that of the
// hashes: which grant waits for which is left to the templates that are kept whole.
func elements(t *testing.T, file, stage string) []element {
	t.Helper()
	text, err := os.ReadFile(file) //nolint:gosec // a file this test has just written
	if err != nil {
		t.Fatal(err)
	}
	names := strings.NewReplacer("riverside-"+stage+"-", "riverside-STAGE-", "riverside"+stage, "riversideSTAGE", `"`+stage+`"`, `"STAGE"`)
	var template map[string]any
	decode(t, names.Replace(account.ReplaceAllString(string(text), "ACCOUNT")), &template)
	resources, _ := template["Resources"].(map[string]any)
	delete(template, "Resources")

	ids := make([]string, 0, len(resources))
	for id := range resources {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return len(b) - len(a) }) // an id may start as another does
	var pairs []string
	for _, id := range ids {
		pairs = append(pairs, id, idHash.ReplaceAllString(id, ""))
	}
	plain := strings.NewReplacer(pairs...)

	var out []element
	for name, section := range template {
		out = append(out, element{name, encode(t, section)})
	}
	for id, r := range resources {
		resource, _ := r.(map[string]any)
		decode(t, nameHash.ReplaceAllString(plain.Replace(string(encode(t, resource))), "-HASH"), &resource)
		resource["DependsOn"] = waits(resource)
		out = append(out, element{idHash.ReplaceAllString(id, ""), encode(t, resource)})
	}
	slices.SortFunc(out, func(a, b element) int { return strings.Compare(a.ID+string(a.Content), b.ID+string(b.Content)) })
	return out
}

// waits are the ids that a resource waits for, sorted.
func waits(resource map[string]any) []string {
	isGrant := resource["Type"] == "AWS::LakeFormation::PrincipalPermissions"
	var out []string
	list, _ := resource["DependsOn"].([]any)
	for _, id := range list {
		if name, _ := id.(string); !isGrant || !strings.HasPrefix(name, "Grants") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func decode(t *testing.T, text string, into *map[string]any) {
	t.Helper()
	*into = nil
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

func encode(t *testing.T, value any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
