// Package optimizer knows where Glue optimizes Iceberg tables. It is plain Go: the
// mesh is planned with it, and catalog.NewTableOptimizer refuses other regions.
package optimizer
