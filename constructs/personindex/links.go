package personindex

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
)

// links finds the pairs of records that the rules link.
func (w *writer) links() string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- Pairs of records that a rule links, each with the first rule that does. What is missing matches nothing.\nINSERT INTO %s (\"record_a\", \"record_b\", \"rule_number\")\nWITH\n", w.table(contract.PersonLinksTable))
	var found []string
	for i, r := range w.index.Rules {
		name := fmt.Sprintf("rule %d", i+1)
		b.WriteString(w.rule(r, name, i+1) + ",\n")
		found = append(found, "SELECT * FROM "+merge.Quote(name))
	}
	fmt.Fprintf(&b, "\"found\" AS (\n  %s\n)\nSELECT \"record_a\", \"record_b\", min(\"rule_number\")\nFROM \"found\"\nGROUP BY \"record_a\", \"record_b\"", strings.Join(found, "\n  UNION ALL\n  "))
	return b.String()
}

// rule is the relations of one rule: the rows with its values, and the pairs of them.
func (w *writer) rule(r contract.PersonRule, name string, number int) string {
	var keys, present, equal, near, words []string
	most := MostAlike
	for _, m := range r.Same {
		words = append(words, m.Attribute+" "+describe(m))
		present = append(present, key(`"r"`, m)+" IS NOT NULL")
		if m.How == contract.ComparedDistance {
			most = MostCompared
			near = append(near, matches(m))
			continue
		}
		keys = append(keys, key(`"r"`, m))
		equal = append(equal, key(`"a"`, m)+" = "+key(`"b"`, m))
	}
	where := fmt.Sprintf(`"a"."alike" <= %d AND "b"."alike" <= %d`, most, most)
	for _, c := range slices.Concat(near, w.allowed()) {
		where += "\n    AND " + c
	}
	return fmt.Sprintf(`%s AS (
  SELECT "r".*, count(*) OVER (PARTITION BY %s) AS "alike"
  FROM %s AS "r"
  WHERE %s
),
-- %d. %s: %s
%s AS (
  SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", %d AS "rule_number"
  FROM %s AS "a"
  JOIN %s AS "b" ON %s AND "a"."record_key" < "b"."record_key"
  WHERE %s
)`, merge.Quote(name+" values"), strings.Join(keys, ", "), w.table(contract.PersonRecordsTable), strings.Join(present, " AND "),
		number, comment(r.Name), comment(strings.Join(words, ", ")), merge.Quote(name), number,
		merge.Quote(name+" values"), merge.Quote(name+" values"), strings.Join(equal, " AND "), where)
}

// describe is a comparison in words.
func describe(m contract.PersonMatch) string {
	if m.N > 0 {
		return fmt.Sprintf("%s %d", m.How, m.N)
	}
	return string(m.How)
}

// key is what two records have equal in an attribute.
func key(relation string, m contract.PersonMatch) string {
	value := relation + "." + merge.Quote(contract.PersonColumn(m.Attribute))
	switch m.How {
	case contract.ComparedExact:
		return relation + "." + merge.Quote(contract.PersonColumnAsWritten(m.Attribute))
	case contract.ComparedSound:
		// Soundex knows the letters a to z only.
		return fmt.Sprintf("soundex(nullif(regexp_replace(%s, '[^a-z]', ''), ''))", value)
	case contract.ComparedYear:
		return fmt.Sprintf("substr(%s, 1, 4)", value)
	case contract.ComparedFirst:
		return fmt.Sprintf("substr(%s, 1, %d)", value, m.N)
	case contract.ComparedLast:
		return fmt.Sprintf("regexp_extract(%s, '.{%d}$')", value, m.N) // null where it is shorter
	default: // the whole normal form
		return value
	}
}

// matches is the condition that two records match in an attribute; null where one lacks it.
func matches(m contract.PersonMatch) string {
	if m.How == contract.ComparedDistance {
		return fmt.Sprintf("levenshtein_distance(%s, %s) <= %d", key(`"a"`, m), key(`"b"`, m), m.N)
	}
	return key(`"a"`, m) + " = " + key(`"b"`, m)
}

// allowed are the conditions that nothing forbids two records to be one person.
func (w *writer) allowed() []string {
	out := make([]string, len(w.index.Never))
	for i, m := range w.index.Never {
		out[i] = "coalesce(" + matches(m) + ", true)"
	}
	return out
}

// unlink takes out links of a record to two that cannot be one person. Without guards it only
// looks.
func (w *writer) unlink() string {
	forbidden := "false"
	if allowed := w.allowed(); len(allowed) > 0 {
		forbidden = "NOT (" + strings.Join(allowed, "\n    AND ") + ")"
	}
	return w.fill(`-- A record that is linked to two others which cannot be one person is left with the one
-- that the surer rule says, and with neither where one rule says both.
MERGE INTO {person_links} AS "t"
USING (
  WITH
  "link" AS (
    SELECT "record_a" AS "middle", "record_b" AS "other", "rule_number" FROM {person_links}
    UNION ALL
    SELECT "record_b" AS "middle", "record_a" AS "other", "rule_number" FROM {person_links}
  )
  SELECT DISTINCT least("l"."middle", "l"."other") AS "record_a", greatest("l"."middle", "l"."other") AS "record_b"
  FROM "link" AS "l"
  JOIN "link" AS "m" ON "m"."middle" = "l"."middle" AND "m"."other" <> "l"."other" AND "m"."rule_number" <= "l"."rule_number"
  JOIN {person_records} AS "a" ON "a"."record_key" = "l"."other"
  JOIN {person_records} AS "b" ON "b"."record_key" = "m"."other"
  WHERE ` + forbidden + `
) AS "u"
ON ("t"."record_a" = "u"."record_a" AND "t"."record_b" = "u"."record_b")
WHEN MATCHED THEN DELETE`)
}
