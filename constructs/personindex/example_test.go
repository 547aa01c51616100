package personindex_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/personindex"
)

// The records of two sources that have one member number and one birth date are one person.
func ExampleStatements() {
	index := &contract.PersonIndex{
		Sources: []contract.PersonSource{
			{Name: "claims", From: contract.ParseReference("claims.members.members"), Record: "member_number", Attributes: []contract.PersonAttribute{
				{Attribute: contract.PersonBirthDate, Column: "birth_date"}, {Attribute: "member", Column: "member_number"},
			}},
			{Name: "pharmacy", From: contract.ParseReference("pharmacy.customers.customers"), Record: "customer", Attributes: []contract.PersonAttribute{
				{Attribute: contract.PersonBirthDate, Column: "birth_date"}, {Attribute: "member", Column: "insurance_number"},
			}},
		},
		Rules: []contract.PersonRule{{Name: "member number and birth date", Same: []contract.PersonMatch{
			{Attribute: contract.PersonBirthDate, How: contract.ComparedNormalized}, {Attribute: "member", How: contract.ComparedNormalized},
		}}},
	}
	statements, err := personindex.Statements(index, personindex.Options{
		Database:  "identity_curated",
		Databases: map[string]string{"claims.members": "claims_curated", "pharmacy.customers": "pharmacy_curated"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(statements), "statements, of which the fourth links records:")
	fmt.Println(statements[3].SQL)
	// Output:
	// 18 statements, of which the fourth links records:
	// INSERT INTO "identity_curated"."person_links" ("record_a", "record_b", "rule_number")
	// -- Pairs of records that a rule links, each with the first rule that does. What is missing matches nothing.
	// WITH
	// "rule 1 values" AS (
	//   SELECT "r".*, count(*) OVER (PARTITION BY "r"."birth_date", "r"."id_member") AS "alike"
	//   FROM "identity_curated"."person_records" AS "r"
	//   WHERE "r"."birth_date" IS NOT NULL AND "r"."id_member" IS NOT NULL
	// ),
	// -- 1. member number and birth date: birthDate normalized, member normalized
	// "rule 1" AS (
	//   SELECT "a"."record_key" AS "record_a", "b"."record_key" AS "record_b", 1 AS "rule_number"
	//   FROM "rule 1 values" AS "a"
	//   JOIN "rule 1 values" AS "b" ON "a"."birth_date" = "b"."birth_date" AND "a"."id_member" = "b"."id_member" AND "a"."record_key" < "b"."record_key"
	//   WHERE "a"."alike" <= 50 AND "b"."alike" <= 50
	// ),
	// "found" AS (
	//   SELECT * FROM "rule 1"
	// )
	// SELECT "record_a", "record_b", min("rule_number")
	// FROM "found"
	// GROUP BY "record_a", "record_b"
}
