// Package metadata turns the metadata of a HealthImaging image set into rows of
// a table: one for each series, with the study, the modality, the body part and
// the DICOM attributes that identify a patient.
//
// It uses nothing but the standard library, so that the function which runs it in
// AWS is built from these files alone. Columns lists the table's columns.
package metadata
