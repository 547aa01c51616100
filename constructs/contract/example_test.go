package contract_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

func ExampleParse() {
	c, err := contract.Parse("patient_deid.odcs.yaml", []byte(`apiVersion: v3.1.0
kind: DataContract
id: 0c0d8a9e
name: patient_deid
version: 1.0.0
status: active
schema:
  - name: patient
    properties:
      - {name: patient_key, logicalType: string, classification: deidentified, required: true}
      - {name: weight, logicalType: number, physicalType: "decimal(5,2)", classification: deidentified}
      - {name: year, logicalType: integer, classification: public, partitioned: true}
slaProperties:
  - {property: retention, value: 7, unit: y}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Name, c.Zone, c.MaxSensitivity(), c.SLA.Retention.Days())
	for _, col := range c.Tables[0].Columns {
		fmt.Println(col.Name, col.Type, col.Sensitivity)
	}
	// Output:
	// patient_deid curated deidentified 2555
	// patient_key string deidentified
	// weight decimal(5,2) deidentified
	// year bigint public
}

func ExampleParse_mistakes() {
	_, err := contract.Parse("labs.odcs.yaml", []byte(`apiVersion: v3.1.0
kind: DataContract
id: labs
version: 1.0
status: active
schema:
  - name: LabResults
    properties:
      - {name: mrn, logicalTyp: string}
`))
	fmt.Println(err)
	// Output:
	// labs.odcs.yaml:4:10: version: got the number 1.0; expected a text; fix: put it in quotes: "1.0"
	//      3 | id: labs
	//      4 | version: 1.0
	//        |          ^
	// labs.odcs.yaml:7:11: schema[0].name: got the name "LabResults"; expected lower case, as Glue folds names and the table would never match its contract; fix: set physicalName to labresults
	//      6 | schema:
	//      7 |   - name: LabResults
	//        |           ^
	// labs.odcs.yaml:9:21: schema[0].properties[0].logicalTyp: got the unknown key "logicalTyp"; expected a key that is known here; fix: did you mean logicalType?
	//      8 |     properties:
	//      9 |       - {name: mrn, logicalTyp: string}
	//        |                     ^
}

func ExampleIcebergChanges() {
	before := contract.Table{Name: "results", Columns: []contract.Column{{Name: "count", Type: "int"}}}
	after := contract.Table{Name: "results", Columns: []contract.Column{{Name: "count", Type: "bigint"}, {Name: "unit", Type: "string"}}}
	for _, change := range contract.IcebergChanges(before, after) {
		fmt.Println(change)
	}
	// Output:
	// columns.count: int becomes bigint: run in Athena: ALTER TABLE `results` CHANGE COLUMN `count` `count` bigint
	// columns.unit: new: run in Athena: ALTER TABLE `results` ADD COLUMNS (`unit` string)
}
