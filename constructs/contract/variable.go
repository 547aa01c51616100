package contract

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
)

// variablePattern is a reference to a variable of v3.2.0, with a default or
// without one.
var variablePattern = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}`)

// resolve puts the defaults of variables into a place. A contract is built alike on
// every machine, so that no variable has a value: one without a default is a
// mistake where a table would stand somewhere else for it.
func (b *builder) resolve(text, at string) string {
	if b.before(odcs.V320) || !strings.Contains(text, "${") {
		return text
	}
	return variablePattern.ReplaceAllStringFunc(text, func(reference string) string {
		m := variablePattern.FindStringSubmatch(reference)
		if m[2] == "" {
			b.problem(at, fmt.Sprintf("the variable %s, which has no value here", m[1]), "a place that is the same on every machine", fmt.Sprintf("write the value, or a default: ${%s:-value}", m[1]))
			return "unknown"
		}
		return m[3]
	})
}
