// Package starter carries ready meshes as files, each a whole CDK app: the mesh file, its
// contracts, and what builds them. "lakemesh init" writes one into a folder, where it is
// its user's own from then on.
//
// The accounts, roles, addresses and people in them are invented. The names of tables of
// open data are real.
package starter
