// Package delivery makes the workflows that import files into a service.
//
// The files of one import arrive below an import prefix, such as fhir/2026-11-23/. A
// completion marker object, such as fhir/_complete/2026-11-23, says that all of them
// are there: its event runs the dispatching state machine, which starts the importing
// one under a name made of the marker's key and S3's sequencer for the write. Step
// Functions takes a name once, so an event that is delivered twice imports once, and a
// marker that is written again imports again. The service runs one job at a time. What
// it did not take is recorded in the quarantine, and a topic hears of it.
//
// The packages fhirstore and imagestore say what their service is asked.
package delivery
