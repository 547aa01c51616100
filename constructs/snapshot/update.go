package snapshot

import "flag"

// The flag has the name that tests of Go usually give it. A package that defines
// one of the same name before this one shares it; one that defines it later asks
// Updating instead, as Go takes a flag only once.
func init() {
	if flag.Lookup(updateFlag) == nil {
		flag.Bool(updateFlag, false, "rewrite the snapshots of templates with what is rendered now")
	}
}

const updateFlag = "update"

// Updating reports whether the tests run with -update.
func Updating() bool {
	f := flag.Lookup(updateFlag)
	return f != nil && f.Value.String() == "true"
}
