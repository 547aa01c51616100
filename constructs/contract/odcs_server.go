package contract

import "slices"

type odcsServer struct {
	ID          stableID         `yaml:"id"`
	Server      string           `strict:"required" yaml:"server"`
	Type        string           `strict:"required,enum=api|athena|azure|bigquery|clickhouse|databricks|denodo|dremio|duckdb|glue|cloudsql|db2|hive|impala|informix|kafka|kinesis|local|mysql|oracle|postgresql|postgres|presto|pubsub|redshift|s3|sftp|snowflake|sqlserver|synapse|trino|vertica|zen|custom" yaml:"type"`
	Description string           `yaml:"description"`
	Environment string           `yaml:"environment"`
	Roles       []odcsRole       `yaml:"roles"`
	Custom      customProperties `yaml:"customProperties"`

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
	Port        int    `yaml:"port"`
	Project     string `yaml:"project"`
	Region      string `yaml:"region"`
	RegionName  string `yaml:"regionName"`
	Schema      any    `yaml:"schema"` // v3.0 wants a number for DuckDB, else it is a text
	ServiceName string `yaml:"serviceName"`
	StagingDir  string `yaml:"stagingDir"`
	Stream      string `yaml:"stream"`
	Warehouse   string `yaml:"warehouse"`
}

// serverKeys are the keys of one kind of server only.
func serverKeys() []string {
	return []string{
		"account", "catalog", "database", "dataset", "delimiter", "endpointUrl", "format", "host", "location", "path",
		"port", "project", "region", "regionName", "schema", "serviceName", "stagingDir", "stream", "warehouse",
	}
}

// serverHas reports whether servers of a type have the key, as v3.1 says.
func serverHas(serverType, key string) bool {
	keys := map[string][]string{
		"api":        {"location"},
		"athena":     {"stagingDir", "schema", "catalog", "regionName"},
		"azure":      {"location", "format", "delimiter"},
		"bigquery":   {"project", "dataset"},
		"clickhouse": {"host", "port", "database"},
		"databricks": {"host", "catalog", "schema"},
		"denodo":     {"host", "port", "database"},
		"dremio":     {"host", "port", "schema"},
		"duckdb":     {"database", "schema"},
		"glue":       {"account", "database", "location", "format"},
		"cloudsql":   {"host", "port", "database", "schema"},
		"db2":        {"host", "port", "database", "schema"},
		"hive":       {"host", "port", "database"},
		"impala":     {"host", "port", "database"},
		"informix":   {"host", "port", "database"},
		"kafka":      {"host", "format"},
		"kinesis":    {"region", "format", "stream"},
		"local":      {"path", "format"},
		"mysql":      {"host", "port", "database"},
		"oracle":     {"host", "port", "serviceName"},
		"postgresql": {"host", "port", "database", "schema"},
		"postgres":   {"host", "port", "database", "schema"},
		"presto":     {"host", "catalog", "schema"},
		"pubsub":     {"project"},
		"redshift":   {"host", "database", "schema", "region", "account"},
		"s3":         {"location", "endpointUrl", "format", "delimiter"},
		"sftp":       {"location", "format", "delimiter"},
		"snowflake":  {"host", "port", "account", "database", "schema", "warehouse"},
		"sqlserver":  {"host", "port", "database", "schema"},
		"synapse":    {"host", "port", "database"},
		"trino":      {"host", "port", "catalog", "schema"},
		"vertica":    {"host", "port", "database", "schema"},
		"zen":        {"host", "port", "database"},
	}
	return serverType == "custom" || slices.Contains(keys[serverType], key)
}
