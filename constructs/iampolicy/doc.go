// Package iampolicy reads from templates the policies of IAM, of buckets and of keys, and
// works out what they let each principal do to the objects of a place in S3.
//
// A denial counts as far as it is certain to hold; a condition that nobody can decide from
// the templates makes the answer Maybe, as do permissions boundaries and policies that are
// not in the templates. So an answer of No is certain, within what the templates say;
// service control policies, session policies, access points and grants of keys are not read.
// Of a permission set of IAM Identity Center nobody knows who is given it, and where.
//
// Policies.Assumptions says who may become which role, by trust policies and by permissions
// to take roles.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package iampolicy
