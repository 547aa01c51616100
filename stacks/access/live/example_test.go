package live_test

import (
	"context"
	"fmt"
	"os"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/live"
	"github.com/lakemesh/lakemesh/stacks/access/render"
)

// Who can see patients in a running account. With real credentials live.Read makes the
// reader, for several accounts too.
func Example() {
	services := clinic() // stands for the AWS clients
	reader := live.Reader{Glue: services, LakeFormation: services, Identity: services, Account: "222222222222", Region: "us-east-1"}
	reading := reader.Read(context.Background())
	if err := reading.Err(); err != nil {
		fmt.Println(err) // what could not be read; the rest is there
	}
	matrix, err := reading.State.Evaluate().Filter(access.MatrixFilter{Table: "patients", Sensitivity: "phi"})
	if err != nil {
		fmt.Println(err)
		return
	}
	matrix.Admins, matrix.Notes = nil, nil
	if err := render.Table(os.Stdout, matrix); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Principal  Product   Table     Columns seen         Rows       Rights
	// ─────────  ────────  ────────  ───────────────────  ─────────  ──────────────────────
	// Analyst    patients  patients  public 1/1, phi 2/2  all        DESCRIBE SELECT INSERT
	// Filtered   patients  patients  public 1/1, phi 1/2  key = '1'  SELECT
	// Listed     patients  patients  public 0/1, phi 2/2  all        SELECT
	//
	// Not in these rows: who reaches files past Lake Formation (1 do, 0 may; --bypasses), who can give access (3; --can-grant).
	//
	// Notes:
	//   - The rows are what Lake Formation allows. The IAM permissions that a principal needs too are not read. Policies of templates are read
	//     for ways past Lake Formation only, which --bypasses lists; other policies are not. Who creates a database or table,
	//     such as the role that CloudFormation works with, holds all permissions on it, which templates do not tell.
}
