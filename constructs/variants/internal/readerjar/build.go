// Package readerjar compiles the reader of VCF files into a jar whose bytes depend on
// nothing but the sources and the major version of the compiler.
package readerjar

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// manifest is the jar's first file.
const manifest = "Manifest-Version: 1.0\r\n\r\n"

// Compile compiles all Java files in the folders for Java 17 into the folder of
// classes. The class path is what they import.
func Compile(ctx context.Context, javac, classPath, classes string, folders ...string) error {
	arguments := []string{"--release", "17", "-encoding", "UTF-8", "-g:source,lines", "-Xlint:all,-path", "-Werror", "-d", classes}
	if classPath != "" {
		arguments = append(arguments, "-cp", classPath)
	}
	for _, folder := range folders {
		files, err := find(folder, ".java")
		if err != nil {
			return err
		}
		arguments = append(arguments, files...)
	}
	if out, err := exec.CommandContext(ctx, javac, arguments...).CombinedOutput(); err != nil { //nolint:gosec // the compiler the caller found
		return fmt.Errorf("javac: %w\n%s", err, out)
	}
	return nil
}

// Pack makes a jar of a folder of classes: sorted, stored as they are, and all of the
// same time, as neither the machine nor a version of zlib may be seen in it.
func Pack(classes string) ([]byte, error) {
	files, err := find(classes, ".class")
	if err != nil {
		return nil, err
	}
	var jar bytes.Buffer
	w := zip.NewWriter(&jar)
	err = add(w, "META-INF/MANIFEST.MF", []byte(manifest))
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
