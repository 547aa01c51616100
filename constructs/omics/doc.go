// Package omics keeps sequences in AWS HealthOmics and runs its workflows:
//
//   - ReferenceStore and SequenceStore keep reference genomes and reads: encrypted with
//     a customer managed key, retained, and granted to principals one by one.
//   - Workflow and WorkflowVersion are what runs do, written in WDL, Nextflow or CWL. A
//     workflow's definition can never be changed; a new one is a new version.
//   - RunGroup limits what its runs use at a time, each in all four ways that
//     HealthOmics knows.
//   - RunCache keeps results of tasks in a bucket, so that a run need not repeat them.
//   - RunRole and ImportRole are the roles that runs and imports work with, which reach
//     what they are told and nothing else.
//
// Variants are no part of it: HealthOmics closed its variant and annotation stores to
// new customers on 7 November 2025. Package variants keeps them in Iceberg tables.
//
// Nothing here was deployed to an account by this project.
package omics
