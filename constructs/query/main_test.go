package query_test

import (
	"os"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

func TestMain(m *testing.M) { os.Exit(cdktest.Run(m)) }

func arn(r cdktest.Resource) string { return `{"Fn::GetAtt":["` + r.ID + `","Arn"]}` }
