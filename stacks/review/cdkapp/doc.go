// Package cdkapp synthesizes a CDK app as it is, or as it was at a revision of its git
// repository, without the CDK's command line: it runs the build and app commands of
// cdk.json with the context that the command line would give. It looks nothing up in an
// account: values of cdk.context.json are used, and what an app asks for beyond them is
// an error.
//
// A revision is checked out into a git worktree of its own in the folder for temporary
// files, which is removed again whatever happens. What is installed in the checkout at hand
// and not committed, such as node_modules, is linked into it.
package cdkapp
