package contract

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/contract/internal/odcs"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

// server is what one of the contract's servers says about tables that stand
// outside the lake.
type server struct {
	location  string
	format    Format
	delimiter string
}

// placeholder stands in a server's location for the name of a table.
const placeholder = "{model}"

// isLocation reports whether a table can stand in a place.
func isLocation(uri string) bool { return s3uri.IsFolder(uri) && !strings.ContainsAny(uri, "{}") }

// locationOf returns where a table with the contract's name is, or "".
func (s server) locationOf(name string) string {
	location, err := tableLocation(s.location, name)
	if s.location == "" || err != nil {
		return ""
	}
	return location
}

// tableLocation turns a location as contracts write it into the prefix that the
// files of a table are under: {model} is replaced by its name, and a pattern
// for files at the end is dropped.
func tableLocation(location, name string) (string, error) {
	location = strings.ReplaceAll(location, placeholder, name)
	if i := strings.LastIndexByte(location, '/'); i >= 0 && strings.Contains(location[i:], "*") {
		location = location[:i+1]
	}
	if rest, ok := strings.CutPrefix(location, "s3a://"); ok {
		location = s3uri.Scheme + rest
	}
	if !strings.HasPrefix(location, s3uri.Scheme) {
		return "", errors.New("which is not in S3")
	}
	location = prefixOf(location)
	if !isLocation(location) {
		return "", errors.New("which is not a bucket and a prefix")
	}
	return location, nil
}

// places are where the contract's servers say that its tables stand, by the
// environment of the server in lower case, "" for one that says none; empty is in
// the lake.
type places struct {
	servers map[string]server
	order   []string // environments, in the order of the file
}

// external returns what the servers of type s3 and glue say, where the tables can
// be found from it. What it says must not stop a load, as it may be meant for
// other readers.
func (b *builder) external() places {
	out := places{servers: map[string]server{}}
	usable := true
	for i := range b.raw.Servers {
		raw, at := &b.raw.Servers[i], problem.Index("servers", i)
		if raw.Type != "s3" && raw.Type != "glue" {
			continue
		}
		if raw.Location == "" { // a Glue server then names the lake's own database
			continue
		}
		s, ok := b.server(raw, at)
		if !ok {
			usable = false
			continue
		}
		environment := strings.ToLower(strings.TrimSpace(raw.Environment))
		other, taken := out.servers[environment]
		switch {
		case taken && (other.locationOf("name") != s.locationOf("name") || other.format != s.format):
			b.warn(at, "a second "+kindOf(raw.Type)+" server"+ofEnvironment(environment), "one for each environment, to find the tables by",
				"give each its environment, the name of a stage, or set the custom property location of each table that stands outside the lake; no server is used")
			usable = false
		case len(out.order) > 0 && (out.servers[out.order[0]].format != s.format || out.servers[out.order[0]].delimiter != s.delimiter):
			b.warn(problem.Key(at, "format"), fmt.Sprintf("the format %q, and another one of another server", raw.Format), "one format in every environment", "use one of them; no server is used")
			usable = false
		case !taken:
			out.servers[environment] = s
			out.order = append(out.order, environment)
		}
	}
	if !usable {
		return places{}
	}
	return out
}

func kindOf(serverType string) string {
	return map[string]string{"s3": "S3", "glue": "Glue"}[serverType]
}

func ofEnvironment(environment string) string {
	if environment == "" {
		return ""
	}
	return " of the environment " + environment
}

// server reads what one says; ok is that the tables can be found from it.
func (b *builder) server(raw *odcs.Server, at string) (out server, ok bool) {
	raw.Location = b.resolve(raw.Location, problem.Key(at, "location"))
	raw.Format = b.resolve(raw.Format, problem.Key(at, "format"))
	out.location = raw.Location
	if _, err := tableLocation(raw.Location, "name"); err != nil {
		b.warn(problem.Key(at, "location"), fmt.Sprintf("the location %q, %s", raw.Location, err), "s3://bucket/prefix/", "correct it; the server is not used")
		return server{}, false
	}
	if len(b.raw.Schema) > 1 && !strings.Contains(raw.Location, placeholder) {
		b.warn(problem.Key(at, "location"), fmt.Sprintf("one location for %d tables", len(b.raw.Schema)), placeholder+" where the name of the table belongs",
			"write it, or set the custom property location of each table; the server is not used")
		return server{}, false
	}
	if raw.Format != "" {
		out.format = Format(strings.ToLower(raw.Format))
		if !out.format.Valid() {
			b.warn(problem.Key(at, "format"), fmt.Sprintf("the format %q", raw.Format), problem.OneOf(Formats()),
				"use one of them; the server is not used")
			return server{}, false
		}
	}
	if utf8.RuneCountInString(raw.Delimiter) == 1 { // new_line and array are about JSON
		out.delimiter = raw.Delimiter
	}
	return out, true
}

// place puts a table where the servers say.
func (t *Table) place(p places, name string) {
	if len(p.order) == 0 {
		return
	}
	first := p.servers[p.order[0]]
	t.Location = first.locationOf(name)
	if t.Location == "" {
		return
	}
	t.Format = cmp.Or(t.Format, first.format)
	t.CSV.Delimiter = cmp.Or(t.CSV.Delimiter, first.delimiter)
	if len(p.order) == 1 && p.order[0] == "" {
		return
	}
	t.Locations = map[string]string{}
	for environment, s := range p.servers {
		t.Locations[environment] = s.locationOf(name)
	}
}

// serverKeys reports keys of another type of server, which v3.1 and later forbid.
func (b *builder) serverKeys() {
	for i := range b.raw.Servers {
		if text, ok := b.raw.Servers[i].Port.(string); ok && b.before(odcs.V320) {
			b.problem(problem.Key(problem.Index("servers", i), "port"), fmt.Sprintf("the text %q", brief(text)), "a whole number before "+odcs.V320, "remove the quotes")
		}
	}
	if b.before(odcs.V310) {
		return
	}
	for i := range b.raw.Servers {
		kind := b.raw.Servers[i].Type
		for _, key := range odcs.ServerKeys() {
			path := problem.Key(problem.Index("servers", i), key)
			if kind != "" && b.doc.Has(path) && !odcs.ServerHas(kind, key) {
				b.problem(path, fmt.Sprintf("the key %s of a server of type %s", key, kind), "the keys of that type", "remove it, or correct the type")
			}
		}
	}
}
