// Package optimizer knows where Glue optimizes Iceberg tables, and how many policies that
// takes. It is plain Go: the mesh is planned with it, and catalog.NewTableOptimizer refuses other regions.
package optimizer
