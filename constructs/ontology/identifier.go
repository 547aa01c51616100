package ontology

import "slices"

// Identifier is one of the 18 kinds of identifiers that the HIPAA Safe Harbor
// method removes (45 CFR 164.514(b)(2)(i), items A to R).
type Identifier string

// The 18 Safe Harbor identifiers, in the order of the rule.
const (
	Name                 Identifier = "name"
	GeographicDetail     Identifier = "geographic_detail" // smaller than a state, except allowed three-digit ZIP codes
	Date                 Identifier = "date"              // every element but the year; ages over 89
	TelephoneNumber      Identifier = "telephone_number"
	FaxNumber            Identifier = "fax_number"
	EmailAddress         Identifier = "email_address"
	SocialSecurityNumber Identifier = "social_security_number"
	MedicalRecordNumber  Identifier = "medical_record_number"
	HealthPlanNumber     Identifier = "health_plan_beneficiary_number"
	AccountNumber        Identifier = "account_number"
	LicenseNumber        Identifier = "certificate_license_number"
	VehicleIdentifier    Identifier = "vehicle_identifier"
	DeviceIdentifier     Identifier = "device_identifier"
	URL                  Identifier = "url"
	IPAddress            Identifier = "ip_address"
	BiometricIdentifier  Identifier = "biometric_identifier"
	FullFacePhoto        Identifier = "full_face_photo"
	OtherUniqueID        Identifier = "other_unique_identifier"
)

// Identifiers returns all 18, in the order of the rule.
func Identifiers() []Identifier {
	return []Identifier{
		Name, GeographicDetail, Date, TelephoneNumber, FaxNumber, EmailAddress,
		SocialSecurityNumber, MedicalRecordNumber, HealthPlanNumber, AccountNumber,
		LicenseNumber, VehicleIdentifier, DeviceIdentifier, URL, IPAddress,
		BiometricIdentifier, FullFacePhoto, OtherUniqueID,
	}
}

// Valid reports whether i is one of Identifiers.
func (i Identifier) Valid() bool { return slices.Contains(Identifiers(), i) }
