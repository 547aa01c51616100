package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
)

//go:embed assets
var assets embed.FS

var frame = template.Must(template.ParseFS(assets, "assets/page.html"))

// page is what the frame is filled with.
type page struct {
	Title    string
	Policy   string
	Sections []section
	Data     []template.HTML // elements, each with the data of a section
	Styles   template.HTML   // one element
	Scripts  []template.HTML // elements
}

// ID is the name of the section in links.
func (s section) ID() string { return s.id }

// Title is the heading of the section.
func (s section) Title() string { return s.title }

// Lead says what the section is about.
func (s section) Lead() string { return s.lead }

// newPage collects the sections that have something to say.
func newPage(in *input) (*page, error) {
	p := &page{Title: cmp.Or(in.Title, "LakeMesh")}
	model, err := dataElement("model", newModel(in))
	if err != nil {
		return nil, err
	}
	p.Data = append(p.Data, model)
	styles, libraries, scripts := []string{"frame.css"}, []string{}, []string{"frame.js", "table.js", "model.js"}
	for _, s := range sections {
		if s.data != nil {
			data := s.data(in)
			if data == nil {
				continue
			}
			element, err := dataElement(s.id, data)
			if err != nil {
				return nil, err
			}
			p.Data = append(p.Data, element)
		}
		p.Sections = append(p.Sections, s)
		libraries = append(libraries, s.libraries...)
		styles, scripts = append(styles, s.id+".css"), append(append(scripts, s.helpers...), s.id+".js")
	}
	scripts = append(scripts, "start.js")
	return p, p.embed(styles, libraries, scripts)
}

// embed puts styles and scripts into the page, and their hashes into its policy.
func (p *page) embed(styles, libraries, scripts []string) error {
	css, err := joined(styles, "", "")
	if err != nil {
		return err
	}
	p.Styles = element("style", css)
	var texts, hashes []string
	for _, name := range libraries {
		text, err := joined([]string{name}, "", "")
		if err != nil {
			return err
		}
		texts = append(texts, text)
	}
	// Each file stands in a block, so that its names are its own.
	own, err := joined(scripts, "{\n", "}\n")
	if err != nil {
		return err
	}
	texts = append(texts, "\"use strict\";\nconst page = {};\n"+own)
	for _, text := range texts {
		p.Scripts = append(p.Scripts, element("script", text))
		hashes = append(hashes, hash(text))
	}
	p.Policy = fmt.Sprintf("default-src 'none'; script-src %s; style-src %s; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
		strings.Join(hashes, " "), hash(css))
	return nil
}

// joined reads assets one after another. A file of styles that is not there is none.
func joined(names []string, before, after string) (string, error) {
	var out strings.Builder
	for _, name := range names {
		text, err := assets.ReadFile("assets/" + name)
		if errors.Is(err, fs.ErrNotExist) && strings.HasSuffix(name, ".css") {
			continue
		}
		if err != nil {
			return "", err
		}
		out.WriteString(before + string(text) + after)
	}
	return out.String(), nil
}

// element is a script or style of our own, which a browser reads to its end tag.
func element(tag, text string) template.HTML {
	return template.HTML("<" + tag + ">" + text + "</" + tag + ">") //nolint:gosec // a file of the folder assets
}

// hash is how a content security policy names a script or style.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// dataElement is data that the scripts read. The encoder writes <, > and & as escapes, so
// nothing in a text ends the element.
func dataElement(id string, data any) (template.HTML, error) {
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(data); err != nil {
		return "", fmt.Errorf("section %s: %w", id, err)
	}
	return template.HTML(`<script type="application/json" id="data-` + id + `">` + strings.TrimSpace(out.String()) + "</script>"), nil //nolint:gosec // escaped
}
