package catalog_test

import (
	"os"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

// want compares properties, given as JSON with sorted keys.
func want(t *testing.T, r cdktest.Resource, properties map[string]string) {
	t.Helper()
	for path, json := range properties {
		if got := r.JSON(path); got != json {
			t.Errorf("%s: %s is\n%s\nwant\n%s", r.ID, path, got, json)
		}
	}
}

func wantText(t *testing.T, got, text string) {
	t.Helper()
	if got != text {
		t.Errorf("got:\n%s\nwant:\n%s", got, text)
	}
}
