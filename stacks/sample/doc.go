// Package sample carries a whole mesh as files: riverside, an invented health
// system with clinical, genomics, claims, membership, research and member-360 domains. It is
// what the demonstration deploys, and what tests of other packages load.
//
// The people, accounts and addresses in it are invented. The open data that two
// of its products read in place is real.
package sample
