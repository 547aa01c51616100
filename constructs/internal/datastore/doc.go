// Package datastore is what the data stores of HealthLake and HealthImaging have in
// common: how one that exists is referred to, and where it stands.
package datastore
