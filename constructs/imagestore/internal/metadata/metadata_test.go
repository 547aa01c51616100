package metadata_test

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/imagestore/internal/metadata"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

var state = metadata.State{Version: 3, IsPrimary: ptr(true), UpdatedAt: time.Date(2026, 9, 14, 9, 30, 0, 0, time.FixedZone("", 7200))}

func ptr[T any](v T) *T { return &v }

func rows(t *testing.T, document string) []metadata.Row {
	t.Helper()
	d, err := metadata.Read(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return d.Rows(state)
}

func TestRowsOfTwoSeries(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("testdata/ct.json")
	if err != nil {
		t.Fatal(err)
	}
	got := rows(t, string(document))
	if len(got) != 2 {
		t.Fatalf("got %d rows", len(got))
	}
	want := metadata.Row{
		ImageSetID: "46923b66d5522e4241615ecd64637584", SeriesInstanceUID: "1.2.840.113619.2.30.1.1762295590.1623.978668949.889",
		DatastoreID: "2aa75d103f7f45ab977b0e93f00e6fe9", Version: 3, IsPrimary: ptr(true), UpdatedAt: "2026-09-14T07:30:00Z",
		PatientID: ptr("MRN-2178309"), PatientName: ptr("ALVAREZ^MARIA^^DR"), PatientBirthDate: ptr("1956-03-07"), PatientSex: ptr("F"),
		StudyInstanceUID: ptr("1.2.840.113619.2.30.1.1762295590.1623.978668949.886"), StudyID: ptr("1101"), AccessionNumber: ptr("A-77123"),
		StudyDate: ptr("2026-09-14"), StudyDescription: ptr("CT CHEST W CONTRAST"), ReferringPhysicianName: ptr("OKAFOR^NGOZI"),
		InstitutionName: ptr("RIVERSIDE HOSPITAL"), SeriesNumber: ptr(int64(2)), SeriesDescription: ptr("LUNG 1.25MM"), Modality: ptr("CT"),
		BodyPartExamined: ptr("CHEST"), ProtocolName: ptr("CHEST ROUTINE"), Manufacturer: ptr("GE MEDICAL SYSTEMS"),
		ManufacturerModelName: ptr("LightSpeed"), StationName: ptr("CT01"), DeviceSerialNumber: ptr("000000333"),
		SOPClassUIDs: []string{"1.2.840.10008.5.1.4.1.1.2"}, InstanceCount: 2, FrameCount: 3,
		BurnedInAnnotation: ptr(true), PrivateAttributes: true,
		IdentifierKeywords: []string{
			"AccessionNumber", "DeviceSerialNumber", "InstitutionName", "OtherPatientIDsSequence", "PatientAge", "PatientBirthDate", "PatientID",
			"PatientName", "ReferringPhysicianName", "SOPInstanceUID", "SeriesInstanceUID", "StationName", "StudyDate", "StudyID",
			"StudyInstanceUID", "StudyTime",
		},
	}
	if diff := cmp.Diff(want, got[1]); diff != "" {
		t.Error(diff)
	}
	if first := got[0]; first.InstanceCount != 0 || first.PrivateAttributes || first.BurnedInAnnotation != nil || *first.SeriesNumber != 1 || *first.PatientID != "MRN-2178309" {
		t.Errorf("the series without instances is %+v", first)
	}
}

func TestMissingAttributesAreNull(t *testing.T) {
	t.Parallel()
	got := rows(t, `{"ImageSetID":"46923b66d5522e4241615ecd64637584","Study":{"Series":{"1.2.3":{"Instances":{"1.2.3.4":{}}}}}}`)
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]string{"patient_id": "null", "study_date": "null", "modality": "null", "burned_in_annotation": "null", "identifier_keywords": "[]", "sop_class_uids": "[]", "instance_count": "1", "frame_count": "0", "private_attributes": "false"} {
		if !strings.Contains(string(text), `"`+column+`":`+want) {
			t.Errorf("%s is not %s in %s", column, want, text)
		}
	}
}

// What is odd in real files changes one column, never the row.
func TestOddValues(t *testing.T) {
	t.Parallel()
	one := func(attributes string) metadata.Row {
		return rows(t, `{"ImageSetID":"46923b66d5522e4241615ecd64637584","Study":{"Series":{"1.2.3":{"DICOM":{`+attributes+`}}}}}`)[0]
	}
	for name, test := range map[string]struct {
		attributes string
		check      func(metadata.Row) bool
	}{
		"a date with dots":           {`"StudyDate":"2026.09.14"`, func(r metadata.Row) bool { return *r.StudyDate == "2026-09-14" }},
		"a date that is none":        {`"StudyDate":"20261399"`, func(r metadata.Row) bool { return r.StudyDate == nil }},
		"a list":                     {`"BodyPartExamined":["","HEAD"]`, func(r metadata.Row) bool { return *r.BodyPartExamined == "HEAD" }},
		"blanks and zero bytes":      {`"Modality":" MR\u0000"`, func(r metadata.Row) bool { return *r.Modality == "MR" }},
		"only blanks":                {`"PatientName":"  "`, func(r metadata.Row) bool { return r.PatientName == nil && len(r.IdentifierKeywords) == 0 }},
		"a name by representation":   {`"PatientName":{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎"}`, func(r metadata.Row) bool { return *r.PatientName == "Yamada^Tarou" }},
		"a series number in letters": {`"SeriesNumber":"two"`, func(r metadata.Row) bool { return r.SeriesNumber == nil }},
		"image laterality":           {`"ImageLaterality":"L"`, func(r metadata.Row) bool { return *r.Laterality == "L" }},
		"identity removed":           {`"PatientIdentityRemoved":"YES"`, func(r metadata.Row) bool { return *r.PatientIdentityRemoved }},
		"an identifier in a sequence": {`"RequestAttributesSequence":[{"RequestedProcedureID":"RP1"}]`, func(r metadata.Row) bool {
			return slices.Equal(r.IdentifierKeywords, []string{"RequestedProcedureID"})
		}},
		"an empty sequence":    {`"OtherPatientIDsSequence":[{}]`, func(r metadata.Row) bool { return len(r.IdentifierKeywords) == 0 }},
		"a private tag":        {`"(0029,1010)":"x"`, func(r metadata.Row) bool { return r.PrivateAttributes }},
		"a tag of even group":  {`"00280010":"x"`, func(r metadata.Row) bool { return !r.PrivateAttributes }},
		"a private tag nested": {`"ReferencedImageSequence":[{"00331013":"x"}]`, func(r metadata.Row) bool { return r.PrivateAttributes }},
	} {
		if row := one(test.attributes); !test.check(row) {
			t.Errorf("%s: %+v", name, row)
		}
	}
}

func TestWhatIsNoMetadata(t *testing.T) {
	t.Parallel()
	for _, document := range []string{``, `{`, `[]`, `{}`, `{"DatastoreID":"x"}`, `{"ImageSetID":5}`} {
		if _, err := metadata.Read(strings.NewReader(document)); err == nil {
			t.Errorf("%q was read", document)
		}
	}
}

func TestColumnsAreTheRow(t *testing.T) {
	t.Parallel()
	var fields []string
	row := reflect.TypeFor[metadata.Row]()
	for i := range row.NumField() {
		fields = append(fields, row.Field(i).Tag.Get("json"))
	}
	var columns []string
	for _, c := range metadata.Columns() {
		columns = append(columns, c.Name)
		if c.Description == "" || c.Type == "" {
			t.Errorf("%s has no type or description", c.Name)
		}
		if c.Identifier != "" && !ontology.Identifier(c.Identifier).Valid() {
			t.Errorf("%s: %q is no Safe Harbor identifier", c.Name, c.Identifier)
		}
	}
	if diff := cmp.Diff(fields, columns); diff != "" {
		t.Error(diff)
	}
}

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, identifier := range metadata.Identifiers() {
		keyword, kind := identifier[0], identifier[1]
		if !ontology.Identifier(kind).Valid() {
			t.Errorf("%s: %q is no Safe Harbor identifier", keyword, kind)
		}
		if seen[keyword] != "" {
			t.Errorf("%s is listed twice", keyword)
		}
		seen[keyword] = kind
	}
	for keyword, kind := range map[string]ontology.Identifier{
		"PatientName": ontology.Name, "PatientID": ontology.MedicalRecordNumber, "PatientBirthDate": ontology.Date, "StudyDate": ontology.Date,
		"AccessionNumber": ontology.OtherUniqueID, "InstitutionName": ontology.GeographicDetail, "DeviceSerialNumber": ontology.DeviceIdentifier,
		"PatientTelephoneNumbers": ontology.TelephoneNumber, "StudyInstanceUID": ontology.OtherUniqueID,
	} {
		if seen[keyword] != string(kind) {
			t.Errorf("%s is %q, want %q", keyword, seen[keyword], kind)
		}
	}
	if seen["Modality"] != "" || seen["BodyPartExamined"] != "" {
		t.Error("what identifies nobody is listed")
	}
}

func FuzzRead(f *testing.F) {
	document, err := os.ReadFile("testdata/ct.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(document)
	f.Fuzz(func(t *testing.T, input []byte) {
		d, err := metadata.Read(strings.NewReader(string(input)))
		if err != nil {
			return
		}
		if _, err := json.Marshal(d.Rows(state)); err != nil {
			t.Error(err)
		}
	})
}
