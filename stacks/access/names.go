package access

import "regexp"

var accountOf = regexp.MustCompile(`^arn:[^:]*:[^:]*:[^:]*:(\d{12}):`)

// Names gives every principal the shortest name that no other has: its short
// name, else that with the account, else the whole identifier.
func Names(principals []string) map[string]string {
	names := map[string]string{}
	for _, p := range principals {
		names[p] = Short(p)
	}
	lengthen := func(longer func(principal, name string) string) {
		count := map[string]int{}
		for _, name := range names {
			count[name]++
		}
		for principal, name := range names {
			if count[name] > 1 {
				names[principal] = longer(principal, name)
			}
		}
	}
	lengthen(func(principal, name string) string {
		if account := accountOf.FindStringSubmatch(principal); account != nil {
			return name + " (" + account[1] + ")"
		}
		return principal
	})
	lengthen(func(principal, _ string) string { return principal })
	return names
}
