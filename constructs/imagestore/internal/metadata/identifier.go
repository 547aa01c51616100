package metadata

import (
	"regexp"
	"slices"
)

// The Safe Harbor kinds that DICOM attributes hold, named as package ontology
// names them.
const (
	name         = "name"
	geographic   = "geographic_detail"
	date         = "date"
	telephone    = "telephone_number"
	medicalID    = "medical_record_number"
	healthPlan   = "health_plan_beneficiary_number"
	device       = "device_identifier"
	url          = "url"
	otherUnique  = "other_unique_identifier"
	noIdentifier = ""
)

// kinds are the keywords of each kind. What DICOM removes for other reasons (free
// text, a patient's sex or ethnic group, private attributes) is not here: it is
// no Safe Harbor identifier by itself, though free text may contain one. The attributes
// are a selection from those that the basic confidentiality profile removes or replaces;
// a data set without any of them is not de-identified for that alone.
// Sources: DICOM PS3.15 table E.1-1, 45 CFR 164.514(b)(2)(i).
var kinds = []struct {
	kind     string
	keywords []string
}{
	{name, []string{
		"ConsultingPhysicianName", "ContentCreatorName", "NameOfPhysiciansReadingStudy", "OperatorsName", "OtherPatientNames",
		"PatientBirthName", "PatientMotherBirthName", "PatientName", "PerformingPhysicianName", "PersonName", "PhysiciansOfRecord",
		"ReferringPhysicianName", "RequestingPhysician", "ResponsiblePerson", "ReviewerName", "ScheduledPerformingPhysicianName",
		"VerifyingObserverName",
	}},
	{geographic, []string{
		"CountryOfResidence", "CurrentPatientLocation", "InstitutionAddress", "InstitutionName", "InstitutionalDepartmentName",
		"PatientAddress", "PatientInstitutionResidence", "PersonAddress", "ReferringPhysicianAddress", "RegionOfResidence",
	}},
	{date, []string{
		"AcquisitionDate", "AcquisitionDateTime", "AcquisitionTime", "AdmittingDate", "AdmittingTime", "ContentDate", "ContentTime",
		"DateOfSecondaryCapture", "InstanceCreationDate", "InstanceCreationTime", "LastMenstrualDate", "PatientAge", "PatientBirthDate",
		"PatientBirthTime", "PerformedProcedureStepStartDate", "PerformedProcedureStepStartTime", "ScheduledProcedureStepStartDate",
		"ScheduledProcedureStepStartTime", "SeriesDate", "SeriesTime", "StudyDate", "StudyTime", "TimeOfSecondaryCapture",
	}},
	{telephone, []string{
		"OrderCallbackPhoneNumber", "PatientTelecomInformation", "PatientTelephoneNumbers", "PersonTelephoneNumbers",
		"ReferringPhysicianTelephoneNumbers",
	}},
	{medicalID, []string{"MedicalRecordLocator", "OtherPatientIDs", "OtherPatientIDsSequence", "PatientID"}},
	{healthPlan, []string{"PatientInsurancePlanCodeSequence"}},
	{device, []string{
		"CassetteID", "DetectorID", "DeviceSerialNumber", "DeviceUID", "GantryID", "GeneratorID", "PerformedStationName", "PlateID",
		"ScheduledStationName", "SourceApplicationEntityTitle", "StationName",
	}},
	{url, []string{"RetrieveURI", "RetrieveURL"}},
	{otherUnique, []string{
		"AccessionNumber", "AdmissionID", "FillerOrderNumberImagingServiceRequest", "FrameOfReferenceUID", "PerformedProcedureStepID",
		"PlacerOrderNumberImagingServiceRequest", "ReferencedSOPInstanceUID", "RequestedProcedureID", "SOPInstanceUID",
		"ScheduledProcedureStepID", "SeriesInstanceUID", "ServiceEpisodeID", "StudyID", "StudyInstanceUID",
		"SynchronizationFrameOfReferenceUID",
	}},
}

// kindOf is the kind of identifier that an attribute holds, noIdentifier for none.
func kindOf(keyword string) string {
	for _, group := range kinds {
		if slices.Contains(group.keywords, keyword) {
			return group.kind
		}
	}
	return noIdentifier
}

// privateTag is the tag of an attribute that no standard knows: its group is odd.
var privateTag = regexp.MustCompile(`^\(?[0-9A-Fa-f]{3}[13579BDFbdf],?[0-9A-Fa-f]{4}\)?$`)

// findings are the identifiers with a value in attributes, at any depth.
type findings struct {
	keywords map[string]bool
	private  bool
}

func (f *findings) scan(attributes map[string]any) {
	for keyword, value := range attributes {
		if privateTag.MatchString(keyword) {
			f.private = true
		}
		if !f.keywords[keyword] && !empty(value) && kindOf(keyword) != noIdentifier {
			f.keywords[keyword] = true
		}
		f.nested(value)
	}
}

func (f *findings) nested(value any) {
	switch v := value.(type) {
	case map[string]any:
		f.scan(v)
	case []any:
		for _, item := range v {
			f.nested(item)
		}
	}
}

func empty(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !empty(item) })
	default:
		return first(value) == ""
	}
}
