package policy

import (
	"fmt"
	"os"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/test/validators/assembly"
)

func TestMain(m *testing.M) { os.Exit(assembly.Main(m, apps, run)) }

func run(m *testing.M) int {
	defer jsii.Close()
	folder, err := os.MkdirTemp("", "lakemesh-policy-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	shared.folder = folder
	return m.Run()
}
