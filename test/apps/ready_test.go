package apps

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/stacks/starter"
	"github.com/lakemesh/lakemesh/test/deploy"
)

// surround makes what a ready mesh expects to find: the roles that it names, and the
// code of its functions in the bucket of cdk bootstrap.
func (c cloud) surround(t *testing.T, name, folder string) {
	t.Helper()
	files, err := starter.FS(name)
	if err != nil {
		t.Fatal(err)
	}
	definition, err := mesh.LoadFS(files, starter.MeshFile)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := definition.Plan("dev")
	if err != nil {
		t.Fatal(err)
	}
	if err := deploy.Surroundings(t.Context(), c.server, plan); err != nil {
		t.Fatal(err)
	}
	config, err := deploy.Config(t.Context(), c.server, plan.Foundations[0].Environment)
	if err != nil {
		t.Fatal(err)
	}
	client := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	for _, a := range assetsOf(t, folder) {
		if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(a.bucket)}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(a.bucket), Key: aws.String(a.key), Body: bytes.NewReader(a.content)}); err != nil {
			t.Fatal(err)
		}
	}
}

// asset is a folder of code of an assembly, as cdk deploy uploads it.
type asset struct {
	bucket, key string
	content     []byte
}

func assetsOf(t *testing.T, folder string) []asset {
	t.Helper()
	manifests, err := filepath.Glob(filepath.Join(folder, "*.assets.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []asset
	for _, path := range manifests {
		var manifest struct {
			Files map[string]struct {
				Source       struct{ Path, Packaging string }
				Destinations map[string]struct{ BucketName, ObjectKey string }
			}
		}
		text, err := os.ReadFile(path) //nolint:gosec // a file of the assembly
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &manifest); err != nil {
			t.Fatal(err)
		}
		for _, file := range manifest.Files {
			if file.Source.Packaging != "zip" {
				continue
			}
			var content bytes.Buffer
			archive := zip.NewWriter(&content)
			if err := archive.AddFS(os.DirFS(filepath.Join(folder, file.Source.Path))); err != nil {
				t.Fatal(err)
			}
			if err := archive.Close(); err != nil {
				t.Fatal(err)
			}
			for _, to := range file.Destinations {
				out = append(out, asset{bucket: to.BucketName, key: to.ObjectKey, content: content.Bytes()})
			}
		}
	}
	return out
}
