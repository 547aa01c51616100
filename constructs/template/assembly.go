package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Stack is one stack of a cloud assembly with its template.
type Stack struct {
	Name      string              // the stack's name; parent/LogicalId for a nested stack
	File      string              // path of the template
	Account   string              // ${AWS::AccountId} when the stack has no fixed one
	Region    string              // ${AWS::Region} when the stack has no fixed one
	Resources map[string]Resource // by logical id
	LeftOut   map[string]Resource // what conditions that are decided leave out, by logical id
	Metadata  map[string]any      // of the template itself

	// Unread is what of the template nobody can read before CloudFormation has run its
	// macros: transforms, loops, and resources that are not as it has them.
	Unread []Unresolved

	// Construct is the path of the construct that is the stack, "" when the assembly
	// does not tell it.
	Construct string

	// Assembly is the folder that the stack's manifest is in: that of a stage, or
	// of the app. Only stacks of one assembly can depend on each other.
	Assembly string

	// Artifact is what the manifest calls the stack. A nested stack has its parent's.
	Artifact string

	// DependsOn are the artifacts of the stacks that are deployed before it. A nested
	// stack has its parent's.
	DependsOn []string

	// ExecutionRole is the ARN of the role that CloudFormation works with, as the
	// manifest has it, with pseudo parameters put in; "" when it names none.
	ExecutionRole string

	// Tags are those of the stack, which CloudFormation also puts on its resources.
	// A nested stack has its parent's.
	Tags map[string]string

	// Parent is the stack that this one is nested in; nil for none.
	Parent *Stack

	// LogicalID is what a nested stack is called in its parent.
	LogicalID string

	assets     map[string]string // path of JSON files in the assembly, by hash
	parameters map[string]any    // of a nested stack, as its parent writes them
	declared   map[string]any    // the parameters of the template
	given      map[string]string // values of parameters
	mappings   map[string]any    // of the template
	conditions map[string]any    // of the template
	outputs    map[string]any    // of the template
	children   map[string]*Stack // nested stacks that were read, by logical id
	together   *together         // the stacks of the assembly
	loose      bool              // a template in no assembly
	paths      map[string]string // of the constructs, by logical id
	described  []described       // of the outermost stack's manifest
}

// manifest is what of a cloud assembly's manifest.json is read.
type manifest struct {
	Artifacts map[string]artifact
}

type artifact struct {
	Type                   string
	Environment            string
	Dependencies           []string
	AdditionalMetadataFile string
	DisplayName            string
	Metadata               metadata
	Properties             struct {
		TemplateFile                   string
		StackName                      string
		DirectoryName                  string
		File                           string // of an asset manifest
		CloudFormationExecutionRoleArn string
		Tags                           map[string]string
	}
}

type metadata map[string][]struct {
	Type string
	Data any
}

const (
	stackType    = "aws:cloudformation:stack"
	assemblyType = "cdk:cloud-assembly"
	assetsType   = "cdk:asset-manifest"
	nestedType   = "AWS::CloudFormation::Stack"
)

// ReadAssembly reads the stacks of a CDK cloud assembly (cdk.out), those of its
// stages and nested stacks too, in the order of their names in the manifest; a
// nested stack follows its parent. A nested stack whose template is not in the
// assembly is left out: see Nested.
func ReadAssembly(dir string) ([]*Stack, error) {
	out, err := readAssembly(dir)
	join(out)
	return out, err
}

func readAssembly(dir string) ([]*Stack, error) {
	var m manifest
	if err := readJSON(filepath.Join(dir, "manifest.json"), &m); err != nil {
		return nil, fmt.Errorf("%s is not a cloud assembly: %w; run cdk synth first", dir, err)
	}
	var out []*Stack
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		a := m.Artifacts[id]
		var found []*Stack
		var err error
		switch a.Type {
		case assemblyType:
			found, err = readAssembly(filepath.Join(dir, a.Properties.DirectoryName))
		case stackType:
			found, err = readStack(dir, id, a, m)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func readStack(dir, id string, a artifact, m manifest) ([]*Stack, error) {
	s := &Stack{Name: a.Properties.StackName, Artifact: id, Assembly: dir, File: filepath.Join(dir, a.Properties.TemplateFile), Construct: a.DisplayName}
	if s.Name == "" {
		s.Name = id
	}
	s.Account, s.Region = environment(a.Environment)
	s.ExecutionRole = s.pseudoParameters(a.Properties.CloudFormationExecutionRoleArn)
	s.Tags = a.Properties.Tags
	for _, other := range a.Dependencies {
		switch m.Artifacts[other].Type {
		case stackType:
			s.DependsOn = append(s.DependsOn, other)
		case assetsType:
			if err := s.addAssets(filepath.Join(dir, m.Artifacts[other].Properties.File)); err != nil {
				return nil, fmt.Errorf("stack %s: %w", s.Name, err)
			}
		}
	}
	described := a.Metadata
	if a.AdditionalMetadataFile != "" {
		if err := readJSON(filepath.Join(dir, a.AdditionalMetadataFile), &described); err != nil {
			return nil, fmt.Errorf("stack %s: %w", s.Name, err)
		}
	}
	s.described = described.resources()
	s.paths = s.ownPaths()
	return s.read(dir)
}

// read reads the stack's template and those nested in it.
func (s *Stack) read(dir string) ([]*Stack, error) {
	content, repeated, err := readContent(s.File)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", s.Name, err)
	}
	s.take(content)
	if len(repeated) > 0 {
		s.Unread = append(s.Unread, Unresolved{Place: s.Name, Text: strings.Join(repeated, ", "),
			Reason: "keys that stand twice in one place: the last of each is read, and CloudFormation may take another or refuse the template"})
	}
	s.children = map[string]*Stack{}
	out := []*Stack{s}
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		child := s.Nested(id)
		if child == nil || s.within(child.File) {
			continue
		}
		nested, err := child.read(dir)
		if err != nil {
			return nil, err
		}
		s.children[id] = child
		out = append(out, nested...)
	}
	return out, nil
}

// within reports whether the stack is, or is nested in, that of a template: one
// that nests itself would never end.
func (s *Stack) within(file string) bool {
	return s != nil && (s.File == file || s.Parent.within(file))
}

// addAssets remembers the files that the stack uploads and that may be templates.
func (s *Stack) addAssets(file string) error {
	var m struct {
		Files map[string]struct{ Source struct{ Path string } }
	}
	if err := readJSON(file, &m); err != nil {
		return err
	}
	s.assets = map[string]string{}
	for hash, asset := range m.Files {
		if strings.HasSuffix(asset.Source.Path, ".json") {
			s.assets[hash] = asset.Source.Path
		}
	}
	return nil
}

// Nested returns the stack, without resources, that a resource of this one
// stands for, or nil when the resource is none or its template is not in the
// assembly.
func (s *Stack) Nested(id string) *Stack {
	res := s.Resources[id]
	file := s.nestedFile(res)
	if res.Type != nestedType || file == "" {
		return nil
	}
	parameters, _ := res.Properties["Parameters"].(map[string]any) // worked out where they are used
	child := &Stack{
		Name: s.Name + "/" + id, File: filepath.Join(s.Assembly, file), Account: s.Account, Region: s.Region,
		Assembly: s.Assembly, Artifact: s.Artifact, DependsOn: s.DependsOn, ExecutionRole: s.ExecutionRole,
		Tags:   s.Tags,
		Parent: s, LogicalID: id, assets: s.assets, parameters: parameters, described: s.described,
		loose: s.loose,
	}
	if m := nestedResource.FindStringSubmatch(s.Path(id)); m != nil {
		child.Construct = m[1]
		child.paths = child.ownPaths()
	}
	return child
}

// nestedFile is where a nested stack's template is in the assembly: its metadata
// says so when the CDK's command line synthesized it, else the hash in its URL.
func (s *Stack) nestedFile(res Resource) string {
	if file, ok := res.Metadata["aws:asset:path"].(string); ok && strings.HasSuffix(file, ".json") {
		return file
	}
	if s.loose {
		return s.besideIt(res.Properties["TemplateURL"])
	}
	url, err := json.Marshal(res.Properties["TemplateURL"])
	if err != nil {
		return ""
	}
	for _, hash := range slices.Sorted(maps.Keys(s.assets)) {
		if strings.Contains(string(url), hash) {
			return s.assets[hash]
		}
	}
	return ""
}

// Root returns the outermost stack that this one is nested in, or the stack itself.
func (s *Stack) Root() *Stack {
	for s.Parent != nil {
		s = s.Parent
	}
	return s
}

// Fixed reports whether the stack's account and region are known.
func (s *Stack) Fixed() bool { return !IsUnresolved(s.Account) && !IsUnresolved(s.Region) }

var environmentForm = regexp.MustCompile(`^aws://(\d{12})/([a-z0-9-]+)$`)

// environment takes aws://account/region apart. A stack that can go anywhere
// gets the pseudo parameters as its account and region.
func environment(text string) (account, region string) {
	if m := environmentForm.FindStringSubmatch(text); m != nil && m[2] != "unknown-region" {
		return m[1], m[2]
	}
	return "${AWS::AccountId}", "${AWS::Region}"
}

// pseudoParameters puts account, region and partition into a text.
func (s *Stack) pseudoParameters(text string) string {
	if !s.Fixed() {
		return text
	}
	return strings.NewReplacer(
		"${AWS::AccountId}", s.Account, "${AWS::Region}", s.Region, "${AWS::Partition}", PartitionOf(s.Region).Name,
	).Replace(text)
}

// readJSON reads a JSON file and keeps numbers as they are written.
func readJSON(path string, into any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(f)
	decoder.UseNumber()
	err = decoder.Decode(into)
	return errors.Join(err, f.Close())
}
