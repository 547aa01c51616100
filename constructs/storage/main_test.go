package storage_test

import (
	"os"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if folder := os.Getenv(childFolder); folder != "" {
		defer jsii.Close()
		return synthesizeAsChild(folder)
	}
	return cdktest.Run(m)
}
