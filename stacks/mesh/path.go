package mesh

import (
	"fmt"
	"regexp"
	"strings"
)

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// at writes a property path of keys and indexes: at("domains", 2, "name") is
// domains[2].name. Keys with other characters than letters, digits, _ and - are
// quoted.
func at(steps ...any) string {
	var b strings.Builder
	for _, step := range steps {
		key, isKey := step.(string)
		switch {
		case !isKey:
			fmt.Fprintf(&b, "[%d]", step)
		case !plainKey.MatchString(key):
			fmt.Fprintf(&b, "[%q]", key)
		case b.Len() > 0:
			b.WriteString("." + key)
		default:
			b.WriteString(key)
		}
	}
	return b.String()
}
