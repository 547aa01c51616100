package review

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/template"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// retention are the promises of how long data is kept that a change shortens: objects of
// buckets by their lifecycle, rows by the statements that delete old ones, logs and streams.
func retention(pairs []pair, tables []access.TaggedTable) []Finding {
	var out []Finding
	for _, p := range pairs {
		if p.before == nil || p.after == nil {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(p.before.Resources)) {
			before := p.before.Resources[id]
			if after, there := p.after.Resources[id]; there && after.Type == before.Type {
				out = append(out, kept(p.after, id, before, after)...)
			}
		}
	}
	return append(out, rowsKept(pairs, tables)...)
}

// kept are the ages of a resource's data that are shorter after a change.
func kept(s *template.Stack, id string, before, after template.Resource) []Finding {
	var out []Finding
	say := func(format string, args ...any) {
		f := inStack(s, id)
		f.Kind, f.Severity, f.Text = Contract, Error, fmt.Sprintf("%s of stack %s (%s) ", id, s.Name, after.Type)+fmt.Sprintf(format, args...)
		out = append(out, f)
	}
	shorter := func(path, what, unit string) {
		was, is := number(before.Properties, path), number(after.Properties, path)
		if is > 0 && (was == 0 || is < was) {
			say("keeps %s for %d %s, was %s", what, is, unit, age(was, unit))
		}
	}
	switch before.Type {
	case "AWS::Logs::LogGroup":
		shorter("RetentionInDays", "log events", "days")
	case "AWS::Kinesis::Stream":
		if is := number(after.Properties, "RetentionPeriodHours"); is < number(before.Properties, "RetentionPeriodHours") {
			say("keeps records for a shorter time: RetentionPeriodHours")
		}
	case "AWS::S3::Bucket":
		for _, e := range []struct{ path, what string }{
			{"ExpirationInDays", "objects"}, {"NoncurrentVersionExpiration.NoncurrentDays", "what was overwritten or deleted"},
		} {
			was := expirations(before, e.path)
			for _, place := range slices.SortedFunc(maps.Keys(expirations(after, e.path)), strings.Compare) {
				is := expirations(after, e.path)[place]
				if old := expirationAt(was, place); old == 0 || is < old {
					say("keeps %s%s for %d days, was %s", e.what, place, is, age(old, "days"))
				}
			}
		}
	}
	return out
}

// age is a number of units, 0 is for ever.
func age(n int, unit string) string {
	if n == 0 {
		return "without an end"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

func number(in any, path string) int {
	n, err := strconv.Atoi(template.Text(in, path))
	if err != nil {
		return 0
	}
	return n
}

// expirations are after how many days a bucket's rules delete what lies where, by words for
// the place, the shortest of a place.
func expirations(r template.Resource, path string) map[string]int {
	rules, _ := template.Property(r.Properties, "LifecycleConfiguration.Rules").([]any)
	out := map[string]int{}
	for _, rule := range rules {
		days := number(rule, path)
		if days == 0 || template.Text(rule, "Status") != "Enabled" {
			continue
		}
		place := ""
		if prefix := template.Text(rule, "Prefix"); prefix != "" {
			place = below + prefix
		}
		if tags := template.Property(rule, "TagFilters"); tags != nil {
			place += " with tags " + template.Written(tags)
		}
		if old := out[place]; old == 0 || days < old {
			out[place] = days
		}
	}
	return out
}

const below = " below "

// expirationAt is after how many days something was deleted at a place, by rules for it or
// for what is around it; 0 is never.
func expirationAt(was map[string]int, place string) int {
	shortest := was[place]
	for around, days := range was {
		if strings.HasPrefix(place, around) && (around == "" || strings.HasPrefix(around, below)) && (shortest == 0 || days < shortest) {
			shortest = days
		}
	}
	return shortest
}

// deletesOld is the statement that deletes old rows of an Iceberg table, as the definition of
// a state machine has it: table and age.
var deletesOld = regexp.MustCompile(`DELETE FROM [\\"]*([^\\"]+)[\\"]*\.[\\"]*([^\\"]+)[\\"]*\\+nWHERE NOT [^;]*?date_add\('(year|month|week|day)', -(\d+), current_date\)`)

// days are the days of a unit, as a contract counts them.
var days = map[string]int{"year": 366, "month": 31, "week": 7, "day": 1}

// rowsKept compares after how many days rows of tables are deleted that were there before.
func rowsKept(pairs []pair, tables []access.TaggedTable) []Finding {
	before, after := map[string]int{}, map[string]int{}
	existed := func(table string) bool {
		return slices.ContainsFunc(tables, func(t access.TaggedTable) bool { return t.Key() == table })
	}
	var out []Finding
	for _, p := range pairs {
		readDeletions(p.before, func(table string, age int, _ string) { before[table] = age })
	}
	for _, p := range pairs {
		readDeletions(p.after, func(table string, is int, id string) {
			was := before[table]
			if after[table] != 0 || was != 0 && is >= was || !existed(table) {
				return
			}
			after[table] = is
			f := inStack(p.after, id)
			f.Kind, f.Severity, f.Table = Contract, Error, table
			f.Text = fmt.Sprintf("rows of %s are kept for %d days, was %s", table, is, age(was, "days"))
			out = append(out, f)
		})
	}
	return out
}

func readDeletions(s *template.Stack, visit func(table string, days int, id string)) {
	if s == nil {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		if s.Resources[id].Type != "AWS::StepFunctions::StateMachine" {
			continue
		}
		text, err := json.Marshal(s.Resources[id].Properties)
		if err != nil {
			continue
		}
		for _, m := range deletesOld.FindAllStringSubmatch(string(text), -1) {
			n, err := strconv.Atoi(m[4])
			if err == nil {
				visit(m[1]+"."+m[2], n*days[m[3]], id)
			}
		}
	}
}
