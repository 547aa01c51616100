// Package meshmap says what a mesh is made of and how its parts hang together, as a graph
// that can be drawn and read: domains with their products, stores, jobs and readers, and who
// reads what, which job makes what out of what.
//
// FromPlan reads it from the plan of a mesh. FromState reads what templates alone tell of any
// lake: databases with their tables, and the principals that are granted something. The
// result is sorted and says the same in the same order for the same input.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package meshmap
