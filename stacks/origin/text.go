package origin

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Text writes where tables come from, for a terminal: each with the job that makes it, below
// it what it is made of, down to what no job makes. A table that was written before is named
// again without what is below it. Then it writes what the columns of each are made of.
func Text(w io.Writer, m *Mesh, tables []*Table) error {
	if err := m.Tree(w, tables); err != nil {
		return err
	}
	for _, t := range tables {
		if len(t.Reads) == 0 || t.Kind == PersonIndex {
			continue
		}
		fmt.Fprintf(w, "\nColumns of %s:\n", t.Name)
		if err := t.writeColumns(w); err != nil {
			return err
		}
	}
	return nil
}

// Tree writes what Text writes, without columns.
func (m *Mesh) Tree(w io.Writer, tables []*Table) error {
	out := &text{mesh: m, w: w, written: map[Name]bool{}}
	for i, t := range tables {
		if out.written[t.Name] {
			continue
		}
		if i > 0 {
			out.line("")
		}
		out.table(t, Read{}, "")
	}
	return out.err
}

// writeColumns writes what each column of a table is made of, in lines of a terminal.
func (t *Table) writeColumns(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	for _, c := range t.Columns {
		writeColumn(table, c.Name, c.madeOf())
	}
	if len(t.Filters) > 0 {
		writeColumn(table, "(rows)", names(t.Filters))
	}
	return table.Flush()
}

// writeColumn writes one column, and a long text in several lines.
func writeColumn(w io.Writer, name, text string) {
	const width = 110
	sign := "←"
	for len(text) > width {
		at := strings.LastIndex(text[:width], " ")
		if at < 0 {
			break
		}
		fmt.Fprintf(w, "  %s\t%s %s\n", name, sign, text[:at])
		name, sign, text = "", " ", text[at+1:]
	}
	fmt.Fprintf(w, "  %s\t%s %s\n", name, sign, text)
}

// madeOf is what a column is made of, in words.
func (c Column) madeOf() string {
	out := names(c.From)
	switch {
	case c.Method != "" && out != "":
		return out + " by " + c.Method
	case c.Method != "":
		return c.Method
	case out == "":
		return "a constant"
	}
	return out
}

// names are columns with commas between them, those of one table together:
// d.p.t.{a, b}.
func names(list []ColumnName) string {
	var out []string
	for i := 0; i < len(list); {
		j := i
		var columns []string
		for ; j < len(list) && list[j].Name == list[i].Name; j++ {
			if list[j].Column != "*" {
				columns = append(columns, list[j].Column)
			}
		}
		table := list[i].Name.String()
		switch len(columns) {
		case 0:
			out = append(out, "rows of "+table)
		case 1:
			out = append(out, table+"."+columns[0])
		default:
			out = append(out, table+".{"+strings.Join(columns, ", ")+"}")
		}
		i = j
	}
	return strings.Join(out, ", ")
}

// text writes lines until one fails.
type text struct {
	mesh    *Mesh
	w       io.Writer
	written map[Name]bool
	err     error
}

func (t *text) line(s string) {
	if t.err == nil {
		_, t.err = fmt.Fprintln(t.w, s)
	}
}

func (t *text) table(table *Table, read Read, indent string) {
	line := indent + table.String() + read.seen()
	above := t.written[table.Name]
	t.written[table.Name] = true
	how, reads := table.How(), table.Reads
	if above && len(reads) > 0 {
		how, reads = "see above", nil
	}
	t.line(line + ": " + how)
	below := strings.ReplaceAll(indent, "└", " ")
	if read.Purpose != "" {
		t.line(below + "subscribed: " + read.Purpose)
	}
	if above {
		return
	}
	for _, p := range table.Problems {
		t.line(below + "not followed: " + p)
	}
	for _, r := range reads {
		if source, known := t.mesh.Find(r.Name); known {
			t.table(source, r, below+" └ ")
		}
	}
}

// seen is how much of a table is read.
func (r Read) seen() string {
	switch n := len(r.Columns); {
	case r.Whole:
		return ""
	case r.Name == Name{}:
		return ""
	case n == 0:
		return " (rows counted)"
	case n == 1:
		return " (1 column)"
	default:
		return fmt.Sprintf(" (%d columns)", n)
	}
}

// How says in words how the table gets its rows, after its name: made every day at 01:15 UTC by a job.
func (t *Table) How() string {
	switch t.Kind {
	case MadeByQuery, Deidentified, PersonIndex:
		verb := map[Kind]string{MadeByQuery: "made", Deidentified: "de-identified", PersonIndex: "a person index, made"}[t.Kind]
		return fmt.Sprintf("%s %s by %s", verb, When(t.Schedule), t.Job)
	case View:
		return "a view, which runs as whoever reads it"
	case Images:
		return "written by the image store of " + t.Domain
	case Variants:
		return "loaded from VCF files that arrive at " + t.Domain
	case Quality:
		return "written when the quality rules of " + t.Domain + " are evaluated"
	case FhirStore:
		return "in the FHIR store of " + t.Domain
	case Outside:
		return "files at " + t.Files
	case Delivered:
		return "delivered to " + t.Domain
	case Unknown:
	}
	return "of no domain of the mesh"
}
