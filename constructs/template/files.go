package template

import (
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
// YAML, or a single one. In a folder that is no assembly each template is a stack called
// as its file, but for those that another nests by a path or by the name of the file in
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
		stacks, err = readTemplate(path, given)
		if err != nil {
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

// readFolder reads the templates in a folder.
func readFolder(dir string, given Given) ([]*Stack, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []*Stack
	nested := map[string]bool{}
	for _, entry := range entries {
		file := filepath.Join(dir, entry.Name())
		if entry.IsDir() || !slices.Contains([]string{".json", ".template", ".yaml", ".yml"}, filepath.Ext(file)) {
			continue
		}
		content, _, err := readContent(file)
		if err != nil {
			return nil, err
		}
		if _, isTemplate := content["Resources"]; !isTemplate {
			continue
		}
		stacks, err := readTemplate(file, given)
		if err != nil {
			return nil, err
		}
		for _, s := range stacks[1:] {
			nested[s.File] = true
		}
		out = append(out, stacks...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s is not a cloud assembly, and has no templates: %w; run cdk synth first", dir, fs.ErrNotExist)
	}
	return slices.DeleteFunc(out, func(s *Stack) bool { return nested[s.Root().File] }), nil
}

// readTemplate reads the template in a file, and those that it nests.
func readTemplate(file string, given Given) ([]*Stack, error) {
	name := filepath.Base(file)
	for ext := filepath.Ext(name); slices.Contains([]string{".json", ".template", ".yaml", ".yml"}, ext); ext = filepath.Ext(name) {
		name = strings.TrimSuffix(name, ext)
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
