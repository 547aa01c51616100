package variants

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
)

// catalogName is what the job's session calls the Glue catalog.
const catalogName = "glue_catalog"

// engine is how a workflow runs Spark. What a run is given stands at $.job: the script and
// its arguments.
type engine struct {
	start    workflow.State // its answer stands at $.run
	describe workflow.State // its answer stands at $.state
	status   string         // path of the status
	success  string         // the status of a run that ended well
	failures []string       // of one that did not

	arguments  func(values [][2]string) map[string]any // of a script; a value that begins with $ is a path
	statements []awsiam.PolicyStatement                // what the workflow needs
}

// spark are the settings of a session with full table access: Lake Formation lends the
// job credentials for the tables of the catalog that it was granted whole. Fine-grained access
// would refuse a jar of one's own (rule 13.11).
// Sources: "Lake Formation full table access for EMR Serverless", "Using AWS Glue with AWS
// Lake Formation for Full Table Access".
func (l *VariantLake) spark(p *lakePlan) []string {
	catalog := "spark.sql.catalog." + catalogName
	return []string{
		"spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
		catalog + "=org.apache.iceberg.spark.SparkCatalog",
		catalog + ".catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
		catalog + ".io-impl=org.apache.iceberg.aws.s3.S3FileIO",
		catalog + ".warehouse=" + p.files.URI(),
		catalog + ".client.region=" + *cdkx.Region(l),
		catalog + ".glue.account-id=" + *cdkx.Account(l),
		catalog + ".glue.lakeformation-enabled=true",
		"spark.sql.catalog.dropDirectoryBeforeTable.enabled=true",
	}
}

// conf joins settings as spark-submit and Glue take them; Glue's parameter is itself
// called --conf.
func conf(settings []string) string { return strings.Join(settings, " --conf ") }

// loadArguments are those of the script that loads.
func (p *lakePlan) loadArguments() [][2]string {
	out := [][2]string{
		{"--manifest", "$.manifest"}, {"--database", p.qualified()}, {"--run", "$$.Execution.Name"},
		{"--max-malformed", fmt.Sprint(*p.MaxMalformed)},
	}
	if p.Assembly != nil {
		out = append(out, [2]string{"--assembly", *p.Assembly})
	}
	if r := p.Reference; r != nil {
		out = append(out, [2]string{"--reference", "s3://" + *cdkx.BucketName(r.Bucket) + "/" + *r.Key})
	}
	return out
}

// qualified is how the job's session calls the database.
func (p *lakePlan) qualified() string { return catalogName + "." + *p.DatabaseName }

// asList are arguments as one list.
func asList(values [][2]string) map[string]any {
	var out []string
	for _, v := range values {
		out = append(out, "'"+v[0]+"'")
		if strings.HasPrefix(v[1], "$") {
			out = append(out, v[1])
		} else {
			out = append(out, "'"+v[1]+"'")
		}
	}
	return map[string]any{"arguments.$": "States.Array(" + strings.Join(out, ", ") + ")"}
}

// asMap are arguments as a map.
func asMap(values [][2]string) map[string]any {
	out := map[string]any{}
	for _, v := range values {
		if strings.HasPrefix(v[1], "$") {
			out[v[0]+".$"] = v[1]
		} else {
			out[v[0]] = v[1]
		}
	}
	return map[string]any{"arguments": out}
}

// assets are what a job is made of.
type assets struct{ jar, load awss3assets.Asset }

func (l *VariantLake) newAssets() assets {
	return assets{newAsset(l, "Jar", "reader.jar", readerJar), newAsset(l, "LoadScript", "load_variants.py", []byte(loadScript))}
}

// newEngine makes what runs Spark for the role.
func (l *VariantLake) newEngine(p *lakePlan, files assets, logs awslogs.LogGroup) engine {
	if p.Engine == Glue {
		return l.newGlueJob(p, files)
	}
	return l.newApplication(p, files, logs)
}
