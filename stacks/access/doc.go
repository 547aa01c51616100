// Package access says who can see what: it reads Lake Formation and Glue as
// they will be or are deployed, and works out for every principal which
// columns and rows of which tables it may read and what it may change.
//
// A State is what is granted, tagged and catalogued. It is read from the
// templates of a CDK cloud assembly (package assembly), from the plan of a mesh
// (package planned) or from running accounts (package live), always in the same
// form, so that any two can be compared (Diff). State.Evaluate turns it into a
// Matrix, which package render prints as a table, CSV, JSON or Markdown.
//
// # What the matrix says and does not say
//
// It is the upper bound that Lake Formation sets. A principal also needs IAM
// permissions (lakeformation:GetDataAccess, glue:Get*, athena:*), and those
// are not read. Who reads the results and the history of which Athena workgroup, which
// Lake Formation does not govern, is read from the templates, and noted where principals
// that see different things share them. Groups, accounts and organizations are principals of their own and
// are not expanded to their members; who asks for a person is told which groups were left out.
//
// A cascaded grant, which an account makes on the catalog of another, counts when that other
// account shares the very same with it, or with an organization that it is taken to be in,
// and lets it grant it on; by other LF-Tags than those of the share, which the account may
// describe, it counts for what both mean. Where nothing of that other catalog was read,
// it counts, and a note says so.
//
// A catalog that is nested in that of an account, such as those of S3 Tables, Redshift and
// federated sources, is a catalog of its own: its databases and tables are known as far as the
// templates make them, LF-Tag policies of the account reach it, and whoever is granted SUPER_USER on
// a catalog holds everything in that catalog, but for what is nested in it.
//
// What cannot be known is a note that says who and what, and a caveat, never nothing:
// who has opted in to Lake Formation where a location is in hybrid access mode; default permissions of
// an account that no template sets; what a macro, a module, a custom resource, a stack set, a share of AWS RAM,
// a saved LF-Tag expression, a grant by attributes or a property that is not read leads to; the policies
// of S3 Tables and of access points, S3 Access Grants, and where a bucket copies its objects. A
// parameter of Systems Manager is known when the templates make it; whoever changes it later
// changes the answer. Conditions that the templates, the account and
// the region decide are decided, the others are taken both ways.
//
// What was granted outside the templates (grants by hand, and the implicit ones of whoever creates a
// database or table, such as the role that CloudFormation works with) is in a State only when it was read
// from a running account.
//
// Matrix.Bypasses are ways to files that no row tells: those that policies of IAM, of
// buckets and of keys in the templates open (package constructs/iampolicy says what of these
// is read), and those of who may make a table over files of others. Matrix.Grantors are
// those who can give access, to others or to themselves. Who may become a role that has a way
// has it too; who may become one that is granted something is noted.
//
// Explainer says why a row is as it is, and what is missing where there is none.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package access
