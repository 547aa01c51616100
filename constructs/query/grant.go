package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// right is one thing that using a workgroup takes of IAM.
type right struct {
	sid     string
	on      string
	actions []string
	only    *condition // nil is none
}

type condition struct {
	operator, key string
	value         any // a text, or a list of texts
}

// rights are everything that using the workgroup takes. Databases and tables are
// not named: which of them a principal sees is for Lake Formation to say.
// GetCatalogImportStatus is what older JDBC drivers ask first.
// Source: "Fine-grained access to databases and tables"; rule 10.3.
func (w *WorkGroup) rights() []right {
	return append([]right{
		{sid: "RunQueries", on: *w.arn(), actions: []string{
			"athena:BatchGetNamedQuery", "athena:BatchGetQueryExecution", "athena:GetNamedQuery", "athena:GetQueryExecution",
			"athena:GetQueryResults", "athena:GetQueryResultsStream", "athena:GetWorkGroup", "athena:ListNamedQueries",
			"athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:StopQueryExecution",
		}},
		{sid: "ReadCatalog", on: "*", actions: []string{
			"athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDataCatalogs",
			"athena:ListDatabases", "athena:ListTableMetadata", "athena:ListWorkGroups",
			"glue:BatchGetPartition", "glue:GetCatalogImportStatus", "glue:GetDatabase", "glue:GetDatabases",
			"glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables", "lakeformation:GetDataAccess",
		}},
	}, w.rightsOnResults()...)
}

// GrantQuery lets the grantee run queries in the workgroup and read its saved
// queries, its history and its results: everybody's who uses the workgroup. Grant it
// to principals with the same rights in Lake Formation only, which decides what a
// query may see.
func (w *WorkGroup) GrantQuery(grantee awsiam.IGrantable) awsiam.Grant {
	cdkx.Argument(w, "grantee", grantee, "a role, a user or another grantee")
	var all awsiam.Grant
	for _, r := range w.rights() {
		options := &awsiam.GrantOnPrincipalOptions{
			Grantee: grantee, Actions: cdkx.Strings(r.actions), ResourceArns: &[]*string{jsii.String(r.on)},
		}
		if c := r.only; c != nil {
			options.Conditions = &map[string]*map[string]any{c.operator: {c.key: c.value}}
		}
		grant := awsiam.Grant_AddToPrincipal(options)
		if all == nil {
			all = grant
		} else {
			all = all.Combine(grant)
		}
	}
	return all
}

// QueryStatements are the policy statements of GrantQuery, for a managed policy that
// is attached elsewhere. The first is about the workgroup itself.
func (w *WorkGroup) QueryStatements() []awsiam.PolicyStatement {
	var out []awsiam.PolicyStatement
	for _, statement := range w.statements() {
		out = append(out, awsiam.PolicyStatement_FromJson(statement))
	}
	return out
}

func (w *WorkGroup) statements() []cdkx.Statement {
	var out []cdkx.Statement
	for _, r := range w.rights() {
		statement := cdkx.Allow(r.sid, []string{r.on}, r.actions...)
		if c := r.only; c != nil {
			statement.Only(c.operator, c.key, c.value)
		}
		out = append(out, statement)
	}
	return out
}
