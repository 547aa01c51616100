package contract

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	pathpkg "path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/ontology"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// contract builds as much as the file gives.
func (b *builder) contract() *Contract {
	raw := &b.raw
	c := &Contract{
		File: b.doc.File(), APIVersion: string(raw.APIVersion), ID: raw.ID, Version: raw.Version,
		Status: raw.Status, Domain: raw.Domain, Tenant: raw.Tenant, Description: raw.Description.Purpose,
		Usage: raw.Description.Usage, Limitations: raw.Description.Limitations,
		Team: membersOf(&raw.Team), Tags: raw.Tags, SLA: b.sla(),
	}
	c.Name, c.NamePath = b.name()
	c.Owner = ownerOnAnyDay(c.Team)
	b.status()
	b.serverKeys()
	for i := range raw.Servers {
		b.places(raw.Servers[i].Custom, "server")
	}
	b.places(raw.Description.Custom, "description")
	external := b.external()
	for i := range raw.Schema {
		c.Tables = append(c.Tables, b.table(&raw.Schema[i], problem.Index("schema", i), external))
	}
	b.personIndex(c, b.raw.Custom)
	b.contractCustom(c)
	c = c.Resolve()
	b.retention(c)
	b.idle(c)
	return c
}

// name is that of the product and the key that says it: the custom property
// product, where dataProduct and name are titles, else one of these, else the name
// of the file.
func (b *builder) name() (name, path string) {
	if p := b.raw.Custom.Find(customProduct); p != nil {
		if s, ok := b.text(p); ok {
			return s, problem.Key(p.Path, "value")
		}
	}
	for _, key := range []struct{ text, path string }{{b.raw.DataProduct, "dataProduct"}, {b.raw.Name, "name"}} {
		if strings.TrimSpace(key.text) != "" {
			return key.text, key.path
		}
	}
	base := pathpkg.Base(filepath.ToSlash(b.doc.File()))
	for _, ext := range []string{".yaml", ".yml", ".odcs"} {
		base = strings.TrimSuffix(base, ext)
	}
	return base, ""
}

func (b *builder) status() {
	statuses := []string{"proposed", "draft", "active", "deprecated", "retired"}
	if b.raw.Status == "" && b.before(odcs.V320) && !b.doc.Has("status") {
		b.problem("status", "nothing", "the key status, which is required before "+odcs.V320, "add it")
	}
	if s := b.raw.Status; s != "" && !slices.Contains(statuses, s) {
		b.warn("status", strconv.Quote(s), problem.OneOf(statuses), suggest(s, statuses))
	}
}

// contractCustom reads sensitivity, zone, parts and LF-Tags.
func (b *builder) contractCustom(c *Contract) {
	custom := b.raw.Custom
	b.places(custom, onContract)
	c.LFTags = b.lfTags(custom)
	if p := b.find(custom, "", customLegalHold); p != nil {
		if s, ok := b.text(p); ok && strings.TrimSpace(s) == "" {
			b.problem(problem.Key(p.Path, "value"), "an empty text", "why nothing may be deleted, such as the name of the case", "write it, or take legalHold out")
		} else {
			c.LegalHold = s
		}
	}
	if p := custom.Find(customSensitivity); p != nil {
		if s, ok := b.text(p); ok {
			level, known := ontology.ParseSensitivity(s)
			if known {
				c.Sensitivity = level
				b.understated(c, p.Path)
			} else {
				b.badWord(p, s, words(ontology.Sensitivities()))
			}
		}
	}
	if p := custom.Find(customZone); p != nil {
		if s, ok := b.text(p); ok {
			if zone := ontology.Zone(s); zone.Valid() {
				c.Zone = zone
			} else {
				b.badWord(p, s, words(ontology.Zones()))
			}
		}
	}
	if p := b.find(custom, "", customParts); p != nil {
		at := problem.Key(p.Path, "value")
		n, err := strconv.Atoi(b.scalar(p.Value, at))
		if err != nil || n < 1 || n > MaxParts {
			b.shape(at, p.Value, partsExpected(), "write one, or leave it out")
		} else {
			c.Parts = n
		}
	}
}

// understated warns of columns that say they are more sensitive than the
// contract as a whole. Columns that do not say have their own warning.
func (b *builder) understated(c *Contract, at string) {
	for i := range c.Tables {
		for _, col := range c.Tables[i].Columns {
			if _, said := ontology.ParseSensitivity(col.Classification); said && col.Sensitivity.Compare(c.Sensitivity) > 0 {
				b.warn(problem.Key(at, "value"), fmt.Sprintf("sensitivity %s, with a column %s.%s that is %s",
					c.Sensitivity, c.Tables[i].Name, col.Name, col.Sensitivity),
					"a level that covers every column", "raise the level of the contract, or correct the classification of the column")
				return
			}
		}
	}
}

// Load reads the contract in a file.
func Load(path string) (*Contract, error) {
	data, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	return Parse(path, data)
}

// LoadFS reads the contract in a file of a file system.
func LoadFS(fsys fs.FS, path string) (*Contract, error) {
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a contract; file is its name in messages. The error carries every
// mistake as a [problem.List], each with its place in the file; findings that do
// not stop a load are in Warnings.
func Parse(file string, data []byte) (*Contract, error) {
	doc, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	b := builder{doc: doc, edition: odcs.Edition(doc)}
	list := doc.DecodeEdition(&b.raw, b.edition, APIVersions())
	seen := make(map[string]bool, len(list))
	for _, p := range list {
		seen[p.Path] = true
	}
	c := b.contract()
	// A part that could not be read has been reported; what else is wrong with it
	// follows from that.
	for _, p := range append(b.problems, b.readable(c.check(b.field))...) {
		if !seen[p.Path] && !seen[strictyaml.Parent(p.Path)] {
			list.Add(p)
		}
	}
	if err := doc.Place(list).Err(); err != nil {
		return nil, err
	}
	c.Warnings = doc.Place(b.warnings).Sorted()
	return c, nil
}

// idle says what was read and does nothing yet, once for the contract.
func (b *builder) idle(c *Contract) {
	var parts []string
	path, rules, enums := "", 0, 0
	for i := range c.Tables {
		for _, column := range c.Tables[i].Columns {
			if column.Enum != nil {
				path, enums = cmp.Or(path, column.Path), enums+1
			}
		}
		if q := c.Tables[i].Quality; len(q) > 0 {
			path, rules = cmp.Or(path, q[0].Path), rules+len(q)
		}
	}
	if rules > 0 {
		parts = append(parts, counted(rules, "quality rule"))
	}
	if enums > 0 {
		parts = append(parts, counted(enums, "column")+" with an enum")
	}
	if !c.SLA.Retention.IsZero() && b.promisesRetention() {
		parts = append(parts, "a retention of "+c.SLA.Retention.String())
	}
	if len(parts) == 0 {
		return
	}
	b.warn(cmp.Or(path, "slaProperties"), strings.Join(parts, ", "), "what something runs or keeps",
		"nothing: it is kept with the contract, and no job or rule of the lake follows from it yet")
}
