package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Given is what templates do not say of how they are deployed.
type Given struct {
	Account    string            // of stacks without a fixed one; "" leaves it open
	Region     string            // of stacks without a fixed one; "" leaves it open
	Parameters map[string]string // values of parameters, by name; lists are joined by commas
	// Names are those that the deployment gave resources which the template gives none, by
	// Stack.Key and the logical id. Only names of what Ref gives the name of are looked at.
	Names map[string]map[string]string
}

// Read reads templates: of a CDK cloud assembly, of a folder with templates in JSON or
// YAML, or a single one. In a folder that is no assembly each template, also of a folder below
// it, is a stack called as its file, but for those that another nests by a path or by the name of the file in
// a URL. A parameter that no template has is an error, and so is a folder without
// templates. What conditions make or leave out by what is given, and by accounts and
// regions that are known, is made or left out; a default decides no condition.
func Read(path string, given Given) ([]*Stack, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s is not a cloud assembly: %w; run cdk synth first", path, err)
	}
	var stacks []*Stack
	switch _, err := os.Stat(filepath.Join(path, "manifest.json")); {
	case !info.IsDir():
		if stacks, err = readSingle(path, given); err != nil {
			return nil, err
		}
	case err == nil:
		if stacks, err = readAssembly(path); err != nil {
			return nil, err
		}
	default:
		if stacks, err = readFolder(path, given); err != nil {
			return nil, err
		}
	}
	join(stacks)
	if err := given.put(stacks); err != nil {
		return nil, err
	}
	return settle(stacks), nil
}

// put gives the stacks what their templates do not say.
func (g Given) put(stacks []*Stack) error {
	unknown, known := maps.Clone(g.Parameters), map[string]bool{}
	for _, s := range stacks {
		g.place(s)
		s.name(g.Names[s.Key()])
		if s.Parent != nil {
			continue
		}
		s.given = map[string]string{}
		for name := range s.declared {
			known[name] = true
			if value, set := g.Parameters[name]; set {
				s.given[name] = value
				delete(unknown, name)
			}
		}
	}
	if len(unknown) > 0 {
		return fmt.Errorf("no template has the parameters %v; they have %v", slices.Sorted(maps.Keys(unknown)), slices.Sorted(maps.Keys(known)))
	}
	return nil
}

// place gives a stack the account and region that it has none of its own for.
func (g Given) place(s *Stack) {
	if g.Account != "" && IsUnresolved(s.Account) {
		s.Account = g.Account
	}
	if g.Region != "" && IsUnresolved(s.Region) {
		s.Region = g.Region
	}
}

// readFolder reads the templates in a folder and in those below it.
func readFolder(dir string, given Given) ([]*Stack, error) {
	var out []*Stack
	nested := map[string]bool{}
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != dir && holdsOther(file):
			return fs.SkipDir
		case entry.IsDir() || !isNamedTemplate(file):
			return nil
		}
		content, _, err := readContent(file)
		if err != nil {
			return unlessOther(file, err)
		}
		if _, isTemplate := content["Resources"]; !isTemplate {
			return nil
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		stacks, err := readTemplate(file, filepath.ToSlash(name), given)
		if err != nil {
			return err
		}
		for _, s := range stacks[1:] {
			nested[s.File] = true
		}
		out = append(out, stacks...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s is not a cloud assembly, and has no templates: %w; run cdk synth first", dir, fs.ErrNotExist)
	}
	return slices.DeleteFunc(out, func(s *Stack) bool { return nested[s.Root().File] }), nil
}

// holdsOther reports whether a folder below that of templates holds something else: tools
// and their settings, or a cloud assembly with its own accounts and regions.
func holdsOther(dir string) bool {
	name := filepath.Base(dir)
	_, err := os.Stat(filepath.Join(dir, "manifest.json"))
	return strings.HasPrefix(name, ".") || name == "node_modules" || err == nil
}

// unlessOther returns the error with which a file could not be read, and nil where it is no
// template: a list, such as a file of parameters, or what names no resource of AWS, such as a
// chart of Kubernetes.
func unlessOther(file string, err error) error {
	text, unread := os.ReadFile(file) //nolint:gosec // a file of the folder that is read
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) || unread == nil && !bytes.Contains(text, []byte("AWS::")) {
		return nil
	}
	return err
}

var templateEndings = []string{".json", ".template", ".yaml", ".yml"}

func isNamedTemplate(file string) bool { return slices.Contains(templateEndings, filepath.Ext(file)) }

// readSingle reads the template that a path names: something else is an error, not a
// template that makes nothing.
func readSingle(file string, given Given) ([]*Stack, error) {
	content, _, err := readContent(file)
	if err != nil {
		return nil, err
	}
	_, made := content["Resources"]
	_, included := content["Fn::Transform"]
	if !made && !included {
		return nil, fmt.Errorf("%s: got no section Resources; expected a template of CloudFormation in JSON or YAML", file)
	}
	return readTemplate(file, filepath.Base(file), given)
}

// readTemplate reads the template in a file, called by a name that may end as files do, and
// those that it nests.
func readTemplate(file, name string, given Given) ([]*Stack, error) {
	for isNamedTemplate(name) {
		name = strings.TrimSuffix(name, filepath.Ext(name))
	}
	s := &Stack{Name: name, Artifact: name, Assembly: filepath.Dir(file), File: file, loose: true}
	s.Account, s.Region = environment("")
	given.place(s)
	return s.read(filepath.Dir(file))
}

// besideIt is the file of a nested template, by its path or by the last part of its URL,
// relative to the folder of the stacks; "" where there is none.
func (s *Stack) besideIt(url any) string {
	text := Written(NewResolver(s).Value(url, ""))
	for _, file := range []string{text, text[strings.LastIndexAny(text, "/\\")+1:]} {
		if file == "" || filepath.IsAbs(file) || strings.Contains(file, "://") {
			continue
		}
		if info, err := os.Stat(filepath.Join(s.Assembly, file)); err == nil && info.Mode().IsRegular() {
			return file
		}
	}
	return ""
}
