"""Erases samples from the tables of a variant lake, with Spark and the reader in the jar beside the load.

A run takes a file of lines of JSON, each a sample to erase: {"sample_id": "NA12878"}, of all objects, or {"sample_id": "NA12878", "object":
"s3://…"}, of one, as the same name in two files may be two people. It names people: delete it afterwards. What it does, in this order:

1. It writes a salted hash of each name into the table erased. From then on loads leave the sample out of every file.
2. variants of files that have other samples: it counts alleles, carriers and missing calls anew without the sample, and deletes alleles that
   only the sample had, as well as what INFO counts over all samples. A call of the reference has no row that says its ploidy: allele_number
   then loses what the sample's calls on that contig mostly have, or 2.
3. It deletes the sample's rows of genotypes and samples, the hashes of malformed lines of its files, all rows of files that have no sample
   left, and the annotations of variants that are no longer there. What files counts is counted anew.
4. It drops all branches and tags of the tables but main, and all snapshots but the last, and deletes the files of none. So the bytes are gone.

The objects themselves are not touched: who calls this deletes or rewrites them. A run that fails is finished by the next with the same file.
No load may run at the same time. It prints one line of counts in CloudWatch's embedded metric format.
"""

import argparse
import datetime
import hashlib
import json
import secrets
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

TABLES = ("variants", "genotypes", "samples", "quarantine", "files", "annotations")
ROW = ["object", "record", "allele_index"]


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", required=True, help="URI of the file of samples")
    parser.add_argument("--database", required=True, help="catalog and database of the tables, such as glue_catalog.genomics_curated")
    parser.add_argument("--run", required=True, help="name of the run, which erased keeps")
    parser.add_argument("--metrics-namespace", default="LakeMesh/Variants", help="CloudWatch namespace of the counts")
    return parser.parse_args(words)


def read_samples(spark, uri):
    """The samples of the file, each with its object or None."""
    lines = spark._jvm.io.lakemesh.vcf.spark.Load.lines(spark._jsparkSession, uri)
    rows = {(row.get("sample_id"), row.get("object")) for row in map(json.loads, filter(str.strip, lines))}
    if not rows or any(not sample for sample, _ in rows):
        raise SystemExit(f"{uri}: got no samples, or some without sample_id, expected a sample_id in each line")
    return rows


class Eraser:
    def __init__(self, spark, args):
        self.spark = spark
        self.args = args
        self.catalog = args.database.split(".")[0]

    def table(self, name):
        return self.spark.table(f"{self.args.database}.{name}")

    def remember(self, wanted):
        """Adds the hashes of samples to erased; all of a lake have one salt, so that a load hashes each name of a header once."""
        known = self.table("erased").select("salt", "sample_sha256", "object").collect()
        salt = min((row.salt for row in known), default=secrets.token_hex(16))
        there = {(row.sample_sha256, row.object) for row in known}
        hashed = {(hashlib.sha256((salt + sample).encode()).hexdigest(), salt, of) for sample, of in wanted}
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)  # as the table has it
        rows = [(digest, salt, of, self.args.run, now) for digest, salt, of in sorted(hashed, key=str) if (digest, of) not in there]
        if rows:
            self.spark.createDataFrame(rows, self.table("erased").schema).writeTo(f"{self.args.database}.erased").append()

    def found(self, wanted):
        """The samples that the lake has, by object."""
        rows = self.table("samples").where(F.col("sample_id").isin(sorted({sample for sample, _ in wanted}))).select("object", "sample_id").collect()
        return {(row.object, row.sample_id) for row in rows if (row.sample_id, None) in wanted or (row.sample_id, row.object) in wanted}

    def run_sql(self, statement):
        self.spark.sql(statement.format(db=self.args.database))

    def count_anew(self, gone, objects):
        """Writes the counts of variants without the samples that are gone, and deletes the alleles that nobody has."""
        calls = self.table("genotypes").where(F.col("object").isin(objects))
        theirs = calls.join(gone, ["object", "sample_id"])
        rest = calls.join(gone, ["object", "sample_id"], "left_anti").groupBy(*ROW).agg(
            F.sum("copies").cast("int").alias("new_count"),
            F.count_if(F.col("copies") > 0).cast("int").alias("new_carriers"),
            F.count_if(F.col("missing") > 0).cast("int").alias("new_missing"),
        )
        rows = self.table("variants").where(F.col("object").isin(objects) & F.col("allele_number").isNotNull())
        rows = rows.select(*ROW, "contig", "variant_type", "allele_number", "carriers", "missing", "info").join(rest, ROW, "left")
        rows = rows.fillna(0, ["new_count", "new_carriers", "new_missing"])
        # Counts that are those without the samples already were written by a run that failed later.
        done = rows.groupBy("object").agg(F.sum(F.col("carriers") + F.col("missing") - F.col("new_carriers") - F.col("new_missing")).alias("left"))
        called = theirs.groupBy("object", "record", "sample_id").agg(F.max(F.col("ploidy") - F.col("missing")).alias("called"))
        usual = theirs.groupBy("object", "contig", "sample_id").agg(F.mode("ploidy").alias("usual"))
        numbers = rows.select("object", "record", "contig").distinct().join(gone, "object").join(called, ["object", "record", "sample_id"], "left")
        numbers = numbers.join(usual, ["object", "contig", "sample_id"], "left").groupBy("object", "record")
        numbers = numbers.agg(F.sum(F.coalesce("called", "usual", F.lit(2))).cast("int").alias("gone_number"))
        rows = rows.join(numbers, ["object", "record"]).join(done, "object")
        number = F.col("allele_number") - F.when(F.col("left") > 0, F.col("gone_number")).otherwise(0)
        names = F.array(*[F.lit(name) for name in self.spark._jvm.io.lakemesh.vcf.Erased.counts()])
        info = F.map_filter("info", lambda name, _: ~F.array_contains(names, name))
        rows = rows.select(
            *ROW, number.alias("allele_number"), F.col("new_count").alias("allele_count"), F.col("new_carriers").alias("carriers"),
            F.col("new_missing").alias("missing"), F.when(F.size(info) > 0, info).alias("info"),
            ((F.col("allele_index") > 0) & (F.col("new_carriers") == 0) & (F.col("variant_type") != "reference_block")).alias("nobody"),
        )
        rows.createOrReplaceTempView("lakemesh_counts")
        same = " AND ".join(f"t.{name} = s.{name}" for name in ROW)
        new = ", ".join(f"t.{name} = s.{name}" for name in ("allele_number", "allele_count", "carriers", "missing", "info"))
        self.run_sql(
            f"MERGE INTO {{db}}.variants t USING lakemesh_counts s ON t.object IN ({quoted(objects)}) AND {same}"
            f" WHEN MATCHED AND s.nobody THEN DELETE WHEN MATCHED THEN UPDATE SET {new}"
        )

    def erase(self, gone):
        """Erases samples of objects from all tables; samples is last, as it says which they are."""
        objects = sorted({of for of, _ in gone})
        rest = self.table("samples").where(F.col("object").isin(objects)).select("object", "sample_id").collect()
        kept = sorted({row.object for row in rest if (row.object, row.sample_id) not in gone})
        whole = sorted(set(objects) - set(kept))
        frame = self.spark.createDataFrame(sorted(gone), "object STRING, sample_id STRING")
        frame.createOrReplaceTempView("lakemesh_gone")
        before = {name: self.table(name).where(F.col("object").isin(objects)).count() for name in ("variants", "genotypes")}
        if whole:
            for name in ("variants", "genotypes", "quarantine", "files"):
                self.run_sql(f"DELETE FROM {{db}}.{name} WHERE object IN ({quoted(whole)})")
        if kept:
            self.count_anew(F.broadcast(frame), kept)
            same = " AND ".join(f"v.{name} = g.{name}" for name in ROW)
            self.run_sql(
                f"DELETE FROM {{db}}.genotypes g WHERE g.object IN ({quoted(kept)}) AND"
                " (EXISTS (SELECT 1 FROM lakemesh_gone e WHERE e.object = g.object AND e.sample_id = g.sample_id)"
                f" OR NOT EXISTS (SELECT 1 FROM {{db}}.variants v WHERE v.object IN ({quoted(kept)}) AND {same}))"
            )
            self.run_sql(f"UPDATE {{db}}.quarantine SET text_sha256 = NULL WHERE object IN ({quoted(kept)}) AND text_sha256 IS NOT NULL")
            self.count_files(gone, kept)
        self.run_sql("DELETE FROM {db}.annotations a WHERE NOT EXISTS (SELECT 1 FROM {db}.variants v WHERE v.variant_id = a.variant_id)")
        after = {name: self.table(name).where(F.col("object").isin(objects)).count() for name in before}
        self.run_sql("DELETE FROM {db}.samples s WHERE EXISTS (SELECT 1 FROM lakemesh_gone e WHERE e.object = s.object AND e.sample_id = s.sample_id)")
        return {"VariantsErased": before["variants"] - after["variants"], "GenotypesErased": before["genotypes"] - after["genotypes"], "FilesErased": len(whole)}

    def count_files(self, gone, kept):
        counts = {name: dict(map(tuple, self.table(name).where(F.col("object").isin(kept)).groupBy("object").count().collect())) for name in TABLES[:3]}
        rows = []
        for of in kept:
            variants, genotypes, samples = (counts[name].get(of, 0) for name in TABLES[:3])
            rows.append((of, samples - sum(1 for one, _ in gone if one == of), variants, genotypes))
        self.spark.createDataFrame(rows, "object STRING, samples INT, variants BIGINT, genotypes BIGINT").createOrReplaceTempView("lakemesh_files")
        self.run_sql(
            "MERGE INTO {db}.files t USING lakemesh_files s ON t.object = s.object AND t.status = 'loaded'"
            " WHEN MATCHED THEN UPDATE SET t.samples = s.samples, t.variants = s.variants, t.genotypes = s.genotypes"
        )

    def forget(self, name):
        """Deletes every file of a table that its last snapshot does not need."""
        table = f"{self.args.database}.{name}"
        for ref in self.spark.table(f"{table}.refs").where("name <> 'main'").collect():
            self.spark.sql(f"ALTER TABLE {table} DROP {ref.type} `{ref.name}`")
        if self.spark.table(f"{table}.delete_files").take(1):
            options = "options => map('delete-file-threshold', '1', 'rewrite-all', 'true')"
            self.spark.sql(f"CALL {self.catalog}.system.rewrite_data_files(table => '{table}', {options})")
        # The last snapshot tells of the data files that it deleted, with the least and the largest of their values.
        self.spark._jvm.io.lakemesh.vcf.spark.Manifests.rewrite(self.spark._jsparkSession, table)
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
        stamp = now.strftime("%Y-%m-%d %H:%M:%S.%f+00:00")
        self.spark.sql(f"CALL {self.catalog}.system.expire_snapshots(table => '{table}', older_than => TIMESTAMP '{stamp}', retain_last => 1)")
        # The procedure remove_orphan_files keeps what is younger than a day, in case that a job is writing: none is.
        jvm = self.spark._jvm
        iceberg = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(self.spark._jsparkSession, table)
        actions = jvm.org.apache.iceberg.spark.actions.SparkActions.get(self.spark._jsparkSession)
        actions.deleteOrphanFiles(iceberg).olderThan(int(now.timestamp() * 1000)).execute()


def quoted(words):
    return ", ".join("'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'" for word in words)


def metrics(args, counts):
    """One line in CloudWatch's embedded metric format."""
    names = [{"Name": name, "Unit": "Count"} for name in counts]
    aws = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [{"Namespace": args.metrics_namespace, "Dimensions": [["Database"]], "Metrics": names}]}
    print(json.dumps({"_aws": aws, "Database": args.database, "Run": args.run, **counts}), flush=True)


def erase(spark, args):
    wanted = read_samples(spark, args.samples)
    eraser = Eraser(spark, args)
    eraser.remember(wanted)
    gone = eraser.found(wanted)
    counts = eraser.erase(gone) if gone else {"VariantsErased": 0, "GenotypesErased": 0, "FilesErased": 0}
    for name in TABLES:
        eraser.forget(name)
    metrics(args, {"SamplesErased": len(gone), **counts})


if __name__ == "__main__":
    spark = SparkSession.builder.appName("erase_sample").getOrCreate()
    erase(spark, arguments())
    spark.stop()
