package deidentify

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/lakemesh/lakemesh/constructs/problem"
)

// Options say where the tables are. Names are those of the Glue catalog.
type Options struct {
	// SourceDatabase is the one of the table that identifies patients.
	SourceDatabase string
	// TargetDatabase is the one of the de-identified table.
	TargetDatabase string
	// KeyDatabase is where KeyTable is. Give it a database of its own, that only
	// the job may read. Needed when Plan.NeedsKey.
	KeyDatabase string
	// KeyID names the key. The same key gives the same patient the same code in
	// every table; another one makes codes that nobody can bring together with
	// them. Letters, digits, - and _.
	KeyID string
	// SparseZIP3 are further three-digit ZIP codes that become 000, beside those of
	// the function SparseZIP3: after a new census.
	SparseZIP3 []string
}

var (
	databaseName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)
	keyName      = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	s3Prefix     = regexp.MustCompile(`^s3://[a-z0-9.-]{3,63}/[A-Za-z0-9!_.*()/-]*$`)
)

// keyAlias is the relation with the key in statements.
const keyAlias = "k"

// check returns the problems of the options for a statement.
func (o Options) check(p *Plan) problem.List {
	var list problem.List
	checkName(&list, "SourceDatabase", o.SourceDatabase, databaseName, aDatabase)
	checkName(&list, "TargetDatabase", o.TargetDatabase, databaseName, aDatabase)
	if p.NeedsKey() {
		list = append(list, o.checkKey()...)
	}
	for i, prefix := range o.SparseZIP3 {
		checkName(&list, problem.Index("SparseZIP3", i), prefix, threeDigits, "three digits")
	}
	return list
}

func (o Options) checkKey() problem.List {
	var list problem.List
	checkName(&list, "KeyDatabase", o.KeyDatabase, databaseName, aDatabase)
	checkName(&list, "KeyID", o.KeyID, keyName, "the name of a key, up to 64 letters, digits, - and _")
	return list
}

const aDatabase = "the name of a database: lower case letters, digits and _"

func checkName(list *problem.List, path, value string, pattern *regexp.Regexp, expected string) {
	if !pattern.MatchString(value) {
		list.Addf(path, fmt.Sprintf("%q", value), expected, "write such a name")
	}
}

// sparse are all three-digit ZIP codes that become 000.
func (o Options) sparse() []string {
	out := append(SparseZIP3(), o.SparseZIP3...)
	slices.Sort(out)
	return slices.Compact(out)
}
