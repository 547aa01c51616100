"""Copies from a database that Spark has in it (Derby), as the job does from others. Argument: a folder."""

import datetime
import decimal
import sys

from pyspark.sql import SparkSession

import copy_tables

folder = sys.argv[1]
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.codegen.wholeStage", "false").config("spark.sql.session.timeZone", "UTC").getOrCreate()
url = f"jdbc:derby:{folder}/database"
driver = "org.apache.derby.jdbc.EmbeddedDriver"
spark._jvm.java.lang.Class.forName(driver)
connection = spark._jvm.java.sql.DriverManager.getConnection(url + ";create=true")
statement = connection.createStatement()
for sql in (
    "CREATE TABLE docs (DOC_ID BIGINT PRIMARY KEY, Title VARCHAR(100), score DECIMAL(9,2), entered TIMESTAMP)",
    "INSERT INTO docs VALUES (1, 'Binding', 1.25, TIMESTAMP('2020-01-02 03:04:05')), (2, NULL, NULL, NULL)",
):
    statement.execute(sql)

source = {"url": url, "driver": driver}
target = f"{folder}/lake/"
for _ in range(2):  # twice is the same
    copy_tables.copy(spark, source, {"chembl_25_public_docs": "docs"}, target)
rows = spark.read.parquet(target + "chembl_25_public_docs").collect()
assert sorted((r.asDict() for r in rows), key=lambda r: r["doc_id"]) == [
    {"doc_id": 1, "title": "Binding", "score": decimal.Decimal("1.25"), "entered": datetime.datetime(2020, 1, 2, 3, 4, 5)},
    {"doc_id": 2, "title": None, "score": None, "entered": None},
], rows
spark.stop()
print("ok")
