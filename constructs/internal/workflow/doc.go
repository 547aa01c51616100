// Package workflow makes Step Functions state machines that call AWS APIs
// directly, without Lambda functions: a definition in plain Go values, and a
// Machine around it with a role, encrypted logs, traces, triggers with a
// dead-letter queue, and alarms.
//
// A Definition is checked before it is rendered: every state can be reached and
// leads somewhere, has a name of its own in the whole machine, and every call to a
// service is retried. It is rendered with sorted keys, so the same definition gives
// the same bytes.
//
// An execution's data is limited to 256 KB at every step, and so is the answer of a
// call before anything is taken from it. So nothing here reads a file or a list
// whose size is not known: lists are taken page by page, files are measured first.
//
// Definitions use the "aws-sdk" integrations and JSONPath, but for what JSONPath has no
// functions for (Evaluate). Names of calls
// and parameters are those of "AWS SDK service integrations" in the Step
// Functions Developer Guide: the call in camel case, its parameters in Pascal
// case, as in "healthlake:startFHIRImportJob" with "DatastoreId".
package workflow
