// Package entityresolution finds which records are one person with AWS Entity Resolution,
// where the rules of package personindex do not suffice: by rules that the service
// compares, or by its model. A workflow writes, for each record, the id of the group that
// it belongs to.
//
//	persons := entityresolution.NewSchemaMapping(stack, jsii.String("Persons"), &entityresolution.SchemaMappingProps{
//		SchemaName: jsii.String("persons"), Fields: fields,
//	})
//	matching := entityresolution.NewMatchingWorkflow(stack, jsii.String("Matching"), &entityresolution.MatchingWorkflowProps{
//		WorkflowName: jsii.String("persons"), Inputs: inputs, Rules: rules, Output: output, Schedule: nightly,
//	})
//
// # What to know before
//
//   - A match id is no token. It identifies a person, is the service's own and may change
//     from run to run, so it is phi as the index is, and nothing outside of the index is
//     keyed by it: give groups random tokens by an index of your own.
//   - The model gives no reason for a match that a person could check. A wrong match shows
//     one patient's record to another's doctor: have matches below the confidence that you
//     trust looked at.
//   - Provider services (LiveRamp, TransUnion, Unified ID 2.0) take records out of the
//     account, for advertising. There is no prop for them, and PROVIDER_ID is refused.
//   - The service reads the files of its input tables with the role of the workflow, from
//     S3 itself as its guide has it, so row and column filters of Lake Formation may not
//     hold: give it tables that have what is compared and no more.
//
// # Unproven
//
// Nothing of this package was deployed to an account by this project, and the local AWS
// does not have the service: templates are rendered and validated, the state machine is
// validated, and what is unknown stands in the live-account checklist.
package entityresolution
