// Package storage makes the storage of a lake: a key, a bucket per zone, and a
// bucket for their access logs.
//
//	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{})
//	lake.GrantRead(ontology.Curated, role)
//
// The zero props are the secure ones: everything private, encrypted with a
// rotated customer managed key, versioned, reachable over TLS 1.2 or newer
// only, logged, and kept when the stack goes.
//
// Props add lifecycles, locks, replication to a ReplicaStorage in another
// region, inventory, events, malware scans and limits on where requests come
// from; LakeStorageFromAttributes refers to a lake that exists.
package storage
