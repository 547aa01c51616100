// Package imagestore keeps medical images in AWS HealthImaging: the data store,
// the import of DICOM files from a bucket, and a table of what is in the images.
//
//   - ImageStore is the data store: encrypted with your key, retained, and out of
//     reach of an app's tags, which could replace it.
//   - Import imports DICOM files when a completion marker object says that all of
//     them are there, without a Lambda function.
//   - Metadata keeps an Iceberg table with one row for each series, from the
//     events of the data store. MetadataTable is its schema, with a classification
//     and the Safe Harbor identifier of each column.
//
// HealthImaging bills per GB and month for images, less for those in the archive
// tier, and for calls; there is no charge for an empty store. Ask AWS for prices.
//
// Nothing here was deployed to an account by this project.
package imagestore
