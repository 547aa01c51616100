// Package workflow makes Step Functions state machines that call AWS APIs
// directly, without Lambda functions: a definition in plain Go values, and a
// Machine around it with a role, encrypted logs, traces, triggers with a
// dead-letter queue, and alarms.
//
// A Definition is checked before it is rendered: every state can be reached and
// leads somewhere, and every call to a service is retried. It is rendered with
// sorted keys, so the same definition gives the same bytes.
//
// Definitions use JSONPath and the "aws-sdk" integrations only. Names of calls
// and parameters are those of "AWS SDK service integrations" in the Step
// Functions Developer Guide: the call in camel case, its parameters in Pascal
// case, as in "healthlake:startFHIRImportJob" with "DatastoreId".
package workflow
