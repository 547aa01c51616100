// Package opendata enrols open data sets in a Glue catalog under Lake Formation: 1000 Genomes,
// ClinVar, gnomAD, GTEx, ChEMBL, Open Targets and BindingDB, as package registry describes
// them.
//
//   - Dataset makes external tables of a data set in a database of yours, and registers the
//     folder that their files are in, to be read only.
//   - DatabaseCopy copies tables of a database into S3 by a job of Glue 5.1: how data sets that
//     are published as dumps of databases get into the layout that Dataset reads.
//
// Of a data set in its publisher's bucket the files are open to everybody: Lake Formation
// then governs who finds the tables in the catalog. Where a data set is withdrawn, a copy is
// named.
//
// Nothing here was deployed to an account by this project, and no bucket was asked.
package opendata
