package ontology

import (
	"slices"
	"strings"
)

// Sensitivity says how far data may travel. The levels are ordered:
// public < internal < deidentified < phi.
type Sensitivity string

const (
	// Public data may be shown to anyone.
	Public Sensitivity = "public"
	// Internal data is about the organisation, not about patients.
	Internal Sensitivity = "internal"
	// Deidentified data is about patients who can no longer be told apart.
	Deidentified Sensitivity = "deidentified"
	// PHI is protected health information: it identifies a patient. It is what
	// data counts as while nobody has said otherwise.
	PHI Sensitivity = "phi"
)

// Sensitivities returns every level, the least sensitive first.
func Sensitivities() []Sensitivity {
	return []Sensitivity{Public, Internal, Deidentified, PHI}
}

// separators are what people put into the words for levels.
var separators = strings.NewReplacer("-", "", "_", "", " ", "")

// ParseSensitivity folds a classification as people write it ("PHI",
// "De-identified") to its level, and reports whether it names one.
func ParseSensitivity(s string) (Sensitivity, bool) {
	folded := Sensitivity(separators.Replace(strings.ToLower(s)))
	return folded, folded.Valid()
}

// Valid reports whether s is one of Sensitivities.
func (s Sensitivity) Valid() bool { return slices.Contains(Sensitivities(), s) }

// Compare orders levels from the least to the most sensitive. An unknown level
// counts as the most sensitive of all, so that it is never shown by accident.
func (s Sensitivity) Compare(other Sensitivity) int { return s.rank() - other.rank() }

func (s Sensitivity) rank() int {
	if i := slices.Index(Sensitivities(), s); i >= 0 {
		return i
	}
	return len(Sensitivities())
}

// MostSensitive returns the highest of the levels, and PHI when there is none.
func MostSensitive(levels ...Sensitivity) Sensitivity {
	if len(levels) == 0 {
		return PHI
	}
	return slices.MaxFunc(levels, Sensitivity.Compare)
}
