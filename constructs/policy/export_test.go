package policy

import "github.com/aws/aws-cdk-go/awscdk/v2"

// RememberValidOf is RememberValid for a release of the CDK, which programs made by go
// test do not know.
func RememberValidOf(app awscdk.App, folder, release string) {
	rememberValid(app, validTemplates{folder: folder, day: "2026-03-01", release: release})
}
