package readerjar

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	manifest = "META-INF/MANIFEST.MF"
	sources  = "Sources-SHA-256: "
)

// Build compiles all Java files in a folder for Java 17 and makes a jar of the
// classes. The class path is what they import.
func Build(ctx context.Context, javac, classPath, folder string) ([]byte, error) {
	files, err := find(folder, ".java")
	if err != nil {
		return nil, err
	}
	digest, err := Digest(folder)
	if err != nil {
		return nil, err
	}
	classes, err := os.MkdirTemp("", "classes-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(classes)
	arguments := []string{"-J-XX:TieredStopAtLevel=1", "--release", "17", "-encoding", "UTF-8", "-g:source,lines", "-Xlint:all,-path", "-Werror", "-d", classes, "-cp", classPath}
	out, err := exec.CommandContext(ctx, javac, append(arguments, files...)...).CombinedOutput() //nolint:gosec // the compiler the caller found
	if err != nil {
		return nil, fmt.Errorf("javac: %w\n%s", err, out)
	}
	return pack(classes, digest)
}

// Digest returns what the manifest of a jar says of the Java files in a folder, so that a
// jar of other sources is found without a compiler.
func Digest(folder string) (string, error) {
	files, err := find(folder, ".java")
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, file := range files {
		name, err := filepath.Rel(folder, file)
		if err != nil {
			return "", err
		}
		code, err := os.ReadFile(file) //nolint:gosec // a source of the reader
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", filepath.ToSlash(name), len(code), code)
	}
	return base64.StdEncoding.EncodeToString(sum.Sum(nil)), nil
}

// BuiltFrom returns the digest of the sources that a jar was built from.
func BuiltFrom(jar []byte) (string, error) {
	r, err := zip.NewReader(bytes.NewReader(jar), int64(len(jar)))
	if err != nil {
		return "", err
	}
	f, err := r.Open(manifest)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(f)
	for line := range strings.Lines(string(text)) {
		if digest, ok := strings.CutPrefix(line, sources); ok {
			return strings.TrimSpace(digest), err
		}
	}
	return "", errors.Join(err, fmt.Errorf("%s: no line %q", manifest, sources))
}

// pack makes a jar of a folder of classes: sorted, stored as they are, and all of the
// same time, as neither the machine nor a version of zlib may be seen in it.
func pack(classes, digest string) ([]byte, error) {
	files, err := find(classes, ".class")
	if err != nil {
		return nil, err
	}
	var jar bytes.Buffer
	w := zip.NewWriter(&jar)
	err = add(w, manifest, []byte("Manifest-Version: 1.0\r\n"+sources+digest+"\r\n\r\n"))
	for _, file := range files {
		name, e := filepath.Rel(classes, file)
		if e != nil {
			return nil, e
		}
		code, e := os.ReadFile(file) //nolint:gosec // a class that was just compiled
		if e != nil {
			return nil, e
		}
		err = errors.Join(err, add(w, filepath.ToSlash(name), code))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return jar.Bytes(), nil
}

func add(w *zip.Writer, name string, content []byte) error {
	f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return err
}

func find(folder, ending string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ending) {
			files = append(files, path)
		}
		return err
	})
	slices.Sort(files)
	return files, err
}
