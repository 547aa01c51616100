package contract

import (
	"fmt"
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

// The custom properties that mean something here.
const (
	customSensitivity = "sensitivity"
	customZone        = "zone"
	customProduct     = "product"
	customFormat      = "format"
	customLocation    = "location"
	customDelimiter   = "delimiter"
	customHeader      = "header"
	customIdentifier  = "hipaaIdentifier"

	customSerde           = "serde"
	customQuote           = "quote"
	customEscape          = "escape"
	customNullFormat      = "nullFormat"
	customCaseSensitive   = "caseSensitive"
	customIgnoreMalformed = "ignoreMalformed"
	customTemplate        = "storage.location.template"
	customSortOrder       = "sortOrder"
	customTableProps      = "tableProperties"
	customSQL             = "sql"
	customProjection      = "projection"
	customTransform       = "partitionTransform"
	customLFTags          = "lfTags"

	customDeidentify       = "deidentify"
	customDeidentifyValues = "deidentifyValues"
)

// contract builds as much as the file gives.
func (b *builder) contract() *Contract {
	raw := &b.raw
	c := &Contract{
		File: b.doc.File(), APIVersion: string(raw.APIVersion), ID: raw.ID, Version: raw.Version,
		Status: raw.Status, Domain: raw.Domain, Tenant: raw.Tenant, Description: raw.Description.Purpose,
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
		c.Tables = append(c.Tables, b.table(&raw.Schema[i], strictyaml.Index("schema", i), external))
	}
	b.contractCustom(c)
	b.idle(c)
	return c.Resolve()
}

// name is that of the product and the key that says it: the custom property
// product, where dataProduct and name are titles, else one of these, else the name
// of the file.
func (b *builder) name() (name, path string) {
	if p := b.raw.Custom.Find(customProduct); p != nil {
		if s, ok := b.text(p); ok {
			return s, strictyaml.Key(p.Path, "value")
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
		b.warn("status", strconv.Quote(s), "one of "+strings.Join(statuses, ", "), suggest(s, statuses))
	}
}

// contractCustom reads sensitivity, zone and LF-Tags.
func (b *builder) contractCustom(c *Contract) {
	custom := b.raw.Custom
	b.places(custom, onContract)
	c.LFTags = b.lfTags(custom)
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
}

// understated warns of columns that say they are more sensitive than the
// contract as a whole. Columns that do not say have their own warning.
func (b *builder) understated(c *Contract, at string) {
	for i := range c.Tables {
		for _, col := range c.Tables[i].Columns {
			if _, said := ontology.ParseSensitivity(col.Classification); said && col.Sensitivity.Compare(c.Sensitivity) > 0 {
				b.warn(strictyaml.Key(at, "value"), fmt.Sprintf("sensitivity %s, with a column %s.%s that is %s",
					c.Sensitivity, c.Tables[i].Name, col.Name, col.Sensitivity),
					"a level that covers every column", "raise the level of the contract, or correct the classification of the column")
				return
			}
		}
	}
}

// text returns the value of a custom property that must be a text.
func (b *builder) text(p *odcs.CustomProperty) (string, bool) {
	s, ok := p.Value.(string)
	if !ok {
		b.problem(strictyaml.Key(p.Path, "value"), fmt.Sprintf("%v as the value of %s", p.Value, p.Property), "a text", "write the value as a text")
		b.unread = append(b.unread, strictyaml.Key(p.Path, "value"))
	}
	return s, ok
}

func (b *builder) badWord(p *odcs.CustomProperty, got string, allowed []string) {
	b.problem(strictyaml.Key(p.Path, "value"), fmt.Sprintf("the %s %q", p.Property, got), "one of "+strings.Join(allowed, ", "), suggest(got, allowed))
}

// suggest is the fix for a word that is none of the allowed ones.
func suggest(got string, allowed []string) string {
	if near, ok := problem.Nearest(got, allowed); ok {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "write one of them"
}

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
