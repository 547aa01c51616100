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
	Name        string // at most 128 characters
	Description string // at most 1024 characters; "" is none
	Database    string // that unqualified table names mean
	SQL         string // at most 262,144 bytes
}

// AddNamedQuery saves a query in the workgroup. A saved query runs with the
// permissions of whoever runs it; its text is read by everybody who uses the
// workgroup. It panics on a query that Athena would refuse.
// Source: "CreateNamedQuery".
func (w *WorkGroup) AddNamedQuery(id *string, query NamedQuery) awsathena.CfnNamedQuery {
	cdkx.Argument(w, "id", id, "an id")
	cdkx.Fail(w, query.check())
	saved := awsathena.NewCfnNamedQuery(w, id, &awsathena.CfnNamedQueryProps{
		Name:        jsii.String(query.Name),
		Description: query.description(),
		Database:    jsii.String(query.Database),
		QueryString: jsii.String(query.SQL),
		WorkGroup:   jsii.String(w.name),
	})
	if w.resource != nil {
		saved.AddResourceDependency(w.resource, nil)
	}
	return saved
}

func (q NamedQuery) description() *string {
	if q.Description == "" {
		return nil
	}
	return jsii.String(q.Description)
}

func (q NamedQuery) check() error {
	var errs []error
	within := func(field, value string, least, most int) {
		if n := len(value); n < least || n > most {
			errs = append(errs, fmt.Errorf("query %q: %s: got %d bytes; expected %d to %d", q.Name, field, n, least, most))
		}
	}
	within("Name", q.Name, 1, 128)
	within("Description", q.Description, 0, 1024)
	within("Database", q.Database, 1, 255)
	within("SQL", q.SQL, 1, 262_144)
	return errors.Join(errs...)
}
