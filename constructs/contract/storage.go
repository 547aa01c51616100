package contract

import "github.com/lakemesh/lakemesh/constructs/problem"

// StorageProblems reports what is wrong with how the table is stored, beyond
// names and types: serde, projection, partition transforms, sort order, table
// properties and the query of a view or of a table that is made by one. Paths are those of the Go value:
// Columns[0].Projection.Range. The loader reports the same with its place in
// the file.
func (t *Table) StorageProblems() problem.List {
	var list problem.List
	for _, f := range storageFindings(t) {
		list.Addf(f.goPath(t), f.got, f.expected, f.fix)
	}
	return list
}

func storageFindings(t *Table) findings {
	var f findings
	if t.View != nil {
		checkView(&f, t)
		return f
	}
	if t.TransformLogic != "" {
		checkQuery(&f, t)
	}
	checkJobLimits(&f, t)
	checkText(&f, t)
	checkAvro(&f, t)
	checkProjections(&f, t)
	checkTemplate(&f, t)
	checkTransforms(&f, t)
	checkSortOrder(&f, t)
	checkTableProperties(&f, t)
	return f
}
