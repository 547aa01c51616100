package storage

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// InventoryFrequency is how often S3 lists a bucket.
type InventoryFrequency string

// The frequencies that S3 knows.
const (
	Daily  InventoryFrequency = "Daily"
	Weekly InventoryFrequency = "Weekly"
)

// InventoryFormat is the file format of a list.
type InventoryFormat string

// The formats that S3 writes.
const (
	InventoryParquet InventoryFormat = "Parquet"
	InventoryORC     InventoryFormat = "ORC"
	InventoryCSV     InventoryFormat = "CSV"
)

// Inventory lets S3 list the objects of every zone, all versions, with size,
// class, encryption, replication and lock, into the bucket for access logs below
// inventory/. The lists name object keys and expire with the logs.
//
// Source: "Cataloging and analyzing your data with S3 Inventory".
type Inventory struct {
	// Frequency is Daily or Weekly.
	// Default: Weekly.
	Frequency InventoryFrequency

	// Format is InventoryParquet, InventoryORC or InventoryCSV.
	// Default: InventoryParquet.
	Format InventoryFormat
}

func (i *Inventory) withDefaults() *Inventory {
	if i == nil {
		return nil
	}
	out := *i
	if out.Frequency == "" {
		out.Frequency = Weekly
	}
	if out.Format == "" {
		out.Format = InventoryParquet
	}
	return &out
}

func (i *Inventory) problems() problem.List {
	var list problem.List
	if i == nil {
		return nil
	}
	if i.Frequency != Daily && i.Frequency != Weekly {
		list.Addf("Inventory.Frequency", cdkx.Quote(i.Frequency), "Daily or Weekly", "use a constant of this package")
	}
	if i.Format != InventoryParquet && i.Format != InventoryORC && i.Format != InventoryCSV {
		list.Addf("Inventory.Format", cdkx.Quote(i.Format), "Parquet, ORC or CSV", "use a constant of this package")
	}
	return list
}

// add lets S3 list a bucket. The CDK adds the statement with which the log
// bucket admits the lists, for this source bucket alone.
func (i *Inventory) add(bucket, logs awss3.Bucket, zone ontology.Zone) {
	if i == nil {
		return
	}
	bucket.AddInventory(&awss3.Inventory{
		InventoryId:           jsii.String("lake-" + string(zone)),
		Destination:           &awss3.InventoryDestination{Bucket: logs, Prefix: jsii.String("inventory")},
		Frequency:             awss3.InventoryFrequency(strings.ToUpper(string(i.Frequency))),
		Format:                awss3.InventoryFormat(strings.ToUpper(string(i.Format))),
		IncludeObjectVersions: awss3.InventoryObjectVersion_ALL,
		OptionalFields: jsii.Strings("Size", "LastModifiedDate", "StorageClass", "EncryptionStatus", "BucketKeyStatus",
			"ReplicationStatus", "ObjectLockMode", "ObjectLockRetainUntilDate"),
	})
}
