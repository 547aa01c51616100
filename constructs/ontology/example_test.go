package ontology_test

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

func Example() {
	level, known := ontology.ParseSensitivity("De-identified")
	fmt.Println(level, known)
	fmt.Println(ontology.MostSensitive(ontology.Public, level, ontology.Internal))
	fmt.Println(ontology.Key("riverside", ontology.TagKeySensitivity))
	fmt.Println(ontology.MedicalRecordNumber.Valid(), len(ontology.Identifiers()))
	// Output:
	// deidentified true
	// deidentified
	// riverside:sensitivity
	// true 18
}
