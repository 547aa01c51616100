// Lakemesh is the CDK app of a governed data mesh and its command line.
//
// Under the CDK (npx cdk deploy) it synthesizes the mesh; by hand it checks a
// mesh before anything is deployed and says who can see what:
//
//	lakemesh validate --mesh mesh.yaml
//	lakemesh access --product clinical.fhir
package main
