// Package order puts in order what CloudFormation sees no order in: resources of
// Lake Formation and Glue name each other by plain strings.
//
// Every stack with such resources has a Stack, every CDK stage a Stage and the
// app an App. Constructs add their resources as Nodes, which say what they are
// called and which names they need; when the stage is synthesized, each waits for
// what it needs in its own stack, whatever the order of calls was (rule 2.12).
// What has to look at the whole of an account and region looks at Shared, never
// at the tree.
//
// Identify says what a text with tokens is, in words that are the same in every
// process: ids are made of it.
package order
