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
// are not expanded to their members. A cascaded grant, which an account makes on
// the catalog of another, counts when that other account shares the very same with
// it, or with an organization that it is taken to be in, and lets it grant it on.
// Who has opted in to Lake Formation where a location is in hybrid access mode is not
// read: that IAM decides for all others there is noted, and so are default permissions of
// an account that no template sets. What was granted outside the templates (the
// implicit grants of a creator, grants by hand) is in a State only when it was read
// from a running account.
//
// Matrix.Bypasses are ways to files that no row tells: those that policies of IAM, of
// buckets and of keys in the templates open (package constructs/iampolicy says what of these
// is read), and those of who may make a table over files of others. Matrix.Grantors are
// those who can give access, to others or to themselves.
//
// It is pure Go: nothing here needs Node.js or the CDK.
package access
