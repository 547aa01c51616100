package render

import (
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/stacks/access"
)

// shortPurpose is how many characters of a purpose stand in a terminal.
const shortPurpose = 30

// subscriptions returns "until 2030-06-30: heart-failure cohort" for each subscription
// that feeds a row.
func (n names) subscriptions(r access.Row) string {
	if len(r.Subscriptions) == 0 {
		return nothing
	}
	var parts []string
	for _, s := range r.Subscriptions {
		purpose := []rune(s.Purpose)
		if !n.inFull && len(purpose) > shortPurpose {
			purpose = append(purpose[:shortPurpose-1:shortPurpose-1], '…')
		}
		part := "until " + s.LastDay + ": " + string(purpose)
		if n.inFull {
			part += " (approved by " + s.Approver + ")"
		}
		parts = append(parts, part)
	}
	if r.AlsoOtherwise {
		parts = append(parts, "in part without end")
	}
	return strings.Join(parts, "; ")
}

// eachSubscription joins a text of each subscription that feeds a row.
func eachSubscription(r access.Row, text func(access.Subscription) string) string {
	parts := make([]string, len(r.Subscriptions))
	for i, s := range r.Subscriptions {
		parts[i] = text(s)
	}
	return strings.Join(parts, "; ")
}

// staysOtherwise returns whether something stays when the subscriptions end; "" without any.
func staysOtherwise(r access.Row) string {
	if len(r.Subscriptions) == 0 {
		return ""
	}
	return strconv.FormatBool(r.AlsoOtherwise)
}
