package review

import "github.com/lakemesh/lakemesh/stacks/access"

// Compare says what it means to go from one revision to another.
func Compare(before, after Revision) *Report {
	d := access.Diff(before.State, after.State)
	names := namesIn(d)
	report := &Report{Base: before.Name, Head: after.Name}
	report.add(rights(d, names)...)
	report.add(waysAround(d, names)...)
	report.add(grantors(d, names)...)
	report.add(contracts(d.Before.Tables, d.After.Tables)...)
	report.add(unknowns(d.Changes)...)
	pairs := pairStacks(before.Stacks, after.Stacks)
	report.add(guardrails(pairs, d.Changes)...)
	report.add(judged(before.Judge, after.Judge, d)...)
	report.add(retention(pairs, d.Before.Tables)...)
	report.add(resources(pairs)...)
	report.sort()
	return report
}

// namesIn are the short names of all principals on both sides.
func namesIn(d *access.Difference) map[string]string {
	var principals []string
	for _, m := range []*access.Matrix{d.Before.Matrix, d.After.Matrix} {
		for _, r := range m.Rows {
			principals = append(principals, r.Principal)
		}
		for _, a := range m.Admins {
			principals = append(principals, a.Principal)
		}
		for _, b := range m.Bypasses {
			principals = append(principals, b.Principal)
		}
		for _, g := range m.Grantors {
			principals = append(principals, g.Principal)
		}
	}
	return access.Names(principals)
}

// unknowns are what cannot be read after the change and was read, or not there, before.
func unknowns(changes []access.Change) []Finding {
	var out []Finding
	for _, c := range changes {
		if c.Kind == access.KindUnresolved && c.Op != access.Missing {
			out = append(out, Finding{Kind: Unknown, Severity: Warning, Text: "cannot be read: " + c.Subject + ": " + c.After})
		}
	}
	return out
}
