package lineage_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/lineage"
)

func Example() {
	query, err := lineage.Parse(`
WITH diabetic AS (
  SELECT DISTINCT member_token FROM {clinical.condition.condition} WHERE code = '44054006'
)
SELECT m.member_token, d.member_token IS NOT NULL AS has_diabetes
FROM {members.member} AS m
LEFT JOIN diabetic AS d ON d.member_token = m.member_token`)
	if err != nil {
		fmt.Println(err)
		return
	}
	reads, problems := query.Resolve(func(table string) (columns []string, known bool) {
		switch table {
		case "{clinical.condition.condition}":
			return []string{"condition_id", "member_token", "code"}, true
		case "{members.member}":
			return []string{"member_token", "birth_date"}, true
		}
		return nil, false
	})
	fmt.Println(problems.Err())
	for _, t := range reads.Tables {
		fmt.Println("reads", t.Name, t.Columns)
	}
	for _, o := range reads.Output {
		fmt.Println(o.Name, "←", o.From)
	}
	fmt.Println("chosen by", reads.Filters)
	// Output:
	// <nil>
	// reads {clinical.condition.condition} [code member_token]
	// reads {members.member} [member_token]
	// member_token ← [{members.member}.member_token]
	// has_diabetes ← [{clinical.condition.condition}.member_token]
	// chosen by [{clinical.condition.condition}.code {clinical.condition.condition}.member_token {members.member}.member_token]
}

// What a query says that nobody can follow is a problem with its place.
func ExampleQuery_Resolve() {
	query, _ := lineage.Parse("SELECT member_token,\n  birthdate\nFROM {members.member}")
	_, problems := query.Resolve(func(string) ([]string, bool) { return []string{"member_token", "birth_date"}, true })
	fmt.Println(problems)
	// Output:
	// line 2, column 3: got birthdate; expected a column of the tables in FROM: member_token, birth_date; fix: did you mean birth_date?
}
