"""Copies tables of a database into S3 as Parquet, each into a folder of its own: a job of AWS Glue 5.1.

Arguments: --connection, the name of a Glue connection; --target, an s3:// URI that ends in a slash; --tables, a
JSON object of folders with the table of the database that each has. Names of columns are in lower case. A folder
is replaced when its table is written; until then it is empty. Spark refuses columns that differ in case only.
"""

import json
import sys

ROWS_AT_ONCE = "10000"


def copy(spark, source, tables, target):
    """Copies the tables, in the order of their folders."""
    for folder, table in sorted(tables.items()):
        frame = spark.read.format("jdbc").options(**source).option("dbtable", table).option("fetchsize", ROWS_AT_ONCE).load()
        frame.toDF(*[name.lower() for name in frame.columns]).write.mode("overwrite").parquet(f"{target}{folder}/")


def main():
    from awsglue.context import GlueContext
    from awsglue.utils import getResolvedOptions
    from pyspark.context import SparkContext

    arguments = getResolvedOptions(sys.argv, ["connection", "tables", "target"])
    glue = GlueContext(SparkContext.getOrCreate())
    found = glue.extract_jdbc_conf(arguments["connection"])  # reads the secret
    source = {"url": found["fullUrl"], "user": found["user"], "password": found["password"]}
    copy(glue.spark_session, source, json.loads(arguments["tables"]), arguments["target"])


if __name__ == "__main__":
    main()
