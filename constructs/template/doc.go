// Package template reads CloudFormation templates, those that the CDK writes into a
// cloud assembly and those that people write in JSON or YAML: every stack with its environment, what it depends on, its
// nested stacks, and its resources, with intrinsic functions worked out as far as
// the template allows. It is plain Go and starts nothing.
//
// What only a deployment can tell is never guessed: it becomes a marker, such as
// ${Stack.LogicalId.Arn}, that is unique to the stack.
package template
