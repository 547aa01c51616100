package cdkx

import (
	"reflect"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// IsNil reports whether an interface holds nothing: no value, or a nil pointer, as
// of a variable of a construct's type that was never set.
func IsNil(value any) bool {
	if value == nil {
		return true
	}
	v := reflect.ValueOf(value)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// CheckGrantee panics when a grant of the construct is for nobody, named by it.
func CheckGrantee(scope constructs.Construct, grantee awsiam.IGrantable) {
	var list problem.List
	if IsNil(grantee) {
		list.Addf("grantee", "nothing", "a role, a user or what else has a principal", "pass who is granted to")
	}
	Fail(scope, list.Err())
}
