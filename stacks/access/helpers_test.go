package access_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/test/accesstest"
)

const (
	account = accesstest.Account
	region  = accesstest.Region
	analyst = accesstest.Analyst
)

var (
	patients   = accesstest.Patients
	grant      = accesstest.Grant
	tag        = accesstest.Tag
	tagged     = accesstest.Tagged
	conditions = accesstest.Conditions
	tables     = accesstest.TablesTagged
)

func riverside(t *testing.T) *access.State {
	t.Helper()
	state, err := assembly.Read("assembly/testdata/riverside")
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// summary is a row as one line: "db.patients: SELECT DESCRIBE: key, mrn[study = 'x']".
func summary(m *access.Matrix) []string {
	var out []string
	for _, r := range m.Rows {
		var rights, columns []string
		for _, right := range r.Rights {
			text := string(right.Permission)
			if right.Grantable {
				text += "*"
			}
			rights = append(rights, text)
		}
		for _, c := range r.Columns {
			text := c.Name
			if len(c.Rows) > 0 {
				text += "[" + strings.Join(c.Rows, " OR ") + "]"
			}
			if c.Grantable {
				text += "*"
			}
			columns = append(columns, text)
		}
		line := r.Name() + ": " + strings.Join(rights, " ")
		if len(columns) > 0 {
			line += ": " + strings.Join(columns, ", ")
		}
		out = append(out, line)
	}
	return out
}
