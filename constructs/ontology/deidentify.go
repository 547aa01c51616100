package ontology

import "slices"

// Method is how one value of a patient becomes a value of a de-identified table.
type Method string

// The methods. What each makes of a value, and for which types, is in package
// deidentify.
const (
	// Drop leaves the value out. It is what happens to every source column that
	// no target column names.
	Drop Method = "drop"
	// Keep copies a value that identifies nobody.
	Keep Method = "keep"
	// HMAC replaces a number by a keyed hash, HMAC-SHA-256.
	HMAC Method = "hmac"
	// Year keeps the year of a date; none that shows an age over 89.
	Year Method = "year"
	// Shift moves a date by a number of days of its patient's own. It keeps the
	// days between a patient's dates, and is no part of Safe Harbor.
	Shift Method = "shift"
	// Days counts the days from one date to another.
	Days Method = "days"
	// AgeGroup gives ages in bands of ten years, 90+ on top.
	AgeGroup Method = "age_group"
	// ZIP3 keeps three digits of a ZIP code, 000 where few people live.
	ZIP3 Method = "zip3"
	// Generalize lets only listed values through and calls the rest other.
	Generalize Method = "generalize"
	// Constant is the same value in every row, and has no source.
	Constant Method = "constant"
)

// Methods returns every method.
func Methods() []Method {
	return []Method{Drop, Keep, HMAC, Year, Shift, Days, AgeGroup, ZIP3, Generalize, Constant}
}

// Valid reports whether m is one of Methods.
func (m Method) Valid() bool { return slices.Contains(Methods(), m) }

// Methods returns the methods that may bring something of the identifier into a
// de-identified table, the default first; none for an identifier that is always
// dropped. Dates are the only ones that the standard matters for.
//
// The three digits of a ZIP code, years and the group 90+ are what
// 45 CFR 164.514(b)(2)(i) itself leaves of items B and C. The numbers of items
// H, I, J and R may become a code of the kind of 164.514(c); the HHS guidance
// on de-identification says of hashes that one without a secret key would be
// an identifier still.
func (i Identifier) Methods(s DeidentifyStandard) []Method {
	switch i {
	case GeographicDetail:
		return []Method{ZIP3, Generalize}
	case Date:
		if s == ExpertDetermination {
			return []Method{Year, AgeGroup, Days, Shift}
		}
		return []Method{Year, AgeGroup, Days}
	case MedicalRecordNumber, HealthPlanNumber, AccountNumber, OtherUniqueID:
		return []Method{HMAC}
	default:
		return nil
	}
}

// DefaultMethod is what a target column that names the identifier without a
// method gets: the first of Methods, or Drop.
func (i Identifier) DefaultMethod() Method {
	if allowed := i.Methods(SafeHarbor); len(allowed) > 0 {
		return allowed[0]
	}
	return Drop
}

// DeidentifyStandard is which of the two methods of 45 CFR 164.514(b) a table
// is de-identified by.
type DeidentifyStandard string

const (
	// SafeHarbor removes the 18 identifiers, 164.514(b)(2).
	SafeHarbor DeidentifyStandard = "safe-harbor"
	// ExpertDetermination is what an expert found to be of very small risk,
	// 164.514(b)(1). That there is a determination is for people to see to.
	ExpertDetermination DeidentifyStandard = "expert-determination"
)

// DeidentifyStandards returns both, the default first.
func DeidentifyStandards() []DeidentifyStandard {
	return []DeidentifyStandard{SafeHarbor, ExpertDetermination}
}

// Valid reports whether s is one of DeidentifyStandards.
func (s DeidentifyStandard) Valid() bool { return slices.Contains(DeidentifyStandards(), s) }
