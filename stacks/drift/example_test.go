package drift_test

import (
	"fmt"
	"os"
	"time"

	lf "github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
	"github.com/lakemesh/lakemesh/stacks/drift"
	"github.com/lakemesh/lakemesh/test/accesstest"
)

// Somebody has granted a column by hand. Templates are read by drift.FromTemplates, and
// accounts by live.Read.
func Example() {
	templates := &drift.Templates{State: accesstest.Patients()}
	reading := &live.Reading{
		State:  accesstest.Patients(accesstest.Grant(lf.Columns("db", "patients", "mrn"), lf.Select)),
		Places: []live.Place{{Account: accesstest.Account, Region: accesstest.Region}},
	}
	for _, s := range []*access.State{templates.State, reading.State} {
		s.Normalize()
	}
	if err := drift.Text(os.Stdout, drift.Find(templates, reading, time.Now())); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1 thing in 1 account and region is not as the templates say.
	//
	// 222222222222/us-east-1
	//   granted        Analyst holds SELECT on column db.patients.mrn, which no template grants
	//                    + Analyst gains SELECT on 1 phi column of db.patients: mrn
}
