// Package ending takes back grants of Lake Formation when the access that they are for
// ends: every night what is over, and at once what somebody asks for, without a deployment.
//
//	role := ending.NewRole(foundation, jsii.String("EndingRole"), jsii.String("riverside-ended-access"))
//	ending.NewWorkflow(stack, jsii.String("Ending"), &ending.WorkflowProps{
//		Accesses: []ending.Access{{Name: "trial-7", LastDay: "2027-06-30"}},
//		Grants:   grants,
//		Role:     role,
//		Key:      key,
//	})
//
// The record of what ends when is part of the state machine, and is deployed together
// with the grants. Nothing is looked up at night but who the administrators are: what a
// person granted by hand is not touched, and a grant that several accesses need goes with
// the last of them.
//
// # Who may take back
//
// Lake Formation lets an administrator revoke, and whoever may pass on the permission
// himself, which would be a reader. So the role is an administrator, whose policy in IAM
// has RevokePermissions and no GrantPermissions, no other change, and no access to data:
// it can take away, and nothing else. Name it in governance.SettingsProps.Admins.
//
// Nothing of this package was deployed to an account by this project; the workflow was run
// against a local imitation of the services.
package ending
