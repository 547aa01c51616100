package refresh_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/test/athena"
	"github.com/lakemesh/lakemesh/test/fhirdata"
)

// elements are those of the resources and data types of FHIR R4 that the tests have,
// as "name Type", with * for those that may repeat. HealthLake's tables have the names
// in lower case, the nesting of FHIR, and every element whether it has a value or not;
// an extension is a JSON text (AWS HealthLake developer guide, "Querying with SQL" and
// "Example SQL queries with complex filtering").
var elements = map[string]string{
	"Meta":            "id string, extension Extension*, versionId string, lastUpdated string, source string, profile string*, security Coding*, tag Coding*",
	"Coding":          "id string, extension Extension*, system string, version string, code string, display string, userSelected boolean",
	"CodeableConcept": "id string, extension Extension*, coding Coding*, text string",
	"Period":          "id string, extension Extension*, start string, end string",
	"Reference":       "id string, extension Extension*, reference string, type string, display string",
	"Quantity":        "id string, extension Extension*, value double, comparator string, unit string, system string, code string",
	"Identifier":      "id string, extension Extension*, use string, type CodeableConcept, system string, value string, period Period, assigner Reference",
	"HumanName":       "id string, extension Extension*, use string, text string, family string, given string*, prefix string*, suffix string*, period Period",
	"ContactPoint":    "id string, extension Extension*, system string, value string, use string, rank int, period Period",
	"Address":         "id string, extension Extension*, use string, type string, text string, line string*, city string, district string, state string, postalCode string, country string, period Period",
	"Annotation":      "id string, extension Extension*, authorReference Reference, authorString string, time string, text string",
	"Communication":   "id string, extension Extension*, language CodeableConcept, preferred boolean",
	"Range":           "id string, extension Extension*, low Quantity, high Quantity, type CodeableConcept, text string",
	"Component":       "id string, extension Extension*, code CodeableConcept, valueQuantity Quantity, valueCodeableConcept CodeableConcept, valueString string, dataAbsentReason CodeableConcept",
	"Participant":     "id string, extension Extension*, type CodeableConcept*, period Period, individual Reference",
	"Diagnosis":       "id string, extension Extension*, condition Reference, use CodeableConcept, rank int",
	"Hospitalization": "id string, extension Extension*, preAdmissionIdentifier Identifier, origin Reference, admitSource CodeableConcept, reAdmission CodeableConcept, dischargeDisposition CodeableConcept",
	"Stop":            "id string, extension Extension*, location Reference, status string, physicalType CodeableConcept, period Period",

	"Patient": `id string, meta Meta, implicitRules string, language string, extension Extension*, modifierExtension Extension*, identifier Identifier*,
		active boolean, name HumanName*, telecom ContactPoint*, gender string, birthDate string, deceasedBoolean boolean, deceasedDateTime string,
		address Address*, maritalStatus CodeableConcept, multipleBirthBoolean boolean, communication Communication*, generalPractitioner Reference*, managingOrganization Reference`,
	"Observation": `id string, meta Meta, extension Extension*, identifier Identifier*, basedOn Reference*, partOf Reference*, status string, category CodeableConcept*, code CodeableConcept,
		subject Reference, focus Reference*, encounter Reference, effectiveDateTime string, effectivePeriod Period, effectiveInstant string, issued string, performer Reference*,
		valueQuantity Quantity, valueCodeableConcept CodeableConcept, valueString string, valueBoolean boolean, valueInteger int, valueDateTime string,
		dataAbsentReason CodeableConcept, interpretation CodeableConcept*, note Annotation*, bodySite CodeableConcept, method CodeableConcept, referenceRange Range*, component Component*`,
	"Condition": `id string, meta Meta, extension Extension*, identifier Identifier*, clinicalStatus CodeableConcept, verificationStatus CodeableConcept, category CodeableConcept*,
		severity CodeableConcept, code CodeableConcept, bodySite CodeableConcept*, subject Reference, encounter Reference, onsetDateTime string, onsetString string,
		abatementDateTime string, recordedDate string, recorder Reference, asserter Reference, note Annotation*`,
	"Encounter": `id string, meta Meta, extension Extension*, identifier Identifier*, status string, class Coding, type CodeableConcept*, serviceType CodeableConcept, priority CodeableConcept,
		subject Reference, participant Participant*, period Period, reasonCode CodeableConcept*, diagnosis Diagnosis*, hospitalization Hospitalization, location Stop*, serviceProvider Reference`,
	"ResearchStudy":   "id string, meta Meta, extension Extension*, identifier Identifier*, title string, status string, condition CodeableConcept*, description string",
	"ResearchSubject": "id string, meta Meta, extension Extension*, identifier Identifier*, status string, period Period, study Reference, individual Reference, assignedArm string, actualArm string, consent Reference",
	"Consent":         "id string, meta Meta, extension Extension*, identifier Identifier*, status string, scope CodeableConcept, category CodeableConcept*, patient Reference, dateTime string, policyRule CodeableConcept",
}

var resources = []string{"Patient", "Observation", "Condition", "Encounter", "ResearchStudy", "ResearchSubject", "Consent"}

// columns are the elements of a type, in lower case, with DuckDB's types.
func columns(name string) (names, kinds []string) {
	for element := range strings.SplitSeq(elements[name], ",") {
		part := strings.Fields(element)
		kind, many := strings.CutSuffix(part[1], "*")
		switch kind {
		case "Extension", "string":
			kind = "VARCHAR"
		case "boolean", "double", "int":
		default:
			n, k := columns(kind)
			fields := make([]string, len(n))
			for i := range n {
				fields[i] = quote(n[i]) + " " + k[i]
			}
			kind = "STRUCT(" + strings.Join(fields, ", ") + ")"
		}
		if many {
			kind += "[]"
		}
		names, kinds = append(names, strings.ToLower(part[0])), append(kinds, kind)
	}
	return names, kinds
}

// stored fills the store's tables with the resources, and nothing else. The server's
// own meta.lastUpdated is the same for all that have none.
func stored(t *testing.T, have []fhirdata.Resource) []athena.Step {
	t.Helper()
	byType := map[string][]any{}
	for _, r := range have {
		meta, _ := r["meta"].(map[string]any)
		meta = maps.Clone(meta)
		if meta == nil {
			meta = map[string]any{}
		}
		if meta["lastUpdated"] == nil {
			meta["lastUpdated"] = "2026-11-02T03:04:05.678Z"
		}
		r = maps.Clone(r)
		r["meta"] = meta
		byType[r.Type()] = append(byType[r.Type()], lowered(t, map[string]any(r)))
	}
	var steps []athena.Step
	for _, name := range resources {
		names, kinds := columns(name)
		declared, values := make([]string, len(names)), make([]string, len(names))
		for i := range names {
			declared[i] = quote(names[i]) + " " + kinds[i]
			values[i] = fmt.Sprintf("TRY_CAST(r.j->'$.%q' AS %s)", names[i], kinds[i])
			if kinds[i] == "VARCHAR" {
				values[i] = fmt.Sprintf("r.j->>'$.%q'", names[i])
			}
		}
		table := store + "." + strings.ToLower(name)
		steps = append(steps, athena.Step{DuckDB: fmt.Sprintf("CREATE OR REPLACE TABLE %s (%s)", table, strings.Join(declared, ", "))})
		if len(byType[name]) == 0 {
			continue
		}
		text, err := json.Marshal(byType[name])
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, athena.Step{DuckDB: fmt.Sprintf("INSERT INTO %s SELECT %s FROM (SELECT unnest(CAST('%s' AS JSON[])) AS j) AS r",
			table, strings.Join(values, ", "), strings.ReplaceAll(string(text), "'", "''"))})
	}
	return steps
}

// lowered is a value with the names of its elements in lower case and its extensions as
// texts.
func lowered(t *testing.T, value any) any {
	t.Helper()
	switch v := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != "extension" {
				out[strings.ToLower(name)] = lowered(t, v[name])
				continue
			}
			texts := []any{}
			for _, e := range asList(v[name]) {
				text, ok := e.(string)
				if !ok {
					data, err := json.Marshal(e)
					if err != nil {
						t.Fatal(err)
					}
					text = string(data)
				}
				texts = append(texts, text)
			}
			out[name] = texts
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = lowered(t, v[i])
		}
		return out
	default:
		return value
	}
}

func asList(value any) []any {
	out, _ := value.([]any)
	return out
}
