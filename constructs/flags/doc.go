// Package flags is the CDK feature flags that the constructs of this module are
// built and tested with. Feature flags change what the CDK renders, so an app
// without them gets other templates than the ones tested here.
//
//	context := flags.Recommended()
//	app := awscdk.NewApp(&awscdk.AppProps{Context: &context})
//
// It is pure Go: nothing here needs Node.js or the CDK.
package flags
