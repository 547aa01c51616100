package golden

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Case is what a test is given and what it has to get, read from an archive in the txtar
// format. Beside the text at its head, which says what the case is about, an archive has
//
//	-- want --            what the test has to get, last
//	-- edit NAME --       a change of a file of base.txtar: lines that start with "-"
//	                      become those that start with "+"; lines that start with a blank
//	                      stay and say where; an empty line ends a change
//	-- remove NAME --     a file of base.txtar that the case does not have
//	-- NAME --            a file, in place of that of base.txtar if it has one
//
// so that a case shows only what is special about it.
type Case struct {
	Name  string
	Files map[string][]byte

	path    string
	archive *txtar.Archive
}

const (
	base = "base.txtar"
	want = "want"
)

// Cases reads every archive of a folder but base.txtar, which has the files that all
// cases share and need not be there.
func Cases(t testing.TB, folder string) []Case {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	shared := &txtar.Archive{}
	if _, err := os.Stat(filepath.Join(folder, base)); err == nil {
		shared = parse(t, filepath.Join(folder, base))
	}
	var out []Case
	for _, path := range paths {
		if filepath.Base(path) != base {
			out = append(out, read(t, path, shared))
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no cases", folder)
	}
	return out
}

// Check compares what the test got with what the archive wants.
func (c Case) Check(t testing.TB, got string) {
	t.Helper()
	updated := &txtar.Archive{Comment: c.archive.Comment}
	for _, f := range c.archive.Files {
		if f.Name != want {
			updated.Files = append(updated.Files, f)
		}
	}
	updated.Files = append(updated.Files, txtar.File{Name: want, Data: []byte(got)})
	Check(t, c.path, txtar.Format(updated))
}

// Folder is a temporary folder with the files of the case.
func (c Case) Folder(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range c.Files {
		write(t, filepath.Join(folder, filepath.FromSlash(name)), content)
	}
	return folder
}

func read(t testing.TB, path string, shared *txtar.Archive) Case {
	t.Helper()
	out := Case{Name: strings.TrimSuffix(filepath.Base(path), ".txtar"), Files: map[string][]byte{}, path: path, archive: parse(t, path)}
	for _, f := range shared.Files {
		out.Files[f.Name] = f.Data
	}
	for _, f := range out.archive.Files {
		verb, name, _ := strings.Cut(f.Name, " ")
		switch {
		case f.Name == want:
		case verb == "remove" && out.Files[name] != nil:
			delete(out.Files, name)
		case verb == "edit" && out.Files[name] != nil:
			edited, err := edit(out.Files[name], f.Data)
			if err != nil {
				t.Fatalf("%s: %s: %v", path, f.Name, err)
			}
			out.Files[name] = edited
		case name != "":
			t.Fatalf("%s: %q is neither a file's name nor edit, remove and the name of a file of %s", path, f.Name, base)
		default:
			out.Files[f.Name] = f.Data
		}
	}
	return out
}

// edit makes changes in a text: see Case. What a change replaces is in the text once.
func edit(text, changes []byte) ([]byte, error) {
	text = append([]byte("\n"), text...) // so that every line, the first too, follows another
	for change := range strings.SplitSeq(strings.TrimSuffix(string(changes), "\n"), "\n\n") {
		before, after := "\n", "\n"
		for line := range strings.SplitSeq(change, "\n") {
			mark, content := line[:min(1, len(line))], line[min(1, len(line)):]
			if mark != " " && mark != "-" && mark != "+" {
				return nil, fmt.Errorf("the line %q starts with neither a blank nor - nor +", line)
			}
			if mark != "+" {
				before += content + "\n"
			}
			if mark != "-" {
				after += content + "\n"
			}
		}
		switch first := bytes.Index(text, []byte(before)); {
		case first < 0:
			return nil, fmt.Errorf("the file does not have this:%s", before)
		case first != bytes.LastIndex(text, []byte(before)):
			return nil, fmt.Errorf("the file has this more than once:%s", before)
		}
		text = bytes.Replace(text, []byte(before), []byte(after), 1)
	}
	return text[1:], nil
}

func parse(t testing.TB, path string) *txtar.Archive {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}
