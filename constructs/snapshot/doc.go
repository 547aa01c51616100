// Package snapshot compares the templates of an app with files that a person has
// reviewed, in the tests of any CDK app for Go.
//
//	func TestLab(t *testing.T) {
//		defer jsii.Close()
//		app := awscdk.NewApp(nil)
//		NewLabStack(app)
//		snapshot.MatchApp(t, app, "testdata/templates")
//	}
//
// The whole template counts: a resource that was added is a difference, unlike
// with assertions.Template_TemplateMatches. What changes with every build or only
// with the way of synthesizing is left out of the files: hashes of assets,
// the CDK's version check, its metadata resource, and the paths of constructs.
//
// A difference fails the test with a message in words: which resources were
// added, removed and changed, at which property, and which of the changes
// CloudFormation carries out by replacing or deleting something that holds data.
//
// "go test -update" accepts what is rendered now and rewrites the files. It is
// refused where the environment variable CI is set, so that a pipeline never
// approves its own change.
package snapshot
