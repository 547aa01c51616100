package imagestore

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/jsii-runtime-go"
)

// sources are the function and the package it uses. They are part of this
// package, so that an app can build the function wherever its own files are, from
// a vendored copy or from a compiled program, without a network.
//
//go:embed internal/function/*.go internal/metadata/*.go
var sources embed.FS

// goMod makes the sources a module of their own. They need the standard library only.
const goMod = "module github.com/lakemesh/lakemesh\n\ngo 1.26.0\n"

// buildArguments are those of the go command, after which the target follows.
func buildArguments(target string) []string {
	return []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", target, "./constructs/imagestore/internal/function"}
}

// functionCode is the function as an asset, built with the go command. What the
// asset is called depends on its sources alone, so that every machine synthesizes
// the same template. done removes what was built, once the asset is in use.
func functionCode() (code awslambda.Code, done func(), err error) {
	folder, err := os.MkdirTemp("", "imagestore-")
	if err != nil {
		return nil, nil, err
	}
	module, out := filepath.Join(folder, "module"), filepath.Join(folder, "out")
	hash, err := writeSources(module)
	if err == nil {
		err = build(module, filepath.Join(out, "bootstrap"))
	}
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(folder))
	}
	return awslambda.Code_FromAsset(jsii.String(out), &awss3assets.AssetOptions{
		AssetHashType: awscdk.AssetHashType_CUSTOM, AssetHash: jsii.String(hash),
	}), func() { os.RemoveAll(folder) }, nil
}

// writeSources writes the module and returns a hash of it and of how it is built.
func writeSources(folder string) (hash string, err error) {
	sum := sha256.New()
	write := func(name string, text []byte) error {
		fmt.Fprintf(sum, "%s %d\n%s\n", name, len(text), text)
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			return err
		}
		return os.WriteFile(file, text, 0o600)
	}
	err = fs.WalkDir(sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := sources.ReadFile(path)
		if err != nil {
			return err
		}
		return write("constructs/imagestore/"+path, text)
	})
	if err != nil {
		return "", err
	}
	fmt.Fprintln(sum, buildArguments("bootstrap"))
	return hex.EncodeToString(sum.Sum(nil)), write("go.mod", []byte(goMod))
}

// build runs the go command in the folder of a module for Linux on ARM, whatever module, workspace
// or vendored code the caller's settings speak of.
func build(folder, target string) error {
	command := exec.Command("go", buildArguments(target)...) //nolint:gosec,noctx // fixed arguments; a build ends by itself
	command.Dir = folder
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOPROXY=off")
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build of the metadata function: %w\n%s", err, text)
	}
	return nil
}
