// Package healthlake is what HealthLake takes, known before anything is made: the
// regions that it is in, the resource types of FHIR R4, and what a SMART configuration
// must say. It is plain Go, for those who plan before they build.
package healthlake
