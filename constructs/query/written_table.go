package query

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
)

// WrittenTable is an Iceberg table that statements write, own or imported, with the
// place of its files.
type WrittenTable struct {
	// Table that is written. Required.
	Table catalog.ITable

	// Bucket that holds the table's files. Required.
	Bucket awss3.IBucket

	// Prefix of the table's files in the bucket; it ends in "/". Required.
	Prefix *string
}

// Check reports a table that is not said in full.
func (w WrittenTable) Check(list *problem.List, path string) { w.written().Check(list, path) }

// Statements are what writing the table needs of IAM, beside the grants of Lake
// Formation. The key of the bucket, else the one given, is used for what is in the
// bucket only.
func (w WrittenTable) Statements(scope constructs.Construct, key awskms.IKey) []awsiam.PolicyStatement {
	return w.written().Statements(scope, key)
}

func (w WrittenTable) written() workflow.Written {
	out := workflow.Written{Bucket: w.Bucket, Prefix: cdkx.Value(w.Prefix, "")}
	if !cdkx.Missing(w.Table) {
		out.Database, out.Table = *w.Table.DatabaseName(), *w.Table.TableName()
	}
	return out
}

// EvolvedTables are the Iceberg tables of a database whose columns may be changed,
// with the place of their metadata.
type EvolvedTables struct {
	// Database that the tables stand in. Required.
	Database catalog.IDatabase

	// Bucket that holds the tables' metadata. Required.
	Bucket awss3.IBucket

	// Prefix of the metadata in the bucket; it ends in "/" and may have * for folders, as
	// in "*/metadata/". Required.
	Prefix *string
}

func (e EvolvedTables) written() workflow.Written {
	out := workflow.Written{Table: "*", Bucket: e.Bucket, Prefix: cdkx.Value(e.Prefix, "")}
	if !cdkx.Missing(e.Database) {
		out.Database = *e.Database.DatabaseName()
	}
	return out
}
