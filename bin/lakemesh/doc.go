// Lakemesh is the CDK app of a governed data mesh and its command line.
//
// Under the CDK (npx cdk deploy) it synthesizes the mesh; by hand it checks a
// mesh before anything is deployed, says who can see what, and what a change means:
//
//	lakemesh validate --mesh mesh.yaml
//	lakemesh access --product clinical.fhir
//	lakemesh diff origin/main
package main
