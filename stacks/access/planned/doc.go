// Package planned says who is granted what by the plan of a mesh, before anything is
// synthesized.
package planned
