package format_test

import (
	"testing"

	"github.com/lakemesh/lakemesh/stacks/internal/format"
)

func TestParse(t *testing.T) {
	set := format.Set[int]{"text": 1, "json": 2}
	if got, err := set.Parse("text"); got != 1 || err != nil {
		t.Errorf("got %d, %v", got, err)
	}
	if _, err := set.Parse("xml"); err == nil || err.Error() != `got "xml"; expected one of json, text` {
		t.Errorf("got %v", err)
	}
}
