package batch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	_ "embed" // the class
	"encoding/json"
	"sync"

	"github.com/aws/jsii-runtime-go/runtime"
)

//go:embed batch.js
var script []byte

// library is the name and version of the class's library; jsii keeps libraries by their
// bytes, so the version stays as it is.
const (
	library = "lakemesh"
	version = "1.0.0"
	class   = library + ".Batch"
)

// load loads the library, once in a process.
var load = sync.OnceFunc(func() { runtime.Load(library, version, packed()) })

// packed is the library as npm packs one, with the description that jsii reads.
func packed() []byte {
	anything := map[string]any{"primitive": "any"}
	described := map[string]any{
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
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	add := func(name string, data []byte) {
		must(archive.WriteHeader(&tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(data))}))
		_, err := archive.Write(data)
		must(err)
	}
	add("package.json", encoded(map[string]any{"name": library, "version": version, "main": "batch.js"}))
	add(".jsii", encoded(described))
	add("batch.js", script)
	must(archive.Close())
	must(zipped.Close())
	return out.Bytes()
}

func encoded(value any) []byte {
	data, err := json.Marshal(value)
	must(err)
	return data
}

// must panics where memory could not be written.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
