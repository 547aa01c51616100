package ontology_test

import (
	"slices"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

func TestParseSensitivity(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]ontology.Sensitivity{
		"public": ontology.Public, "Internal": ontology.Internal, "PHI": ontology.PHI,
		"deidentified": ontology.Deidentified, "De-identified": ontology.Deidentified,
		"de_identified": ontology.Deidentified, "De Identified": ontology.Deidentified,
	} {
		if got, ok := ontology.ParseSensitivity(word); !ok || got != want {
			t.Errorf("%q is %q, %v", word, got, ok)
		}
	}
	for _, word := range []string{"", "secret", "phi!", "publicly"} {
		if got, ok := ontology.ParseSensitivity(word); ok {
			t.Errorf("%q is %q", word, got)
		}
	}
}

func TestSensitivityOrder(t *testing.T) {
	t.Parallel()
	levels := ontology.Sensitivities()
	if !slices.IsSortedFunc(levels, ontology.Sensitivity.Compare) {
		t.Errorf("%v is not in order", levels)
	}
	for _, level := range levels {
		if !level.Valid() {
			t.Errorf("%s is not valid", level)
		}
		if ontology.Sensitivity("odd").Compare(level) <= 0 {
			t.Errorf("an unknown level counts as less than %s", level)
		}
	}
	for _, tc := range []struct {
		levels []ontology.Sensitivity
		want   ontology.Sensitivity
	}{
		{nil, ontology.PHI},
		{[]ontology.Sensitivity{ontology.Public}, ontology.Public},
		{[]ontology.Sensitivity{ontology.Deidentified, ontology.Public, ontology.Internal}, ontology.Deidentified},
		{[]ontology.Sensitivity{ontology.PHI, "odd"}, "odd"},
	} {
		if got := ontology.MostSensitive(tc.levels...); got != tc.want {
			t.Errorf("the most sensitive of %v is %s, want %s", tc.levels, got, tc.want)
		}
	}
}

// TestIdentifiers checks against the rule's own count.
func TestIdentifiers(t *testing.T) {
	t.Parallel()
	all := ontology.Identifiers()
	if len(all) != 18 {
		t.Errorf("%d identifiers, and the rule has 18", len(all))
	}
	seen := map[ontology.Identifier]bool{}
	for _, id := range all {
		if !id.Valid() || seen[id] {
			t.Errorf("%q is not valid, or is there twice", id)
		}
		seen[id] = true
	}
	if ontology.Identifier("").Valid() || ontology.Identifier("mrn").Valid() {
		t.Error("an unknown identifier is valid")
	}
}

func TestZones(t *testing.T) {
	t.Parallel()
	for _, z := range ontology.Zones() {
		if !z.Valid() {
			t.Errorf("%s is not valid", z)
		}
	}
	if ontology.Zone("Raw").Valid() || ontology.Zone("").Valid() {
		t.Error("an unknown zone is valid")
	}
}

// TestFreshSlices checks that a caller cannot change the vocabulary.
func TestFreshSlices(t *testing.T) {
	t.Parallel()
	ontology.Sensitivities()[0] = "x"
	ontology.Identifiers()[0] = "x"
	ontology.Zones()[0] = "x"
	if !ontology.Public.Valid() || !ontology.Name.Valid() || !ontology.Raw.Valid() {
		t.Error("the vocabulary changed")
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	if got := ontology.Key("Riverside", ontology.TagKeySensitivity); got != "riverside:sensitivity" {
		t.Error(got)
	}
}

// TestMethodsOfIdentifiers checks which identifiers never reach a de-identified
// table, and that none is kept as it is.
func TestMethodsOfIdentifiers(t *testing.T) {
	t.Parallel()
	var dropped int
	for _, id := range ontology.Identifiers() {
		if id.DefaultMethod() == ontology.Drop {
			dropped++
		}
		for _, s := range ontology.DeidentifyStandards() {
			if !s.Valid() {
				t.Errorf("%s is not valid", s)
			}
			for _, m := range id.Methods(s) {
				if !m.Valid() || m == ontology.Keep || m == ontology.Constant || m == ontology.Drop {
					t.Errorf("%s by %s", id, m)
				}
				if m == ontology.Shift && s == ontology.SafeHarbor {
					t.Errorf("%s is shifted under Safe Harbor", id)
				}
			}
		}
	}
	if dropped != 12 {
		t.Errorf("%d identifiers are always dropped", dropped)
	}
	if ontology.Identifier("").DefaultMethod() != ontology.Drop || ontology.Method("hash").Valid() || ontology.DeidentifyStandard("hipaa").Valid() {
		t.Error("an unknown word is known")
	}
}
