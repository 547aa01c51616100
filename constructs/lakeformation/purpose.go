package lakeformation

import (
	"slices"

	"github.com/lakemesh/lakemesh/constructs/ontology"
)

// The grants of this file are those that a purpose takes. They name no principal:
// GrantTo gives them to one.

// GrantTo returns the grants with their principal.
func GrantTo(principal string, grants ...Grant) []Grant {
	out := slices.Clone(grants)
	for i := range out {
		out[i].Principal = principal
	}
	return out
}

// ReadTable are the grants to read a table by name: SELECT on all of its columns.
// Whoever may SELECT from a table sees its entry in the catalog, so DESCRIBE is not
// granted beside it.
//
// Reading is granted on columns and writing on the table, because a grant whose
// permissions change under one principal and resource cannot be changed by one
// deployment (rule 2.4). So a reader becomes a writer, and a writer a reader, by a
// grant that comes or goes.
// Source: "Lake Formation permissions reference", SELECT.
func ReadTable(database, table string) []Grant {
	return []Grant{{Resource: Columns(database, table, AllColumns), Permissions: []Permission{Select}}}
}

// WriteTable are the grants to read and write a table by name: what ReadTable gives and
// INSERT, DELETE and ALTER, which engines need to add partitions and to commit to
// Iceberg tables. The table may not be dropped.
func WriteTable(database, table string) []Grant {
	return append(ReadTable(database, table), Grant{Resource: Table(database, table), Permissions: []Permission{Describe, Insert, Delete, Alter}})
}

// FullTableAccess is the grant to a job of Spark that reads and writes a table with code of
// its own: Lake Formation lends the credentials to write only to whom ALL is granted. What the job
// may do in the catalog its role says: leave glue:DeleteTable out.
// Sources: "Lake Formation full table access for EMR Serverless", "Using AWS Glue with AWS
// Lake Formation for full table access".
func FullTableAccess(database, table string) Grant {
	return Grant{Resource: Table(database, table), Permissions: []Permission{All}}
}

// DescribeDatabase is the grant to see a database, and none of its tables.
func DescribeDatabase(database string) Grant {
	return Grant{Resource: Database(database), Permissions: []Permission{Describe}}
}

// UseLocation is the grant to make tables in a registered location, and to commit to
// Iceberg tables there.
func UseLocation(arn string) Grant {
	return Grant{Resource: Location(arn), Permissions: []Permission{DataLocationAccess}}
}

// CrawlDatabase are the grants for a crawler that makes tables in a database: making
// them, and reading and changing every table there, because those that a crawl finds
// have no names yet (rule 6.2). The crawler may drop tables where drop is true. It
// also takes UseLocation of where its files are.
// Source: "Using a crawler with Lake Formation", "Lake Formation permissions reference".
func CrawlDatabase(database string, drop bool) []Grant {
	return []Grant{
		{Resource: Database(database), Permissions: []Permission{Describe, CreateTable}},
		crawlTable(database, AllTables, drop),
	}
}

// CrawlTable are the grants for a crawler that updates one table of the catalog.
func CrawlTable(database, table string, drop bool) []Grant {
	return []Grant{
		{Resource: Database(database), Permissions: []Permission{Describe}},
		crawlTable(database, table, drop),
	}
}

func crawlTable(database, table string, drop bool) Grant {
	permissions := []Permission{Describe, Select, Alter}
	if drop {
		permissions = append(permissions, Drop)
	}
	return Grant{Resource: Table(database, table), Permissions: permissions}
}

// Product is a data product as the LF-Tags of a mesh describe it: databases by the
// domain's key and zone, tables by the product as a value of that key, columns by
// sensitivity (rule 2.9).
type Product struct {
	Mesh   string        // prefix of the LF-Tag keys
	Domain string        // that publishes the product
	Name   string        // of the product
	Zone   ontology.Zone // of the lake, in which the product stands
}

// Describe is the grant to see the databases of the product's domain and zone.
func (p Product) Describe() Grant {
	return Grant{
		Resource:    TagPolicy(Databases, p.having(ontology.ProductTagKey(p.Domain), ontology.NoProduct), p.having(ontology.TagKeyZone, string(p.Zone))),
		Permissions: []Permission{Describe},
	}
}

// Read is the grant to read those tables and columns of the product that have one of
// the levels of sensitivity and meet all further conditions. It takes Describe too.
func (p Product) Read(levels []ontology.Sensitivity, further ...Condition) Grant {
	shown := make([]string, len(levels))
	for i, level := range levels {
		shown[i] = string(level)
	}
	return Grant{
		Resource: TagPolicy(Tables, append(slices.Clone(further),
			p.having(ontology.ProductTagKey(p.Domain), p.Name), p.having(ontology.TagKeySensitivity, shown...))...),
		Permissions: []Permission{Describe, Select},
	}
}

func (p Product) having(key string, values ...string) Condition {
	return Condition{Key: ontology.Key(p.Mesh, key), Values: values}
}
