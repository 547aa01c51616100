package query

import (
	"errors"
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsathena"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// NamedQuery is a saved query.
type NamedQuery struct {
	// Name of 1 to 128 characters. Required.
	Name *string

	// Description is what the console shows; at most 1024 characters.
	// Default: none.
	Description *string

	// Database that unqualified table names mean. Required.
	Database *string

	// SQL of 1 to 262,144 bytes. Required.
	SQL *string
}

// AddNamedQuery saves a query in the workgroup. A saved query runs with the
// permissions of whoever runs it; its text is read by everybody who uses the
// workgroup. It panics on a query that Athena would refuse.
// Source: "CreateNamedQuery".
func (w *WorkGroup) AddNamedQuery(id *string, query NamedQuery) awsathena.CfnNamedQuery {
	cdkx.Argument(w, "id", id, "an id")
	cdkx.Fail(w, query.check())
	saved := awsathena.NewCfnNamedQuery(w, id, &awsathena.CfnNamedQueryProps{
		Name:        query.Name,
		Description: query.Description,
		Database:    query.Database,
		QueryString: query.SQL,
		WorkGroup:   jsii.String(w.name),
	})
	if w.resource != nil {
		saved.AddResourceDependency(w.resource, nil)
	}
	return saved
}

func (q NamedQuery) check() error {
	var errs []error
	within := func(field string, value *string, least, most int) {
		if n := len(cdkx.Value(value, "")); n < least || n > most {
			errs = append(errs, fmt.Errorf("query %q: %s: got %d bytes; expected %d to %d", cdkx.Value(q.Name, ""), field, n, least, most))
		}
	}
	within("Name", q.Name, 1, 128)
	if q.Description != nil {
		within("Description", q.Description, 1, 1024)
	}
	within("Database", q.Database, 1, 255)
	within("SQL", q.SQL, 1, 262_144)
	return errors.Join(errs...)
}
