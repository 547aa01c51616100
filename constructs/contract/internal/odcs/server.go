package odcs

import (
	"slices"
	"strings"
)

// Server is where the data is; each type of server has keys of its own.
type Server struct {
	ID          stableID         `strict:"since=v3.1.0" yaml:"id"`
	Server      string           `strict:"required" yaml:"server"`
	Type        string           `strict:"required,enum=api|athena|azure|bigquery|btrieve@v3.2.0|clickhouse|databricks|denodo|dremio|duckdb|exasol@v3.2.0|fastobjects@v3.2.0|glue|hana@v3.2.0|cloudsql|db2|hive@v3.1.0|iceberg@v3.2.0|impala@v3.1.0|informix|ingres@v3.2.0|kafka|kinesis|local|mysql|oracle|poet@v3.2.0|postgresql|postgres|presto|pubsub|redshift|s3|sftp|snowflake|sqlserver|synapse|teradata@v3.2.0|trino|vectorwise@v3.2.0|versant@v3.2.0|vertica|zen@v3.1.0|custom" yaml:"type"`
	Description string           `yaml:"description"`
	Environment string           `yaml:"environment"`
	Roles       []Role           `yaml:"roles"`
	Custom      CustomProperties `yaml:"customProperties"`

	Account     string `yaml:"account"`
	Catalog     string `yaml:"catalog"`
	Database    string `yaml:"database"`
	Dataset     string `yaml:"dataset"`
	Delimiter   string `yaml:"delimiter"`
	EndpointURL string `yaml:"endpointUrl"`
	Format      string `yaml:"format"`
	Host        string `yaml:"host"`
	Location    string `yaml:"location"`
	Path        string `yaml:"path"`
	Port        any    `yaml:"port"` // v3.2 wants a number or a text, before a number
	Project     string `yaml:"project"`
	Region      string `yaml:"region"`
	RegionName  string `yaml:"regionName"`
	Schema      any    `yaml:"schema"` // v3.0 wants a number for DuckDB, else it is a text
	ServiceName string `yaml:"serviceName"`
	StagingDir  string `yaml:"stagingDir"`
	StagingOld  string `strict:"until=v3.0.1" yaml:"staging_dir"` // as the JSON schemas of v3.0.0 and v3.0.1 require
	Stream      string `yaml:"stream"`
	Warehouse   string `yaml:"warehouse"`

	CatalogURL string `strict:"since=v3.2.0" yaml:"catalogUrl"`
	Encoding   string `strict:"since=v3.2.0" yaml:"encoding"`
	Namespace  string `strict:"since=v3.2.0" yaml:"namespace"`
	WorkGroup  string `strict:"since=v3.2.0" yaml:"workgroup"`
}

// ServerKeys are the keys of one kind of server only.
func ServerKeys() []string {
	return []string{
		"account", "catalog", "database", "dataset", "delimiter", "endpointUrl", "format", "host", "location", "path",
		"port", "project", "region", "regionName", "schema", "serviceName", "stagingDir", "stream", "warehouse",
		"catalogUrl", "encoding", "namespace", "workgroup",
	}
}

// ServerHas reports whether servers of a type have the key, as v3.1 and v3.2 say.
func ServerHas(serverType, key string) bool {
	for keys, types := range map[string]string{
		"account database location format encoding":      "glue",
		"catalog catalogUrl namespace warehouse":         "iceberg",
		"database schema":                                "duckdb",
		"host catalog schema":                            "databricks presto",
		"host database schema region account":            "redshift",
		"host format encoding":                           "kafka",
		"host port account database schema warehouse":    "snowflake",
		"host port catalog schema":                       "trino",
		"host port database":                             "btrieve clickhouse denodo fastobjects hive impala informix ingres mysql poet synapse teradata vectorwise versant zen",
		"host port database schema":                      "cloudsql db2 hana postgres postgresql sqlserver vertica",
		"host port schema":                               "dremio exasol",
		"host port serviceName":                          "oracle",
		"location":                                       "api",
		"location endpointUrl format delimiter encoding": "s3",
		"location format delimiter encoding":             "azure sftp",
		"path format encoding":                           "local",
		"project":                                        "pubsub",
		"project dataset":                                "bigquery",
		"region format stream encoding":                  "kinesis",
		"stagingDir schema catalog regionName workgroup": "athena",
	} {
		if slices.Contains(strings.Fields(types), serverType) {
			return slices.Contains(strings.Fields(keys), key)
		}
	}
	return serverType == "custom"
}
