// Package stateful says what a change of a template does to what resources hold: data,
// keys, the access of people. CloudFormation deletes a resource that leaves a template and
// replaces one whose create-only property changes, by a new one that is empty, unless
// policies of deletion and of replacement keep the old one.
//
// Types that hold nothing a new resource would not have, such as roles, are left out.
package stateful
