package imagestore

import (
	"fmt"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/gluetype"
	"github.com/lakemesh/lakemesh/constructs/imagestore/internal/metadata"
	"github.com/lakemesh/lakemesh/constructs/imagestore/schema"
)

// landingDays is how far back the statement looks: a refresh that failed is made up
// for by any that succeeds within a week.
const landingDays = 7

// mergeStatement takes the landing table into the table of series, in one commit. For each image
// set the newest version that arrived counts, and one that is deleted has no newer
// one. It adds and changes rows of newer versions, removes those of series that
// the newest version does not have, and leaves rows of the same version alone: run
// twice, it does nothing the second time.
// Source: "MERGE INTO" in the Athena user guide.
func mergeStatement(database, table, landing string) string {
	var selected, none, sets, names, values []string
	for _, c := range metadata.Columns() {
		selected = append(selected, typed(c)+" AS "+c.Name)
		names = append(names, c.Name)
		values = append(values, "s."+c.Name)
		switch c.Name {
		case schema.ImageSetColumn, schema.SeriesColumn:
			none = append(none, "t."+c.Name)
		default:
			none = append(none, "NULL")
			sets = append(sets, c.Name+" = "+gluetype.CastNested("s."+c.Name, c.Type))
		}
	}
	target := fmt.Sprintf(`"%s"."%s"`, database, table)
	return strings.Join([]string{
		"MERGE INTO " + target + " t USING (",
		"WITH recent AS (",
		fmt.Sprintf(`SELECT *, CASE WHEN deleted AND version IS NULL THEN 9223372036854775807 ELSE version END AS rank FROM "%s"."%s"`, database, landing),
		fmt.Sprintf("WHERE day >= date_format(current_date - INTERVAL '%d' DAY, '%%Y-%%m-%%d')", landingDays),
		"), newest AS (",
		"SELECT image_set_id, max(rank) AS rank FROM recent GROUP BY image_set_id",
		"), series AS (",
		"SELECT r.*, row_number() OVER (PARTITION BY r.image_set_id, r.series_instance_uid ORDER BY r.updated_at DESC) AS copy",
		"FROM recent r JOIN newest n ON r.image_set_id = n.image_set_id AND r.rank = n.rank WHERE r.deleted IS NULL",
		")",
		"SELECT " + strings.Join(selected, ", ") + ", false AS gone FROM series WHERE copy = 1",
		"UNION ALL",
		"SELECT " + strings.Join(none, ", ") + ", true AS gone FROM " + target + " t JOIN newest n ON t.image_set_id = n.image_set_id AND t.version < n.rank",
		"WHERE NOT EXISTS (SELECT 1 FROM series s WHERE s.image_set_id = t.image_set_id AND s.series_instance_uid = t.series_instance_uid)",
		") s ON t.image_set_id = s.image_set_id AND t.series_instance_uid = s.series_instance_uid",
		"WHEN MATCHED AND s.gone THEN DELETE",
		"WHEN MATCHED AND s.version > t.version THEN UPDATE SET " + strings.Join(sets, ", "),
		"WHEN NOT MATCHED AND NOT s.gone THEN INSERT (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(values, ", ") + ")",
	}, "\n")
}

// typed is the expression that makes a column of the table from one of the landing table.
func typed(c metadata.Column) string {
	switch c.Type {
	case schema.TypeDate:
		return "try_cast(" + c.Name + " AS date)"
	case schema.TypeTimestamp:
		return "CAST(try(from_iso8601_timestamp(" + c.Name + ")) AS timestamp(6))"
	default:
		return c.Name
	}
}
