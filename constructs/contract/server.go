package contract

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/lakemesh/lakemesh/constructs/strictyaml"
)

// server is what the contract's S3 server says about tables that stand outside
// the lake; the zero value is that there is none.
type server struct {
	location  string
	format    Format
	delimiter string
}

// placeholder stands in a server's location for the name of a table.
const placeholder = "{model}"

var locationPattern = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/([^*?{}\s]*/)?$`)

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
		location = "s3://" + rest
	}
	if !strings.HasPrefix(location, "s3://") {
		return "", errors.New("which is not in S3")
	}
	if !strings.HasSuffix(location, "/") {
		location += "/"
	}
	if !locationPattern.MatchString(location) {
		return "", errors.New("which is not a bucket and a prefix")
	}
	return location, nil
}

// external returns the only S3 server when the tables can be found from it.
// What it says must not stop a load, as it may be meant for other readers.
func (b *builder) external() server {
	var (
		out   server
		found = -1
	)
	for i := range b.raw.Servers {
		if b.raw.Servers[i].Type != "s3" {
			continue
		}
		if found >= 0 {
			b.warn(strictyaml.Index("servers", i), "a second S3 server", "one, to find the tables by",
				"set the custom property location of each table that stands outside the lake; no server is used")
			return server{}
		}
		found = i
	}
	if found < 0 || b.raw.Servers[found].Location == "" {
		return server{}
	}
	raw, at := &b.raw.Servers[found], strictyaml.Index("servers", found)
	out.location = raw.Location
	if _, err := tableLocation(raw.Location, "name"); err != nil {
		b.warn(strictyaml.Key(at, "location"), fmt.Sprintf("the location %q, %s", raw.Location, err), "s3://bucket/prefix/", "correct it; the server is not used")
		return server{}
	}
	if len(b.raw.Schema) > 1 && !strings.Contains(raw.Location, placeholder) {
		b.warn(strictyaml.Key(at, "location"), fmt.Sprintf("one location for %d tables", len(b.raw.Schema)), placeholder+" where the name of the table belongs",
			"write it, or set the custom property location of each table; the server is not used")
		return server{}
	}
	if raw.Format != "" {
		out.format = Format(strings.ToLower(raw.Format))
		if !out.format.Valid() {
			b.warn(strictyaml.Key(at, "format"), fmt.Sprintf("the format %q", raw.Format), "one of "+strings.Join(words(Formats()), ", "),
				"use one of them; the server is not used")
			return server{}
		}
	}
	if utf8.RuneCountInString(raw.Delimiter) == 1 { // new_line and array are about JSON
		out.delimiter = raw.Delimiter
	}
	return out
}

// serverKeys reports keys of another type of server, which v3.1 and later forbid.
func (b *builder) serverKeys() {
	for i := range b.raw.Servers {
		if text, ok := b.raw.Servers[i].Port.(string); ok && b.before(v320) {
			b.problem(strictyaml.Key(strictyaml.Index("servers", i), "port"), fmt.Sprintf("the text %q", brief(text)), "a whole number before "+v320, "remove the quotes")
		}
	}
	if b.before(v310) {
		return
	}
	for i := range b.raw.Servers {
		kind := b.raw.Servers[i].Type
		for _, key := range serverKeys() {
			path := strictyaml.Key(strictyaml.Index("servers", i), key)
			if kind != "" && b.doc.Has(path) && !serverHas(kind, key) {
				b.problem(path, fmt.Sprintf("the key %s of a server of type %s", key, kind), "the keys of that type", "remove it, or correct the type")
			}
		}
	}
}
