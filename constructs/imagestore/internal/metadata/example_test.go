package metadata_test

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/imagestore/internal/metadata"
)

func ExampleRead() {
	document, err := metadata.Read(strings.NewReader(`{
		"ImageSetID": "46923b66d5522e4241615ecd64637584",
		"Patient": {"DICOM": {"PatientID": "MRN-2178309"}},
		"Study": {
			"DICOM": {"StudyDate": "20260914"},
			"Series": {"1.2.840.1": {"DICOM": {"Modality": "CT", "BodyPartExamined": "CHEST"}}}
		}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range document.Rows(metadata.State{Version: 1}) {
		fmt.Println(*row.Modality, *row.BodyPartExamined, *row.StudyDate, row.IdentifierKeywords)
	}
	// Output:
	// CT CHEST 2026-09-14 [PatientID StudyDate]
}
