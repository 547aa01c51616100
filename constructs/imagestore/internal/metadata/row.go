package metadata

import (
	"strconv"
	"time"
)

// Row is one series of an image set. Its JSON names are the columns of the table;
// what an image set does not say is null.
type Row struct {
	ImageSetID        string `json:"image_set_id"`
	SeriesInstanceUID string `json:"series_instance_uid"`
	DatastoreID       string `json:"datastore_id"`
	Version           int64  `json:"version"`
	IsPrimary         *bool  `json:"is_primary"`
	UpdatedAt         string `json:"updated_at"` // RFC 3339

	PatientID        *string `json:"patient_id"`
	PatientName      *string `json:"patient_name"`
	PatientBirthDate *string `json:"patient_birth_date"` // 1956-03-07
	PatientSex       *string `json:"patient_sex"`

	StudyInstanceUID       *string `json:"study_instance_uid"`
	StudyID                *string `json:"study_id"`
	AccessionNumber        *string `json:"accession_number"`
	StudyDate              *string `json:"study_date"`
	StudyDescription       *string `json:"study_description"`
	ReferringPhysicianName *string `json:"referring_physician_name"`
	InstitutionName        *string `json:"institution_name"`

	SeriesNumber          *int64  `json:"series_number"`
	SeriesDescription     *string `json:"series_description"`
	Modality              *string `json:"modality"`
	BodyPartExamined      *string `json:"body_part_examined"`
	Laterality            *string `json:"laterality"`
	ProtocolName          *string `json:"protocol_name"`
	Manufacturer          *string `json:"manufacturer"`
	ManufacturerModelName *string `json:"manufacturer_model_name"`
	StationName           *string `json:"station_name"`
	DeviceSerialNumber    *string `json:"device_serial_number"`

	SOPClassUIDs  []string `json:"sop_class_uids"`
	InstanceCount int64    `json:"instance_count"`
	FrameCount    int64    `json:"frame_count"`

	PatientIdentityRemoved *bool    `json:"patient_identity_removed"`
	BurnedInAnnotation     *bool    `json:"burned_in_annotation"`
	PrivateAttributes      bool     `json:"private_attributes"`
	IdentifierKeywords     []string `json:"identifier_keywords"`
}

// State is what HealthImaging says of an image set beside its metadata.
type State struct {
	Version   int64
	IsPrimary *bool // nil where the service does not say
	UpdatedAt time.Time
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
