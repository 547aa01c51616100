package contract_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// A table of a contract, made from the Patient resources of a FHIR store.
func ExampleMaterialization() {
	sql, err := contract.Materialization{Table: &contract.Table{
		Name: "patient", Format: contract.FormatIceberg,
		TransformLogic: "SELECT p.id, element_at(p.name, 1).family AS family\nFROM {fhirStore.patient} AS p",
		Columns: []contract.Column{
			{Name: "id", Type: "string", PrimaryKey: 1},
			{Name: "family", Type: "string"},
		},
	},
		Database:  "riverside_clinical_curated",
		Databases: map[string]string{contract.FhirStoreReference: "riverside_clinical_fhir"},
	}.SQL()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sql)
	// Output:
	// MERGE INTO "riverside_clinical_curated"."patient" AS "t"
	// USING (
	//   WITH "new" AS (
	//     SELECT "r".*
	//     FROM (
	//       SELECT
	//         TRY_CAST("q"."id" AS varchar) AS "id",
	//         TRY_CAST("q"."family" AS varchar) AS "family"
	//       FROM (
	// SELECT p.id, element_at(p.name, 1).family AS family
	// FROM "riverside_clinical_fhir"."patient" AS p
	//       ) AS "q"
	//     ) AS "r"
	//     WHERE "r"."id" IS NOT NULL
	//   )
	//   SELECT "n"."id", "n"."family", false AS "lakemesh gone"
	//   FROM "new" AS "n"
	//   UNION ALL
	//   SELECT "o"."id", "o"."family", true AS "lakemesh gone"
	//   FROM "riverside_clinical_curated"."patient" AS "o"
	//   WHERE NOT EXISTS (SELECT 1 FROM "new" AS "n" WHERE "n"."id" = "o"."id")
	// ) AS "u"
	// ON ("t"."id" = "u"."id")
	// WHEN MATCHED AND "u"."lakemesh gone" THEN DELETE
	// WHEN MATCHED AND (
	//   "t"."family" IS DISTINCT FROM "u"."family"
	// ) THEN UPDATE SET
	//   "family" = "u"."family"
	// WHEN NOT MATCHED THEN INSERT ("id", "family")
	// VALUES ("u"."id", "u"."family")
}
