// Package localaws runs the embedded local AWS: moto's server with this project's
// CloudFormation engine and resource providers, on the loopback interface, as a child process.
//
// The stock CDK command line and the AWS SDKs talk to it through [Server.Env]:
//
//	server, err := localaws.Start(ctx, localaws.Options{})
//	if err != nil { … }
//	defer server.Stop()
//	cmd := exec.Command("npx", "cdk", "deploy", "--all")
//	cmd.Env = append(os.Environ(), server.Env()...)
//
// State machines run: Wait states, Retry intervals and CloudFormation's waiting take no real
// time, they move a clock that [Server.Advance] moves too. Rules send matching events to state
// machines, queues, topics and other buses; [Server.Deliveries] lists what went where. HealthLake
// and HealthImaging have their stores and jobs, with real files in S3 and the events that AWS
// documents; [Server.Script] decides how long they take, how they end, and when they refuse.
//
// Not run: Lambda functions, SQL, schedules and alarms. Task timeouts are
// real seconds. FHIR and DICOMweb requests are not served.
//
// What deploys here has its wiring, order, names, intrinsic functions and API shapes proven.
// It does not prove how AWS behaves, nothing is enforced, and some resources are only
// recorded: [Server.Recorded] lists them.
package localaws
