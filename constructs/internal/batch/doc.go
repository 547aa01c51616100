// Package batch sends several calls of the CDK in one message.
//
// A program in Go reaches the CDK through pipes: each call is a message to its process
// and one back, which costs more than most calls do. A Batch records calls; later ones
// may use what earlier ones return; Send has all of them made one after another, by a
// class of a few lines that is loaded beside the CDK as jsii loads any library. What a
// call throws, Send panics with, as the call itself would.
package batch
