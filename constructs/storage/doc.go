// Package storage makes the storage of a lake: a key, a bucket per zone, and a
// bucket for their access logs.
//
//	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{})
//	lake.GrantRead(ontology.Curated, role)
//
// The zero props are the secure ones: everything private, encrypted with a
// rotated customer managed key, versioned, reachable over TLS 1.2 or newer
// only, logged, and kept when the stack goes.
package storage
