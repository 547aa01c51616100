package contract_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

func TestViewsNameWhatTheyRead(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		`SELECT a FROM labs`: "labs",
		`select a from "Lab_Curated"."labs" l, patients p where 1=1`:                                                          "lab_curated.labs patients",
		`SELECT a FROM AwsDataCatalog.lab.labs AS l LEFT JOIN visits v ON v.id = l.id CROSS JOIN UNNEST(l.codes) AS t (code)`: "lab.labs visits",
		`WITH c AS (SELECT 1 FROM cohort), d AS (SELECT * FROM c) SELECT * FROM d JOIN labs USING (id)`:                       "cohort labs",
		`SELECT (SELECT max(x) FROM doses) FROM (SELECT * FROM labs WHERE d IN (SELECT d FROM days)) AS s`:                    "doses labs days",
		"SELECT extract(year FROM taken), 'from nowhere' -- from here\nFROM labs /* join there */":                            "taken labs",
		`SELECT 1 AS one`: "",
		`SELECT * FROM a UNION ALL SELECT * FROM b`: "a b",
	} {
		if got := strings.Join((&contract.View{SQL: sql}).Reads(), " "); got != want {
			t.Errorf("%s\nreads %q, expected %q", sql, got, want)
		}
	}
}
