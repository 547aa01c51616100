// Package healthomics is what HealthOmics takes, known before anything is made: the
// regions with its stores and with its workflows. It is plain Go, for those who plan
// before they build.
package healthomics
