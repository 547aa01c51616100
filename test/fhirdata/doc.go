// Package fhirdata makes FHIR R4 test data: patients with their encounters, observations and
// conditions, and who takes part in a study, shaped as Synthea's bulk export, one resource
// per line.
//
// The data is made up by rules from a seed; the same seed gives the same bytes. Every resource
// has the elements that FHIR R4 requires and references only resources of the same set. No real
// person is in it.
package fhirdata
