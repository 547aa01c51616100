package flags

import (
	"os"
	"runtime/debug"
	"strings"
)

// UseMoreMemory lets a program that synthesizes an app collect garbage less often: Go when
// its memory has grown to five times what was left (GOGC, 400 instead of 100), and the
// Node.js of the CDK with 32 MiB for what is new instead of 16 (--max-semi-space-size in
// NODE_OPTIONS). It saves a tenth of what a synthesis of some thousand resources costs, for
// some ten megabytes.
//
// Call it in main before anything of the CDK. What the environment says of either, in
// GOGC or NODE_OPTIONS, stays as it is.
func UseMoreMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	const option = "--max-semi-space-size"
	if options := os.Getenv("NODE_OPTIONS"); !strings.Contains(options, option) {
		_ = os.Setenv("NODE_OPTIONS", strings.TrimSpace(options+" "+option+"=32")) // a name and a value that are fit for it
	}
}
