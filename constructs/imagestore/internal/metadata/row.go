package metadata

import (
	"strconv"
	"time"
)

// Row is one series of an image set. Its JSON names are the columns of the table;
// what an image set does not say is null.
type Row struct {
	ImageSetID        string `json:"image_set_id"`        // HealthImaging image set
	SeriesInstanceUID string `json:"series_instance_uid"` // series
	DatastoreID       string `json:"datastore_id"`        // HealthImaging data store
	Version           int64  `json:"version"`             // of the image set
	IsPrimary         *bool  `json:"is_primary"`          // whether the series is organized in the DICOM hierarchy
	UpdatedAt         string `json:"updated_at"`          // when the image set was last changed, UTC; RFC 3339

	PatientID        *string `json:"patient_id"`         // patient, by the number of the institution
	PatientName      *string `json:"patient_name"`       // patient, as DICOM writes names: FAMILY^GIVEN
	PatientBirthDate *string `json:"patient_birth_date"` // date of birth; 1956-03-07
	PatientSex       *string `json:"patient_sex"`        // M, F or O

	StudyInstanceUID       *string `json:"study_instance_uid"`       // study
	StudyID                *string `json:"study_id"`                 // study, by the number of the institution
	AccessionNumber        *string `json:"accession_number"`         // order that the study answers
	StudyDate              *string `json:"study_date"`               // day of the study
	StudyDescription       *string `json:"study_description"`        // what was examined, as the institution writes it
	ReferringPhysicianName *string `json:"referring_physician_name"` // who referred the patient
	InstitutionName        *string `json:"institution_name"`         // where the study was made

	SeriesNumber          *int64  `json:"series_number"`           // number of the series in its study
	SeriesDescription     *string `json:"series_description"`      // what the series shows, as the institution writes it
	Modality              *string `json:"modality"`                // kind of equipment: CT, MR, US, …
	BodyPartExamined      *string `json:"body_part_examined"`      // part of the body, in DICOM's defined terms: CHEST, HEAD, …
	Laterality            *string `json:"laterality"`              // L or R of a paired part of the body
	ProtocolName          *string `json:"protocol_name"`           // protocol of the series, as the institution writes it
	Manufacturer          *string `json:"manufacturer"`            // who made the equipment
	ManufacturerModelName *string `json:"manufacturer_model_name"` // model of the equipment
	StationName           *string `json:"station_name"`            // equipment, by its name in the institution
	DeviceSerialNumber    *string `json:"device_serial_number"`    // equipment, by its serial number

	SOPClassUIDs  []string `json:"sop_class_uids"` // kinds of objects in the series
	InstanceCount int64    `json:"instance_count"` // instances in the series
	FrameCount    int64    `json:"frame_count"`    // image frames in the series

	PatientIdentityRemoved *bool    `json:"patient_identity_removed"` // whether the sender says that identifiers were removed
	BurnedInAnnotation     *bool    `json:"burned_in_annotation"`     // whether any image says that text is part of its pixels
	PrivateAttributes      bool     `json:"private_attributes"`       // whether there are any, which may hold anything
	IdentifierKeywords     []string `json:"identifier_keywords"`      // DICOM keywords of identifiers that have a value in the image set
}

// State is what HealthImaging says of an image set beside its metadata.
type State struct {
	Version   int64     // of the image set
	IsPrimary *bool     // nil where the service does not say
	UpdatedAt time.Time // when the image set was last changed
}

// Rows returns the document's series as rows, sorted by their UID. Private
// attributes and pixels are not copied, only that they are there.
func (d *Document) Rows(state State) []Row {
	var out []Row
	for _, uid := range sorted(d.Study.Series) {
		out = append(out, d.row(uid, d.Study.Series[uid], state))
	}
	return out
}

func (d *Document) row(uid string, s Series, state State) Row {
	levels := d.levels(s)
	get := func(keyword string) *string { return optional(find(levels, keyword)) }
	day := func(keyword string) *string { return optional(isoDate(find(levels, keyword))) }
	row := Row{
		ImageSetID: d.ImageSetID, SeriesInstanceUID: uid, DatastoreID: d.DatastoreID,
		Version: state.Version, IsPrimary: state.IsPrimary, UpdatedAt: state.UpdatedAt.UTC().Format(time.RFC3339Nano),

		PatientID: get("PatientID"), PatientName: get("PatientName"), PatientBirthDate: day("PatientBirthDate"), PatientSex: get("PatientSex"),

		StudyInstanceUID: get("StudyInstanceUID"), StudyID: get("StudyID"), AccessionNumber: get("AccessionNumber"),
		StudyDate: day("StudyDate"), StudyDescription: get("StudyDescription"),
		ReferringPhysicianName: get("ReferringPhysicianName"), InstitutionName: get("InstitutionName"),

		SeriesNumber: integer(find(levels, "SeriesNumber")), SeriesDescription: get("SeriesDescription"), Modality: get("Modality"),
		BodyPartExamined: get("BodyPartExamined"), Laterality: optional(laterality(levels)), ProtocolName: get("ProtocolName"),
		Manufacturer: get("Manufacturer"), ManufacturerModelName: get("ManufacturerModelName"),
		StationName: get("StationName"), DeviceSerialNumber: get("DeviceSerialNumber"),

		InstanceCount:          int64(len(s.Instances)),
		PatientIdentityRemoved: allYes(levels, "PatientIdentityRemoved"),
		BurnedInAnnotation:     anyYes(levels, "BurnedInAnnotation"),
	}
	row.count(s)
	row.flag(levels)
	return row
}

// count adds what is summed over the instances.
func (r *Row) count(s Series) {
	classes := map[string]bool{}
	for _, instance := range s.Instances {
		r.FrameCount += int64(len(instance.ImageFrames))
		if class := instance.DICOM.text("SOPClassUID"); class != "" {
			classes[class] = true
		}
	}
	r.SOPClassUIDs = append([]string{}, sorted(classes)...)
}

// flag adds which identifiers have a value at any level.
func (r *Row) flag(levels []Attributes) {
	found := findings{keywords: map[string]bool{}}
	for _, level := range levels {
		found.scan(level)
	}
	r.PrivateAttributes = found.private
	r.IdentifierKeywords = append([]string{}, sorted(found.keywords)...)
}

func laterality(levels []Attributes) string {
	if text := find(levels, "Laterality"); text != "" {
		return text
	}
	return find(levels, "ImageLaterality")
}

// anyYes reports whether any level says YES; nil where none says YES or NO.
func anyYes(levels []Attributes, keyword string) *bool { return fold(levels, keyword, "YES") }

// allYes reports whether no level says NO; nil where none says YES or NO.
func allYes(levels []Attributes, keyword string) *bool { return fold(levels, keyword, "NO") }

// fold is YES or NO over all levels, where one that says decisive decides.
func fold(levels []Attributes, keyword, decisive string) *bool {
	var out *bool
	for _, level := range levels {
		text := level.text(keyword)
		if text != "YES" && text != "NO" {
			continue
		}
		yes := text == "YES"
		out = &yes
		if text == decisive {
			return out
		}
	}
	return out
}

// isoDate is a DICOM date as 2006-01-02, "" where it is none. Old files have dots.
// Source: DICOM PS3.5 section 6.2, DA.
func isoDate(text string) string {
	for _, layout := range []string{"20060102", "2006.01.02"} {
		if day, err := time.Parse(layout, text); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	return ""
}

func integer(text string) *int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
