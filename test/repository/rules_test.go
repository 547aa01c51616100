package repository

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/policy/rules"
)

// rule is a row of docs/rules.md.
type rule struct {
	number               string
	enforcedBy, testedBy string
}

var (
	numbers  = regexp.MustCompile(`\d+\.\d+`)
	citation = regexp.MustCompile(`(?i)\brules?(?:\s|//)+\d+\.\d+(?:(?:,| and| to|, and)(?:\s|//)+\d+\.\d+)*`)
	quoted   = regexp.MustCompile("`([^`]+)`")
	linked   = regexp.MustCompile(`\]\(([^)#]+)`)
)

func ruleRows(t *testing.T) []rule {
	t.Helper()
	var rows []rule
	for line := range strings.Lines(readText(t, "constructs", "docs", "rules.md")) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		number := strings.TrimSpace(cells[0])
		if numbers.FindString(number) != number || number == "" {
			continue
		}
		if len(cells) != 6 || slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) == "" }) {
			t.Errorf("rules.md: rule %s has %d columns, want number, what, why, source, enforced by, tested by", number, len(cells))
			continue
		}
		rows = append(rows, rule{number: number, enforcedBy: cells[4], testedBy: cells[5]})
	}
	if len(rows) == 0 {
		t.Fatal("rules.md has no rules")
	}
	return rows
}

func compareNumbers(a, b rule) int {
	split := func(r rule) (section, row int) {
		one, other, _ := strings.Cut(r.number, ".")
		section, _ = strconv.Atoi(one)
		row, _ = strconv.Atoi(other)
		return section, row
	}
	aSection, aRow := split(a)
	bSection, bRow := split(b)
	return cmp.Or(cmp.Compare(aSection, bSection), cmp.Compare(aRow, bRow))
}

func TestRulesAreInOrder(t *testing.T) {
	rows := ruleRows(t)
	for i := 1; i < len(rows); i++ {
		if compareNumbers(rows[i-1], rows[i]) >= 0 {
			t.Errorf("rules.md: rule %s stands before %s", rows[i-1].number, rows[i].number)
		}
	}
}

// What enforces and tests a rule exists, and every policy rule belongs to one.
func TestRulesNameWhatExists(t *testing.T) {
	defined, policies := namesOf(t), map[string]bool{}
	for _, r := range rules.All() {
		policies[r.ID] = false
	}
	for _, row := range ruleRows(t) {
		for _, name := range allOf(quoted, row.enforcedBy) {
			if _, isPolicy := policies[name]; isPolicy {
				policies[name] = true
			} else if !defined[name] {
				t.Errorf("rules.md: rule %s is enforced by %s, which does not exist", row.number, name)
			}
		}
		for _, name := range allOf(quoted, row.testedBy) {
			if !defined[name] {
				t.Errorf("rules.md: rule %s is tested by %s, which does not exist", row.number, name)
			}
		}
		for _, cell := range []string{row.enforcedBy, row.testedBy} {
			if len(allOf(quoted, cell))+len(allOf(linked, cell)) == 0 {
				t.Errorf("rules.md: rule %s names neither code nor a page in %q", row.number, cell)
			}
		}
	}
	for id, found := range policies {
		if !found {
			t.Errorf("rules.md: no rule names %s", id)
		}
	}
}

// Whatever cites a rule cites one that has a row.
func TestCitationsPointToRules(t *testing.T) {
	known := map[string]bool{}
	for _, row := range ruleRows(t) {
		known[row.number] = true
	}
	cited := 0
	for _, file := range textFiles(t) {
		for _, text := range citation.FindAllString(readText(t, file), -1) {
			for _, number := range numbers.FindAllString(text, -1) {
				cited++
				if !known[number] {
					t.Errorf("%s cites rule %s, which rules.md does not have", file, number)
				}
			}
		}
	}
	if cited == 0 {
		t.Error("nothing cites a rule")
	}
}

func allOf(pattern *regexp.Regexp, text string) []string {
	var out []string
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// textFiles are the files of code and pages, by path from the root.
func textFiles(t *testing.T) []string {
	t.Helper()
	files := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}
	for _, top := range []string{"bin", "constructs", "stacks", "test"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && slices.Contains([]string{".go", ".md", ".py"}, filepath.Ext(path)) {
				file, _ := filepath.Rel(root, path)
				files = append(files, file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}
