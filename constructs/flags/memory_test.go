package flags_test

import (
	"os"
	"runtime/debug"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/flags"
)

func TestUseMoreMemory(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, c := range []struct {
		gogc, options, wanted string
		percent               int
	}{
		{"", "", "--max-semi-space-size=32", 400},
		{"", "--enable-source-maps", "--enable-source-maps --max-semi-space-size=32", 400},
		{"50", "--max-semi-space-size=8", "--max-semi-space-size=8", 100},
	} {
		t.Setenv("GOGC", c.gogc)
		t.Setenv("NODE_OPTIONS", c.options)
		debug.SetGCPercent(100)
		flags.UseMoreMemory()
		if got := os.Getenv("NODE_OPTIONS"); got != c.wanted {
			t.Errorf("got NODE_OPTIONS %q, expected %q", got, c.wanted)
		}
		if got := debug.SetGCPercent(100); got != c.percent {
			t.Errorf("got %d percent, expected %d", got, c.percent)
		}
	}
}
