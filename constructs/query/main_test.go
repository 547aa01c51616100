package query_test

import (
	"os"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/test/validators/assembly"
)

func TestMain(m *testing.M) {
	os.Exit(assembly.Main(m, assembly.Apps{"variants": func(app awscdk.App) error { addVariants(app); return nil }}, cdktest.Run))
}

func arn(r cdktest.Resource) string { return `{"Fn::GetAtt":["` + r.ID + `","Arn"]}` }
