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
// What deploys here has its wiring, order, names, intrinsic functions and API shapes proven.
// It does not prove how AWS behaves, nothing is enforced, and some resources are only
// recorded: [Server.Recorded] lists them.
package localaws
