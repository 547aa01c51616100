package flags_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/flags"
)

func ExampleRecommended() {
	context := flags.Recommended()
	fmt.Println(context["@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy"])
	// Output: true
}

// The command line reads cdk.json, tests and other programs read the map: they
// must render the same templates.
func TestRecommendedEqualsCDKJSON(t *testing.T) {
	data, err := os.ReadFile("../../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	// The stage of the sample mesh is no feature flag.
	delete(file.Context, "stage")
	// Through JSON, so that both sides have the same Go types.
	data, err = json.Marshal(flags.Recommended())
	if err != nil {
		t.Fatal(err)
	}
	var flags map[string]any
	if err := json.Unmarshal(data, &flags); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(file.Context, flags); diff != "" {
		t.Errorf("cdk.json (-) and flags.Recommended (+) differ:\n%s", diff)
	}
}

func TestRecommendedIsACopy(t *testing.T) {
	first := flags.Recommended()
	first["changed"] = true
	if _, shared := flags.Recommended()["changed"]; shared {
		t.Error("a change to one map shows in the next")
	}
}
