// Package s3uri is a place in S3 as a value: a bucket and a prefix in it, which an
// s3:// URI and an ARN of S3 write in two ways. Whether one place holds another is
// decided here and nowhere else.
//
// A name that is known only at deployment, written ${…} as tokens of the CDK are, is
// a name as every other; the slashes in it part nothing.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package s3uri
