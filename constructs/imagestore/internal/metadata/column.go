package metadata

// Column is one column of the table of series.
type Column struct {
	Name        string // in the table
	Type        string // Glue type in the Iceberg table
	Description string // what the column holds
	Keyword     string // the DICOM attribute it holds; "" for what no single attribute says
	Identifier  string // the Safe Harbor identifier it holds, as package ontology names it; "" for none
	FreeText    bool   // typed by people, who may write anything
}

const (
	text    = "string"
	number  = "bigint"
	boolean = "boolean"
	day     = "date"
	list    = "array<string>"
)

// Columns returns the columns of the table, in the order of Row.
func Columns() []Column {
	out := []Column{
		{Name: "image_set_id", Type: text, Description: "HealthImaging image set", Identifier: otherUnique},
		of("series_instance_uid", text, "SeriesInstanceUID", "Series"),
		{Name: "datastore_id", Type: text, Description: "HealthImaging data store"},
		{Name: "version", Type: number, Description: "Version of the image set that the row describes"},
		{Name: "is_primary", Type: boolean, Description: "Whether the series is organized in the DICOM hierarchy; false is a conflict to resolve"},
		{Name: "updated_at", Type: "timestamp", Description: "When the image set was last changed, UTC"},

		of("patient_id", text, "PatientID", "Patient, by the number of the institution"),
		of("patient_name", text, "PatientName", "Patient, as DICOM writes names: FAMILY^GIVEN"),
		of("patient_birth_date", day, "PatientBirthDate", "Date of birth"),
		of("patient_sex", text, "PatientSex", "M, F or O"),

		of("study_instance_uid", text, "StudyInstanceUID", "Study"),
		of("study_id", text, "StudyID", "Study, by the number of the institution"),
		of("accession_number", text, "AccessionNumber", "Order that the study answers"),
		of("study_date", day, "StudyDate", "Day of the study"),
		free(of("study_description", text, "StudyDescription", "What was examined, as the institution writes it")),
		of("referring_physician_name", text, "ReferringPhysicianName", "Who referred the patient"),
		of("institution_name", text, "InstitutionName", "Where the study was made"),

		of("series_number", number, "SeriesNumber", "Number of the series in its study"),
		free(of("series_description", text, "SeriesDescription", "What the series shows, as the institution writes it")),
		of("modality", text, "Modality", "Kind of equipment: CT, MR, US, …"),
		of("body_part_examined", text, "BodyPartExamined", "Part of the body, in DICOM's defined terms: CHEST, HEAD, …"),
		of("laterality", text, "Laterality", "L or R of a paired part of the body"),
		free(of("protocol_name", text, "ProtocolName", "Protocol of the series, as the institution writes it")),
		of("manufacturer", text, "Manufacturer", "Who made the equipment"),
		of("manufacturer_model_name", text, "ManufacturerModelName", "Model of the equipment"),
		of("station_name", text, "StationName", "Equipment, by its name in the institution"),
		of("device_serial_number", text, "DeviceSerialNumber", "Equipment, by its serial number"),

		{Name: "sop_class_uids", Type: list, Description: "Kinds of objects in the series", Keyword: "SOPClassUID"},
		{Name: "instance_count", Type: number, Description: "Instances in the image set"},
		{Name: "frame_count", Type: number, Description: "Image frames in the image set"},

		of("patient_identity_removed", boolean, "PatientIdentityRemoved", "Whether the sender says that identifiers were removed"),
		of("burned_in_annotation", boolean, "BurnedInAnnotation", "Whether any image says that text is part of its pixels"),
		{Name: "private_attributes", Type: boolean, Description: "Whether there are private attributes, which may hold anything"},
		{Name: "identifier_keywords", Type: list, Description: "DICOM keywords of identifiers that have a value in the image set"},
	}
	return out
}

// of is the column of a DICOM attribute.
func of(column, glueType, keyword, description string) Column {
	return Column{Name: column, Type: glueType, Description: description, Keyword: keyword, Identifier: kindOf(keyword)}
}

func free(c Column) Column {
	c.FreeText = true
	return c
}
