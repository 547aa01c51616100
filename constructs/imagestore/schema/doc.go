// Package schema is what is fixed about images in HealthImaging before anything
// is made: the table of series and its landing table, as contracts describe
// tables, and the regions that have HealthImaging. It is plain Go, for those who
// plan before they build.
package schema
