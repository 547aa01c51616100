package order

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFlatten(t *testing.T) {
	ref := map[string]any{"Ref": "AWS::AccountId"}
	for want, value := range map[string]any{
		"plain":                              "plain",
		"${AWS::AccountId}":                  ref,
		"${Job.Arn}":                         map[string]any{"Fn::GetAtt": []any{"Job", "Arn"}},
		"arn:${AWS::Partition}:x":            map[string]any{"Fn::Sub": "arn:${AWS::Partition}:x"},
		"a-${AWS::AccountId}":                map[string]any{"Fn::Join": []any{"-", []any{"a", ref}}},
		`{"Fn::ImportValue":"Analyst"}`:      map[string]any{"Fn::ImportValue": "Analyst"},
		`{"Fn::Select":[0,{"Ref":"Names"}]}`: map[string]any{"Fn::Select": []any{0, map[string]any{"Ref": "Names"}}},
	} {
		if got := flatten(value); got != want {
			t.Errorf("%v is %q, want %q", value, got, want)
		}
	}
}

// Stacks wait for what the stacks they wait for wait for, and circles end.
func TestWaits(t *testing.T) {
	w := &Waits{direct: map[string][]string{"a": {"b"}, "b": {"c", "a"}, "c": nil}}
	if !w.reaches("a", "c", map[string]bool{}) || w.reaches("c", "a", map[string]bool{}) {
		t.Error("what comes after what is wrong")
	}
}

// No construct walks a tree: that costs a call of the CDK for everything in it, each
// time. What is to be found is kept in a registry.
func TestNothingWalksTheTree(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(filepath.Clean(path))
		if strings.Contains(string(data), ".Node().FindAll(") {
			t.Errorf("%s walks the tree", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
