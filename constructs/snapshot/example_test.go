package snapshot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/snapshot"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

func lab() awscdk.App {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Lab"), nil)
	storage.NewLakeStorage(stack, jsii.String("Lake"), nil)
	return app
}

// In a test of your own the testing.TB is the t of the test, and the folder is
// testdata/templates.
func ExampleMatchApp() {
	folder, err := os.MkdirTemp("", "templates")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	if err := os.WriteFile(filepath.Join(folder, "Lab.template.json"), []byte(`{"Resources": {}}`), 0o600); err != nil {
		panic(err)
	}

	test := &failures{TB: &testing.T{}}
	snapshot.MatchApp(test, lab(), folder)

	fmt.Println(len(test.messages), "template differs")
	// Output:
	// 1 template differs
}
