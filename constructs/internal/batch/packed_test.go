package batch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/test/golden"
)

// What is embedded is the class beside it; with -update it is packed again. Files are
// compared and not bytes, which versions of gzip may write differently.
func TestLibraryIsPacked(t *testing.T) {
	script, err := os.ReadFile("batch.js")
	if err != nil {
		t.Fatal(err)
	}
	want := []file{
		{"package/package.json", encoded(t, map[string]any{"name": library, "version": version, "main": "batch.js"})},
		{"package/.jsii", encoded(t, description())},
		{"package/batch.js", string(script)},
	}
	if golden.Updating() {
		golden.Check(t, "batch.tgz", pack(t, want))
		return
	}
	if diff := cmp.Diff(want, unpack(t, packed)); diff != "" {
		t.Errorf("batch.tgz is not the class (run the test with -update):\n%s", diff)
	}
}

type file struct{ Name, Text string }

// description is what jsii reads of the library.
func description() map[string]any {
	anything := map[string]any{"primitive": "any"}
	return map[string]any{
		"schema": "jsii/0.10.0", "jsiiVersion": "1.142.0", "fingerprint": "none",
		"name": library, "version": version, "description": "Calls of the CDK in one message",
		"license": "Apache-2.0", "homepage": "https://github.com/lakemesh/lakemesh",
		"author":     map[string]any{"name": "LakeMesh", "roles": []string{"author"}},
		"repository": map[string]any{"type": "git", "url": "https://github.com/lakemesh/lakemesh.git"},
		"targets":    map[string]any{},
		"types": map[string]any{class: map[string]any{
			"kind": "class", "assembly": library, "fqn": class, "name": "Batch",
			"methods": []any{map[string]any{
				"name": "run", "static": true, "returns": map[string]any{"type": anything},
				"parameters": []any{
					map[string]any{"name": "steps", "type": anything},
					map[string]any{"name": "wanted", "type": anything},
				},
			}},
		}},
	}
}

func pack(t *testing.T, files []file) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	for _, f := range files {
		if err := archive.WriteHeader(&tar.Header{Name: f.Name, Mode: 0o644, Size: int64(len(f.Text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(f.Text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unpack(t *testing.T, data []byte) []file {
	t.Helper()
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var files []file
	for archive := tar.NewReader(zipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file{header.Name, string(text)})
	}
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
