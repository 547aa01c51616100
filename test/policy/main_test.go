package policy

import (
	"fmt"
	"os"
	"testing"

	"github.com/aws/jsii-runtime-go"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	defer jsii.Close()
	if name := os.Getenv(childApp); name != "" {
		return synthesizeAsChild(name)
	}
	folder, err := os.MkdirTemp("", "lakemesh-policy-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	shared.folder = folder
	return m.Run()
}
