"""Looks at tables and at readings, and prints what it finds as JSON.

usage: look.py tables TABLES.SQL | genes | splits VCF, in a process with the settings of the load
"""

import json
import os
import pathlib
import sys
import time

from pyspark.sql import SparkSession

DATABASE = "lake.genomics"
GENES = {"BRCA1": ("chr17", 43044295, 43125364), "BRCA2": ("chr13", 32315508, 32400268), "TP53": ("chr17", 7668421, 7687490), "TTN": ("chr2", 178525989, 178807423)}


def make_tables(spark, file):
    for statement in pathlib.Path(file).read_text().replace("{database}", DATABASE).split(";\n"):
        if statement.strip():
            spark.sql(statement)


def genes(spark):
    """What part of the bytes of a table a query of a gene opens: data files of the contig whose positions reach into the gene."""
    parts = {}
    for table in ("variants", "genotypes"):
        columns = ("partition.contig", "readable_metrics.pos.lower_bound", "readable_metrics.pos.upper_bound", "file_size_in_bytes")
        files = [tuple(row) for row in spark.table(f"{DATABASE}.{table}.files").selectExpr(*columns).collect()]
        for gene, (contig, start, end) in GENES.items():
            opened = sum(size for of, first, last, size in files if of == contig and first <= end and last >= start)
            parts[f"{table} {gene}"] = opened / sum(file[3] for file in files)
    counts = {table: spark.table(f"{DATABASE}.{table}").count() for table in ("variants", "genotypes")}
    return {"parts": parts, "counts": counts}


def splits(spark, file):
    """The seconds of one core that reading takes in 1 to 8 splits, after one reading that warms up."""
    size, found = os.path.getsize(file), {}
    for n in (0, 1, 2, 4, 8):
        rows = spark.read.format("io.lakemesh.vcf.spark.VcfSource").option("splitSize", -(-size // (n or 8))).load(file)
        begin, cpu = time.time(), jvm_seconds(spark)
        read = rows.selectExpr("count(split.split)", "sum(split.variants)", "sum(split.genotypes)").first()
        found[n] = {"splits": read[0], "variants": read[1], "genotypes": read[2], "cpu": jvm_seconds(spark) - cpu, "wall": time.time() - begin}
    return {"bytes": size, "splits": [found[n] for n in (1, 2, 4, 8)]}


def jvm_seconds(spark):
    fields = pathlib.Path(f"/proc/{spark._jvm.java.lang.ProcessHandle.current().pid()}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    spark = SparkSession.builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    print(json.dumps({"tables": make_tables, "genes": genes, "splits": splits}[sys.argv[1]](spark, *sys.argv[2:])))
    spark.stop()
