package deidentify

import (
	"fmt"

	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/internal/merge"
	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// The key table and its columns.
const (
	keyTable     = "deidentification_key"
	keyColumn    = "key_id"
	secretColumn = "secret"
)

// keyBytes is the least length of a key, that of the hash (NIST SP 800-107).
const keyBytes = 32

// KeyTable returns the table of keys: an Iceberg table of two columns, one row
// for each key. Only the job that de-identifies may read it: who reads a key
// can try out every medical record number and find whose a code is. Deleting a
// key, with its snapshots, leaves codes that nobody can follow back.
func KeyTable() contract.Table {
	return contract.Table{
		Name: keyTable, Title: "De-identification keys", Format: contract.FormatIceberg,
		Description: "Secret keys of codes and date shifts. Read by the de-identification job and by nobody else.",
		Columns: []contract.Column{
			{
				Name: keyColumn, Type: "string", Description: "Name of the key.", Required: true, PrimaryKey: 1,
				Classification: string(ontology.Internal), Sensitivity: ontology.Internal,
			},
			{
				Name: secretColumn, Type: "binary", Description: "The key, 32 bytes. It leads from codes back to patients.", Required: true,
				Classification: string(ontology.PHI), Sensitivity: ontology.PHI,
			},
		},
	}
}

// CreateKey returns the statement that makes a key inside Athena, from three
// random UUIDs (366 random bits), unless there is one with its name. No key is
// in its text, and it has no result, so nobody sees the key. Two runs at one
// time could make two; Merge then fails until one is deleted.
func CreateKey(o Options) (string, error) {
	if err := o.checkKey().Err(); err != nil {
		return "", err
	}
	table := merge.Quote(o.KeyDatabase) + "." + merge.Quote(keyTable)
	return fmt.Sprintf(`INSERT INTO %s (%s, %s)
SELECT %s, sha256(to_utf8(concat(CAST(uuid() AS varchar), CAST(uuid() AS varchar), CAST(uuid() AS varchar))))
WHERE NOT EXISTS (SELECT 1 FROM %s WHERE %s = %s)`,
		table, merge.Quote(keyColumn), merge.Quote(secretColumn), text(o.KeyID), table, merge.Quote(keyColumn), text(o.KeyID)), nil
}

// keyQuery reads the key. Without exactly one it fails, by a cast that says why:
// no key would make every code null, and the merge would delete every row.
func keyQuery(o Options) string {
	return fmt.Sprintf(`%s AS (
  SELECT CASE WHEN count(*) = 1 AND min(length(%s)) >= %d THEN min(%s)
    ELSE to_utf8(CAST(CAST(concat('needed is one key of %d bytes or more, found are ', CAST(count(*) AS varchar)) AS bigint) AS varchar)) END AS %s
  FROM %s.%s
  WHERE %s = %s
)`, merge.Quote(keyAlias), merge.Quote(secretColumn), keyBytes, merge.Quote(secretColumn), keyBytes, merge.Quote(secretColumn),
		merge.Quote(o.KeyDatabase), merge.Quote(keyTable), merge.Quote(keyColumn), text(o.KeyID))
}
